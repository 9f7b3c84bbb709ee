"""A stack for what recurses as deeply as a configuration is nested."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")
_BYTES = 512 * 1024 * 1024
_RECURSION = 60_000


def with_deep_stack(run: Callable[[], T]) -> T:
    """Runs where deeply nested configurations do not exhaust Python's stack. Whoever calls it has the limits that it
    had: without such a stack, what recurses in C would go on until the process dies."""
    import threading

    outcome: list[T] = []
    raised: list[BaseException] = []

    def body() -> None:
        sys.setrecursionlimit(_RECURSION)
        try:
            outcome.append(run())
        except BaseException as error:
            raised.append(error)

    limit, size = sys.getrecursionlimit(), threading.stack_size(_BYTES)
    thread = threading.Thread(target=body, daemon=True)
    try:
        thread.start()
        thread.join()
    finally:
        threading.stack_size(size)
        sys.setrecursionlimit(limit)
    if raised:
        raise raised[0]
    return outcome[0]
