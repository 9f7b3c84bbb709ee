"""Set algebra."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions.limits import limit_elements
from alexandria_scan.evaluate.functions.predicates import length_known
from alexandria_scan.evaluate.functions.signature import Function, Parameter
from alexandria_scan.evaluate.types import DYNAMIC, ListType, SetType, TupleType, Type
from alexandria_scan.evaluate.unify import of_one_type, unify
from alexandria_scan.evaluate.values import (
    ListVal,
    Unknown,
    Value,
    identity,
    make_set,
    mark,
    type_of,
    unmark,
    wholly_known,
)

Combine = Callable[[dict[Value, Value], dict[Value, Value]], dict[Value, Value]]
_NOTHING_IN_COMMON = "given sets must all have compatible element types"
_UNLIKE = "all elements must be of the same type"


def _united(left: dict[Value, Value], right: dict[Value, Value]) -> dict[Value, Value]:
    return {**right, **left}


def _shared(left: dict[Value, Value], right: dict[Value, Value]) -> dict[Value, Value]:
    return {key: value for key, value in left.items() if key in right}


def _remaining(left: dict[Value, Value], right: dict[Value, Value]) -> dict[Value, Value]:
    return {key: value for key, value in left.items() if key not in right}


def _set_type(arguments: list[Value]) -> Type:
    elements: list[Type] = []
    for argument in arguments:
        kind = type_of(argument)
        assert isinstance(kind, SetType)
        if kind.element is DYNAMIC and type(argument) is not Unknown and not argument:
            continue  # an empty set of anything does not say what it is a set of
        elements.append(kind.element)
    common = unify(elements) if elements else DYNAMIC
    if common is None:
        raise FunctionError(_NOTHING_IN_COMMON)
    return SetType(common)


def _operation(name: str, combine: Combine, unknowns: bool, *parameters: str, variadic: bool = True) -> Function:
    def run(*sets: Value) -> Value:
        type_ = _set_type(list(sets))
        assert isinstance(type_, SetType)
        result: dict[Value, Value] | None = None
        types: list[Type] = []
        for index, values in enumerate(sets):
            try:
                converted = convert(values, type_)
            except ConversionError as error:
                label = parameters[index] if index < len(parameters) else "other_sets"
                raise FunctionError(error.message, label) from None
            types.append(type_of(converted))
            if not of_one_type(types):
                raise FunctionError(_NOTHING_IN_COMMON)
            if not unknowns and not wholly_known(converted):
                return Unknown(type_, (), True)
            members = {identity(value): value for value in converted}
            result = members if result is None else combine(result, members)
        assert result is not None
        limit_elements(len(result))
        return make_set(result.values(), type_.element)

    any_set = SetType(DYNAMIC)
    return Function(
        name,
        tuple(Parameter(label, any_set, dynamic=True) for label in parameters),
        run,
        _set_type,
        Parameter("other_sets", any_set, dynamic=True) if variadic else None,
    )


def _setproduct(*values: Value) -> Value:
    type_ = _product_type(list(values))
    assert isinstance(type_, (ListType, SetType)) and isinstance(type_.element, TupleType)
    marks: frozenset[str] = frozenset()
    sequences: list[Value] = []
    total = 1
    for value in values:
        bare, found = unmark(value)
        marks |= found
        sequences.append(bare)
        total *= len(bare) if length_known(bare) else 1
    if not all(map(length_known, sequences)):
        return mark(Unknown(type_, (), True), marks)
    limit_elements(total * len(values))
    columns = [
        [convert(item, element) for item in sequence]
        for sequence, element in zip(sequences, type_.element.elements, strict=True)
    ]
    if not all(of_one_type(map(type_of, column)) for column in columns):
        raise FunctionError(_UNLIKE, "sets")
    rows = list(product(*columns))
    if isinstance(type_, ListType):
        return mark(ListVal(rows, type_.element), marks)
    bare_rows = []
    for row in rows:
        for item in row:
            marks |= unmark(item)[1]
        bare_rows.append(tuple(unmark(item)[0] for item in row))
    return mark(make_set(bare_rows, type_.element), marks)


def _product_type(arguments: list[Value]) -> Type:
    if len(arguments) < 2:
        raise FunctionError("at least two arguments are required")
    elements: list[Type] = []
    ordered = True
    for argument in arguments:
        kind = type_of(unmark(argument)[0])
        if isinstance(kind, TupleType):
            element = unify(kind.elements) if kind.elements else DYNAMIC
            if element is None:
                raise FunctionError(_UNLIKE, "sets")
            elements.append(element)
        elif isinstance(kind, (ListType, SetType)):
            ordered = ordered and isinstance(kind, ListType)
            elements.append(kind.element)
        else:
            raise FunctionError("a set or a list is required", "sets")
    row = TupleType(tuple(elements))
    return ListType(row) if ordered else SetType(row)


FUNCTIONS = {
    function.name: function
    for function in (
        _operation("setintersection", _shared, False, "first_set"),
        Function("setproduct", (), _setproduct, _product_type, Parameter("sets", unknown=True, marked=True)),
        _operation("setsubtract", _remaining, False, "a", "b", variadic=False),
        _operation("setunion", _united, True, "first_set"),
    )
}
