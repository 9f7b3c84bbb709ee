"""Explicit type conversion, and the marks of values."""

from __future__ import annotations

from collections.abc import Callable

from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions.arguments import go_quote
from alexandria_scan.evaluate.functions.signature import Function, Parameter
from alexandria_scan.evaluate.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    SetType,
    Type,
    friendly,
)
from alexandria_scan.evaluate.unify import convertible
from alexandria_scan.evaluate.values import (
    EPHEMERAL,
    SECRET,
    SENSITIVE,
    LazyObject,
    MapVal,
    Marked,
    Unknown,
    Value,
    force,
    like,
    mark,
    type_of,
    unmark,
    unmark_deep,
)


def _converter(type_: Type) -> Callable[[Value], Value]:
    def run(value: Value) -> Value:
        bare, marks = unmark(value)
        if type(bare) is Unknown:
            if not convertible(bare.type, type_):
                raise _inconvertible(bare.type, type_)
            # an unknown is of the type that was asked for, even where that says `any`: so does Terraform
            return mark(bare.as_type(type_), marks)
        try:
            return convert(value, type_)
        except ConversionError:
            raise _refusal(bare, marks, type_) from None

    return run


def _inconvertible(given: Type, wanted: Type) -> FunctionError:
    spelled = friendly(wanted).replace("dynamic", "any single type")
    return FunctionError(f"cannot convert {friendly(given)} to {spelled}", "v")


def _refusal(value: Value, marks: frozenset[str], type_: Type) -> FunctionError:
    given = type_of(unmark_deep(value)[0])
    if not convertible(given, type_):
        return _inconvertible(given, type_)
    if SECRET & marks:
        return FunctionError(f"cannot convert this sensitive {friendly(given)} to {friendly(type_)}", "v")
    if type(value) is str and type_ is BOOL:
        detail = f'cannot convert {go_quote(value)} to bool; only the strings "true" or "false" are allowed'
        return FunctionError(detail, "v")
    if type(value) is str and type_ is NUMBER:
        return FunctionError(
            f"cannot convert {go_quote(value)} to number; given string must be a decimal representation of a number",
            "v",
        )
    return _inconvertible(given, type_)


def _sensitive(value: Value) -> Value:
    return mark(value, frozenset({SENSITIVE}))


def _nonsensitive(value: Value) -> Value:
    bare, marks = unmark(value)
    return mark(bare, marks - SECRET)


def _issensitive(value: Value) -> Value:
    bare, marks = unmark(value)
    if SENSITIVE in marks:
        return True
    return Unknown(BOOL) if type(bare) is Unknown else False


def _ephemeralasnull(value: Value) -> Value:
    if type(value) is Marked:
        if EPHEMERAL in value.marks:
            return mark(None, value.marks - {EPHEMERAL})
        return mark(_ephemeralasnull(value.value), value.marks)
    if isinstance(value, LazyObject):
        value = force(value)
    if isinstance(value, tuple):
        return like(value, map(_ephemeralasnull, value))
    if isinstance(value, dict):
        entries = {key: _ephemeralasnull(item) for key, item in value.items()}
        return MapVal(entries, value.element) if isinstance(value, MapVal) else entries
    return value


def _of_anything(name: str, label: str, implementation: Callable[[Value], Value]) -> Function:
    parameter = Parameter(label, null=True, unknown=True, marked=True, dynamic=True)
    return Function(name, (parameter,), implementation, not_null=False)


FUNCTIONS = {
    function.name: function
    for function in (
        _of_anything("ephemeralasnull", "value", _ephemeralasnull),
        _of_anything("issensitive", "value", _issensitive),
        _of_anything("nonsensitive", "value", _nonsensitive),
        _of_anything("sensitive", "value", _sensitive),
        _of_anything("tobool", "v", _converter(BOOL)),
        _of_anything("tolist", "v", _converter(ListType(DYNAMIC))),
        _of_anything("tomap", "v", _converter(MapType(DYNAMIC))),
        _of_anything("tonumber", "v", _converter(NUMBER)),
        _of_anything("toset", "v", _converter(SetType(DYNAMIC))),
        _of_anything("tostring", "v", _converter(STRING)),
    )
}
