"""Arguments of the functions whose result depends on the type that a null has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.fulltype import full_type, null_among_structures, settled_type, told_type
from alexandria_scan.evaluate.scope import Scope
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
    friendly,
)
from alexandria_scan.evaluate.unify import convertible, unify
from alexandria_scan.evaluate.values import MapVal, Value, unmark
from alexandria_scan.syntax.tree import Expression

_ONE_TYPE: dict[str, Callable[[Type], Type]] = {
    "tolist": ListType, "distinct": ListType, "toset": SetType, "setunion": SetType, "setintersection": SetType,
    "setsubtract": SetType, "tomap": MapType, "matchkeys": ListType,
}  # fmt: skip
_CONVERSIONS: dict[str, Type] = {
    "tostring": STRING, "tonumber": NUMBER, "tobool": BOOL, "tolist": ListType(DYNAMIC), "toset": SetType(DYNAMIC),
    "tomap": MapType(DYNAMIC),
}  # fmt: skip
FORMATS = frozenset(["format", "formatlist"])
CONCERNED = frozenset([*_ONE_TYPE, *_CONVERSIONS, "coalesce", "coalescelist", "merge"])


def with_typed_nulls(name: str, values: list[Value], nodes: Sequence[Expression], scope: Scope) -> list[Value]:
    """The arguments of one of the CONCERNED functions, brought to the type that they have with their nulls' types.

    Raises EvalError where there is no such type.
    """
    if not any(map(_holds_null, values)):
        return values
    if name in _CONVERSIONS and len(values) == 1:
        _check_convertible(full_type(values[0], nodes[0], scope), _CONVERSIONS[name])
    if name in _ONE_TYPE:
        told = [told_type(value, node, scope) for value, node in zip(values, nodes, strict=True)]
        return [_elements(name, value, type_) for value, type_ in zip(values, told, strict=True)]
    types = [full_type(value, node, scope) for value, node in zip(values, nodes, strict=True)]
    if name == "coalesce":
        return _coalesced(values, types)
    if name == "coalescelist":
        sequences = (ListType, SetType, TupleType)
        pairs = zip(values, types, strict=True)
        return [() if value is None and isinstance(type_, sequences) else value for value, type_ in pairs]
    return _mergeable(values, types) if name == "merge" else values


def typed_nulls(values: Sequence[Value], nodes: Sequence[Expression], scope: Scope) -> frozenset[int]:
    """Which of the arguments are nulls of a type, which are not as open as one without."""
    return frozenset(
        index
        for index, (value, node) in enumerate(zip(values, nodes, strict=True))
        if unmark(value)[0] is None and full_type(value, node, scope) is not DYNAMIC
    )


def _check_convertible(given: Type, wanted: Type) -> None:
    if not convertible(given, wanted):
        spelled = friendly(wanted).replace("dynamic", "any single type")
        raise _refused(f'"v" parameter: cannot convert {friendly(given)} to {spelled}.')


def _mergeable(values: list[Value], types: list[Type]) -> list[Value]:
    for value, type_ in zip(values, types, strict=True):
        if value is None and type_ is not DYNAMIC and not isinstance(type_, (MapType, ObjectType)):
            detail = f'Call to function "merge" failed: arguments must be maps or objects, got "{friendly(type_)}".'
            raise EvalError("Error in function call", detail)
    return [
        MapVal({}, type_.element) if value is None and isinstance(type_, MapType) else value
        for value, type_ in zip(values, types, strict=True)
    ]


def _holds_null(value: Value) -> bool:
    bare, _ = unmark(value)
    if bare is None:
        return True
    if type(bare) is tuple:
        return any(map(_holds_null, bare))
    return type(bare) is dict and any(map(_holds_null, bare.values()))


def _coalesced(values: list[Value], types: list[Type]) -> list[Value]:
    common = unify(types)
    if common is None:
        detail = 'Call to function "coalesce" failed: all arguments must have the same type.'
        raise EvalError("Error in function call", detail)
    return [_as_type(value, common) for value in values]


def _elements(name: str, value: Value, type_: Type) -> Value:
    """A tuple or object as the collection that the function makes of it. `type_` is as it was told."""
    if isinstance(type_, TupleType):
        parts = list(type_.elements)
    elif isinstance(type_, ObjectType):
        parts = list(type_.attributes.values())
    else:
        return value
    element = unify(map(settled_type, parts))
    if name == "tomap":
        if element is None or (element is DYNAMIC and len({part for part in parts if part is not DYNAMIC}) > 1):
            raise _refused('"v" parameter: cannot convert object to map of any single type.')
    elif element is None or null_among_structures(parts):
        if name.startswith("to"):
            kind = name.removeprefix("to")
            raise _refused(f'"v" parameter: cannot convert tuple to {kind} of any single type.')
        if element is not None:
            raise _refused('"list" parameter: all list elements must have the same type.')
    return value if element is None else _as_type(value, _ONE_TYPE[name](element))


def _refused(what: str) -> EvalError:
    return EvalError("Invalid function argument", f"Invalid value for {what}")


def _as_type(value: Value, type_: Type) -> Value:
    try:
        return value if type_ is DYNAMIC else convert(value, type_)
    except ConversionError:
        return value  # the function says what is wrong with it
