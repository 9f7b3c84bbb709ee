"""Functions of lists, tuples and sets that give a sequence or one of its elements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions.arguments import whole
from alexandria_scan.evaluate.functions.flattening import flatten, flatten_type
from alexandria_scan.evaluate.functions.limits import limit_elements
from alexandria_scan.evaluate.functions.signature import Function, Parameter
from alexandria_scan.evaluate.numbers import rounded
from alexandria_scan.evaluate.types import (
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    SetType,
    TupleType,
    Type,
    friendly,
)
from alexandria_scan.evaluate.unify import of_one_type, unify
from alexandria_scan.evaluate.values import (
    ListVal,
    OpenTuple,
    Reason,
    Unknown,
    Value,
    collect_reasons,
    mark,
    type_of,
    unmark,
    wholly_known,
)

MAX_UNREAD = 1000  # elements of a part of what is not known
_ANY_LIST = ListType(DYNAMIC)


def _chunklist(values: Value, size: Value) -> Value:
    bare, list_marks = unmark(values)
    step, size_marks = unmark(size)
    step = whole(step, prefix="invalid size: ")
    if step < 0:
        raise FunctionError("the size argument must be positive")
    chunks = [bare[start : start + step] for start in range(0, len(bare), step)] if step else [bare] * bool(bare)
    lists = [ListVal(chunk, bare.element) for chunk in chunks]
    return mark(ListVal(lists, ListType(bare.element)), list_marks | size_marks)


def _chunks_type(arguments: list[Value]) -> Type:
    return ListType(_bare_type(arguments[0]))


def _bare_type(value: Value) -> Type:
    return type_of(unmark(value)[0])


def _concat(*values: Value) -> Value:
    type_ = _concat_type(list(values))
    items: list[Value] = []
    marks: frozenset[str] = frozenset()
    more: Unknown | None = None
    for value in _as_lists(values, type_) if isinstance(type_, ListType) else values:
        bare, found = unmark(value)
        marks |= found
        more = bare.unknown if isinstance(bare, OpenTuple) else more
        items += bare
        limit_elements(len(items))
    if isinstance(type_, ListType):
        return mark(ListVal(items, type_.element), marks)
    return mark(tuple(items) if more is None else OpenTuple(items, more), marks)


def _as_lists(values: Iterable[Value], type_: ListType) -> list[Value]:
    try:
        lists = [convert(value, type_) for value in values]
    except ConversionError as error:
        raise FunctionError(error.message, "seqs") from None
    if not of_one_type(map(_bare_type, lists)):
        raise FunctionError("all the lists must have elements of one type", "seqs")
    return lists


def _concat_type(arguments: list[Value]) -> Type:
    if not arguments:
        raise FunctionError("at least one argument is required")
    types = [_bare_type(argument) for argument in arguments]
    if all(isinstance(type_, ListType) for type_ in types):
        common = unify(types)
        if common is not None:
            return common
    elements: list[Type] = []
    for argument, type_ in zip(arguments, types, strict=True):
        if isinstance(type_, TupleType):
            elements += type_.elements
        elif isinstance(type_, ListType):
            bare, _ = unmark(argument)
            if type(bare) is Unknown:
                return DYNAMIC
            elements += [type_.element] * len(bare)
        else:
            raise FunctionError(f"all arguments must be lists or tuples; got {friendly(type_)}", "seqs")
    return TupleType(tuple(elements))


def _element(values: Value, index: Value) -> Value:
    bare, marks = unmark(values)
    position = _element_position(bare, index)
    return mark(bare[position], marks)


def _element_position(values: Value, index: Value) -> int:
    kind = type_of(values)
    if not isinstance(kind, (ListType, TupleType)):
        raise FunctionError(f"cannot read elements from {friendly(kind)}")
    position = whole(index, prefix="invalid index: ")
    size = len(kind.elements) if isinstance(kind, TupleType) else len(values)
    if size == 0:
        raise FunctionError("cannot use element function with an empty list")
    if isinstance(kind, TupleType) and position < 0 and position % size:
        raise FunctionError("panic in function implementation: runtime error: index out of range [-1]")
    return position % size


def _element_type(arguments: list[Value]) -> Type:
    values, _ = unmark(arguments[0])
    kind = type_of(values)
    if isinstance(kind, ListType):
        return kind.element
    if isinstance(kind, TupleType) and type(arguments[1]) is Unknown:
        return DYNAMIC
    position = _element_position(values, arguments[1])
    assert isinstance(kind, TupleType)
    return kind.elements[position]


def _range(*limits: Value) -> Value:
    if not 1 <= len(limits) <= 3:
        raise FunctionError("must have one, two, or three arguments")
    start, end = (0, limits[0]) if len(limits) == 1 else limits[:2]
    step = limits[2] if len(limits) == 3 else 1 if end >= start else -1
    if step < 0 and end > start:
        raise FunctionError("end must be less than start when step is negative", "params")
    if step >= 0 and end < start:
        raise FunctionError("end must be greater than start when step is positive", "params")
    values: list[Value] = []
    number = start
    while number > end if step < 0 else number < end:
        if len(values) >= 1024:
            raise FunctionError(
                "more than 1024 values were generated; either decrease the difference between start and end"
                " or use a smaller step"
            )
        values.append(number)
        number = rounded(number + step)
    return ListVal(values, NUMBER)


def _reverse(values: Value) -> Value:
    _reverse_type([values])
    bare, marks = unmark(values)
    items: Sequence[Value] = bare[::-1]
    element = getattr(bare, "element", None)
    return mark(tuple(items) if element is None else ListVal(items, element), marks)


def _reverse_type(arguments: list[Value]) -> Type:
    type_ = _bare_type(arguments[0])
    if isinstance(type_, TupleType):
        return TupleType(type_.elements[::-1])
    if isinstance(type_, (ListType, SetType)):
        return ListType(type_.element)
    raise FunctionError(f"can only reverse list or tuple values, not {friendly(type_)}", "list")


def _slice(values: Value, start: Value, end: Value) -> Value:
    """Of what a data source reads the length of a part is known, if not its elements."""
    bare, marks = unmark(values)
    first, last = _slice_bounds(bare, start, end)
    if type(bare) is Unknown:
        kind = bare.type
        if not isinstance(kind, ListType) or not bare.known_to_plan or last - first > MAX_UNREAD:
            return mark(Unknown(kind, bare.reasons, True), marks)
        return mark(_unread(bare.reasons, last - first, kind.element), marks)
    items = bare[first:last]
    return mark(ListVal(items, bare.element) if isinstance(bare, ListVal) else tuple(items), marks)


def _unread(reasons: tuple[Reason, ...], length: int, element: Type) -> ListVal:
    """Unknown elements, of which no two have to be the same: each is an object of its own."""
    return ListVal([Unknown(element, reasons) for _ in range(length)], element)


def _slice_bounds(values: Value, start: Value, end: Value) -> tuple[Value, Value]:
    """The checked bounds; one that is unknown stays so."""
    kind = type_of(values)
    if isinstance(kind, SetType):
        raise FunctionError(
            "cannot slice a set, because its elements do not have indices; explicitly convert to a list if"
            " the ordering of the result is not important",
            "list",
        )
    if not isinstance(kind, (ListType, TupleType)):
        raise FunctionError("must be a list or tuple value", "list")
    length = len(kind.elements) if isinstance(kind, TupleType) else None
    if length is None and type(values) is not Unknown:
        length = len(values)
    bounds = [_slice_bound(bound, name, length) for bound, name in ((start, "start"), (end, "end"))]
    first, last = bounds
    if type(first) is int and type(last) is int and first > last:
        raise FunctionError("start index must not be greater than end index", "start_index")
    return first, last


def _slice_bound(bound: Value, name: str, length: int | None) -> Value:
    if type(bound) is Unknown:
        return bound
    parameter = f"{name}_index"
    value = whole(bound, parameter, f"invalid {name} index: ")
    if value < 0:
        raise FunctionError(f"{name} index must not be less than zero", parameter)
    if length is not None and value > length:
        raise FunctionError(f"{name} index must not be greater than the length of the list", parameter)
    return value


def _slice_type(arguments: list[Value]) -> Type:
    values, _ = unmark(arguments[0])
    start, end = _slice_bounds(values, arguments[1], arguments[2])
    kind = type_of(values)
    if isinstance(kind, TupleType):
        if type(start) is Unknown or type(end) is Unknown:
            return DYNAMIC
        return TupleType(kind.elements[start:end])
    return kind


def _sort(values: Value) -> Value:
    """With unknown elements the order is open, and so is every element; the length is not."""
    if type(values) is Unknown:
        return Unknown(ListType(STRING), (), True)
    if not wholly_known(values):
        return _unread(collect_reasons(values), len(values), STRING)
    if None in values:
        detail = f"given list element {values.index(None)} is null; a null string cannot be sorted"
        raise FunctionError(detail)
    return ListVal(sorted(values), STRING)


_LIST_WITH_MARKS = Parameter("list", _ANY_LIST, marked=True)
_SEQUENCE_WITH_MARKS = Parameter("list", marked=True)


FUNCTIONS = {
    function.name: function
    for function in (
        Function("chunklist", (_LIST_WITH_MARKS, Parameter("size", NUMBER, marked=True)), _chunklist, _chunks_type),
        Function("concat", (), _concat, _concat_type, Parameter("seqs", marked=True)),
        Function(
            "element",
            (_SEQUENCE_WITH_MARKS, Parameter("index", NUMBER)),
            _element,
            _element_type,
            not_null=False,
        ),
        Function("flatten", (_SEQUENCE_WITH_MARKS,), flatten, flatten_type),
        Function("range", (), _range, ListType(NUMBER), Parameter("params", NUMBER)),
        Function("reverse", (_SEQUENCE_WITH_MARKS,), _reverse, _reverse_type),
        Function(
            "slice",
            (
                Parameter("list", marked=True, unknown=True),
                Parameter("start_index", NUMBER),
                Parameter("end_index", NUMBER),
            ),
            _slice,
            _slice_type,
        ),
        Function("sort", (Parameter("list", ListType(STRING), unknown=True),), _sort, ListType(STRING)),
    )
}
