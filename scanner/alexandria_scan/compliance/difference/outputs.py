"""Outputs: removed, added, of another type, sensitive or not any more."""

from __future__ import annotations

from collections.abc import Iterator

from alexandria_scan.compliance.difference.change import Change
from alexandria_scan.evaluate.types import (
    DYNAMIC,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
    spelled,
)
from alexandria_scan.evaluate.values import EPHEMERAL, SENSITIVE
from alexandria_scan.graph.interface import Interface, Output


def changed_outputs(old: Interface, new: Interface) -> Iterator[Change]:
    for name, before in old.outputs.items():
        if name not in new.outputs:
            yield Change("major", "output_removed", f"output.{name}", "is removed", before.location)
    for name, after in new.outputs.items():
        found = old.outputs.get(name)
        if found is None:
            yield Change("minor", "output_added", f"output.{name}", "is new", None, after.location)
        else:
            yield from _type(found, after)
            yield from _marks(found, after)


def _type(before: Output, after: Output) -> Iterator[Change]:
    subject, places = f"output.{after.name}", (before.location, after.location)
    verdict = _fits(after.type, before.type)
    if verdict is False:
        message = f"was {spelled(before.type)} and is {spelled(after.type)}"
        yield Change("major", "output_retyped", subject, message, *places)
    elif verdict is None and before.expression != after.expression:
        message = "is another expression; whether it has the same type depends on what is not known"
        yield Change("unknown", "output_changed", subject, message, *places)
    elif before.expression != after.expression:
        yield Change("patch", "output_expression", subject, "is another expression of the same type", *places)


def _fits(given: Type, wanted: Type) -> bool | None:
    """Whether what used a value of type `wanted` can use one of type `given`; None if that is not known."""
    if given == wanted and given is not DYNAMIC:
        return True
    if given is DYNAMIC or wanted is DYNAMIC:
        return None
    if isinstance(given, Primitive) or isinstance(wanted, Primitive):
        return False
    if isinstance(given, ObjectType) and isinstance(wanted, ObjectType):
        if wanted.attributes.keys() - given.attributes.keys():
            return False
        return _all(_fits(given.attributes[name], inner) for name, inner in wanted.attributes.items())
    if isinstance(given, SetType) != isinstance(wanted, SetType):
        return False  # a set has no indexes, and for_each takes nothing but a set or a map
    if isinstance(given, (TupleType, ListType, SetType)) and isinstance(wanted, (TupleType, ListType, SetType)):
        return _all(_fits(item, other) for item in _elements(given) for other in _elements(wanted))
    if isinstance(given, (ObjectType, MapType)) and isinstance(wanted, (ObjectType, MapType)):
        return _all([None, *(_fits(item, other) for item in _elements(given) for other in _elements(wanted))])
    return False


def _elements(type_: Type) -> tuple[Type, ...]:
    if isinstance(type_, (ListType, SetType, MapType)):
        return (type_.element,)
    if isinstance(type_, TupleType):
        return type_.elements
    return tuple(type_.attributes.values()) if isinstance(type_, ObjectType) else ()


def _all(verdicts: Iterator[bool | None] | list[bool | None]) -> bool | None:
    listed = list(verdicts)
    return False if False in listed else None if None in listed else True


def _marks(before: Output, after: Output) -> Iterator[Change]:
    subject, places = f"output.{after.name}", (before.location, after.location)
    for mark, rule in ((SENSITIVE, "output_sensitive"), (EPHEMERAL, "output_ephemeral")):
        if mark in after.marks - before.marks:
            message = f"is {mark} now: callers who hand it on, or use it in for_each, are refused"
            yield Change("major", rule, subject, message, *places)
    if SENSITIVE in before.marks - after.marks:
        message = "is not sensitive any more: plans and logs show it"
        yield Change("patch", "output_not_sensitive", subject, message, *places)
    if EPHEMERAL in before.marks - after.marks:
        yield Change("patch", "output_not_ephemeral", subject, "is not ephemeral any more", *places)
