"""Work spread over processes: each takes the next number, and sends back what it comes to.

Whatever does not come back (a process was killed, or the system refused one) is left to the caller.
"""

from __future__ import annotations

import os
import struct
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress

_NUMBER, _HEAD = struct.Struct("=I"), struct.Struct("=IQ")
_MOST = 10_000  # numbers that fit into a pipe before anybody reads
_PART = 1 << 20


def cores() -> int:
    """How many processes can run at once."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def spread(
    numbers: Iterable[int], jobs: int, work: Callable[[int], bytes | None], take: Callable[[int, bytes], None]
) -> None:
    """Calls `work` for each number in one of `jobs` processes, and `take` here with what it returns, as that comes."""
    waiting = list(numbers)[:_MOST]
    if not hasattr(os, "fork") or sys.platform == "darwin":  # where its own libraries do not survive a fork
        return
    source, sink = os.pipe()
    os.write(sink, b"".join(map(_NUMBER.pack, waiting)))
    os.close(sink)
    children: dict[int, int] = {}
    try:
        for _ in range(min(jobs, len(waiting))):
            child, pipe = _started(source, work, list(children))
            children[pipe] = child
    except OSError:
        pass  # those that have started do it all
    finally:
        os.close(source)
        _gather(children, take)


def _started(source: int, work: Callable[[int], bytes | None], others: list[int]) -> tuple[int, int]:
    """Starts a process. Returns its id and the pipe that it writes to. Raises OSError."""
    import signal  # most scans start none

    reading, writing = os.pipe()
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
            while number := os.read(source, _NUMBER.size):
                (at,) = _NUMBER.unpack(number)
                found = work(at)
                if found is not None:
                    answers.write(_HEAD.pack(at, len(found)) + found)
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
    while len(part) - start >= _HEAD.size:
        number, length = _HEAD.unpack_from(part, start)
        end = start + _HEAD.size + length
        if len(part) < end:
            break
        take(number, bytes(part[start + _HEAD.size : end]))
        start = end
    del part[:start]
