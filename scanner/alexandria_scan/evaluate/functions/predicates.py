"""Questions about collections."""

from __future__ import annotations

from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions.graphemes import count
from alexandria_scan.evaluate.functions.signature import Context, Function, Parameter
from alexandria_scan.evaluate.operators import equal
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
)
from alexandria_scan.evaluate.values import (
    OpenTuple,
    SetVal,
    Unknown,
    Value,
    mark,
    type_of,
    unmark,
    wholly_known,
)


def _length(value: Value) -> Value:
    bare, marks = unmark(value)
    return mark(_bare_length(bare), marks)


def _bare_length(value: Value) -> Value:
    if isinstance(value, OpenTuple):
        return Unknown(NUMBER, value.unknown.reasons, True, least=value.least)
    if type(value) is tuple:
        return len(value)
    kind = type_of(value)
    if isinstance(kind, TupleType):
        return len(kind.elements)
    if isinstance(kind, ObjectType):
        return len(kind.attributes)
    if kind is not STRING and kind is not DYNAMIC and not isinstance(kind, (ListType, SetType, MapType)):
        raise FunctionError("argument must be a string, a collection type, or a structural type")
    if type(value) is Unknown:
        return Unknown(NUMBER, (), True)
    if type(value) is str:
        return count(value)
    if isinstance(value, SetVal) and not length_known(value):
        return Unknown(NUMBER, (), True)
    return len(value)


def length_known(value: Value) -> bool:
    """Whether there surely are as many elements as there seem to be: unknown ones of a set may coincide."""
    return type(value) is not Unknown and (not isinstance(value, SetVal) or len(value) < 2 or wholly_known(value))


def _alltrue(values: Value) -> Value:
    """Stops at the first element that decides, even if that is only because it is unknown."""
    for value in values:
        if type(value) is Unknown:
            return Unknown(BOOL, (), True)
        if not value:
            return False
    return True


def _anytrue(values: Value) -> Value:
    unknown = False
    for value in values:
        if value is True:
            return True
        unknown = unknown or type(value) is Unknown
    return Unknown(BOOL, (), True) if unknown else False


def _contains(context: Context, values: Value, wanted: Value) -> Value:
    if not isinstance(values, tuple):
        raise FunctionError("argument must be list, tuple, or set")
    unknown = isinstance(values, OpenTuple)
    for value in values:
        same = equal(wanted, value, context.three_valued)
        if same is True:
            return True
        unknown = unknown or same is not False
    return Unknown(BOOL, (), True) if unknown else False


_BOOLS = (Parameter("list", ListType(BOOL)),)

FUNCTIONS = {
    "alltrue": Function("alltrue", _BOOLS, _alltrue, BOOL),
    "anytrue": Function("anytrue", _BOOLS, _anytrue, BOOL),
    "contains": Function("contains", (Parameter("list"), Parameter("value")), _contains, BOOL, context=True),
    "length": Function("length", (Parameter("value", unknown=True, marked=True, dynamic=True),), _length, NUMBER),
}
