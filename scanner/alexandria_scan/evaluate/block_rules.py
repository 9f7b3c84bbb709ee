"""What Terraform refuses in the form of check and import blocks, whatever their values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from alexandria_scan.syntax.tree import Block, Span

Fault = tuple[Span, str, str]


def faults(blocks: Iterable[Block]) -> Iterator[Fault]:
    """Where, the summary and the detail of every fault."""
    seen: dict[str, Block] = {}
    for block in blocks:
        if block.type == "import":
            if not {"id", "identity"} & block.body.attributes.keys():
                yield block.header, "Missing required argument", 'The argument "id" is required.'
        elif block.type == "check":
            first = seen.setdefault(block.labels[0], block)
            if first is not block:
                place = first.header.location
                detail = f"A check named {block.labels[0]} was already declared at {place.file}:{place.line}."
                yield block.header, "Duplicate check", detail
            yield from _check(block)


def _check(block: Block) -> Iterator[Fault]:
    asserts, data = block.body.blocks_of("assert"), block.body.blocks_of("data")
    if not asserts:
        yield block.header, "Zero assert blocks", "A check block needs at least one assert block."
    for inner in data[1:]:
        yield inner.header, "Multiple data resource blocks", "A check block can hold one data source at most."
    for inner in data:
        for name in ("count", "for_each"):
            if name in inner.body.attributes:
                detail = f'A data source inside of a check block cannot have "{name}".'
                yield inner.body.attributes[name].span, f'Invalid "{name}" attribute', detail
