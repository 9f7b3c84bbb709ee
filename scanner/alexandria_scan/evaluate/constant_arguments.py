"""Arguments that Terraform reads before it evaluates anything: they can be constants only."""

from __future__ import annotations

from collections.abc import Iterator

from alexandria_scan.evaluate.block_rules import Fault
from alexandria_scan.evaluate.children import children_of
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Attribute


def unsuitable(attribute: Attribute, kind: str) -> Iterator[Fault]:
    """What keeps the argument from being a constant of the `kind`, which is bool or string."""
    try:
        node = attribute.expression
    except tree.ExpressionError:  # said where it is read
        return
    fault = not_constant(node) or _of_another_kind(node, kind)
    if fault is not None:
        yield attribute.span, *fault


def not_constant(node: tree.Expression) -> tuple[str, str] | None:
    """The summary and the detail of why an expression is no constant; None if it is one."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, tree.Call):
            return "Function calls not allowed", "Functions may not be called here."
        if isinstance(current, tree.Name):
            return "Variables not allowed", "Variables may not be used here."
        waiting += children_of(current)
    return None


def _of_another_kind(node: tree.Expression, kind: str) -> tuple[str, str] | None:
    while isinstance(node, tree.Parentheses) or (isinstance(node, tree.Template) and len(node.parts) == 1):
        node = node.inner if isinstance(node, tree.Parentheses) else node.parts[0]
    if isinstance(node, tree.Literal) and node.value is None:
        return "Unsuitable value type", "Unsuitable value: null value is not allowed."
    wrong_text = kind == "bool" and isinstance(node, tree.Literal) and node.value not in (True, False, "true", "false")
    if wrong_text or isinstance(node, (tree.TupleConstructor, tree.ObjectConstructor)):
        return "Unsuitable value type", f"Unsuitable value: {kind} required."
    return None
