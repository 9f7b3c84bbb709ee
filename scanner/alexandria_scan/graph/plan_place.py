"""Where the values of a plan stand in the source. A plan has the blocks of a set in an order of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from alexandria_scan.evaluate.values import LazyObject, Unknown, Value, opened, raw_equal
from alexandria_scan.graph.model import part_of
from alexandria_scan.graph.source_resource import SourceResource


class Planned(Protocol):
    """A resource of a plan."""

    def attribute(self, name: str) -> Value: ...


def source_path(planned: Planned, source: SourceResource, path: Sequence[str | int]) -> tuple[str | int, ...]:
    """The path with the index of a nested block replaced by that of the same block in the source."""
    if len(path) < 2 or not isinstance(path[0], str) or not isinstance(path[1], int):
        return tuple(path)
    ours, theirs = opened(planned.attribute(path[0]))[0], source.attribute(path[0])
    if not isinstance(ours, tuple) or not isinstance(theirs, tuple) or not 0 <= path[1] < len(ours):
        return tuple(path)
    blocks = [at for at, block in enumerate(theirs) if isinstance(block, LazyObject)]
    if len(blocks) < 2:
        return tuple(path)
    wanted = ours[path[1]]
    names = source_names(source, path[0])
    best = max(blocks, key=lambda at: (_likeness(wanted, theirs[at], names), at == path[1]))
    return (path[0], best, *path[2:])


def source_names(source: SourceResource, name: str) -> list[str]:
    """The arguments that any of the blocks of a name sets."""
    found: set[str] = set()
    for block in source.resource.blocks(name):
        found.update(block.configured_names())
    return sorted(found)


def _likeness(planned: Value, written: LazyObject, names: list[str]) -> int:
    pairs = ((part_of(planned, name), part_of(written, name)) for name in names)
    return sum(_agree(opened(ours)[0], opened(theirs)[0]) for ours, theirs in pairs)


def _agree(left: Value, right: Value) -> int:
    """3 where both are known and the same, 1 where one is not known, -3 where they differ."""
    if isinstance(left, LazyObject) or isinstance(right, LazyObject):
        return 0
    if type(left) is Unknown or type(right) is Unknown:
        return 1
    if left is None and right is None:
        return 1
    return 3 if raw_equal(left, right) else -3
