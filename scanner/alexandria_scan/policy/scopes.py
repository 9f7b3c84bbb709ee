"""What a condition sees: `attrs`, `meta`, `param`, and the functions that it can call."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from alexandria_scan.evaluate.errors import EvalError, InvalidReference
from alexandria_scan.evaluate.functions.signature import Context
from alexandria_scan.evaluate.schema import BlockSchema, resource_schema
from alexandria_scan.evaluate.values import LazyObject, Unknown, Value, opened
from alexandria_scan.graph.model import Graph, ResourceNode, View
from alexandria_scan.policy import questions
from alexandria_scan.policy.defaults import Defaults, unknown_default
from alexandria_scan.policy.lookup import Index, own_names
from alexandria_scan.policy.quantifiers import alltrue, anytrue
from alexandria_scan.policy.questions import NodeView
from alexandria_scan.policy.versions import newest_major, version_at_least

_META = (
    "address", "type", "name", "key", "module", "root", "kind", "environment", "prevent_destroy", "ignored_changes",
    "provider_version", "default_tags", "region", "taggable", "takes_common_tags",
)  # fmt: skip


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


_NOWHERE = Path()  # a condition reads no files


class NodeScope:
    """The scope of everything that is asked about one node."""

    def __init__(self, surroundings: Surroundings, node: Any) -> None:
        self.surroundings = surroundings
        self.graph = surroundings.graph
        self.node = node
        self._defaults: set[str] = set()
        self._values: dict[str, Value] = {}
        self.attrs = View(self.effective)
        self.meta = View(self._meta)
        self._context: Context | None = None

    @property
    def context(self) -> Context:
        if self._context is None:
            functions: dict[str, Callable[[list[Value]], Value]] = {
                "backup_selections": partial(questions.backup_selections, self),
                "carries_secret": partial(questions.carries_secret, self),
                "customer_key": partial(questions.customer_key, self),
                "document": partial(questions.document, self),
                "is_set": partial(questions.is_set, self),
                "open_to_world": questions.open_to_world,
                "overriding_sids": lambda _: questions.overriding_sids(self),
                "policy_documents": lambda _: questions.policy_documents(self),
                "prefix_length": questions.prefix_length,
                "possible": partial(questions.possible, self),
                "referenced": partial(questions.referenced, self),
                "referencing": partial(questions.referencing, self),
                "resources": partial(questions.resources, self),
                "version_at_least": version_at_least,
                "alltrue": alltrue,
                "anytrue": anytrue,
                "contains": partial(questions.contains, self),
                "issensitive": partial(questions.issensitive, self),
            }
            self._context = Context(_NOWHERE, _NOWHERE, _no_templates, functions=functions, three_valued=True)
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

    def is_default(self, name: str) -> bool:
        """Whether the attribute is not given and has a default, which counts then."""
        self.effective(name)
        return name in self._defaults

    def given(self, name: str) -> Value:
        """The argument as a provider sees it: for it an empty text is one that is not given."""
        value = self.node.attribute(name)
        return None if self.node.kind in ("resource", "data") and opened(value)[0] == "" else value

    def _compute(self, name: str) -> Value:
        value = self.given(name)
        if value is not None or self.node.kind not in ("resource", "data"):
            return value
        default = self.surroundings.defaults.find(self.node.type, name, self)
        if isinstance(default, Unknown):
            return default
        if default is not None:
            self._defaults.add(name)
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
        if name == "region":
            own = self.given("region") if self.node.kind in ("resource", "data") else None
            return self.node.region() if own is None and self.node.kind in ("resource", "data") else own
        if name == "prevent_destroy":
            return self.node.prevent_destroy() if self.node.kind in ("resource", "data") else None
        if name == "ignored_changes":
            return self.node.ignored_changes() if self.node.kind in ("resource", "data") else ()
        if name == "provider_version":
            constraint = self.node.provider_version() if self.node.kind in ("resource", "data") else None
            return newest_major(constraint)
        return getattr(self.node, name, None)


class PolicyScope:
    """A node's scope with the parameters of one policy."""

    __slots__ = ("context", "node", "parameters")

    def __init__(self, node: NodeScope, parameters: Parameters) -> None:
        self.context: Context = node.context
        self.node = node
        self.parameters = parameters

    def name(self, name: str) -> Value:
        return self.parameters if name == "param" else self.node.name(name)


class Parameters(LazyObject):
    """`param` in a condition."""

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


def _no_templates(text: str, name: str, names: dict[str, Value]) -> Value:
    raise EvalError("Error in function call", "A policy cannot render template files.")
