"""Walking expressions: their parts, and the names they refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from alexandria_scan.syntax import tree


def children_of(node: tree.Expression) -> list[tree.Expression]:
    """The direct parts of an expression."""
    parts = _PARTS.get(type(node))
    return parts(node) if parts is not None else []


_PARTS: dict[type[tree.Expression], Callable[[Any], list[tree.Expression]]] = {
    tree.Template: lambda node: list(node.parts),
    tree.GetAttribute: lambda node: [node.base],
    tree.Index: lambda node: [node.base, node.key],
    tree.Splat: lambda node: [node.base, node.each],
    tree.Call: lambda node: list(node.arguments),
    tree.Conditional: lambda node: [node.condition, node.then, node.otherwise],
    tree.TemplateIf: lambda node: [node.condition, node.then, node.otherwise],
    tree.Unary: lambda node: [node.operand],
    tree.Binary: lambda node: [node.left, node.right],
    tree.TupleConstructor: lambda node: list(node.items),
    tree.ObjectConstructor: lambda node: [part for entry in node.entries for part in entry],
    tree.For: lambda node: [
        part for part in (node.collection, node.result, node.key_result, node.condition) if part is not None
    ],
    tree.Parentheses: lambda node: [node.inner],
    tree.TemplateFor: lambda node: [node.collection, node.body],
}
"""A walk over a module meets tens of thousands of nodes, so their kind is looked up and not asked for."""


def free_names(node: tree.Expression, bound: frozenset[str] = frozenset()) -> Iterator[tree.Name]:
    """The names that an expression takes from its scope: not the variables of its own `for` loops."""
    if isinstance(node, tree.Name):
        if node.name not in bound:
            yield node
    elif isinstance(node, (tree.For, tree.TemplateFor)):
        yield from free_names(node.collection, bound)
        inner = bound | {node.value} | ({node.key} if node.key else set())
        for child in children_of(node):
            if child is not node.collection:
                yield from free_names(child, inner)
    else:
        for child in children_of(node):
            yield from free_names(child, bound)


def names_in(node: tree.Expression) -> Iterator[str]:
    """`root.name` for each reference in an expression."""
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, tree.GetAttribute) and isinstance(current.base, tree.Name):
            yield f"{current.base.name}.{current.name}"
        stack += children_of(current)
