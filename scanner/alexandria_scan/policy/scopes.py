"""What a condition sees: `attrs`, `meta`, `param`, and the functions that ask the graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from alexandria_scan.evaluate.errors import EvalError, FunctionError, InvalidReference
from alexandria_scan.evaluate.functions.signature import Context
from alexandria_scan.evaluate.operators import equal
from alexandria_scan.evaluate.schema import BlockSchema, resource_schema
from alexandria_scan.evaluate.types import BOOL, DYNAMIC
from alexandria_scan.evaluate.values import (
    LazyObject,
    OpenTuple,
    Reason,
    Unknown,
    Value,
    collect_reasons,
    mark,
    opened,
)
from alexandria_scan.graph.model import Graph, ResourceNode, View, exists_with
from alexandria_scan.policy.defaults import Default, Defaults, unknown_default
from alexandria_scan.policy.lookup import Index, own_names
from alexandria_scan.policy.quantifiers import alltrue, anytrue
from alexandria_scan.policy.versions import newest_major, version_at_least

_META = (
    "address", "type", "name", "key", "module", "root", "kind", "environment", "prevent_destroy", "provider_version",
    "default_tags", "taggable", "takes_common_tags",
)  # fmt: skip

_GROUPS = ("_parameter_group", "_option_group")
_SERVICES_OWN = ("default.", "default:")
"""What the names of the groups begin with that AWS makes for each family; nobody else's can."""


class Surroundings:
    """What the scopes of one graph's nodes share: views of other resources, and indexes to find them with.

    `kept` is what Python policies compute once for all resources.
    """

    def __init__(self, graph: Graph, defaults: Defaults) -> None:
        self.graph = graph
        self.defaults = defaults
        self.kept: dict[Any, Any] = {}
        self._views: dict[str, NodeView] = {}
        self._indexes: dict[tuple[str, tuple[str, ...]], Index] = {}
        self._names: dict[str, dict[str, list[ResourceNode]]] = {}

    def view(self, node: ResourceNode) -> NodeView:
        """Another node as a value: its arguments with their defaults, and `meta`."""
        if node.address not in self._views:
            self._views[node.address] = NodeView(NodeScope(self, node))
        return self._views[node.address]

    def index(self, type_: str, paths: tuple[str, ...]) -> Index:
        key = type_, paths
        if key not in self._indexes:
            nodes = self.graph.of("resource", type_)
            self._indexes[key] = Index(nodes, paths, lambda node, name: self.view(node).attribute(name))
        return self._indexes[key]

    def named(self, type_: str, name: str) -> list[ResourceNode]:
        """The resources of the type whose own name or identifier is the text."""
        if type_ not in self._names:
            table = self._names[type_] = {}
            for node in self.graph.of("resource", type_):
                for text in own_names(node):
                    table.setdefault(text, []).append(node)
        return self._names[type_].get(name, [])


class NodeScope:
    """The scope of everything that is asked about one node. `used_defaults` are the defaults that were looked at."""

    def __init__(self, surroundings: Surroundings, node: Any) -> None:
        self.surroundings = surroundings
        self.graph = surroundings.graph
        self.node = node
        self.used_defaults: dict[str, Default] = {}
        self._values: dict[str, Value] = {}
        self.attrs = View(self.effective)
        self.meta = View(self._meta)
        self._context: Context | None = None

    @property
    def context(self) -> Context:
        if self._context is None:
            functions: dict[str, Callable[[list[Value]], Value]] = {
                "backup_selections": lambda arguments: _backup_selections(self),
                "document": self._document,
                "is_set": self._is_set,
                "open_to_world": _open_to_world,
                "possible": self._possible,
                "referenced": self._referenced,
                "referencing": self._referencing,
                "resources": self._resources,
                "version_at_least": version_at_least,
                "alltrue": alltrue,
                "anytrue": anytrue,
                "contains": lambda arguments: _contains(arguments, self.context),
            }
            self._context = Context(Path(), Path(), _no_templates, functions=functions, three_valued=True)
        return self._context

    def close(self) -> None:
        """Drops what was computed: a scope and its views hold each other, and no collector runs during a scan."""
        self._values.clear()
        self._context = None

    def name(self, name: str) -> Value:
        if name == "attrs":
            return self.attrs
        if name == "meta":
            return self.meta
        if name == "provider_version":
            return self._meta("provider_version")
        raise InvalidReference("Unknown name", f'"{name}" is not known in a condition; attrs, meta, param are.')

    # --- attributes

    def effective(self, name: str) -> Value:
        if name not in self._values:
            self._values[name] = self._compute(name)
        return self._values[name]

    def _given(self, name: str) -> Value:
        """The argument as a provider sees it: for it an empty text is one that is not given."""
        value = self.node.attribute(name)
        return None if self.node.kind in ("resource", "data") and opened(value)[0] == "" else value

    def _compute(self, name: str) -> Value:
        value = self._given(name)
        if value is not None or self.node.kind not in ("resource", "data"):
            return value
        default = self.surroundings.defaults.find(self.node.type, name, self)
        if isinstance(default, Unknown):
            return default
        if default is not None:
            self.used_defaults[name] = default
            if default.unknown:
                return unknown_default(self.node.type, name, default.unknown)
            return default.value
        return () if self._is_block(name) else None

    def _schema(self) -> BlockSchema | None:
        return resource_schema("resource" if self.node.kind == "resource" else "data", self.node.type)

    def _has(self, name: str) -> bool:
        schema = self._schema()
        return schema is not None and name in schema.attributes

    def _is_block(self, name: str) -> bool:
        schema = self._schema()
        if schema is None:
            return False
        attribute = schema.attributes.get(name)
        return name in schema.blocks or (attribute is not None and attribute.block_syntax)

    def _meta(self, name: str) -> Value:
        if name not in _META:
            raise InvalidReference("Unknown name", f"meta.{name} is not known; meta has {', '.join(_META)}.")
        if name == "root":
            return self.graph.root
        if name == "kind":
            return self.graph.kind
        if name == "environment":
            return self.graph.environment
        if name == "taggable":
            return self._has("tags") and self._has("tags_all")
        if name == "default_tags":
            return self.node.default_tags() if self.node.kind == "resource" else {}
        if name == "prevent_destroy":
            return self.node.prevent_destroy() if self.node.kind in ("resource", "data") else None
        if name == "provider_version":
            constraint = self.node.provider_version() if self.node.kind in ("resource", "data") else None
            return newest_major(constraint)
        return getattr(self.node, name, None)

    # --- functions

    def _document(self, arguments: list[Value]) -> Value:
        """What the JSON in an argument says, as far as it is known; null if it is absent or no JSON."""
        from alexandria_scan.evaluate.functions import json_codec

        (name,) = _texts("document", arguments, 1, 1)
        value, marks = opened(self.attrs.attribute(name))
        if type(value) is Unknown:
            return mark(value.as_type(DYNAMIC) if value.encodes is None else value.encodes, marks)
        if not isinstance(value, str):
            return None
        try:
            return mark(json_codec.decode(value), marks)
        except FunctionError:
            return None

    def _is_set(self, arguments: list[Value]) -> Value:
        (name,) = _texts("is_set", arguments, 1, 1)
        value, _ = opened(self._given(name))
        if type(value) is Unknown:
            return True if value.computed or value.not_null else value.as_type(BOOL, True)
        if isinstance(value, OpenTuple) and len(value) == 1:
            return value.unknown.as_type(BOOL, True)
        return value is not None

    def _referenced(self, arguments: list[Value]) -> Value:
        if len(arguments) == 3 and isinstance(arguments[2], NodeView):
            return arguments[2].scope._referenced(arguments[:2])
        texts = _texts("referenced", arguments, 1, 2)
        type_, attribute = texts[0], texts[1] if len(texts) > 1 else None
        references = self.node.referenced(attribute)
        found = self._of_type(references.addresses, type_)
        if attribute is None and self.graph.unread:
            return OpenTuple(found, Unknown(reasons=self.graph.unread), len(found))
        if found or attribute is None:
            return found
        value, _ = opened(self.node.attribute(attribute))
        if value is None or value == ():
            return ()
        if isinstance(value, str):
            named = self.surroundings.named(type_, value)
            if named or (type_.endswith(_GROUPS) and value.startswith(_SERVICES_OWN)):
                return tuple(map(self.surroundings.view, named))
        reason = Reason(
            f"the {type_} that {attribute} names",
            "is not in the scanned code",
            "scan the plan, or the code that declares it",
        )
        return Unknown(reasons=(value.reasons if type(value) is Unknown and value.reasons else (reason,)))

    def _of_type(self, addresses: tuple[str, ...], type_: str) -> tuple[Value, ...]:
        kind, plain = ("data", type_[5:]) if type_.startswith("data.") else ("resource", type_)
        nodes = [self.graph.resource(address) for address in addresses]
        return tuple(
            self.surroundings.view(node)
            for node in nodes
            if node is not None and (node.kind, node.type) == (kind, plain)
        )

    def _referencing(self, arguments: list[Value]) -> Value:
        if len(arguments) == 3 and isinstance(arguments[2], NodeView):
            return arguments[2].scope._referencing(arguments[:2])
        texts = _texts("referencing", arguments, 1, 2)
        nodes = [node for node in self.graph.referrers(self.node.address) if node.type == texts[0]]
        if len(texts) > 1:
            nodes = [node for node in nodes if self.node.address in node.referenced(texts[1]).addresses]
            table = self.surroundings.index(texts[0], (texts[1],))
            named = [node for name in own_names(self.node) for node in table.find([name]).nodes]
            nodes += [node for node in named if node not in nodes]
        return self._views(nodes, (), self.graph.unseen(self.node.address))

    def _resources(self, arguments: list[Value]) -> Value:
        """All resources of a type, or those whose arguments have the given values: a null names none."""
        type_, wanted = arguments[0] if arguments else None, opened(arguments[1])[0] if len(arguments) > 1 else {}
        if len(arguments) > 2 or not isinstance(type_, str) or not isinstance(wanted, dict):
            raise EvalError("Error in function call", "resources takes a type, and an object of paths and values.")
        if not wanted:
            return self._views(self.graph.of("resource", type_), (), self.graph.unseen())
        values = {path: opened(value)[0] for path, value in sorted(wanted.items())}
        known = {path: value for path, value in values.items() if type(value) is not Unknown}
        found = self.surroundings.index(type_, tuple(known)).find(known.values())
        unseen = self.graph.unseen(self.node.address)  # whoever names it has been handed it
        if len(known) == len(values):
            return self._views(found.nodes, found.open, unseen)
        if not found.nodes and not found.open and not unseen:
            return ()
        return OpenTuple((), Unknown(reasons=collect_reasons(*values.values())))

    def _possible(self, arguments: list[Value]) -> Value:
        """All resources of a type, also those of which it is not known whether they are there."""
        (type_,) = _texts("possible", arguments, 1, 1)
        return tuple(map(self.surroundings.view, self.graph.of("resource", type_)))

    def _views(self, nodes: Iterable[Any], open_: tuple[Reason, ...], unseen: tuple[Reason, ...]) -> Value:
        """The nodes as a list, which is open where it is not known how many there are (`count = var.x ? 1 : 0`)."""
        views, symbolic = [], []
        for node in nodes:
            if node.repetition is not None:
                symbolic.append(node.repetition)
            if exists_with(self.node, node):
                views.append(self.surroundings.view(node))
        if not symbolic and not open_ and not unseen:
            return tuple(views)
        reasons = dict.fromkeys((*collect_reasons(*symbolic), *open_, *unseen))
        return OpenTuple(views, Unknown(reasons=tuple(reasons)), len(views))


class NodeView(View):
    """Another resource as a policy sees it."""

    __slots__ = ("scope",)

    def __init__(self, scope: NodeScope) -> None:
        super().__init__(lambda name: scope.meta if name == "meta" else scope.effective(name))
        self.scope = scope


class PolicyScope:
    """A node's scope with the parameters of one policy."""

    def __init__(self, node: NodeScope, parameters: dict[str, Value]) -> None:
        self.node = node
        self.parameters = _Parameters(parameters)

    @property
    def context(self) -> Context:
        return self.node.context

    def name(self, name: str) -> Value:
        return self.parameters if name == "param" else self.node.name(name)


class _Parameters(LazyObject):
    __slots__ = ("_values",)
    standalone = False

    def __init__(self, values: dict[str, Value]) -> None:
        self._values = values

    def names(self) -> list[str]:
        return sorted(self._values)

    def attribute(self, name: str) -> Value:
        if name not in self._values:
            raise InvalidReference("Unknown parameter", f"The policy has no parameter {name!r}.")
        return self._values[name]

    def unknown(self) -> Unknown:
        return Unknown()


def _backup_selections(scope: NodeScope) -> Value:
    from alexandria_scan.policy.backup import backup_selections

    return backup_selections(scope)


def _open_to_world(arguments: list[Value]) -> Value:
    from alexandria_scan.policy.networks import open_to_world

    return open_to_world(arguments)


def _contains(arguments: list[Value], context: Context) -> Value:
    """Terraform's, but one element that is surely there decides."""
    from alexandria_scan.evaluate.functions.call import call

    if len(arguments) == 2:
        items, _ = opened(arguments[0])
        if type(items) is Unknown and any(opened(equal(item, arguments[1]))[0] is True for item in items.members):
            return True
    return call("contains", arguments, context)


def _texts(name: str, arguments: list[Value], least: int, most: int) -> list[str]:
    if not least <= len(arguments) <= most or not all(isinstance(item, str) for item in arguments):
        raise EvalError("Error in function call", f"{name} takes {least} to {most} texts.")
    return arguments


def _no_templates(text: str, name: str, names: dict[str, Value]) -> Value:
    raise EvalError("Error in function call", "A policy cannot render template files.")
