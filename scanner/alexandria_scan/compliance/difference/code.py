"""Code that is written otherwise without changing the interface: enough for a patch, and for a look at the plan."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from alexandria_scan.compliance.difference.change import Change
from alexandria_scan.graph.interface import Interface, layout_free
from alexandria_scan.syntax.tree import Block, Body, Location

_REPETITION = frozenset(["count", "for_each"])  # which addresses.py compares


def changed_code(old: Interface, new: Interface) -> Iterator[Change]:
    """The resources, data sources, calls and local values that both versions have, in other words than before."""
    before, after = dict(_written(old)), dict(_written(new))
    for subject, (text, place) in after.items():
        was = before.get(subject)
        if was is not None and was[0] != text:
            yield Change("patch", "code_changed", subject, "is written otherwise", was[1], place)


def _written(interface: Interface) -> Iterator[tuple[str, tuple[Any, Location]]]:
    config = interface.module.config
    for (mode, type_, name), block in sorted(config.resources.items()):
        prefix = "" if mode == "managed" else f"{mode}."
        yield f"{prefix}{type_}.{name}", (_block(block), block.header.location)
    for name, block in sorted(config.calls.items()):
        yield f"module.{name}", (_block(block), block.header.location)
    for name, attribute in sorted(config.locals.items()):
        yield f"local.{name}", (layout_free(attribute), attribute.span.location)


def _block(block: Block) -> Any:
    own = _body(block.body)
    return ({name: text for name, text in own[0].items() if name not in _REPETITION}, own[1])


def _body(body: Body) -> Any:
    """The arguments by name, and the nested blocks in their order: comments and layout are not in it."""
    attributes = {name: layout_free(attribute) for name, attribute in body.attributes.items()}
    return attributes, [(block.type, block.labels, _body(block.body)) for block in body.blocks]
