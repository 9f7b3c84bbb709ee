"""A resource of the graph that comes from a plan, with its place in the source where that is at hand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

import msgspec
from msgspec import Raw, structs

from alexandria_scan.evaluate.address import without_keys
from alexandria_scan.evaluate.expansion import Key
from alexandria_scan.evaluate.schema import resource_schema
from alexandria_scan.evaluate.types import BOOL, DYNAMIC, Type
from alexandria_scan.evaluate.values import Reason, Unknown, Value, opened, raw_equal
from alexandria_scan.graph.model import OriginPlace, References
from alexandria_scan.graph.plan_body import PlanBody
from alexandria_scan.graph.plan_configuration import Block, ConfigurationTree
from alexandria_scan.graph.plan_place import source_path
from alexandria_scan.graph.plan_references import Found, Instances, Resolver
from alexandria_scan.graph.plan_setting import Setting
from alexandria_scan.graph.plan_values import any_true, decode, part
from alexandria_scan.graph.providers import no_region
from alexandria_scan.graph.source_resource import SourceResource
from alexandria_scan.syntax.tree import Location


class Recorded(msgspec.Struct, frozen=True):
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
        said = part(body.unknown, attribute) if attribute else body.unknown
        if any_true(said) or not (resource.recorded.whole or resource.recorded.created):
            return any_true(said)
        # A plan without providers says nothing of what they compute.
        return bool(attribute or not resource.recorded.whole) and (attribute or "id") not in body.values

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
        "provider", "recorded", "repetition", "source", "symbolic", "type",
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
        self.repetition: Unknown | None = None
        self.recorded = recorded
        self.source: SourceResource | None = None
        self.block = f"data.{type_}.{name}" if kind == "data" else f"{type_}.{name}"
        self._context = context
        self._references: dict[str | None, References] = {}

    # --- values

    def attribute(self, name: str) -> Value:
        value = self._context.body(self).attribute(name)
        if type(value) is Unknown and self.source is not None:
            # Of a document with an ARN in it a plan says nothing; the source says the rest.
            ours, _ = opened(self.source.attribute(name))
            if type(ours) is Unknown and (ours.encodes is not None or ours.members):
                return structs.replace(value, encodes=ours.encodes, members=ours.members, sealed=ours.sealed)
        return value

    def attribute_names(self) -> Sequence[str]:
        return self._context.body(self).names()

    def read(self) -> PlanBody:
        """The body, decoded."""
        values, unknown, sensitive = map(decode, (self.recorded.values, self.recorded.unknown, self.recorded.sensitive))
        written = self.written()
        expressions = written.expressions() if written is not None else {}
        values = values if isinstance(values, dict) else {}
        if self.recorded.whole:
            unknown = {name: True for name in expressions if name not in values}
        if unknown is True:
            unknown = dict.fromkeys(expressions, True)
        if self._context.tree.evaluated and isinstance(unknown, dict):  # dynamic blocks are not among the expressions
            expressions = {**{name: {} for name in unknown.keys() - values.keys()}, **expressions}
        return PlanBody(
            subject=self.address,
            values=values,
            unknown=unknown,
            sensitive=sensitive,
            schema=resource_schema(self.kind, self.type),
            expressions=[expressions],
            listed=written is not None,
            chosen=self.kind == "resource" and not self.recorded.created,
            setting=Setting(self),
        )

    def is_unknown(self, address: str, attribute: str) -> bool:
        return self._context.is_unknown(address, attribute)

    def written(self) -> Block | None:
        module = self._context.tree.module(self.path)
        return None if module is None else module.blocks.get(self.block)

    # --- references

    def referenced(self, attribute: str | None) -> References:
        if attribute not in self._references:
            self._references[attribute] = self._refer(attribute)
        return self._references[attribute]

    def follow(self, names: list[str] | None) -> Found:
        return self._context.resolver.follow(self.path, self.block, self.key, names)

    def _refer(self, attribute: str | None) -> References:
        if self.source is not None:
            return self._refer_joined(self.source, attribute)
        found = self.follow(None if attribute is None else [attribute])
        addresses = {address: None for address, _ in found.resources if address != self.address}
        complete = found.complete
        if attribute is not None and not self._says(attribute):
            complete = self.attribute(attribute) is None
        return References(tuple(addresses), complete)

    def _says(self, attribute: str) -> bool:
        """Whether the configuration in the plan has the argument: it lacks those of `dynamic` blocks."""
        written = self.written()
        return written is not None and attribute in written.references()

    def _refer_joined(self, source: SourceResource, attribute: str | None) -> References:
        if attribute is None:
            written = self.written()
            names = {*(written.references() if written is not None else ()), *source.attribute_names()}
            parts = [self.referenced(name) for name in sorted(names)]
            addresses = dict.fromkeys(address for one in parts for address in one.addresses)
            return References(tuple(addresses), all(one.complete for one in parts))
        said = source.referenced(attribute)
        addresses = dict.fromkeys(self._planned(said.addresses))
        if not self._agrees(source, attribute):
            addresses.update({address: None for address, _ in self.follow([attribute]).resources})
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

    def made_of(self, name: str) -> tuple[tuple[str, str], ...] | None:
        return self.source.made_of(name) if self.source is not None else None

    def prevent_destroy(self) -> Value:
        if self.source is not None:
            return self.source.prevent_destroy()
        return self._left_out("lifecycle.prevent_destroy", BOOL)

    def ignored_changes(self) -> Value:
        if self.source is not None:
            return self.source.ignored_changes()
        return self._left_out("lifecycle.ignore_changes", DYNAMIC)

    def _left_out(self, path: str, type_: Type) -> Unknown:
        reason = Reason(f"{self.address}.{path}", "is not part of a plan", "scan the plan with its source")
        return Unknown(type_, (reason,))

    def default_tags(self) -> Value:
        """What `tags_all` has besides `tags`; if that is not known, what the source or the provider says."""
        every, own = (opened(self.attribute(name))[0] for name in ("tags_all", "tags"))
        if isinstance(every, dict) and (own is None or isinstance(own, dict)):
            return {name: value for name, value in every.items() if name not in (own or {})}
        if self.source is not None:
            return self.source.default_tags()
        written = self.written()
        provider = self._context.tree.provider(written) if written is not None else None
        blocks = (provider.expressions or {}).get("default_tags") if provider is not None else None
        if written is not None and not blocks:
            return {}
        tags = blocks[0].get("tags") if isinstance(blocks, list) and isinstance(blocks[0], dict) else None
        if isinstance(tags, dict) and isinstance(tags.get("constant_value"), dict):
            return tags["constant_value"]
        reason = Reason(f"{self.address}.tags_all", "is known after apply", "scan the plan with its source")
        return Unknown(reasons=(reason,))

    def region(self) -> Value:
        if self.source is not None:
            return self.source.region()
        written = self.written()
        provider = self._context.tree.provider(written) if written is not None else None
        said = (provider.expressions or {}).get("region") if provider is not None else None
        if isinstance(said, dict) and isinstance(said.get("constant_value"), str):
            return said["constant_value"]
        return no_region((written.raw.provider_config_key if written is not None else None) or self.provider)

    def provider_version(self) -> str | None:
        if self.source is not None:
            return self.source.provider_version()
        module, written = self._context.tree.module(self.path), self.written()
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
