"""How an argument that a plan does not know was set: to null, or to what a provider will compute."""

from __future__ import annotations

from typing import Any, Protocol

import msgspec

from alexandria_scan.evaluate.address import without_keys
from alexandria_scan.evaluate.schema import resource_schema
from alexandria_scan.evaluate.values import LazyObject, ListVal, OpenTuple, SetVal, Unknown, Value, opened
from alexandria_scan.graph.plan_configuration import Block
from alexandria_scan.graph.plan_references import Found
from alexandria_scan.graph.source_resource import SourceResource

Path = tuple[str, ...]


class Planned(Protocol):
    """A resource of a plan."""

    @property
    def source(self) -> SourceResource | None: ...

    def written(self) -> Block | None: ...

    def follow(self, names: list[str]) -> Found: ...

    def is_unknown(self, address: str, attribute: str) -> bool: ...


class Setting(msgspec.Struct, frozen=True):
    """Asks the source if it is there, else where the argument's references lead. A path is the name of an argument,
    with the names of the nested blocks around it before."""

    resource: Planned

    def is_set(self, path: Path) -> bool:
        """Whether the source sets an argument that the plan's configuration does not list."""
        source = self.resource.source
        return source is not None and len(path) == 1 and path[0] in source.attribute_names()

    def is_unwritten(self, path: Path) -> bool:
        """Whether the source has no such block. A `dynamic` block may come to none, too."""
        source = self.resource.source
        if source is None or len(path) > 1:
            return False
        value = opened(source.attribute(path[0]))[0]
        return value is None or (isinstance(value, tuple) and not isinstance(value, OpenTuple) and not value)

    def is_null(self, path: Path) -> bool:
        """Whether an unknown argument is null, so that the provider decides."""
        source = self.resource.source
        if source is not None:
            values = _read(source.attribute(path[0]), path[1:])
            if len(path) > 1 or (values and type(values[0]) is not Unknown):
                return bool(values) and all(value is None for value in values)
        if len(path) > 1:
            return False
        return self._refers_to_nothing_unknown(path[0])

    def _refers_to_nothing_unknown(self, name: str) -> bool:
        written = self.resource.written()
        expression: Any = written.expressions().get(name) if written is not None else None
        if isinstance(expression, dict) and "constant_value" in expression:
            return True
        if written is None or not written.references().get(name):
            return False
        found = self.resource.follow([name])
        return not found.unresolved and not any(self.resource.is_unknown(*leaf) for leaf in found.resources)

    def unknown(self, path: Path) -> tuple[bool, bool]:
        """Of an unknown argument: whether it is just what other resources will compute, and so surely given; and
        whether it is known not to be null."""
        source = self.resource.source
        if source is not None:
            values = _read(source.attribute(path[0]), path[1:])
            if len(path) == 1 and type(values[0]) is Unknown:
                return values[0].computed, values[0].not_null
            if len(path) > 1:
                return _all_named(values), False
        if len(path) > 1:
            return False, False
        found = self.resource.follow([path[0]])
        causes = [leaf for leaf in found.resources if self.resource.is_unknown(*leaf)]
        return bool(causes) and not found.unresolved and all(_computes(*leaf) for leaf in causes), False


def _all_named(values: list[Value]) -> bool:
    """Whether all unknowns in the values, or lists, are what a provider computes, or texts with a known part."""
    items = [item for value in values for item in (value if isinstance(value, (ListVal, SetVal)) else (value,))]
    unknown = [bare for bare, _ in map(opened, items) if type(bare) is Unknown]
    return bool(unknown) and all(bare.made_by_provider or bare.prefix or bare.suffix for bare in unknown)


def _read(value: Value, path: Path) -> list[Value]:
    """The values at a path in nested blocks, one for each block; none where the blocks are not all known."""
    bare = value if isinstance(value, LazyObject) else opened(value)[0]
    if not path:
        return [bare]
    if isinstance(bare, OpenTuple) or not isinstance(bare, tuple):
        return []
    found: list[Value] = []
    for item in bare:
        if not isinstance(item, LazyObject):
            return []
        found += _read(item.attribute(path[0]), path[1:])
    return found


def _computes(address: str, attribute: str) -> bool:
    """Whether it is an attribute of a managed resource that the provider computes."""
    steps = without_keys(address).split(".")
    if len(steps) > 2 and steps[-3] == "data":
        return False
    schema = resource_schema("resource", steps[-2])
    if schema is None or attribute not in schema.attributes:
        return attribute in ("id", "arn")
    return schema.attributes[attribute].computed
