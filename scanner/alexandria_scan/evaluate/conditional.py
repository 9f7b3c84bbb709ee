"""`condition ? a : b`: both sides are brought to one type, only one of them is the result."""

from __future__ import annotations

from collections.abc import Callable

from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import EvalError, FinalError
from alexandria_scan.evaluate.fulltype import full_type, null_among_structures, told_type, type_of_error
from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.types import BOOL, DYNAMIC, ListType, ObjectType, Primitive, TupleType, Type, friendly
from alexandria_scan.evaluate.unify import unify
from alexandria_scan.evaluate.values import (
    LazyObject,
    Marked,
    Unknown,
    Value,
    collect_reasons,
    is_number,
    mark,
    opened,
    raw_equal,
    type_of,
)
from alexandria_scan.syntax.tree import Expression, Span

Compiled = Callable[[Scope], Value]


def compile_conditional(
    condition: Compiled, then: Compiled, otherwise: Compiled, span: Span, nodes: tuple[Expression, Expression]
) -> Compiled:
    """`nodes` are the two sides as written: they tell the types that nulls have."""

    def run(scope: Scope) -> Value:
        chosen, marks = opened(condition(scope))
        try:
            decided = _decided(chosen)
            sides = _Sides(_side(then, scope), _side(otherwise, scope), nodes, scope)
            if type(decided) is Unknown:
                return mark(_undecided(decided, sides), marks)
            selected, other = (sides.then, sides.otherwise) if decided else (sides.otherwise, sides.then)
            if isinstance(selected, EvalError):
                raise selected
            return mark(_result(selected, other, sides), marks | _marks(other))
        except EvalError as error:
            error.marks |= marks
            if not error.file:
                place = span.location
                error.file, error.line, error.column = place.file, place.line, place.column
            raise

    return run


class _Sides:
    """The values of both sides, or the errors in them, and what their types are."""

    __slots__ = ("nodes", "otherwise", "scope", "then")

    def __init__(self, then: Value, otherwise: Value, nodes: tuple[Expression, Expression], scope: Scope) -> None:
        self.then = then
        self.otherwise = otherwise
        self.nodes = nodes
        self.scope = scope

    def types(self) -> tuple[Type, Type]:
        return self._type(self.then, self.nodes[0]), self._type(self.otherwise, self.nodes[1])

    def _type(self, side: Value, node: Expression) -> Type:
        if isinstance(side, EvalError):
            return type_of_error(node, self.scope)
        return full_type(side, node, self.scope)

    def hold_null_among_structures(self) -> bool:
        """Whether the elements of two tuples, which are to become a list, are kept from it by a null without a type."""
        sides = (self.then, self.nodes[0]), (self.otherwise, self.nodes[1])
        told = [told_type(value, node, self.scope) for value, node in sides if not isinstance(value, EvalError)]
        tuples = [type_.elements for type_ in told if isinstance(type_, TupleType)]
        return len(tuples) == 2 and null_among_structures([*tuples[0], *tuples[1]])


def _marks(side: Value) -> frozenset[str]:
    """The marks of the side that is not chosen, which the result takes too."""
    marks: frozenset[str] = side.marks if isinstance(side, (Marked, EvalError)) else frozenset()
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


def _result(selected: Value, other: Value, sides: _Sides) -> Value:
    if isinstance(selected, LazyObject) or isinstance(other, LazyObject):
        return _object_of_schema(selected, sides)
    types = sides.types()
    if types[0] == types[1] or DYNAMIC in types:
        return selected
    common = unify(types)
    if common is None or (isinstance(common, ListType) and sides.hold_null_among_structures()):
        raise _inconsistent(*types)
    try:
        return convert(selected, common)
    except ConversionError:
        raise _inconsistent(*types) from None


def _object_of_schema(selected: Value, sides: _Sides) -> Value:
    """Resources are objects with a schema: nothing could be converted to them, and they to nothing plain."""
    objects = [isinstance(side, LazyObject) for side in (sides.then, sides.otherwise)]
    types = [
        ObjectType({}) if is_object else side_type
        for is_object, side_type in zip(objects, sides.types() if not all(objects) else (DYNAMIC, DYNAMIC), strict=True)
    ]
    if any(isinstance(type_, Primitive) and type_ is not DYNAMIC for type_ in types):
        raise _inconsistent(types[0], types[1])
    return selected


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


def _undecided(condition: Unknown, sides: _Sides) -> Value:
    """Neither side is chosen. If both sides agree the result is known where an input alone is missing; numbers are so
    for Terraform as well, which knows that an unknown number lies between two that are the same."""
    valid = [side for side in (sides.then, sides.otherwise) if not isinstance(side, EvalError)]
    marks = frozenset[str]().union(*(_marks(side) for side in (sides.then, sides.otherwise)))
    bare = []
    for side in valid:
        value, side_marks = opened(side)
        bare.append(value)
        marks |= side_marks
    if len(bare) == 2 and (condition.only_inputs or is_number(bare[0])) and raw_equal(bare[0], bare[1]):
        return mark(bare[0], marks)
    types = sides.types() if len(bare) == 2 else tuple(map(type_of, bare))
    known = [type_ for type_, value in zip(types, bare, strict=True) if type_ is not DYNAMIC or value is not None]
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
