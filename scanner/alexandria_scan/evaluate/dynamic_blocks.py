"""What a `dynamic` block repeats over: the key and the value of each block that it makes."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from alexandria_scan.evaluate.children import local_values
from alexandria_scan.evaluate.compile import compile_attribute
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.types import DYNAMIC
from alexandria_scan.evaluate.values import OpenTuple, SetVal, Unknown, Value, collect_reasons, items_of, mark, opened
from alexandria_scan.syntax.tree import Attribute, Block, Literal, Name

MAX_BLOCKS = 10_000
Report = Callable[[EvalError], Value]


class UnknownRepetition(Exception):
    """How many blocks there are is not known; `value` says why."""

    def __init__(self, value: Value) -> None:
        super().__init__()
        self.value = value if type(value) is Unknown else Unknown()


def repetition(for_each: Attribute, scope: Scope, report: Report) -> Iterable[tuple[Value, Value]]:
    """Raises UnknownRepetition where `for_each` is not known, or is refused: then `report` has been told."""
    try:
        value, marks = opened(compile_attribute(for_each)(scope))
        if isinstance(value, (tuple, dict)):
            scope.context.budget.spend(8 * len(value), for_each.span)
    except EvalError as error:
        raise UnknownRepetition(report(error)) from None
    if type(value) is Unknown:
        raise UnknownRepetition(value)
    place = for_each.span.location
    if value is None or not isinstance(value, (tuple, dict)):
        names = local_values(for_each.expression)
        what = "a null value" if value is None else "a value of this type"
        refused = EvalError.at(place, "Invalid dynamic for_each value", f"Cannot use {what} in for_each.", names)
        raise UnknownRepetition(report(refused))
    if isinstance(value, OpenTuple):
        raise UnknownRepetition(value.unknown)
    if len(value) > MAX_BLOCKS:
        raise UnknownRepetition(report(EvalError.at(place, "Too many blocks", f"for_each has {len(value)} elements.")))
    if isinstance(value, SetVal):
        if any(type(item) is Unknown for item in value):
            raise UnknownRepetition(Unknown(DYNAMIC, collect_reasons(value)))
        return [(mark(item, marks), mark(item, marks)) for item in value]
    if isinstance(value, dict):
        return [(mark(key, marks), mark(item, marks)) for key, item in items_of(value)]
    return [(mark(index, marks), mark(item, marks)) for index, item in enumerate(value)]


def iterator_name(block: Block, name: str) -> str:
    """The name that a `dynamic` block's content has for the element: `iterator`, else that of the blocks."""
    attribute = block.body.attributes.get("iterator")
    if attribute is not None:
        node = attribute.expression
        if isinstance(node, Name):
            return node.name
        if isinstance(node, Literal) and isinstance(node.value, str):
            return node.value
    return name
