"""The resource graph: what policies judge. Source and plan JSON both become this, and policies cannot tell which."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

import msgspec

from alexandria_scan.evaluate.values import LazyObject, Reason, Unknown, Value, mark, opened
from alexandria_scan.syntax.tree import Location


class OriginPlace(msgspec.Struct, frozen=True):
    """One step on the way a value took, outermost last."""

    file: str
    line: int
    text: str


class Node(Protocol):
    """Anything a policy can judge. `kind` is the target's name (resource, data, variable, ...), `type` what a
    manifest's pattern is matched with (a resource type, a variable's name)."""

    kind: str
    type: str
    name: str
    address: str
    module: str
    location: Location

    def attribute(self, name: str) -> Value:
        """What the configuration says; None if it does not set it. Nested blocks are a tuple of objects."""

    def attribute_names(self) -> Sequence[str]: ...

    def place(self, path: Sequence[str | int]) -> Location:
        """Where the value at the path stands, or the nearest thing around it that does."""

    def origin(self, path: Sequence[str | int]) -> tuple[OriginPlace, ...]:
        """The chain of places that the value at the path came from."""


class ResourceNode(Node, Protocol):
    """A resource or data source. A `symbolic` one stands for instances whose number is not known, for the reasons in
    `repetition`."""

    key: str | int | None
    provider: str
    symbolic: bool
    repetition: Unknown | None
    path: str

    def referenced(self, attribute: str | None) -> References:
        """The resources that the attribute, or any attribute, refers to."""

    def made_of(self, name: str) -> tuple[tuple[str, str], ...] | None:
        """The attributes of resources (type, name) that the argument can be made of; None if of something else, too."""

    def prevent_destroy(self) -> Value: ...

    def ignored_changes(self) -> Value:
        """What `ignore_changes` names, a tuple of texts."""

    def default_tags(self) -> Value:
        """The tags that the provider's configuration puts on the resource, {} if none."""

    def region(self) -> Value:
        """The region that the provider's configuration names."""

    def provider_version(self) -> str | None: ...


def exists_with(own: Any, other: ResourceNode) -> bool:
    """Whether the other resource exists if the node does: also if its number is unknown for no other reason."""
    if other.repetition is None:
        return True
    repetition = own.repetition if own.kind in ("resource", "data") else None
    return repetition is not None and set(other.repetition.reasons) <= set(repetition.reasons)


class References(msgspec.Struct, frozen=True):
    """`resources` as addresses; `complete` is false if the value also comes from outside the scanned code."""

    addresses: tuple[str, ...] = ()
    complete: bool = True


class SimpleNode(msgspec.Struct):
    """A node whose attributes are there already: a variable, an output, a module folder."""

    kind: str
    type: str
    name: str
    address: str
    module: str
    location: Location
    values: dict[str, Value]
    places: dict[str, Location] = {}

    def attribute(self, name: str) -> Value:
        value = self.values.get(name)
        if isinstance(value, Deferred):
            value = value.compute()
            self.values[name] = value
        return value

    def attribute_names(self) -> Sequence[str]:
        return sorted(self.values)

    def place(self, path: Sequence[str | int]) -> Location:
        """Where the path stands. A value that is an object with `file` and `line` says so itself."""
        for length in range(len(path), 0, -1):
            found = self.places.get(".".join(map(str, path[:length])))
            if found is not None:
                return found
        said = self.location
        value: Value = self.attribute(str(path[0])) if path else None
        for step in (*path[1:], None):
            if isinstance(value, dict) and "line" in value and "file" in value:
                line, column = value["line"], value.get("column", 1)
                said = Location(value["file"], line, column, line, column + 1)
            value = _inside(value, step)
        return said

    def origin(self, path: Sequence[str | int]) -> tuple[OriginPlace, ...]:
        return ()


def _inside(value: Value, step: str | int | None) -> Value:
    if isinstance(value, dict):
        return value.get(str(step))
    if isinstance(value, tuple) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


class Deferred(msgspec.Struct, frozen=True):
    """A value of a SimpleNode that is computed when a policy asks for it."""

    compute: Callable[[], Value]


class OutsideCall(msgspec.Struct, frozen=True):
    """A call of a module whose source is not here, for `reasons`; `given` are the resources that it is handed."""

    address: str
    reasons: tuple[Reason, ...]
    given: Callable[[], frozenset[str]]


class Graph(msgspec.Struct):
    """One evaluated root, or one plan. `root` is its folder (or the plan's path); `kind` root, library, example, plan.

    `environment` is the environment it was evaluated for, None if not known. There may be more than `nodes`: in files
    that could not be read, for the reasons in `unread`, and in modules that are called from `outside`.
    """

    root: str
    kind: str
    nodes: list[Any] = []
    environment: str | None = None
    unread: tuple[Reason, ...] = ()
    outside: tuple[OutsideCall, ...] = ()
    _by_target: dict[tuple[str, str], list[Any]] = {}
    _by_address: dict[str, ResourceNode] = {}
    _referrers: dict[tuple[str, str | None], dict[str, list[ResourceNode]]] = {}

    def add(self, node: Any) -> None:
        self.nodes.append(node)
        self._by_target.setdefault((node.kind, node.type), []).append(node)
        if node.kind in ("resource", "data"):
            self._by_address[node.address] = node

    def targets(self) -> Iterable[tuple[str, str]]:
        """The (kind, type) pairs that occur."""
        return self._by_target

    def of(self, kind: str, type_: str) -> list[Any]:
        return self._by_target.get((kind, type_), [])

    def resource(self, address: str) -> ResourceNode | None:
        return self._by_address.get(address)

    def resources(self) -> Iterator[ResourceNode]:
        return iter(self._by_address.values())

    def unseen(self, address: str | None = None) -> tuple[Reason, ...]:
        """Why there may be more resources than are here, or more that refer to the one at `address`."""
        calls = [call for call in self.outside if address is None or address in call.given()]
        return (*self.unread, *(reason for call in calls for reason in call.reasons))

    def referrers(self, address: str, type_: str, attribute: str | None = None) -> list[ResourceNode]:
        """The resources and data sources of a type that refer to the one at `address`, with the attribute if one is
        named, in address order."""
        table = self._referrers.get((type_, attribute))
        if table is None:
            table = self._referrers[type_, attribute] = {}
            nodes = [node for node in self._by_address.values() if node.type == type_]
            for node in sorted(nodes, key=lambda node: node.address):
                for target in node.referenced(attribute).addresses:
                    table.setdefault(target, []).append(node)
        return table.get(address, [])


class View(LazyObject):
    """A node or nested block as a policy's expression sees it: what is not set is null, nothing is an error.

    What a provider will compute is not null: to a plan it might be, but for a policy it is given.
    """

    __slots__ = ("read",)

    def __init__(self, read: Callable[[str], Value]) -> None:
        self.read = read

    def names(self) -> Iterable[str] | None:
        return None

    def attribute(self, name: str) -> Value:
        value = self.read(name)
        return value.as_type(value.type, True) if type(value) is Unknown and value.computed else value

    def unknown(self) -> Unknown:
        return Unknown(reasons=(Reason("the object as a whole", "has attributes that only the provider knows"),))


def part_of(block: Value, name: str) -> Value:
    """An argument of a nested block, which may be written as an object; null if it is not set."""
    if isinstance(block, LazyObject):
        return block.attribute(name)
    bare, marks = opened(block)
    if type(bare) is Unknown:
        return block
    value = bare.get(name) if isinstance(bare, dict) else None
    return None if value == "" else mark(value, marks)


class BlockView(View):
    """A nested block of a resource: for a provider an empty text in it is one that is not given."""

    __slots__ = ()

    def attribute(self, name: str) -> Value:
        value = super().attribute(name)
        return None if opened(value)[0] == "" else value
