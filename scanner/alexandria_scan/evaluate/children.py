"""Walking expressions: their parts, and the names they refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from alexandria_scan.syntax import tree

if TYPE_CHECKING:
    from alexandria_scan.evaluate.module import Module


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


def local_values(node: tree.Expression) -> frozenset[str] | None:
    """The local values that an expression refers to; None if it takes anything else from its scope."""
    free = [name.name for name in free_names(node)]
    named = [name.removeprefix("local.") for name in names_in(node) if name.startswith("local.")]
    return frozenset(named) if set(free) <= {"local"} and len(named) == len(free) else None


def is_constant(names: frozenset[str] | None, file: str, module: Module) -> bool:
    """Whether an argument in a file that refers to these local values is made of constants of its module alone."""
    if not names:
        return names is not None
    owner: Module | None = module
    while owner is not None and PurePosixPath(file).parent != PurePosixPath(owner.config.folder):
        owner = owner.parent  # it stands in the call of the module
    if owner is None:
        return False
    waiting, seen = [*names], set(names)
    while waiting:
        attribute = owner.config.locals.get(waiting.pop())
        inner = None if attribute is None else local_values(attribute.expression)
        if inner is None:
            return False
        waiting += inner - seen
        seen |= inner
    return True


def names_in(node: tree.Expression) -> Iterator[str]:
    """`root.name` for each reference in an expression."""
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, tree.GetAttribute) and isinstance(current.base, tree.Name):
            yield f"{current.base.name}.{current.name}"
        stack += children_of(current)
