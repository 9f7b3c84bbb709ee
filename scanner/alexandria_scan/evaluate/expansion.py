"""`count` and `for_each`: which instances a block has."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from alexandria_scan.evaluate.children import local_values
from alexandria_scan.evaluate.compile import compile_attribute
from alexandria_scan.evaluate.convert import ConversionError, convert, quote
from alexandria_scan.evaluate.errors import EvalError, LimitExceeded
from alexandria_scan.evaluate.scope import NamedScope, Scope
from alexandria_scan.evaluate.types import DYNAMIC, NUMBER, STRING, ListType, MapType, SetType, Type
from alexandria_scan.evaluate.values import (
    SENSITIVE,
    SetVal,
    Unknown,
    Value,
    collect_reasons,
    items_of,
    opened,
)
from alexandria_scan.syntax.tree import Attribute, Body

Key: TypeAlias = int | str | None
MAX_INSTANCES = 50_000
SYMBOLIC = "*"


class Expansion(msgspec.Struct, frozen=True):
    """`kind` is single, count, for_each or unknown; `scopes` maps each key to what its instance adds in scope.

    An unknown expansion has one entry, under the key "*", that stands for whichever instances there will be.
    """

    kind: str
    names: dict[Key, dict[str, Value]] = {}
    unknown: Unknown | None = None
    source: Attribute | None = None

    def scope(self, key: Key, parent: Scope) -> Scope:
        names = self.names[key]
        if not names:
            return parent
        return NamedScope(parent, names, self.source.expression if self.source is not None else None)


def expand(body: Body, scope: Scope) -> Expansion:
    """Reads `count` or `for_each`. Raises EvalError where Terraform would refuse it."""
    count, for_each = body.attributes.get("count"), body.attributes.get("for_each")
    if count is not None:
        return msgspec.structs.replace(_count(count, scope), source=count)
    if for_each is not None:
        expansion = _for_each(for_each, scope)
        scope.context.budget.expand(len(expansion.names), for_each.span)
        return msgspec.structs.replace(expansion, source=for_each)
    scope.context.budget.expand(1, body.span)
    return Expansion("single", {None: {}})


def unknown_expansion(unknown: Unknown, element: Type = DYNAMIC) -> Expansion:
    each = {"key": Unknown(STRING, unknown.reasons, True), "value": Unknown(element, unknown.reasons)}
    count = {"index": Unknown(NUMBER, unknown.reasons, True)}
    return Expansion("unknown", {SYMBOLIC: {"each": each, "count": count}}, unknown)


def _fail(attribute: Attribute, name: str, detail: str) -> EvalError:
    names = local_values(attribute.expression)
    return EvalError.at(attribute.span.location, f"Invalid {name} argument", detail, names)


def _count(attribute: Attribute, scope: Scope) -> Expansion:
    value, _ = opened(compile_attribute(attribute)(scope))
    if value is None:
        raise _fail(attribute, "count", 'The given "count" argument value is null. An integer is required.')
    try:
        number = convert(value, NUMBER)
    except ConversionError as error:
        raise _fail(attribute, "count", f'The given "count" argument value is unsuitable: {error.message}.') from None
    if type(number) is Unknown:
        return unknown_expansion(number)
    if type(number) is not int or number < 0:
        raise _fail(
            attribute,
            "count",
            'The given "count" argument value is unsuitable: must be a whole number greater than or equal to zero.',
        )
    if number > MAX_INSTANCES:
        place = attribute.span.location
        detail = f"count is {number}; a scan expands at most {MAX_INSTANCES}."
        raise LimitExceeded.at(place, "Too many instances", detail)
    scope.context.budget.expand(number, attribute.span)
    return Expansion("count", {index: {"count": {"index": index}} for index in range(number)})


def _for_each(attribute: Attribute, scope: Scope) -> Expansion:
    value, marks = opened(compile_attribute(attribute)(scope))
    if SENSITIVE in marks:
        raise _fail(
            attribute,
            "for_each",
            "Sensitive values, or values derived from sensitive values, cannot be used as for_each arguments.",
        )
    if value is None:
        raise _fail(
            attribute,
            "for_each",
            'The given "for_each" argument value is null. A map, or set of strings is allowed.',
        )
    if type(value) is Unknown:
        return unknown_expansion(value, _element(value.type))
    if isinstance(value, dict):
        return Expansion("for_each", {key: {"each": {"key": key, "value": item}} for key, item in items_of(value)})
    if not isinstance(value, SetVal):
        raise _fail(
            attribute,
            "for_each",
            'The given "for_each" argument value is unsuitable: the "for_each" '
            "argument must be a map, or set of strings.",
        )
    return _for_each_set(attribute, value)


def _for_each_set(attribute: Attribute, value: SetVal) -> Expansion:
    names: dict[Key, dict[str, Value]] = {}
    for item in value:
        if type(item) is Unknown:
            return unknown_expansion(Unknown(DYNAMIC, collect_reasons(value)), STRING)
        if not isinstance(item, str):
            detail = (
                'The given "for_each" argument value is unsuitable: "for_each" sets must not contain null values.'
                if item is None
                else 'The given "for_each" set contains elements that are not strings.'
            )
            raise _fail(attribute, "for_each", detail)
        names[item] = {"each": {"key": item, "value": item}}
    return Expansion("for_each", names)


def _element(type_: Type) -> Type:
    return type_.element if isinstance(type_, (MapType, SetType, ListType)) else DYNAMIC


def address_key(key: Key) -> str:
    """The key as it stands in an address: `[0]`, `["blue"]`, nothing for a single instance."""
    if key is None:
        return ""
    return f"[{key}]" if isinstance(key, int) or key == SYMBOLIC else f"[{quote(key)}]"
