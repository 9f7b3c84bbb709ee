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
_WORTH_FORKING, _WORTH_SPAWNING = 8, 24  # numbers for which one more process is worth its start


def cores() -> int:
    """How many processes can run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def forks() -> bool:
    """Whether a process may go on in two: on macOS, its own libraries do not survive that."""
    return hasattr(os, "fork") and sys.platform != "darwin"


def spread(numbers: Iterable[int], jobs: int, work: Work, take: Callable[[int, bytes], None]) -> None:
    """Calls `work` for each number in one of at most `jobs` processes, and `take` here with what it returns, as that
    comes. With few numbers it does nothing: starting a process takes longer. `work` can be pickled."""
    waiting = list(numbers)[:_MOST]
    if not forks():
        from alexandria_scan.spawned import spread_spawned  # most systems fork

        spread_spawned(waiting, min(jobs, 1 + len(waiting) // _WORTH_SPAWNING), work, take)
        return
    jobs = min(jobs, len(waiting) // _WORTH_FORKING)
    if jobs > 1:
        _spread_forked(waiting, jobs, work, take)


def _spread_forked(waiting: list[int], jobs: int, work: Work, take: Callable[[int, bytes], None]) -> None:
    source, sink = os.pipe()
    os.write(sink, b"".join(map(NUMBER.pack, waiting)))
    os.close(sink)
    children: dict[int, int] = {}
    try:
        for _ in range(jobs):
            child, pipe = _started(source, work, list(children))
            children[pipe] = child
    except OSError:
        pass  # those that have started do it all
    finally:
        os.close(source)
        _gather(children, take)


def _started(source: int, work: Work, others: list[int]) -> tuple[int, int]:
    """Starts a process. Returns its id and the pipe that it writes to. Raises OSError."""
    reading, writing = os.pipe()
    try:
        child = os.fork()
    except OSError:
        os.close(reading)
        os.close(writing)
        raise
    if child:
        os.close(writing)
        return child, reading
    status = 1
    try:
        import signal

        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # as a shell has it for what runs in its background
            signal.signal(signal.SIGINT, signal.SIG_DFL)
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


def _gather(children: dict[int, int], take: Callable[[int, bytes], None]) -> None:
    """Takes all answers, until every process is gone."""
    import selectors  # most scans are of a few folders

    parts: dict[int, bytearray] = {pipe: bytearray() for pipe in children}
    try:
        with selectors.DefaultSelector() as selector:
            for pipe in children:
                selector.register(pipe, selectors.EVENT_READ)
            while selector.get_map():
                for key, _ in selector.select():
                    data = os.read(key.fd, _PART)
                    if not data:
                        selector.unregister(key.fd)
                    parts[key.fd] += data
                    _take_whole(parts[key.fd], take)
    finally:
        for pipe, child in children.items():
            os.close(pipe)  # a process that still writes ends with that
            with suppress(ChildProcessError):
                os.waitpid(child, 0)


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
