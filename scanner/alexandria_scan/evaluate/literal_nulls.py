"""A null among lists or objects, where a variable's type wants elements of any one type: go-cty finds none for them."""

from __future__ import annotations

from alexandria_scan.evaluate.children import children_of
from alexandria_scan.evaluate.convert import ConversionError
from alexandria_scan.evaluate.fulltype import null_among_structures
from alexandria_scan.evaluate.types import DYNAMIC, ListType, MapType, ObjectType, SetType, Type
from alexandria_scan.evaluate.values import Value, type_of
from alexandria_scan.syntax import tree

_LITERALS = (tree.Literal, tree.NumberLiteral, tree.Template, tree.TupleConstructor, tree.ObjectConstructor)


def check_literal(node: tree.Expression, value: Value, type_: Type) -> None:
    """Raises ConversionError for the value of an expression of literals, whose nulls have no type of their own."""
    if _has_any(type_) and _is_literal(node):
        _check(value, type_)


def _is_literal(node: tree.Expression) -> bool:
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if not isinstance(current, _LITERALS):
            return False
        waiting += children_of(current)
    return True


def _has_any(type_: Type) -> bool:
    if isinstance(type_, (ListType, SetType, MapType)):
        return type_.element is DYNAMIC or _has_any(type_.element)
    return isinstance(type_, ObjectType) and any(map(_has_any, type_.attributes.values()))


def _check(value: Value, type_: Type) -> None:
    if isinstance(value, dict) and isinstance(type_, ObjectType):
        for name in value.keys() & type_.attributes.keys():
            _check(value[name], type_.attributes[name])
    elif isinstance(value, dict) and isinstance(type_, MapType):
        for item in value.values() if type_.element is not DYNAMIC else ():
            _check(item, type_.element)  # of the elements of a map(any) itself go-cty accepts some
    elif isinstance(value, tuple) and isinstance(type_, (ListType, SetType)):
        kind = "list" if isinstance(type_, ListType) else "set"
        if type_.element is not DYNAMIC:
            for item in value:
                _check(item, type_.element)
        elif null_among_structures([DYNAMIC if item is None else type_of(item) for item in value]):
            raise ConversionError(f"all {kind} elements must have the same type")
