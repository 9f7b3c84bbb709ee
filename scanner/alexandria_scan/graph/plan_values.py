"""Values of a plan: its JSON with the trees that say what is unknown and sensitive, as Terraform values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from alexandria_scan.evaluate import numbers
from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.types import (
    DYNAMIC,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
)
from alexandria_scan.evaluate.values import (
    SENSITIVE,
    ListVal,
    MapVal,
    Marked,
    Reason,
    Unknown,
    Value,
    make_set,
    mark,
)

Tree = Any
"""true, false, or a list or object of trees: which parts of a value are unknown, or sensitive."""


def _number(text: str) -> Any:
    try:
        return numbers.parse(text)
    except numbers.NumberTooLarge:
        return text


_DECODER = msgspec.json.Decoder(float_hook=_number)


def decode(text: msgspec.Raw) -> Any:
    """The JSON of one part of a plan; None where there is none."""
    if not memoryview(text).nbytes:
        return None
    try:
        return _DECODER.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return None


def part(tree: Tree, key: str | int) -> Tree:
    """The tree of an element or attribute."""
    if isinstance(tree, dict):
        return tree.get(str(key), False)
    if isinstance(tree, list):
        return tree[key] if isinstance(key, int) and key < len(tree) else False
    return tree is True


def any_true(tree: Tree) -> bool:
    if isinstance(tree, dict):
        return any(map(any_true, tree.values()))
    if isinstance(tree, list):
        return any(map(any_true, tree))
    return tree is True


class Told(msgspec.Struct, frozen=True):
    """What is said of the unknowns in a value."""

    reason: Reason
    computed: bool = False
    not_null: bool = False


def typed(value: Any, unknown: Tree, sensitive: Tree, type_: Type, told: Told) -> Value:
    """The value as the schema has it; where shapes differ (another provider version), as the plan has it."""
    if unknown is True:
        found: Value = Unknown(type_, (told.reason,), told.not_null, told.computed)
    elif isinstance(value, list):
        found = _sequence(value, unknown, sensitive, type_, told)
    elif isinstance(value, dict):
        found = _mapping(value, unknown, sensitive, type_, told)
    else:
        found = _primitive(value, type_)
    return mark(found, frozenset({SENSITIVE})) if sensitive is True and found is not None else found


def _primitive(value: Any, type_: Type) -> Value:
    if value is None or not isinstance(type_, Primitive):
        return value
    try:
        return convert(value, type_)
    except ConversionError:
        return value


def _sequence(value: list[Any], unknown: Tree, sensitive: Tree, type_: Type, told: Told) -> Value:
    elements: Iterable[Type]
    if isinstance(type_, (ListType, SetType)):
        elements = (type_.element for _ in value)
    elif isinstance(type_, TupleType) and len(type_.elements) == len(value):
        elements = type_.elements
    else:
        elements = (DYNAMIC for _ in value)
    items = [
        typed(item, part(unknown, at), part(sensitive, at), element, told)
        for at, (item, element) in enumerate(zip(value, elements, strict=True))
    ]
    if isinstance(type_, ListType):
        return ListVal(items, type_.element)
    if isinstance(type_, SetType):
        marks = frozenset[str]().union(*(item.marks for item in items if type(item) is Marked))
        return mark(make_set((i.value if type(i) is Marked else i for i in items), type_.element), marks)
    return tuple(items)


def _mapping(value: dict[str, Any], unknown: Tree, sensitive: Tree, type_: Type, told: Told) -> Value:
    names = dict.fromkeys(value)
    if isinstance(unknown, dict):
        names.update(dict.fromkeys(name for name, tree in unknown.items() if any_true(tree)))
    if isinstance(type_, MapType):
        types = dict.fromkeys(names, type_.element)
    elif isinstance(type_, ObjectType):
        names = {**dict.fromkeys(type_.attributes), **names}
        types = {name: type_.attributes.get(name, DYNAMIC) for name in names}
    else:
        types = dict.fromkeys(names, DYNAMIC)
    items = {
        name: typed(value.get(name), part(unknown, name), part(sensitive, name), types[name], told)
        for name in sorted(names)
    }
    return MapVal(items, type_.element) if isinstance(type_, MapType) else items
