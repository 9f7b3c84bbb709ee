"""Terraform's types: what a value is, and what a type constraint asks for."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec


class Primitive(msgspec.Struct, frozen=True):
    """string, number, bool; and `dynamic`, which stands for a type that is not known (`any`)."""

    name: str


STRING = Primitive("string")
NUMBER = Primitive("number")
BOOL = Primitive("bool")
DYNAMIC = Primitive("dynamic")
PLAIN: dict[type, Primitive] = {str: STRING, bool: BOOL, int: NUMBER}
"""The types of values that Python has, too."""


class ListType(msgspec.Struct, frozen=True):
    element: Type


class SetType(msgspec.Struct, frozen=True):
    element: Type


class MapType(msgspec.Struct, frozen=True):
    element: Type


class TupleType(msgspec.Struct, frozen=True):
    elements: tuple[Type, ...]


class ObjectType(msgspec.Struct, frozen=True, eq=False):
    """`optional` names the attributes that may be left out; `defaults` what they then become
    (a Terraform value). Defaults belong to a constraint, so two types that differ only there are equal."""

    attributes: dict[str, Type]
    optional: frozenset[str] = frozenset()
    defaults: dict[str, Any] = {}

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, ObjectType):
            return NotImplemented
        return self.attributes == other.attributes and self.optional == other.optional

    def __ne__(self, other: object) -> bool:
        return not self == other  # a struct has one of its own, which compares identities

    def __hash__(self) -> int:
        return hash((tuple(sorted(self.attributes.items(), key=lambda item: item[0])), self.optional))


Type: TypeAlias = Primitive | ListType | SetType | MapType | TupleType | ObjectType
CollectionType = (ListType, SetType, MapType)


def friendly(type_: Type) -> str:
    """The name that Terraform uses in its messages: `list of string`, `object`, `tuple`."""
    if isinstance(type_, ListType):
        return f"list of {friendly(type_.element)}"
    if isinstance(type_, SetType):
        return f"set of {friendly(type_.element)}"
    if isinstance(type_, MapType):
        return f"map of {friendly(type_.element)}"
    if isinstance(type_, TupleType):
        return "tuple"
    if isinstance(type_, ObjectType):
        return "object"
    return "dynamic" if type_ is DYNAMIC else type_.name


def spelled(type_: Type) -> str:
    """The type as a constraint would be written: `list(object({name = string}))`."""
    if isinstance(type_, ListType):
        return f"list({spelled(type_.element)})"
    if isinstance(type_, SetType):
        return f"set({spelled(type_.element)})"
    if isinstance(type_, MapType):
        return f"map({spelled(type_.element)})"
    if isinstance(type_, TupleType):
        return "tuple([" + ", ".join(map(spelled, type_.elements)) + "])"
    if isinstance(type_, ObjectType):
        parts = []
        for name, attribute in sorted(type_.attributes.items()):
            text = spelled(attribute)
            parts.append(f"{name} = optional({text})" if name in type_.optional else f"{name} = {text}")
        return "object({" + ", ".join(parts) + "})"
    return "any" if type_ is DYNAMIC else type_.name


def type_json(type_: Type) -> Any:
    """The type as plan JSON writes it: `["list", "string"]`."""
    if isinstance(type_, ListType):
        return ["list", type_json(type_.element)]
    if isinstance(type_, SetType):
        return ["set", type_json(type_.element)]
    if isinstance(type_, MapType):
        return ["map", type_json(type_.element)]
    if isinstance(type_, TupleType):
        return ["tuple", list(map(type_json, type_.elements))]
    if isinstance(type_, ObjectType):
        return ["object", {name: type_json(item) for name, item in sorted(type_.attributes.items())}]
    return type_.name
