"""Which attribute decided a condition, so that the finding can point at it."""

from __future__ import annotations

from collections.abc import Iterator

from alexandria_scan.evaluate.compile import compile_expression
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.scope import NamedScope, Scope
from alexandria_scan.evaluate.values import Unknown, Value, opened
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Expression

Path = tuple[str | int, ...]


def deciding_path(node: Expression, scope: Scope, set_: frozenset[str], said: bool | None = False) -> Path | None:
    """The path below `attrs` that made the condition what it is, preferring arguments that are set.

    `said` is the condition's value, None if that is unknown. A conjunction is followed into the part that says the
    same, `alltrue([for x in attrs.y : ...])` into the first element that does.
    """
    node = _bare(node)
    if isinstance(node, tree.Binary) and node.operator in ("&&", "||"):
        for side in (node.left, node.right):
            if _says(side, scope, said):
                found = deciding_path(side, scope, set_, said)
                if found is not None:
                    return found
    if isinstance(node, tree.Unary) and node.operator == "!":
        return deciding_path(node.operand, scope, set_, None if said is None else not said)
    if isinstance(node, tree.Call) and node.name in ("alltrue", "anytrue") and len(node.arguments) == 1:
        element = _element_path(_bare(node.arguments[0]), scope, said)
        if element is not None:
            return element
    paths = list(dict.fromkeys(attribute_paths(node)))
    for path in paths:
        if path[0] in set_:
            return path
    return paths[0] if paths else None


def _bare(node: Expression) -> Expression:
    while isinstance(node, tree.Parentheses):
        node = node.inner
    return node


def _says(node: Expression, scope: Scope, said: bool | None) -> bool:
    value = _value(node, scope)
    return type(value) is Unknown if said is None else value is said


def _value(node: Expression, scope: Scope) -> Value:
    try:
        return opened(compile_expression(node)(scope))[0]
    except EvalError:
        return None


def _element_path(node: Expression, scope: Scope, said: bool | None) -> Path | None:
    if not isinstance(node, tree.For) or node.key_result is not None:
        return None
    base = _path(node.collection)
    if base is None:
        return None
    items = _value(node.collection, scope)
    if not isinstance(items, tuple):
        return None
    for index, item in enumerate(items):
        names = {node.value: item} if node.key is None else {node.key: index, node.value: item}
        inner = NamedScope(scope, names)
        if node.condition is not None and _value(node.condition, inner) is False:
            continue
        if _says(node.result, inner, said):
            within = [path for path in attribute_paths(node.result, node.value) if path]
            return (*base, index, *(within[0] if within else ()))
    return base


def attribute_paths(node: Expression, root: str = "attrs") -> Iterator[Path]:
    """The paths below `root` that an expression reads, in source order."""
    path = _path(node, root)
    if path is not None:
        yield path
        return
    from alexandria_scan.evaluate.children import children_of

    for child in children_of(node):
        yield from attribute_paths(child, root)


def _path(node: Expression, root: str = "attrs") -> Path | None:
    """`attrs.a[0].b` as ("a", 0, "b"); a splat or a computed index ends the path."""
    steps: list[str | int] = []
    while not isinstance(node, tree.Name):
        if isinstance(node, tree.GetAttribute):
            steps.insert(0, node.name)
            node = node.base
        elif isinstance(node, tree.Index) and isinstance(node.key, tree.NumberLiteral):
            steps.insert(0, int(node.key.text))
            node = node.base
        elif isinstance(node, (tree.Index, tree.Splat)):
            steps.clear()
            node = node.base
        else:
            return None
    return tuple(steps) if node.name == root and steps else None
