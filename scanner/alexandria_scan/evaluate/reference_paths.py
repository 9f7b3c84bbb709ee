"""The references in an expression, by its text."""

from __future__ import annotations

from collections.abc import Iterator

from alexandria_scan.evaluate.children import children_of
from alexandria_scan.syntax import tree

_LEAVES: frozenset[type] = frozenset([tree.Literal, tree.NumberLiteral, tree.Name, tree.SplatItem, tree.Invalid])


def reference_paths(node: tree.Expression) -> Iterator[list[str]]:
    """The references in the order of the text, without those to the variables of a `for`."""
    stack: list[tuple[tree.Expression, frozenset[str | None]]] = [(node, frozenset())]  # the next one last
    while stack:
        current, bound = stack.pop()
        if type(current) in _LEAVES:
            continue
        path, parts = _traversal(current)
        if isinstance(current, (tree.For, tree.TemplateFor)):
            bound |= {current.key, current.value}
        if path and path[0] not in bound:
            yield path
        stack += [(part, bound) for part in reversed(parts if path else children_of(current))]


def _traversal(node: tree.Expression) -> tuple[list[str], list[tree.Expression]]:
    """The steps of a reference as they are written, up to the first that is no constant, and the keys that are none."""
    if isinstance(node, tree.GetAttribute) and isinstance(node.base, tree.Name):
        return [node.base.name, f".{node.name}"], []
    steps: list[str] = []
    keys: list[tree.Expression] = []
    while isinstance(node, (tree.GetAttribute, tree.Index, tree.Splat)):
        if isinstance(node, tree.GetAttribute):
            steps.insert(0, f".{node.name}")
        else:
            key = _constant_key(node.key) if isinstance(node, tree.Index) else None
            if key is not None:
                steps.insert(0, f"[{key}]")
            else:
                steps.clear()
                keys[:0] = [node.key] if isinstance(node, tree.Index) else [node.each]
        node = node.base
    return ([node.name, *steps], keys) if isinstance(node, tree.Name) and steps else ([], [])


def _constant_key(node: tree.Expression) -> str | None:
    while isinstance(node, tree.Template) and len(node.parts) == 1:
        node = node.parts[0]
    if isinstance(node, tree.NumberLiteral):
        return node.text
    if not isinstance(node, tree.Literal):
        return None
    import json  # few keys are written as texts

    return json.dumps(node.value, ensure_ascii=False)
