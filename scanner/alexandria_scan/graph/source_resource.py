"""A resource of the graph that comes from source."""

from __future__ import annotations

from collections.abc import Sequence

from alexandria_scan.evaluate.blocks import META_BLOCKS, BodyValue, SymbolicBlock
from alexandria_scan.evaluate.resource import Resource
from alexandria_scan.evaluate.trace import Trace, trace_attribute, trace_references
from alexandria_scan.evaluate.used_providers import version_constraints
from alexandria_scan.evaluate.values import OpenTuple, Value
from alexandria_scan.graph.model import BlockView, OriginPlace, References
from alexandria_scan.graph.naming import carries_tags
from alexandria_scan.graph.providers import default_tags, region
from alexandria_scan.syntax.tree import Attribute, Location

_KINDS = {"managed": "resource", "data": "data", "ephemeral": "data"}


class SourceResource:
    """Wraps an evaluated resource instance; what policies ask for is computed then."""

    def __init__(self, resource: Resource) -> None:
        self.resource = resource
        self.kind = _KINDS[resource.mode]
        self.type = resource.type
        self.name = resource.name
        self.key = resource.key
        self.address = resource.address
        self.path = resource.module.path
        self.module = resource.module.config.folder
        self.location = resource.block.header.location
        self.symbolic = resource.symbolic
        self.repetition = resource.module.expansion(resource.kind).unknown if resource.symbolic else None
        self.provider = resource.type.partition("_")[0]
        self._references: dict[str | None, References] = {}

    def attribute(self, name: str) -> Value:
        return viewed(self.resource.configured(name))

    def attribute_names(self) -> Sequence[str]:
        return self.resource.configured_names()

    def place(self, path: Sequence[str | int]) -> Location:
        found = _find(self.resource, path)
        if found is None:
            return self.location
        attribute, block = found[0], found[1]
        if attribute is not None:
            return attribute.span.location
        if block is self.resource:
            return self.location
        return first_line(block.span.location)

    def origin(self, path: Sequence[str | int]) -> tuple[OriginPlace, ...]:
        found = _find(self.resource, path)
        if found is None or found[0] is None or isinstance(found[1], SymbolicBlock):
            return ()
        attribute, block, rest = found
        assert attribute is not None
        trace = _traced(attribute, block, tuple(rest))
        return tuple(OriginPlace(place.file, place.line, place.text) for place in trace.places)

    def referenced(self, attribute: str | None) -> References:
        if attribute not in self._references:
            self._references[attribute] = self._refer(attribute)
        return self._references[attribute]

    def made_of(self, name: str) -> tuple[tuple[str, str], ...] | None:
        from alexandria_scan.evaluate.made_of import Untold, made_of

        attribute = self.resource.body.attributes.get(name)
        try:
            return tuple(made_of(attribute.expression, self.resource.module.config)) if attribute is not None else ()
        except Untold:
            return None

    def _refer(self, attribute: str | None) -> References:
        traces: list[Trace] = []
        names = self.resource.configured_names() if attribute is None else [attribute]
        for name in names:
            traces += _all_traces(self.resource, name)
        addresses = {
            resource.address: None
            for trace in traces
            for resource, _ in trace.resources
            if resource.address != self.address
        }
        return References(tuple(addresses), not any(trace.outside for trace in traces))

    @property
    def takes_common_tags(self) -> bool:
        """Whether `tags` leads to a variable, local value or output that holds tags."""
        attribute = self.resource.body.attributes.get("tags")
        return attribute is not None and carries_tags(attribute.expression, self.resource.module.config)

    def prevent_destroy(self) -> Value:
        return self.resource.lifecycle("prevent_destroy")

    def ignored_changes(self) -> Value:
        return self.resource.ignored_changes()

    def default_tags(self) -> Value:
        return default_tags(self.resource.module, self._configuration())

    def region(self) -> Value:
        return region(self.resource.module, self._configuration())

    def _configuration(self) -> str:
        """The provider configuration by the name that the resource's module has for it: `aws`, `aws.replica`."""
        attribute = self.resource.body.attributes.get("provider")
        return attribute.expression.span.text.strip() if attribute is not None else self.provider

    def provider_version(self) -> str | None:
        """The version of this resource's provider in the lock file, else its constraint in the module or root."""
        locked = self.resource.module.evaluation.locked_version(self.resource.module, self.provider)
        if locked is not None:
            return locked
        for module in (self.resource.module, self.resource.module.root):
            constraint = version_constraints(module.config).get(self.provider)
            if constraint is not None:
                return constraint
        return None


def viewed(value: Value) -> Value:
    """Nested blocks as a policy sees them."""
    if isinstance(value, tuple) and any(isinstance(item, (BodyValue, SymbolicBlock)) for item in value):
        items = [_block_view(item) for item in value]
        return OpenTuple(items, value.unknown) if isinstance(value, OpenTuple) else tuple(items)
    return value


def _block_view(block: Value) -> Value:
    if isinstance(block, (BodyValue, SymbolicBlock)):
        return BlockView(lambda name: viewed(block.configured(name)))
    return block


def _find(
    body: BodyValue | SymbolicBlock, path: Sequence[str | int]
) -> tuple[Attribute | None, BodyValue | SymbolicBlock, Sequence[str | int]] | None:
    """The attribute at the path with what remains of the path, or the block nearest to it."""
    if isinstance(body, SymbolicBlock) or not path:
        return None, body, path
    name = str(path[0])
    attribute = body.body.attributes.get(name)
    if attribute is not None:
        return attribute, body, path[1:]
    blocks = body.blocks(name)
    if not blocks:
        return None, body, path
    index = path[1] if len(path) > 1 and isinstance(path[1], int) else 0
    if not 0 <= index < len(blocks):
        index = 0
    return _find(blocks[index], path[2:])


def _traced(attribute: Attribute, block: BodyValue | SymbolicBlock, path: tuple[str | int, ...]) -> Trace:
    if isinstance(block, SymbolicBlock):
        return Trace()
    return trace_attribute(attribute, block.scope, path)


def _all_traces(body: BodyValue, name: str) -> list[Trace]:
    attribute = body.body.attributes.get(name)
    if attribute is not None:
        return [trace_references(attribute, body.scope)]
    traces: list[Trace] = []
    if name in META_BLOCKS:
        return traces
    for block in body.blocks(name):
        if isinstance(block, BodyValue):
            for inner in block.configured_names():
                traces += _all_traces(block, inner)
        else:
            traces.append(Trace(outside=True))
    return traces


def first_line(location: Location) -> Location:
    """A location cut down to its first line."""
    if location.end_line <= location.line:
        return location
    return Location(location.file, location.line, location.column, location.line, location.column + 1)
