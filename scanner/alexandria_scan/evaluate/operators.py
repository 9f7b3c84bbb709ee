"""Terraform's operators, attribute access and indexing on values."""

from __future__ import annotations

from collections.abc import Iterable

from alexandria_scan.evaluate import numbers
from alexandria_scan.evaluate.convert import ConversionError, convert, quote
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    CollectionType,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
    friendly,
)
from alexandria_scan.evaluate.values import (
    LazyObject,
    MapVal,
    Marked,
    SetVal,
    Unknown,
    Value,
    collect_reasons,
    force,
    mark,
    type_of,
    unmark,
    unmark_deep,
)

_OPERANDS = {
    "+": NUMBER, "-": NUMBER, "*": NUMBER, "/": NUMBER, "%": NUMBER,
    "<": NUMBER, ">": NUMBER, "<=": NUMBER, ">=": NUMBER,
}  # fmt: skip
_PLAIN = frozenset([str, bool, int, type(None)])  # two of these are compared as they are
_COMPARISONS = frozenset(["<", ">", "<=", ">="])
_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}


def unary(operator: str, value: Value) -> Value:
    type_ = BOOL if operator == "!" else NUMBER
    operand, marks = _operand(value, type_, "operand")
    if type(operand) is Unknown:  # whose marks Terraform loses here
        return operand.as_type(type_, True)
    return mark(not operand if operator == "!" else numbers.negated(operand), marks)


def binary(operator: str, left: Value, right: Value, three_valued: bool = False) -> Value:
    if operator == "==":
        return equal(left, right, three_valued)
    if operator == "!=":
        same, marks = unmark(equal(left, right, three_valued))
        return mark(same if type(same) is Unknown else not same, marks)
    type_ = _OPERANDS[operator]
    first, first_marks = _operand(left, type_, "left operand")
    second, second_marks = _operand(right, type_, "right operand")
    return mark(_apply(operator, first, second), first_marks | second_marks)


def _operand(value: Value, type_: Primitive, side: str) -> tuple[Value, frozenset[str]]:
    bare, marks = unmark(value)
    try:
        converted = convert(bare, type_)
    except ConversionError as error:
        raise EvalError("Invalid operand", f"Unsuitable value for {side}: {error.message}.") from None
    if converted is None:
        raise EvalError("Operation failed", "Error during operation: argument must not be null.")
    return converted, marks


def _apply(operator: str, left: Value, right: Value) -> Value:
    if type(left) is Unknown or type(right) is Unknown:
        if operator not in _COMPARISONS:
            return Unknown(NUMBER, collect_reasons(left, right), True)
        said = _compared(operator, left, right)
        return Unknown(BOOL, collect_reasons(left, right), True) if said is None else said
    try:
        return _arithmetic(operator, left, right)
    except numbers.NumberTooLarge as error:
        raise EvalError("Operation failed", f"Error during operation: {error}.") from None


def _compared(operator: str, left: Value, right: Value) -> bool | None:
    """What a comparison with an unknown is because of the least that it can be, if that decides."""
    if type(right) is Unknown:
        return None if type(left) is Unknown else _compared(_MIRRORED[operator], right, left)
    if left.least is None:
        return None
    if operator in (">", ">="):
        return True if _arithmetic(operator, left.least, right) else None
    return None if _arithmetic(operator, left.least, right) else False


def _arithmetic(operator: str, left: numbers.Number, right: numbers.Number) -> Value:
    if operator == "+":
        return numbers.rounded(left + right)
    if operator == "-":
        return numbers.rounded(left - right)
    if operator == "*":
        return numbers.multiplied(left, right)
    if operator == "<":
        return left < right
    if operator == ">":
        return left > right
    if operator == "<=":
        return left <= right
    if operator == ">=":
        return left >= right
    if operator == "%":
        return numbers.modulo(left, right)
    if right == 0:  # Terraform goes on with an infinity, which no plan can hold
        raise EvalError("Division by zero", "The result of a division by zero is infinite, and cannot be used.")
    return numbers.divide(left, right)


DECIDING = {"||": True, "&&": False}


def decides(operator: str, value: Value) -> bool:
    """Whether the operator is `&&` or `||` and its first operand alone settles the result."""
    return operator in DECIDING and unmark(value)[0] is DECIDING[operator]


def logical(operator: str, left: Value, right: Value, three_valued: bool) -> Value:
    """`&&` and `||`. Terraform 1.11 says unknown as soon as one side is. Where a plan would know that side, because
    only an input or what a data source reads is missing, or where policies want `three_valued` logic, the known side
    may decide."""
    if type(left) is bool and type(right) is bool:
        return left or right if operator == "||" else left and right
    first, first_marks = _operand(left, BOOL, "left operand")
    second, second_marks = _operand(right, BOOL, "right operand")
    return mark(_decided(operator, first, second, three_valued), first_marks | second_marks)


def _decided(operator: str, left: Value, right: Value, three_valued: bool) -> Value:
    deciding = DECIDING[operator]
    for known, other in ((left, right), (right, left)):
        if known is deciding and (type(other) is not Unknown or three_valued or other.known_to_plan):
            return deciding
    if type(left) is Unknown or type(right) is Unknown:
        return Unknown(BOOL, collect_reasons(left, right), True)
    return not deciding


def equal(left: Value, right: Value, three_valued: bool = False) -> Value:
    """`==`: bool or Unknown, with the marks of both sides. Of an unknown text Terraform goes by what it foresees. To
    policies, which want `three_valued` logic, its whole beginning and end count, and what AWS computes is never `*`."""
    if type(left) in _PLAIN and type(right) in _PLAIN:
        return type(left) is type(right) and left == right
    first, first_marks = unmark_deep(left)
    second, second_marks = unmark_deep(right)
    same = _equal(force(first), force(second))
    for known, unknown in ((first, second), (second, first)):
        if _reads_otherwise(known, unknown, three_valued) or (three_valued and _is_no_star(known, unknown)):
            same = False
    return mark(same, first_marks | second_marks)


def _reads_otherwise(known: Value, unknown: Value, three_valued: bool) -> bool:
    """Whether a text cannot be the unknown one, of which the beginning and the end may be known."""
    if not isinstance(known, str) or type(unknown) is not Unknown:
        return False
    prefix, suffix = (unknown.prefix, unknown.suffix) if three_valued else (unknown.foreseen, "")
    return len(known) < len(prefix) + len(suffix) or not (known.startswith(prefix) and known.endswith(suffix))


def _is_no_star(known: Value, unknown: Value) -> bool:
    return isinstance(known, str) and known == "*" and type(unknown) is Unknown and unknown.made_by_provider


def _equal(left: Value, right: Value) -> Value:
    left_unknown, right_unknown = type(left) is Unknown, type(right) is Unknown
    if left_unknown and right_unknown:
        return Unknown(BOOL, collect_reasons(left, right), True)
    if left_unknown or right_unknown:
        known, unknown = (right, left) if left_unknown else (left, right)
        return _equal_unknown(known, unknown)
    if left is None or right is None:
        return left is None and right is None
    left_type, right_type = type_of(left), type_of(right)
    if left_type != right_type and not _may_conform(left_type, right_type):
        return False
    return _same_content(left, right)


def _equal_unknown(known: Value, unknown: Unknown) -> Value:
    if known is None:
        return False if unknown.not_null else Unknown(BOOL, unknown.reasons, True)
    if not _may_conform(type_of(known), unknown.type):
        return False
    if unknown.only_inputs and _reads_otherwise(known, unknown, three_valued=True):
        return False
    if unknown.least is not None and type(known) is not bool and known < unknown.least:
        return False
    return Unknown(BOOL, collect_reasons(known, unknown), True)


def _may_conform(left: Type, right: Type) -> bool:
    """Whether two types are the same, or may turn out to be once the dynamic parts are known."""
    if left is DYNAMIC or right is DYNAMIC or left == right:
        return True
    if isinstance(left, CollectionType):
        return type(left) is type(right) and _may_conform(left.element, right.element)
    if isinstance(left, TupleType) and isinstance(right, TupleType):
        return len(left.elements) == len(right.elements) and all(map(_may_conform, left.elements, right.elements))
    if isinstance(left, ObjectType) and isinstance(right, ObjectType):
        return left.attributes.keys() == right.attributes.keys() and all(
            _may_conform(type_, right.attributes[name]) for name, type_ in left.attributes.items()
        )
    return False


def _same_content(left: Value, right: Value) -> Value:
    if isinstance(left, tuple):
        if isinstance(left, SetVal) and (unknowns := collect_reasons(left, right)):
            return Unknown(BOOL, unknowns, True)  # unknown elements of a set may coincide with others
        if len(left) != len(right):
            return False
        return _all_equal(zip(left, right, strict=True))
    if isinstance(left, dict):
        if left.keys() != right.keys():
            return False
        return _all_equal((left[key], right[key]) for key in sorted(left))
    return bool(left == right)


def _all_equal(pairs: Iterable[tuple[Value, Value]]) -> Value:
    """All pairs equal? Terraform stops at the first unknown pair; where only an input is missing, a later
    difference still decides."""
    unknown: Value = None
    for left, right in pairs:
        same = _equal(force(left), force(right))
        if same is False:
            return False
        if same is not True:
            if not same.only_inputs:
                return same
            unknown = unknown or same
    return True if unknown is None else unknown


def attribute(value: Value, name: str) -> Value:
    """`value.name`. Raises EvalError as Terraform does."""
    kind = type(value)
    if kind is dict:
        if name in value:
            return value[name]
        raise EvalError("Unsupported attribute", f"This object does not have an attribute named {quote(name)}.")
    if isinstance(value, LazyObject):
        try:
            return value.attribute(name)
        except KeyError:
            raise EvalError(
                "Unsupported attribute", f"This object does not have an attribute named {quote(name)}."
            ) from None
    if kind is Marked:
        return mark(attribute(value.value, name), value.marks)
    if kind is Unknown:
        return value.as_type(_attribute_type(value.type, name), False)
    if value is None:
        raise EvalError(
            "Attempt to get attribute from null value",
            "This value is null, so it does not have any attributes.",
        )
    if kind is MapVal:
        if name in value:
            return value[name]
        raise EvalError("Missing map element", f"This map does not have an element with the key {quote(name)}.")
    raise EvalError("Unsupported attribute", _no_attributes(value))


def _attribute_type(type_: Type, name: str) -> Type:
    if type_ is DYNAMIC:
        return DYNAMIC
    if isinstance(type_, MapType):
        return type_.element
    if isinstance(type_, ObjectType):
        if name in type_.attributes:
            return type_.attributes[name]
        raise EvalError("Unsupported attribute", f"This object does not have an attribute named {quote(name)}.")
    raise EvalError("Unsupported attribute", f"Can't access attributes on a {friendly(type_)}.")


def _no_attributes(value: Value) -> str:
    if isinstance(value, SetVal):
        return "Can't access attributes on a set of values, because its elements are not individually addressable."
    if isinstance(value, tuple):
        return (
            "Can't access attributes on a list of objects. Did you mean to access an attribute for a specific "
            "element of the list, or across all elements of the list?"
        )
    return f"Can't access attributes on a primitive-typed value ({friendly(type_of(value))})."


def index(value: Value, key: Value) -> Value:
    """`value[key]`. Raises EvalError as Terraform does."""
    bare, marks = unmark(value)
    bare_key, key_marks = unmark(key)
    if type(bare) is dict:  # an object's attributes do not take the marks of the key
        key_marks = frozenset()
    return mark(_index(bare, force(bare_key)), marks | key_marks)


def _index(value: Value, key: Value) -> Value:
    if value is None:
        raise EvalError("Attempt to index null value", "This value is null, so it does not have any indices.")
    if key is None:
        raise EvalError("Invalid index", "Can't use a null value as an indexing key.")
    if isinstance(value, LazyObject):
        return _index_lazy(value, key)
    if type(value) is Unknown:
        return Unknown(_element_type(value.type, key), collect_reasons(value, key))
    if isinstance(value, SetVal):
        raise EvalError(
            "Invalid index",
            "Elements of a set are identified only by their value and don't have any separate index or key to "
            "select with, so it's only possible to perform operations across all elements of the set.",
        )
    if isinstance(value, tuple):
        return _index_sequence(value, key)
    if isinstance(value, dict):
        return _index_mapping(value, key)
    raise EvalError("Invalid index", "This value does not have any indices.")


def _index_lazy(value: LazyObject, key: Value) -> Value:
    if type(key) is Unknown:
        return Unknown(DYNAMIC, key.reasons)
    return attribute(value, _string_key(key))


def _index_sequence(value: tuple[Value, ...], key: Value) -> Value:
    try:
        position = convert(key, NUMBER)
    except ConversionError:
        raise EvalError(
            "Invalid index",
            "The given key does not identify an element in this collection value: a number is required.",
        ) from None
    if type(position) is Unknown:
        element = getattr(value, "element", DYNAMIC)
        return Unknown(element, position.reasons)
    if type(position) is not int:
        detail = "indexing a sequence requires a whole number, but the given index has a fractional part."
    elif position < 0:
        detail = "a negative number is not a valid index for a sequence."
    elif position >= len(value):
        detail = (
            "the collection has no elements."
            if not value
            else "the given index is greater than or equal to the length of the collection."
        )
    else:
        return value[position]
    raise EvalError("Invalid index", f"The given key does not identify an element in this collection value: {detail}")


def _index_mapping(value: dict[str, Value], key: Value) -> Value:
    if type(key) is Unknown:
        element = value.element if isinstance(value, MapVal) else DYNAMIC
        return Unknown(element, key.reasons)
    text = _string_key(key)
    if text in value:
        return value[text]
    raise EvalError("Invalid index", "The given key does not identify an element in this collection value.")


def _string_key(key: Value) -> str:
    from alexandria_scan.evaluate.types import STRING

    try:
        text: str = convert(key, STRING)
    except ConversionError as error:
        raise EvalError(
            "Invalid index",
            f"The given key does not identify an element in this collection value: {error.message}.",
        ) from None
    return text


def _element_type(type_: Type, key: Value) -> Type:
    if isinstance(type_, (ListType, MapType)):
        return type_.element
    if isinstance(type_, SetType):
        raise EvalError("Invalid index", "Elements of a set cannot be selected by index.")
    if isinstance(type_, TupleType) and type(key) is int and 0 <= key < len(type_.elements):
        return type_.elements[key]
    if isinstance(type_, ObjectType) and isinstance(key, str) and key in type_.attributes:
        return type_.attributes[key]
    if type_ is DYNAMIC or isinstance(type_, (TupleType, ObjectType)):
        return DYNAMIC
    raise EvalError("Invalid index", "This value does not have any indices.")
