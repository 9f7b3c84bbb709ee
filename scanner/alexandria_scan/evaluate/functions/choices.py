"""Functions that choose among values: the first, the only, the different, the matching ones."""

from __future__ import annotations

import msgspec

from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import FunctionError, InvalidCall
from alexandria_scan.evaluate.functions.predicates import length_known
from alexandria_scan.evaluate.functions.signature import Function, Parameter
from alexandria_scan.evaluate.operators import equal
from alexandria_scan.evaluate.types import DYNAMIC, NUMBER, STRING, ListType, SetType, TupleType, Type
from alexandria_scan.evaluate.unify import unify
from alexandria_scan.evaluate.values import (
    ListVal,
    SetVal,
    Unknown,
    Value,
    identity,
    type_of,
    wholly_known,
)


def _coalesce(*values: Value) -> Value:
    """The first argument that is neither null nor, where the result is a string, empty."""
    type_ = _coalesce_type(list(values))
    for value in values:
        if type(value) is Unknown:
            if value.surely_text and type_ is STRING:
                return msgspec.structs.replace(value, not_null=True)
            return Unknown(type_, (), type_ is not DYNAMIC)
        if value is None:
            continue
        try:
            converted = convert(value, type_)
        except ConversionError:  # Terraform goes on, too
            continue
        if not (type_ is STRING and converted == ""):
            return converted
    raise FunctionError("no non-null, non-empty-string arguments")


def _coalesce_type(arguments: list[Value]) -> Type:
    type_ = unify(map(type_of, arguments)) if arguments else None
    if type_ is None:
        raise FunctionError("all arguments must have the same type")
    return type_


def _coalescelist(*values: Value) -> Value:
    if not values:
        raise FunctionError("at least one argument is required")
    for value in values:
        if type(value) is Unknown:
            break
        if not isinstance(value, tuple) or isinstance(value, SetVal):
            raise FunctionError("coalescelist arguments must be lists or tuples")
    for value in values:
        if type(value) is Unknown:
            return Unknown(DYNAMIC)
        if value:
            return value
    raise FunctionError("no non-null arguments")


def _compact(values: Value) -> Value:
    if not wholly_known(values):
        return Unknown(ListType(STRING), (), True)
    return ListVal([value for value in values if value], STRING)


def _distinct(values: Value) -> Value:
    if not wholly_known(values):
        return Unknown(ListType(values.element), (), True)
    found: dict[Value, Value] = {}
    for value in values:
        found.setdefault(identity(value), value)
    return ListVal(found.values(), values.element)


def _index(values: Value, wanted: Value) -> Value:
    if not isinstance(values, tuple) or isinstance(values, SetVal):
        raise FunctionError("argument must be a list or tuple")
    if not values:
        raise FunctionError("cannot search an empty list")
    for position, value in enumerate(values):
        same = equal(value, wanted)
        if same is True:
            return position
        if same is not False:
            return Unknown(NUMBER, (), True)
    raise FunctionError("item not found")


def _matchkeys(values: Value, keys: Value, wanted: Value) -> Value:
    type_ = _matchkeys_type([values, keys, wanted])
    if len(values) != len(keys):
        raise FunctionError("length of keys and values should be equal")
    common = unify([type_of(keys), type_of(wanted)])
    assert common is not None
    keys, wanted = convert(keys, common), convert(wanted, common)
    if not wanted:
        return ListVal((), values.element)
    if not wholly_known(values) or not wholly_known(keys):
        return Unknown(type_, (), True)
    found: list[Value] = []
    for key, value in zip(keys, values, strict=True):
        for candidate in wanted:
            same = equal(key, candidate)
            if same is True:
                found.append(value)
                break
            if same is not False:
                return ListVal((), values.element)
    return ListVal(found, values.element)


def _matchkeys_type(arguments: list[Value]) -> Type:
    if unify([type_of(arguments[1]), type_of(arguments[2])]) is None:
        raise FunctionError("keys and searchset must be of the same type")
    return type_of(arguments[0])


_ONE = "must be a list, set, or tuple value with either zero or one elements"


def _one(values: Value) -> Value:
    if not isinstance(values, tuple):
        raise FunctionError(_ONE, "list")
    if not length_known(values):
        assert isinstance(values, SetVal)
        return Unknown(values.element)
    if len(values) > 1:
        raise FunctionError(_ONE, "list")
    return values[0] if values else None


def _one_type(arguments: list[Value]) -> Type:
    type_ = type_of(arguments[0])
    if isinstance(type_, (ListType, SetType)):
        return type_.element
    if isinstance(type_, TupleType) and len(type_.elements) < 2:
        return type_.elements[0] if type_.elements else DYNAMIC
    raise FunctionError(_ONE, "list")


_ANY_LIST = ListType(DYNAMIC)
_SEQUENCE = Parameter("list")
_OPTIONAL_VALUES = Parameter("vals", null=True, unknown=True, dynamic=True)


def _removed(name: str, instead: str) -> Function:
    def refuse(*values: Value) -> Value:
        raise InvalidCall(
            "Error in function call",
            f'Call to function "{name}" failed: the "{name}" function was deprecated in Terraform v0.12 and is no'
            f" longer available; use {instead} syntax to write a literal {name}.",
        )

    return Function(name, (), refuse, variadic=_OPTIONAL_VALUES)


FUNCTIONS = {
    function.name: function
    for function in (
        Function("coalesce", (), _coalesce, _coalesce_type, _OPTIONAL_VALUES),
        Function("coalescelist", (), _coalescelist, variadic=_OPTIONAL_VALUES),
        Function("compact", (Parameter("list", ListType(STRING)),), _compact, ListType(STRING)),
        Function("distinct", (Parameter("list", _ANY_LIST),), _distinct, lambda arguments: type_of(arguments[0])),
        Function("index", (_SEQUENCE, Parameter("value")), _index, NUMBER),
        _removed("list", "tolist([ ... ])"),
        _removed("map", "tomap({ ... })"),
        Function(
            "matchkeys",
            (Parameter("values", _ANY_LIST), Parameter("keys", _ANY_LIST), Parameter("searchset", _ANY_LIST)),
            _matchkeys,
            _matchkeys_type,
        ),
        Function("one", (_SEQUENCE,), _one, _one_type, not_null=False),
    )
}
