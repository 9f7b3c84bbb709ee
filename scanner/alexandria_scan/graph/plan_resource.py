"""A resource of the graph that comes from a plan, with its place in the source where that is at hand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import Raw

from alexandria_scan.evaluate.schema import resource_schema
from alexandria_scan.evaluate.types import BOOL
from alexandria_scan.evaluate.values import Reason, Unknown, Value, opened, raw_equal
from alexandria_scan.graph.model import OriginPlace, References
from alexandria_scan.graph.plan_addresses import Key, without_keys
from alexandria_scan.graph.plan_body import PlanBody
from alexandria_scan.graph.plan_configuration import Block, ConfigurationTree
from alexandria_scan.graph.plan_place import source_path
from alexandria_scan.graph.plan_references import Found, Instances, Resolver
from alexandria_scan.graph.plan_values import any_true, decode, part
from alexandria_scan.graph.source_resource import SourceResource
from alexandria_scan.syntax.tree import Location


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the plan says of an instance, as text. `whole`: without a tree of unknowns; these are left out."""

    values: Raw
    unknown: Raw
    sensitive: Raw
    whole: bool
    created: bool

    def size(self) -> int:
        return sum(memoryview(text).nbytes for text in (self.values, self.unknown, self.sensitive))


class PlanContext:
    """What the resources of one plan share. Bodies are decoded when asked for; the last few are kept."""

    def __init__(self, tree: ConfigurationTree, room: int) -> None:
        self.tree = tree
        self.instances = Instances()
        self.resolver = Resolver(tree, self.instances)
        self.resources: dict[str, PlanResource] = {}
        self.by_block: dict[str, list[str]] = {}
        self._room = room
        self._bodies: OrderedDict[str, tuple[PlanBody, int]] = OrderedDict()

    def add(self, resource: PlanResource) -> None:
        self.resources[resource.address] = resource
        self.instances.add(resource.path, resource.block, resource.key, resource.address)
        self.by_block.setdefault(without_keys(resource.address), []).append(resource.address)

    def is_unknown(self, address: str, attribute: str) -> bool:
        """Whether an attribute, or for "" anything of a resource, is not known before the apply."""
        resource = self.resources.get(address)
        if resource is None:
            return False
        body = self.body(resource)
        if resource.recorded.whole and attribute:
            return attribute not in body.values
        return any_true(part(body.unknown, attribute) if attribute else body.unknown)

    def body(self, resource: PlanResource) -> PlanBody:
        kept = self._bodies.get(resource.address)
        if kept is not None:
            self._bodies.move_to_end(resource.address)
            return kept[0]
        body, size = resource.read(), resource.recorded.size()
        self._bodies[resource.address] = body, size
        self._room -= size
        while self._room < 0 and len(self._bodies) > 1:
            self._room += self._bodies.popitem(last=False)[1][1]
        return body


class PlanResource:
    """An instance in a plan. `source` is the same resource in the evaluated source, if that was given."""

    __slots__ = (
        "_context", "_references", "address", "block", "key", "kind", "location", "module", "name", "path",
        "provider", "recorded", "source", "symbolic", "type",
    )  # fmt: skip

    def __init__(
        self, context: PlanContext, kind: str, type_: str, name: str, key: Key, address: str, path: str,
        provider: str, recorded: Recorded, location: Location,
    ) -> None:  # fmt: skip
        self.kind = kind
        self.type = type_
        self.name = name
        self.key = key
        self.address = address
        self.path = path
        self.module = location.file
        self.location = location
        self.provider = provider
        self.symbolic = False
        self.recorded = recorded
        self.source: SourceResource | None = None
        self.block = f"data.{type_}.{name}" if kind == "data" else f"{type_}.{name}"
        self._context = context
        self._references: dict[str | None, References] = {}

    # --- values

    def attribute(self, name: str) -> Value:
        return self._context.body(self).attribute(name)

    def attribute_names(self) -> Sequence[str]:
        return self._context.body(self).names()

    def read(self) -> PlanBody:
        """The body, decoded."""
        values, unknown, sensitive = map(decode, (self.recorded.values, self.recorded.unknown, self.recorded.sensitive))
        written = self._written()
        expressions = written.expressions() if written is not None else {}
        values = values if isinstance(values, dict) else {}
        if self.recorded.whole:
            unknown = {name: True for name in expressions if name not in values}
        if unknown is True:
            unknown = dict.fromkeys(expressions, True)
        return PlanBody(
            subject=self.address,
            values=values,
            unknown=unknown,
            sensitive=sensitive,
            schema=resource_schema(self.kind, self.type),
            expressions=[expressions],
            listed=written is not None,
            chosen=self.kind == "resource" and not self.recorded.created,
            given=self._given,
            sets=self._sets,
            nulls=self._nulls,
        )

    def _written(self) -> Block | None:
        module = self._context.tree.module(self.path)
        return None if module is None else module.blocks.get(self.block)

    def _sets(self, name: str) -> bool:
        return self.source is not None and name in self.source.attribute_names()

    def _given(self, name: str) -> bool:
        """Whether an unknown argument is what other resources will compute, and so surely given."""
        if self.source is not None:
            value, _ = opened(self.source.attribute(name))
            if type(value) is Unknown:
                return value.computed
        found = self._follow([name])
        causes = [leaf for leaf in found.resources if self._context.is_unknown(*leaf)]
        return bool(causes) and not found.unresolved and all(_computes(*leaf) for leaf in causes)

    def _nulls(self, name: str) -> bool:
        """Whether the configuration sets an argument to null, so that the provider decides: unknown though it is
        in the plan, nothing that it refers to is."""
        if self.source is not None:
            value, _ = opened(self.source.attribute(name))
            if type(value) is not Unknown:
                return value is None
        written = self._written()
        expression = written.expressions().get(name) if written is not None else None
        if isinstance(expression, dict) and "constant_value" in expression:
            return True
        found = self._follow([name])
        if found.unresolved or written is None or not written.references().get(name):
            return False
        return not any(self._context.is_unknown(*leaf) for leaf in found.resources)

    # --- references

    def referenced(self, attribute: str | None) -> References:
        if attribute not in self._references:
            self._references[attribute] = self._refer(attribute)
        return self._references[attribute]

    def _follow(self, names: list[str] | None) -> Found:
        return self._context.resolver.follow(self.path, self.block, self.key, names)

    def _refer(self, attribute: str | None) -> References:
        if self.source is not None:
            return self._refer_joined(self.source, attribute)
        found = self._follow(None if attribute is None else [attribute])
        addresses = {address: None for address, _ in found.resources if address != self.address}
        complete = found.complete
        if attribute is not None and not self._says(attribute):
            complete = self.attribute(attribute) is None
        return References(tuple(addresses), complete)

    def _says(self, attribute: str) -> bool:
        """Whether the configuration in the plan has the argument: it lacks those of `dynamic` blocks."""
        written = self._written()
        return written is not None and attribute in written.references()

    def _refer_joined(self, source: SourceResource, attribute: str | None) -> References:
        if attribute is None:
            written = self._written()
            names = {*(written.references() if written is not None else ()), *source.attribute_names()}
            parts = [self.referenced(name) for name in sorted(names)]
            addresses = dict.fromkeys(address for one in parts for address in one.addresses)
            return References(tuple(addresses), all(one.complete for one in parts))
        said = source.referenced(attribute)
        addresses = dict.fromkeys(self._planned(said.addresses))
        if not self._agrees(source, attribute):
            addresses.update({address: None for address, _ in self._follow([attribute]).resources})
        addresses.pop(self.address, None)
        return References(tuple(addresses), said.complete)

    def _agrees(self, source: SourceResource, attribute: str) -> bool:
        """Whether plan and source have the same instance and value: then the source knows the way that it took."""
        if source.address != self.address or source.symbolic:
            return False
        ours, theirs = opened(self.attribute(attribute))[0], opened(source.attribute(attribute))[0]
        if type(ours) is Unknown or type(theirs) is Unknown:
            return type(ours) is type(theirs)
        return isinstance(ours, tuple) or raw_equal(ours, theirs)

    def _planned(self, addresses: Sequence[str]) -> list[str]:
        """The plan's instances for addresses of the source; all of a block whose instances it cannot tell."""
        found: list[str] = []
        for address in addresses:
            instances = self._context.by_block.get(without_keys(address), [])
            found += [address] if address in instances else instances
        return found

    # --- what only the configuration or the source says

    def prevent_destroy(self) -> Value:
        if self.source is not None:
            return self.source.prevent_destroy()
        subject = f"{self.address}.lifecycle.prevent_destroy"
        return Unknown(BOOL, (Reason(subject, "is not part of a plan", "scan the plan with its source"),))

    def provider_version(self) -> str | None:
        if self.source is not None:
            return self.source.provider_version()
        module, written = self._context.tree.module(self.path), self._written()
        return None if module is None or written is None else self._context.tree.provider_version(written, module)

    # --- places

    def join(self, source: SourceResource) -> None:
        """Takes places, and what a plan does not say, from the source."""
        self.source = source
        self.module = source.module
        self.location = source.location

    def place(self, path: Sequence[str | int]) -> Location:
        if self.source is None:
            return self.location
        return self.source.place(source_path(self, self.source, path))

    def origin(self, path: Sequence[str | int]) -> tuple[OriginPlace, ...]:
        return () if self.source is None else self.source.origin(source_path(self, self.source, path))


def _computes(address: str, attribute: str) -> bool:
    """Whether it is an attribute of a managed resource that the provider computes."""
    steps = without_keys(address).split(".")
    type_ = steps[-2]
    if len(steps) > 2 and steps[-3] == "data":
        return False
    schema = resource_schema("resource", type_)
    if schema is None or attribute not in schema.attributes:
        return attribute in ("id", "arn")
    return schema.attributes[attribute].computed
