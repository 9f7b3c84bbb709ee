"""`condition ? a : b`: both sides are brought to one type, only one of them is the result."""

from __future__ import annotations

from collections.abc import Callable

from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import EvalError, FinalError
from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.statictype import static_type
from alexandria_scan.evaluate.types import BOOL, DYNAMIC, ObjectType, Type, friendly
from alexandria_scan.evaluate.unify import unify
from alexandria_scan.evaluate.values import (
    LazyObject,
    Marked,
    Unknown,
    Value,
    collect_reasons,
    mark,
    opened,
    raw_equal,
    type_of,
    unmark,
)
from alexandria_scan.syntax.tree import Expression, Span

Compiled = Callable[[Scope], Value]


def compile_conditional(
    condition: Compiled,
    then: Compiled,
    otherwise: Compiled,
    span: Span,
    nodes: tuple[Expression, Expression] | None = None,
) -> Compiled:
    """`nodes` are the two sides as written: they tell the type that a null has."""

    def run(scope: Scope) -> Value:
        chosen, marks = opened(condition(scope))
        try:
            decided = _decided(chosen)
            first, second = _side(then, scope), _side(otherwise, scope)
            if type(decided) is Unknown:
                return mark(_undecided(decided, first, second), marks)
            selected, other = (first, second) if decided else (second, first)
            if isinstance(selected, EvalError):
                raise selected
            if nodes is not None and selected is not None and _is_null(other):
                selected = _beside_null(selected, nodes[1] if decided else nodes[0], scope)
            return mark(_result(selected, other, decided), marks | _marks(other))
        except EvalError as error:
            if not error.file:
                place = span.location
                error.file, error.line, error.column = place.file, place.line, place.column
            raise

    return run


def _is_null(side: Value) -> bool:
    return not isinstance(side, EvalError) and unmark(side)[0] is None


def _beside_null(selected: Value, other: Expression, scope: Scope) -> Value:
    """The chosen side beside a null that is not chosen, whose type it has to take: `x != null ? toset(x) : []`."""
    type_ = static_type(other, scope)
    if type_ is DYNAMIC or isinstance(selected, LazyObject):
        return selected
    common = unify([type_of(selected), type_])
    if common is None:
        return selected
    try:
        return convert(selected, common)
    except ConversionError:
        return selected


def _marks(side: Value) -> frozenset[str]:
    """The marks of the side that is not chosen, which the result takes too."""
    marks: frozenset[str] = side.marks if type(side) is Marked else frozenset()
    return marks


def _decided(value: Value) -> Value:
    if value is None:
        raise EvalError("Null condition", "The condition value is null. Conditions must either be true or false.")
    try:
        return convert(value, BOOL)
    except ConversionError:
        raise EvalError("Incorrect condition type", "The condition expression must be of type bool.") from None


def _side(compiled: Compiled, scope: Scope) -> Value:
    """The value of a side, or the error in it: an error in the side that is not chosen does not matter."""
    try:
        return compiled(scope)
    except FinalError:
        raise
    except EvalError as error:
        return error


def _result(selected: Value, other: Value, first_selected: bool) -> Value:
    if selected is None or other is None or isinstance(other, EvalError):
        return selected
    if isinstance(selected, LazyObject) or isinstance(other, LazyObject):
        return selected  # resources are objects with a schema: nothing could be converted
    if (type(other) is Marked and other.value is None) or (type(selected) is Marked and selected.value is None):
        return selected
    selected_type, other_type = type_of(selected), type_of(other)
    if selected_type == other_type or DYNAMIC in (selected_type, other_type):
        return selected
    common = unify([selected_type, other_type])
    if common is None:
        pair = (selected_type, other_type) if first_selected else (other_type, selected_type)
        raise _inconsistent(*pair)
    try:
        return convert(selected, common)
    except ConversionError:
        raise _inconsistent(selected_type, other_type) from None


def _inconsistent(then: Type, otherwise: Type) -> EvalError:
    detail = (
        f"The true and false result expressions must have consistent types. The 'true' value is "
        f"{friendly(then)}, but the 'false' value is {friendly(otherwise)}."
    )
    if isinstance(then, ObjectType) and isinstance(otherwise, ObjectType):
        missing = sorted(then.attributes.keys() ^ otherwise.attributes.keys())
        if missing:
            detail = (
                "The true and false result expressions must have consistent types. The 'true' and 'false' "
                f'values differ in the object attribute "{missing[0]}".'
            )
    return EvalError("Inconsistent conditional result types", detail)


def _undecided(condition: Unknown, then: Value, otherwise: Value) -> Value:
    """Neither side is chosen. If an input alone is missing and both sides agree, the result is known."""
    sides = [side for side in (then, otherwise) if not isinstance(side, EvalError)]
    marks: frozenset[str] = frozenset()
    bare = []
    for side in sides:
        value, side_marks = opened(side)
        bare.append(value)
        marks |= side_marks
    if len(bare) == 2 and condition.only_inputs and raw_equal(bare[0], bare[1]):
        return mark(bare[0], marks)
    known = [type_of(value) for value in bare if value is not None]
    type_: Type = DYNAMIC
    if known and DYNAMIC not in known:
        common = unify(known)
        if common is None:
            raise _inconsistent(known[0], known[-1])
        type_ = common
    not_null = len(bare) == 2 and all(_not_null(value) for value in bare)
    return mark(Unknown(type_, collect_reasons(condition, *bare), not_null), marks)


def _not_null(value: Value) -> bool:
    return value.not_null if type(value) is Unknown else value is not None
