"""Work spread over processes: each takes the next number, and sends back what it comes to.

Whatever does not come back (a process was killed, or the system refused one) is left to the caller. Processes are
forked where that is safe; elsewhere see spawned.py.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress

from alexandria_scan.frames import HEAD, NUMBER, Work

_MOST = 10_000  # numbers that fit into a pipe before anybody reads
_PART = 1 << 20
_WORTH_FORKING, _WORTH_SPAWNING = 2, 24  # numbers for which one more process is worth its start


def cores() -> int:
    """How many processes can run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def forks() -> bool:
    """Whether a process may go on in two: on macOS, its own libraries do not survive that."""
    return hasattr(os, "fork") and sys.platform != "darwin"


def spread(
    numbers: Iterable[int],
    jobs: int,
    work: Work,
    take: Callable[[int, bytes], None],
    here: Callable[[int], None] | None = None,
) -> None:
    """Calls `work` for each number in one of at most `jobs` processes, and `take` here with what it returns, as that
    comes. One of them is this process, if there is something that it does `here` for a number. With few numbers
    nothing is done: starting a process takes longer. `work` can be pickled."""
    waiting = list(numbers)[:_MOST]
    if not forks():
        from alexandria_scan.spawned import spread_spawned  # most systems fork

        spread_spawned(waiting, min(jobs, 1 + len(waiting) // _WORTH_SPAWNING), work, take)
        return
    jobs = min(jobs, len(waiting) // _WORTH_FORKING + 1)
    if jobs > 1:
        _spread_forked(waiting, jobs, work, take, here)


def _spread_forked(
    waiting: list[int],
    jobs: int,
    work: Work,
    take: Callable[[int, bytes], None],
    here: Callable[[int], None] | None,
) -> None:
    source, sink = os.pipe()
    os.write(sink, b"".join(map(NUMBER.pack, waiting)))
    os.close(sink)
    children: dict[int, int] = {}
    try:
        with suppress(OSError):  # those that have started do it all
            for _ in range(jobs - 1 if here is not None else jobs):
                child, pipe = _started(source, work, list(children))
                children[pipe] = child
        answers = _Answers(children, take)
        while here is not None and (number := os.read(source, NUMBER.size)):
            here(NUMBER.unpack(number)[0])
            answers.gather(wait=False)
        while answers.gather(wait=True):
            pass
    finally:
        os.close(source)
        for pipe, child in children.items():
            os.close(pipe)  # a process that still writes ends with that
            with suppress(ChildProcessError):
                os.waitpid(child, 0)


def _started(source: int, work: Work, others: list[int]) -> tuple[int, int]:
    """Starts a process. Returns its id and the pipe that it writes to. Raises OSError."""
    import signal  # most scans start none

    reading, writing = os.pipe()
    _widen(writing)
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])  # an interrupt waits until the child is ready
    try:
        child = os.fork()
    except OSError:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(reading)
        os.close(writing)
        raise
    if child:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(writing)
        return child, reading
    status = 1
    try:
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as a shell has it for what runs in its background
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        for pipe in (reading, *others):
            os.close(pipe)
        with os.fdopen(writing, "wb") as answers:
            while number := os.read(source, NUMBER.size):
                (at,) = NUMBER.unpack(number)
                found = work(at)
                if found is not None:
                    answers.write(HEAD.pack(at, len(found)) + found)
                    answers.flush()
        status = 0
    finally:
        os._exit(status)  # nothing of the parent's is to be flushed or told here


def _widen(pipe: int) -> None:
    """Lets a pipe hold an answer while nobody reads, where the system can."""
    import fcntl

    size = getattr(fcntl, "F_SETPIPE_SZ", None)
    if size is not None:
        with suppress(OSError):
            fcntl.fcntl(pipe, size, _PART)


class _Answers:
    """What comes back from processes, by the pipes that they write to."""

    def __init__(self, pipes: Iterable[int], take: Callable[[int, bytes], None]) -> None:
        import selectors  # many scans are of one folder

        self._take = take
        self._selector = selectors.DefaultSelector()
        self._parts: dict[int, bytearray] = {pipe: bytearray() for pipe in pipes}
        for pipe in self._parts:
            self._selector.register(pipe, selectors.EVENT_READ)

    def gather(self, wait: bool) -> bool:
        """Takes the answers that have come, or waits for some. False once every process is done."""
        if not self._selector.get_map():
            self._selector.close()
            return False
        for key, _ in self._selector.select(None if wait else 0):
            data = os.read(key.fd, _PART)
            if not data:
                self._selector.unregister(key.fd)
            self._parts[key.fd] += data
            _take_whole(self._parts[key.fd], self._take)
        return True


def _take_whole(part: bytearray, take: Callable[[int, bytes], None]) -> None:
    """Takes the answers that have come as a whole out of the part."""
    start = 0
    while len(part) - start >= HEAD.size:
        number, length = HEAD.unpack_from(part, start)
        end = start + HEAD.size + length
        if len(part) < end:
            break
        take(number, bytes(part[start + HEAD.size : end]))
        start = end
    del part[:start]
