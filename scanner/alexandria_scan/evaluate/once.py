"""Values that are computed when they are asked for, once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from alexandria_scan.evaluate.errors import CYCLE, FinalError
from alexandria_scan.syntax.tree import Location, Span

_IN_PROGRESS = object()
T = TypeVar("T")


class Once:
    """What keeps the values that were asked of it."""

    def __init__(self) -> None:
        self._values: dict[Any, Any] = {}

    def _once(self, key: tuple[str, ...], compute: Callable[[], T], place: Span | None = None) -> T:
        """The memoised value under `key`. A value that needs itself is an error, as in Terraform."""
        known: Any = self._values.get(key)
        if known is _IN_PROGRESS:
            name = ".".join(part for part in key if part not in ("variable", "managed"))
            shown = {"variable": f"var.{key[-1]}", "output": f"output.{key[-1]}"}.get(key[0], name)
            where = place.location if place else Location("")
            raise FinalError.at(where, CYCLE, f"{shown} refers to itself, directly or through others.")
        if known is None and key not in self._values:
            self._values[key] = _IN_PROGRESS
            try:
                known = compute()
            except BaseException:
                del self._values[key]
                raise
            self._values[key] = known
        kept: T = known
        return kept
