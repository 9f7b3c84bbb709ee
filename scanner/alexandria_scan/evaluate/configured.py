"""What the configuration of a resource sets, and whether a data source has to wait for the apply because of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from alexandria_scan.evaluate.address import parse_address
from alexandria_scan.evaluate.blocks import META_ARGUMENTS
from alexandria_scan.evaluate.children import children_of
from alexandria_scan.evaluate.compile import compile_attribute
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.resource import Resource
from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.trace import trace_attribute
from alexandria_scan.evaluate.values import Reason, Value, collect_reasons, opened, wholly_known
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Attribute, Body


def configured_value(resource: Resource) -> dict[str, Value]:
    """What the configuration sets, in the provider's types: argument or block name to value."""
    values = {}
    for name in resource.configured_names():
        schema = None if resource.schema is None else resource.schema.attributes.get(name)
        if schema is not None and schema.write_only:
            continue
        value = attribute_or_null(resource, name)
        bare, _ = opened(value)
        if bare is not None:
            values[name] = value
    return values


def attribute_or_null(resource: Resource, name: str) -> Value:
    try:
        return resource.attribute(name)
    except KeyError:
        return None


def is_deferred(resource: Resource) -> bool:
    """Whether Terraform can read a data source only when it applies: an argument waits for a managed resource, or
    for a data source that has to wait itself; or the source refers directly to a managed resource, or depends on one;
    all of them are still to be created."""
    known = resource.module.root.deferred
    waiting = [resource]
    reader: dict[str, str | None] = {resource.address: None}  # which source led to this one
    while waiting:
        current = waiting.pop()
        if current.address in known:
            found = known[current.address]
        else:
            reasons = collect_reasons(configured_value(current))
            found = _is_deferred_itself(current, reasons)
            sources = [source for reason in reasons if reason.kind == "data" for source in _named(current, reason)]
            new = {source.address: source for source in sources if source.address not in reader}
            waiting += new.values()
            reader.update(dict.fromkeys(new, current.address))
        if found:
            address: str | None = current.address
            while address is not None:
                known[address] = True
                address = reader[address]
            return True
    known.update(dict.fromkeys(reader, False))
    return False


def _is_deferred_itself(resource: Resource, reasons: Iterable[Reason]) -> bool:
    if any(reason.kind == "computed" for reason in reasons) or _refers_to_managed(resource.body, resource.module):
        return True
    if reasons and _reads_computed(resource):
        return True
    return any(module.call.body.attributes.get("depends_on") for module in _enclosing(resource) if module.call)


def _enclosing(resource: Resource) -> Iterator[Module]:
    """The module of a resource, the one that calls it, and so on to the root."""
    module: Module | None = resource.module
    while module is not None:
        yield module
        module = module.parent


def _named(resource: Resource, reason: Reason) -> list[Resource]:
    """The data source that a reason names, if it is declared."""
    *_, root = _enclosing(resource)
    address = parse_address(reason.subject)
    modules = [root]
    for name, key in address.calls:
        modules = [child for module in modules for at, child in module.children(name).items() if at == key]
    kind = (address.kind, address.type, address.name)
    found = [module.instances(kind).get(address.key) for module in modules if kind in module.config.resources]
    return [source for source in found if source is not None]


def _reads_computed(resource: Resource) -> bool:
    """Whether an argument comes from what only the apply decides of a resource, whose number alone is not known yet."""
    for attribute in _all_attributes(resource.body):
        if attribute.name in META_ARGUMENTS or _is_known(attribute, resource.scope):
            continue
        for other, name in trace_attribute(attribute, resource.scope).resources:
            if other.mode == "managed" and _is_computed(other, name):
                return True
    return False


def _is_computed(resource: Resource, name: str) -> bool:
    value = attribute_or_null(resource, name) if name else None
    return any(reason.kind == "computed" for reason in collect_reasons(value))


def _is_known(attribute: Attribute, scope: Scope) -> bool:
    try:
        return wholly_known(compile_attribute(attribute)(scope))
    except EvalError:  # it stands in a dynamic block, whose names the resource's own scope does not have
        return False


def _refers_to_managed(body: Body, module: Module) -> bool:
    stack = [attribute.expression for attribute in _all_attributes(body)]
    while stack:
        node = stack.pop()
        if (
            isinstance(node, tree.GetAttribute)
            and isinstance(node.base, tree.Name)
            and ("managed", node.base.name, node.name) in module.config.resources
        ):
            return True
        stack += children_of(node)
    return False


def _all_attributes(body: Body) -> Iterator[Attribute]:
    yield from body.attributes.values()
    for block in body.blocks:
        yield from _all_attributes(block.body)
