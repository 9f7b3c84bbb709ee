"""The type of an expression as far as its text tells: values do not remember the type of their nulls."""

from __future__ import annotations

from alexandria_scan.evaluate.scope import NamedScope, Scope
from alexandria_scan.evaluate.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    Type,
)
from alexandria_scan.syntax import tree

_CONVERSIONS: dict[str, Type] = {
    "toset": SetType(DYNAMIC),
    "tolist": ListType(DYNAMIC),
    "tomap": MapType(DYNAMIC),
    "tostring": STRING,
    "tonumber": NUMBER,
    "tobool": BOOL,
}


def static_type(node: tree.Expression, scope: Scope) -> Type:
    """The type of a conversion or of a variable's part; DYNAMIC for anything else."""
    if isinstance(node, tree.Parentheses):
        return static_type(node.inner, scope)
    if isinstance(node, tree.Call) and node.name in _CONVERSIONS:
        inner = static_type(node.arguments[0], scope) if node.arguments else DYNAMIC
        wanted = _CONVERSIONS[node.name]
        if isinstance(wanted, (SetType, ListType)) and isinstance(inner, (SetType, ListType)):
            return type(wanted)(inner.element)
        return wanted
    path: list[str] = []
    while isinstance(node, tree.GetAttribute):
        path.insert(0, node.name)
        node = node.base
    if isinstance(node, tree.Name) and node.name == "var" and path:
        return _variable_type(path, scope)
    return DYNAMIC


def _variable_type(path: list[str], scope: Scope) -> Type:
    while isinstance(scope, NamedScope):
        scope = scope.parent
    declared = getattr(scope, "declaration", None)
    if declared is None or path[0] not in scope.config.variables:  # type: ignore[attr-defined]
        return DYNAMIC
    type_: Type = declared(path[0]).type
    for name in path[1:]:
        if not isinstance(type_, ObjectType) or name not in type_.attributes:
            return DYNAMIC
        type_ = type_.attributes[name]
    return type_
