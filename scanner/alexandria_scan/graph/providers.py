"""Which provider configuration a resource uses: its own module's, or what the calls above hand down."""

from __future__ import annotations

from functools import partial

from alexandria_scan.evaluate.compile import compile_attribute
from alexandria_scan.evaluate.declarations import literal_text
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.types import STRING
from alexandria_scan.evaluate.values import Reason, Unknown, Value
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Block


def configuration_of(module: Module, reference: str) -> tuple[Module, Block] | None:
    """The provider block that `aws` or `aws.alias` means in a module, and the module that holds it; None if no
    configuration is written anywhere above."""
    name, _, alias = reference.partition(".")
    for block in module.config.providers:
        own = block.body.attributes.get("alias")
        if block.labels[0] == name and (literal_text(own) if own is not None else None) == (alias or None):
            return module, block
    if module.parent is None or module.call is None:
        return None
    handed = _handed_down(module.call, reference)
    if handed is not None:
        return configuration_of(module.parent, handed)
    return None if alias else configuration_of(module.parent, name)


def _handed_down(call: Block, reference: str) -> str | None:
    """What the `providers` argument of a module call gives for a name, as the caller calls it."""
    attribute = call.body.attributes.get("providers")
    if attribute is None or not isinstance(attribute.expression, tree.ObjectConstructor):
        return None
    for key, value in attribute.expression.entries:
        if key.span.text.strip().strip('"') == reference:
            return value.span.text.strip().strip('"')
    return None


def default_tags(module: Module, reference: str) -> Value:
    """The tags that the configuration of a provider puts on every resource, {} if none."""
    found = configuration_of(module, reference)
    if found is None:
        return Unknown(reasons=module.root.config.unread) if module.root.config.unread else {}
    owner, block = found
    for inner in block.body.blocks_of("default_tags"):
        if "tags" in inner.body.attributes:
            tags = compile_attribute(inner.body.attributes["tags"])
            return owner.safely(f"provider.{reference}", partial(tags, owner))
    return {}


def region(module: Module, reference: str) -> Value:
    """The region in the configuration of a provider; unknown where the environment or a profile decides."""
    found = configuration_of(module, reference)
    if found is not None and "region" in found[1].body.attributes:
        owner, block = found
        compiled = compile_attribute(block.body.attributes["region"])
        value = owner.safely(f"provider.{reference}", partial(compiled, owner))
        if value is not None:
            return value
    return no_region(reference)


def no_region(reference: str) -> Unknown:
    reason = Reason(f"the region of provider {reference}", "is not in the code", "set region in the provider's block")
    return Unknown(STRING, (reason,))
