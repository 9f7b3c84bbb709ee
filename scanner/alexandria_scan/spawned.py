"""Processes that are started anew, where a process cannot go on in two: they are told what to do, and then number by
number. This process works with them, so that nothing waits while they start."""

from __future__ import annotations

import atexit
import os
import pickle
import queue
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import IO, Any

from alexandria_scan.frames import HEAD, NUMBER, Work

# Isolated: what lies in the working directory is scanned, not imported.
_CHILD = """\
import pickle, sys
sys.path[:] = pickle.load(sys.stdin.buffer)
from alexandria_scan.spawned import serve
serve()
"""
_READY, _NONE = b"!", 2**64 - 1


def spread_spawned(numbers: Iterable[int], jobs: int, work: Work, take: Callable[[int, bytes], None]) -> None:
    """As `workers.spread`, in this process and `jobs` - 1 others."""
    if jobs < 2 or not sys.executable or getattr(sys, "frozen", False):  # a program in one file starts only itself
        return
    waiting = deque(numbers)
    answers: queue.SimpleQueue[tuple[int, bytes] | None] = queue.SimpleQueue()
    children: list[_Child] = []
    end = _ending(children)
    atexit.register(end)  # an interrupt ends the program while this thread still works
    try:
        task = pickle.dumps(sys.path) + pickle.dumps(work)
        with suppress(OSError):
            for _ in range(jobs - 1):
                children.append(_Child(task, waiting, answers))
        while waiting:
            with suppress(IndexError):  # another one has taken it
                number = waiting.popleft()
                data = work(number)
                if data is not None:
                    take(number, data)
        for child in children:
            child.leave()
        open_ = len(children)
        while open_:
            answer = answers.get()
            if answer is None:
                open_ -= 1
            else:
                take(*answer)
    finally:
        end()
        atexit.unregister(end)


class _Child:
    """A process, and the thread that hands it numbers. Raises OSError if it cannot be started."""

    def __init__(self, task: bytes, waiting: deque[int], answers: queue.SimpleQueue[tuple[int, bytes] | None]) -> None:
        quiet = None if os.environ.get("ALEXANDRIA_SCAN_DEBUG") else subprocess.DEVNULL
        options = ["-X", "utf8"] if sys.flags.utf8_mode else []
        self.process = subprocess.Popen(
            [sys.executable, "-I", *options, "-c", _CHILD],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=quiet, **_apart(),
        )  # fmt: skip
        self._ready = False
        threading.stack_size(0)  # not that of the thread which recurses
        threading.Thread(target=self._feed, args=(task, waiting, answers), daemon=True).start()

    def leave(self) -> None:
        """Ends the process if it has not begun to work."""
        if not self._ready:
            self.process.kill()

    def _feed(self, task: bytes, waiting: deque[int], answers: queue.SimpleQueue[tuple[int, bytes] | None]) -> None:
        to, from_ = self.process.stdin, self.process.stdout
        assert to is not None and from_ is not None
        try:
            to.write(task)
            to.flush()
            self._ready = from_.read(1) == _READY
            while self._ready:
                number = waiting.popleft()
                to.write(NUMBER.pack(number))
                to.flush()
                at, length = HEAD.unpack(_exactly(from_, HEAD.size))
                if length != _NONE:
                    answers.put((at, _exactly(from_, length)))
        except (OSError, EOFError, IndexError):
            pass  # it is gone, or there is nothing more to do
        finally:
            with suppress(OSError):
                to.close()  # which tells it to end
                from_.close()
            answers.put(None)


def _apart() -> dict[str, Any]:
    """Options by which the interrupt of a terminal does not reach a process: it ends with this one."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _ending(children: list[_Child]) -> Callable[[], None]:
    def end() -> None:
        for child in children:
            child.process.kill()
        for child in children:
            child.process.wait()

    return end


def _exactly(source: IO[bytes], length: int) -> bytes:
    """Raises EOFError if there is less."""
    data = source.read(length)
    if len(data) < length:
        raise EOFError
    return data


def serve() -> None:
    """What a started process does: the work that standard input describes, until there is none."""
    import gc

    from alexandria_scan.deep_stack import with_deep_stack

    gc.disable()
    status = 1
    try:
        answers = os.fdopen(os.dup(1), "wb")
        os.dup2(2, 1)  # what a policy prints is no answer
        with_deep_stack(lambda: _serve(sys.stdin.buffer, answers))
        status = 0
    except (OSError, EOFError):
        pass  # nobody waits for it any more
    finally:
        os._exit(status)


def _serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    work: Work = pickle.load(questions)
    answers.write(_READY)
    answers.flush()
    while number := questions.read(NUMBER.size):
        (at,) = NUMBER.unpack(number)
        found = work(at)
        answers.write(HEAD.pack(at, len(found) if found is not None else _NONE) + (found or b""))
        answers.flush()
