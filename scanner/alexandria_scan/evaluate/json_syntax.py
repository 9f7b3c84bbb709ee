"""What is a block in Terraform's JSON syntax, where a block and an argument look alike."""

from __future__ import annotations

from collections.abc import Iterator

from alexandria_scan.evaluate.schema import BlockSchema, resource_schema
from alexandria_scan.syntax.json_body import BlockSpec, parse_json, turn_into_blocks
from alexandria_scan.syntax.tree import Body, SyntaxFile, SyntaxProblem

_DYNAMIC: dict[str, BlockSpec] = {}
_CONTENT = BlockSpec(0, _DYNAMIC)
_DYNAMIC["dynamic"] = BlockSpec(1, {"content": _CONTENT})
_CONDITIONS = {"precondition": BlockSpec(), "postcondition": BlockSpec()}
_RESOURCE = {
    "lifecycle": BlockSpec(0, _CONDITIONS),
    "connection": BlockSpec(),
    "provisioner": BlockSpec(1, {"connection": BlockSpec()}),
    **_DYNAMIC,
}
_BLOCKS = {
    "terraform": BlockSpec(0, {"required_providers": BlockSpec(), "backend": BlockSpec(1), "cloud": BlockSpec()}),
    "variable": BlockSpec(1, {"validation": BlockSpec()}, frozenset(["default"])),
    "locals": BlockSpec(),
    "output": BlockSpec(1, _CONDITIONS),
    "resource": BlockSpec(2, _RESOURCE),
    "data": BlockSpec(2, _RESOURCE),
    "ephemeral": BlockSpec(2, _RESOURCE),
    "module": BlockSpec(1),
    "provider": BlockSpec(1),
    "moved": BlockSpec(),
    "removed": BlockSpec(0, {"lifecycle": BlockSpec()}),
    "import": BlockSpec(),
    "check": BlockSpec(1, {"assert": BlockSpec(), "data": BlockSpec(2, _RESOURCE)}),
}
_WITH_SCHEMA = frozenset(["resource", "data", "ephemeral", "provider"])


def parse_configuration(name: str, data: bytes) -> SyntaxFile:
    """A `.tf.json` file. Problems are collected, never raised."""
    file = parse_json(name, data, BlockSpec(blocks=_BLOCKS))
    file.problems += _nest_resources(file.body)
    return file


def _nest_resources(body: Body) -> Iterator[SyntaxProblem]:
    for block in body.blocks:
        if block.type == "check":
            yield from _nest_resources(block.body)
        elif block.type in _WITH_SCHEMA and block.labels:
            schema = resource_schema(block.type, block.labels[0])
            if schema is not None:
                yield from _nest(block.body, schema)


def _nest(body: Body, schema: BlockSchema) -> Iterator[SyntaxProblem]:
    """Makes blocks of what the provider's schema calls blocks, at any depth: the file itself does not tell."""
    for name in [name for name in body.attributes if name in schema.blocks]:
        labels = 1 if schema.blocks[name].nesting == "map" else 0
        problem = turn_into_blocks(body, name, BlockSpec(labels, _DYNAMIC))
        if problem is not None:
            yield problem
    for block in body.blocks:
        if block.type in schema.blocks:
            yield from _nest(block.body, schema.blocks[block.type].block)
        elif block.type == "dynamic" and block.labels[0] in schema.blocks:
            for content in block.body.blocks_of("content"):
                yield from _nest(content.body, schema.blocks[block.labels[0]].block)
