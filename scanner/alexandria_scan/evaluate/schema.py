"""Provider schemas: the types of a resource's arguments, how its blocks nest, what the provider computes.

Terraform converts every argument to the type in the schema; without it "20" and 20 would differ from the plan.
The schemas are data in policies/schemas, made from `terraform providers schema -json`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec

from alexandria_scan import bundled
from alexandria_scan.evaluate.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)

_PRIMITIVES: dict[str, Type] = {"string": STRING, "number": NUMBER, "bool": BOOL, "dynamic": DYNAMIC}
_BUILT_IN = {
    "terraform_data": {
        "a": {
            "id": ["string", "c"], "input": ["dynamic", "o"], "output": ["dynamic", "c"],
            "triggers_replace": ["dynamic", "o"],
        }
    },
}  # fmt: skip


class AttributeSchema(msgspec.Struct, frozen=True, eq=False):
    type: Type
    computed: bool
    optional: bool
    sensitive: bool
    write_only: bool
    block_syntax: bool
    """True for a list or set of objects: it may be written as blocks, too."""
    hidden: bool = False
    """Whether what is set is not shown: it is sensitive, or of a kind that often is."""


class NestedBlock(msgspec.Struct, frozen=True):
    """`nesting` is single, group, list, set or map. `computed`: the provider fills it where none is written, and
    nothing in it is what another resource computes."""

    nesting: str
    block: BlockSchema
    computed: bool = False


class BlockSchema(msgspec.Struct, frozen=True, eq=False):
    attributes: dict[str, AttributeSchema]
    blocks: dict[str, NestedBlock]


@cache
def resource_schema(kind: str, type_: str) -> BlockSchema | None:
    """The schema of a resource type, or None if it is not known. `kind`: resource, data, ephemeral, provider."""
    if kind == "resource" and type_ in _BUILT_IN:
        return _block(_BUILT_IN[type_])
    raw = _line(_schemas(type_.partition("_")[0]), f"{kind} {type_}".encode())
    return None if raw is None else _block(msgspec.json.decode(raw))


def is_hidden(kind: str, type_: str, path: Iterable[str | int | None]) -> bool:
    """Whether the argument that the path leads to, or into, is not shown; `kind` as for `resource_schema`."""
    block = resource_schema(kind, type_)
    for step in path:
        if block is None:
            return False
        if isinstance(step, str):
            attribute, nested = block.attributes.get(step), block.blocks.get(step)
            if nested is None:
                return attribute is not None and attribute.hidden
            block = nested.block
    return False


@cache
def _schemas(provider: str) -> bytes:
    """A provider's schemas: sorted lines of kind and type, a tab, and the schema in JSON."""
    path = bundled.folder("policies") / "schemas" / f"{provider}.schema"
    return path.read_bytes() if provider.isidentifier() and path.is_file() else b""


def _line(lines: bytes, name: bytes) -> bytes | None:
    """What stands behind the name in sorted lines. There are 2,500 of them and few are asked for, so that none is
    taken apart on the way."""
    low, high = 0, len(lines)
    while low < high:
        begin = lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = lines.index(b"\n", begin)
        found, _, schema = lines[begin:end].partition(b"\t")
        if found == name:
            return schema
        low, high = (end + 1, high) if found < name else (low, begin)
    return None


def _block(raw: dict[str, Any]) -> BlockSchema:
    attributes = {}
    for name, (type_, flags) in raw.get("a", {}).items():
        parsed = parse_type(type_)
        attributes[name] = AttributeSchema(
            parsed,
            computed="c" in flags,
            optional="o" in flags or "r" in flags,
            sensitive="s" in flags,
            write_only="w" in flags,
            block_syntax=isinstance(parsed, (ListType, SetType)) and isinstance(parsed.element, ObjectType),
            hidden="s" in flags or "h" in flags,
        )
    blocks = {
        name: NestedBlock(nesting, _block(inner), "c" in flags)
        for name, (nesting, inner, *flags) in raw.get("b", {}).items()
    }
    return BlockSchema(attributes, blocks)


def parse_type(raw: Any) -> Type:
    """A type in Terraform's JSON form: "string", ["list", "string"], ["object", {...}]."""
    if isinstance(raw, str):
        return _PRIMITIVES[raw]
    kind, inner = raw[0], raw[1]
    if kind == "nested":
        return _nested_type(inner, _block(raw[2]))
    if kind == "list":
        return ListType(parse_type(inner))
    if kind == "set":
        return SetType(parse_type(inner))
    if kind == "map":
        return MapType(parse_type(inner))
    if kind == "tuple":
        return TupleType(tuple(parse_type(item) for item in inner))
    return ObjectType({name: parse_type(item) for name, item in inner.items()}, frozenset(inner))


def _nested_type(nesting: str, block: BlockSchema) -> Type:
    """An attribute that is itself made of attributes: all of them may be left out and are then null."""
    element = ObjectType({name: item.type for name, item in block.attributes.items()}, frozenset(block.attributes))
    if nesting == "single":
        return element
    if nesting == "list":
        return ListType(element)
    return SetType(element) if nesting == "set" else MapType(element)


@cache
def block_type(block: BlockSchema) -> ObjectType:
    """The object type of a block's value."""
    attributes: dict[str, Type] = {name: item.type for name, item in block.attributes.items()}
    for name, nested in block.blocks.items():
        attributes[name] = nested_block_type(nested)
    return ObjectType(attributes, frozenset(attributes))


@cache
def block_of_attribute(attribute: AttributeSchema) -> BlockSchema:
    """The block that an attribute of type list or set of objects can be written as."""
    element = attribute.type.element if isinstance(attribute.type, (ListType, SetType)) else DYNAMIC
    inner = element.attributes if isinstance(element, ObjectType) else {}
    plain = {
        name: AttributeSchema(type_, False, True, attribute.sensitive, False, False, attribute.hidden)
        for name, type_ in inner.items()
    }
    return BlockSchema(plain, {})


def nested_block_type(nested: NestedBlock) -> Type:
    inner = block_type(nested.block)
    if nested.nesting == "list":
        return ListType(inner)
    if nested.nesting == "set":
        return SetType(inner)
    return MapType(inner) if nested.nesting == "map" else inner
