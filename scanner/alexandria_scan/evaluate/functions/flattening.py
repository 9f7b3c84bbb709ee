"""`flatten`."""

from __future__ import annotations

from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions.limits import limit_elements
from alexandria_scan.evaluate.functions.predicates import length_known
from alexandria_scan.evaluate.types import DYNAMIC, ListType, SetType, TupleType, Type
from alexandria_scan.evaluate.values import OpenTuple, Unknown, Value, items_of, mark, type_of, unmark, wholly_known


class _Flattener:
    """Collects elements and the marks of every sequence met. `known` turns false where an unknown value is,
    or could be, a sequence: the number of elements is then open. It is in an OpenTuple anyway, whose `open`
    reason then stands for the unknown sequences in it, so that what is known of the others is kept."""

    def __init__(self) -> None:
        self.items: list[Value] = []
        self.marks: frozenset[str] = frozenset()
        self.known = True
        self.open: Unknown | None = None

    def add(self, values: Value) -> None:
        if isinstance(values, OpenTuple):
            self.open = values.unknown
        if not length_known(values):
            self.known = False
            return
        for item in values:
            bare, marks = unmark(item)
            kind = type_of(bare) if type(bare) is Unknown else None
            if kind is DYNAMIC or isinstance(kind, (ListType, SetType, TupleType)):
                self.known = self.known and self.open is not None
                self.marks |= marks
            elif isinstance(bare, tuple):
                self.marks |= marks
                self.add(bare)
            else:
                self.items.append(item)
                limit_elements(len(self.items))


def flatten(values: Value) -> Value:
    bare, marks = unmark(values)
    if isinstance(bare, dict) and not wholly_known(bare):
        bare = tuple(item for _, item in items_of(bare))  # Terraform checks what it is given only if it is known
    if not isinstance(bare, tuple):
        raise FunctionError("can only flatten lists, sets and tuples")
    flattener = _Flattener()
    flattener.add(bare)
    marks |= flattener.marks
    if not flattener.known:
        return mark(Unknown(DYNAMIC), marks)
    items = tuple(flattener.items)
    return mark(items if flattener.open is None else OpenTuple(items, flattener.open), marks)


def flatten_type(arguments: list[Value]) -> Type:
    return DYNAMIC
