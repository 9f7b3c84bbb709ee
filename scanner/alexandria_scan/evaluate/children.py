"""Walking expressions: their parts, and the names they refer to."""

from __future__ import annotations

from collections.abc import Iterator

from alexandria_scan.syntax import tree


def children_of(node: tree.Expression) -> list[tree.Expression]:
    """The direct parts of an expression."""
    if isinstance(node, tree.Template):
        return list(node.parts)
    if isinstance(node, tree.GetAttribute):
        return [node.base]
    if isinstance(node, tree.Index):
        return [node.base, node.key]
    if isinstance(node, tree.Splat):
        return [node.base, node.each]
    if isinstance(node, tree.Call):
        return list(node.arguments)
    if isinstance(node, (tree.Conditional, tree.TemplateIf)):
        return [node.condition, node.then, node.otherwise]
    if isinstance(node, tree.Unary):
        return [node.operand]
    if isinstance(node, tree.Binary):
        return [node.left, node.right]
    if isinstance(node, tree.TupleConstructor):
        return list(node.items)
    if isinstance(node, tree.ObjectConstructor):
        return [part for entry in node.entries for part in entry]
    if isinstance(node, tree.For):
        optional = [part for part in (node.key_result, node.condition) if part is not None]
        return [node.collection, node.result, *optional]
    if isinstance(node, tree.Parentheses):
        return [node.inner]
    if isinstance(node, tree.TemplateFor):
        return [node.collection, node.body]
    return []


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
