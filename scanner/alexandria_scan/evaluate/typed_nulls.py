"""Arguments of the functions whose result depends on the type that a null has."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.statictype import full_type
from alexandria_scan.evaluate.types import DYNAMIC, ListType, MapType, ObjectType, SetType, TupleType, Type
from alexandria_scan.evaluate.unify import unify
from alexandria_scan.evaluate.values import MapVal, Value, unmark
from alexandria_scan.syntax.tree import Expression

_ONE_TYPE: dict[str, Callable[[Type], Type]] = {
    "tolist": ListType, "distinct": ListType, "toset": SetType, "setunion": SetType, "setintersection": SetType,
    "setsubtract": SetType, "tomap": MapType,
}  # fmt: skip
CONCERNED = frozenset([*_ONE_TYPE, "coalesce", "coalescelist", "merge"])


def with_typed_nulls(name: str, values: list[Value], nodes: Sequence[Expression], scope: Scope) -> list[Value]:
    """The arguments of one of the CONCERNED functions, brought to the type that they have with their nulls' types.

    Raises EvalError where there is no such type.
    """
    if not any(map(_holds_null, values)):
        return values
    types = [full_type(value, node, scope) for value, node in zip(values, nodes, strict=True)]
    if name == "coalesce":
        return _coalesced(values, types)
    if name == "coalescelist":
        sequences = (ListType, SetType, TupleType)
        pairs = zip(values, types, strict=True)
        return [() if value is None and isinstance(type_, sequences) else value for value, type_ in pairs]
    if name == "merge":
        pairs = zip(values, types, strict=True)
        return [
            MapVal({}, type_.element) if value is None and isinstance(type_, MapType) else value
            for value, type_ in pairs
        ]
    return [_elements(name, value, type_) for value, type_ in zip(values, types, strict=True)]


def _holds_null(value: Value) -> bool:
    bare, _ = unmark(value)
    if bare is None:
        return True
    if type(bare) is tuple:
        return any(item is None for item in bare)
    return type(bare) is dict and any(item is None for item in bare.values())


def _coalesced(values: list[Value], types: list[Type]) -> list[Value]:
    common = unify(types)
    if common is None:
        detail = 'Call to function "coalesce" failed: all arguments must have the same type.'
        raise EvalError("Error in function call", detail)
    return [_as_type(value, common) for value in values]


def _elements(name: str, value: Value, type_: Type) -> Value:
    """A tuple or object as the collection that the function makes of it."""
    if isinstance(type_, TupleType):
        parts = list(type_.elements)
    elif isinstance(type_, ObjectType):
        parts = list(type_.attributes.values())
    else:
        return value
    element = unify(parts)
    if element is None and name.startswith("to"):
        kinds = ("object", "map") if name == "tomap" else ("tuple", name.removeprefix("to"))
        detail = f'Invalid value for "v" parameter: cannot convert {kinds[0]} to {kinds[1]} of any single type.'
        raise EvalError("Invalid function argument", detail)
    return value if element is None else _as_type(value, _ONE_TYPE[name](element))


def _as_type(value: Value, type_: Type) -> Value:
    try:
        return value if type_ is DYNAMIC else convert(value, type_)
    except ConversionError:
        return value  # the function says what is wrong with it
