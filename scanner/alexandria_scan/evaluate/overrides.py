"""Override files: `override.tf` and `*_override.tf` change blocks of the same name, by Terraform's merging rules."""

from __future__ import annotations

from pathlib import PurePosixPath

from alexandria_scan.syntax.tree import Attribute, Block, Body

_MERGED_BLOCKS = frozenset(["lifecycle", "required_providers"])
_SUFFIXES = (".tf", ".tf.json", ".tofu", ".tofu.json")


def is_override(name: str) -> bool:
    file = PurePosixPath(name).name
    for suffix in _SUFFIXES:
        if file.endswith(suffix):
            stem = file[: -len(suffix)]
            return stem == "override" or stem.endswith("_override")
    return False


def merged(base: Block, override: Block) -> Block:
    """The base block with the override's arguments, and its nested blocks in place of those of the same type."""
    return Block(base.type, base.labels, _merged_body(base, override), base.span, base.header, base.label_spans)


def _merged_body(base: Block, override: Block) -> Body:
    """In JSON syntax nested blocks look like arguments, so that one may have to make way for the other."""
    replaced = {_kind(block) for block in override.body.blocks}
    kept_arguments = {name: value for name, value in base.body.attributes.items() if name not in replaced}
    attributes: dict[str, Attribute] = {**kept_arguments, **override.body.attributes}
    if base.type in ("resource", "data", "module"):
        if "count" in override.body.attributes:
            attributes.pop("for_each", None)
        if "for_each" in override.body.attributes:
            attributes.pop("count", None)
    blocks: list[Block] = []
    for block in base.body.blocks:
        if block.type in _MERGED_BLOCKS and _kind(block) in replaced:
            other = next(inner for inner in override.body.blocks if inner.type == block.type)
            blocks.append(merged(block, other))
        elif _kind(block) not in replaced and _kind(block) not in override.body.attributes:
            blocks.append(block)
    kept = {block.type for block in blocks if block.type in _MERGED_BLOCKS}
    blocks += [block for block in override.body.blocks if block.type not in kept]
    return Body(base.body.span, attributes, blocks, base.body.json)


def _kind(block: Block) -> str:
    """What a nested block is an instance of: `dynamic "x"` stands for blocks of type x."""
    if block.type == "dynamic" and block.labels:
        return block.labels[0]
    return "backend" if block.type in ("backend", "cloud") else block.type
