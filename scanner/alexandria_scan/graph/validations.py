"""Validations that validate nothing: conditions that are true whatever a caller gives."""

from __future__ import annotations

from collections.abc import Iterable

from alexandria_scan.evaluate.compile import compile_expression
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.reference_paths import reference_paths
from alexandria_scan.evaluate.suppose import any_value
from alexandria_scan.evaluate.values import Reason, Unknown, Value, opened
from alexandria_scan.graph.layout import placed
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Block, Expression

_MIRRORED = {"<": ">", ">": "<", "<=": ">=", ">=": "<=", "==": "==", "!=": "!="}


def constant_validations(root: Module, name: str) -> tuple[Value, ...]:
    """The validations of a variable that cannot fail: `name` (the condition) `file line`."""
    found = []
    for block in root.config.variables[name].body.blocks_of("validation"):
        attribute = block.body.attributes.get("condition")
        if attribute is not None and (
            _always(attribute.expression) or _evaluates_to_true(root, name, attribute.expression)
        ):
            found.append(placed(attribute.expression.span.text, attribute.span))
    return tuple(found)


def can_fail(block: Block) -> bool:
    """Whether a validation block says something about the variable, as far as its text shows."""
    attribute = block.body.attributes.get("condition")
    return attribute is not None and not _always(attribute.expression)


def _evaluates_to_true(root: Module, name: str, node: Expression) -> bool:
    """Whether the condition is true although nothing is known of this variable and the others."""
    try:
        declaration = root.declaration(name)
        own = Unknown(
            declaration.type, (Reason(f"var.{name}", "has any value", kind="input"),), not declaration.nullable
        )
        return opened(compile_expression(node)(_supposing(root, name, own, node)))[0] is True
    except (EvalError, tree.ExpressionError):
        return False


def _supposing(root: Module, name: str, own: Unknown, node: Expression) -> Module:
    """The module of a condition with the variable as `own` and the others as anything."""
    paths = list(reference_paths(node))
    others: Iterable[str] = root.config.variables
    if all(path[0] == "var" for path in paths):  # no local value, which could be made of other variables
        others = {path[1].removeprefix(".") for path in paths} & root.config.variables.keys()
    supposed: dict[str, Value] = {other: any_value(root, other) for other in others}
    around = root.evaluation
    apart = Evaluation(around.source, parsed=around.parsed)  # what goes wrong with such values is not the module's
    return apart.root_with(root.config, around.root_folder(root), {}, {**supposed, name: own})


def _always(node: Expression) -> bool:
    """True for conditions that no value makes false: `true`, `length(x) >= 0`, `x == x`, `can(x)`, and what they make
    of `&&` and `||`."""
    if isinstance(node, tree.Parentheses):
        return _always(node.inner)
    if isinstance(node, tree.Literal):
        return node.value is True
    if isinstance(node, tree.Call):
        return node.name == "can" and len(node.arguments) == 1 and _is_variable(node.arguments[0])
    if not isinstance(node, tree.Binary):
        return False
    if node.operator == "&&":
        return _always(node.left) and _always(node.right)
    if node.operator == "||":
        return _always(node.left) or _always(node.right) or _opposite(node.left, node.right)
    if node.operator in ("==", "<=", ">=") and _text(node.left) == _text(node.right):
        return True
    return _length_bound(node.left, node.operator, node.right) or _length_bound(
        node.right, _MIRRORED.get(node.operator, ""), node.left
    )


def _opposite(left: Expression, right: Expression) -> bool:
    """`x == y || x != y`."""
    if not isinstance(left, tree.Binary) or not isinstance(right, tree.Binary):
        return False
    same = (_text(left.left), _text(left.right)) == (_text(right.left), _text(right.right))
    return same and {left.operator, right.operator} == {"==", "!="}


def _length_bound(length: Expression, operator: str, bound: Expression) -> bool:
    """`length(x) >= 0`, `length(x) > -1`: a length is never less than nothing."""
    if not isinstance(length, tree.Call) or length.name != "length":
        return False
    text = _text(bound).replace(" ", "")
    return (operator, text) in ((">=", "0"), (">", "-1"), (">=", "-1"), ("!=", "-1"))


def _is_variable(node: Expression) -> bool:
    return isinstance(node, tree.GetAttribute) and isinstance(node.base, tree.Name)


def _text(node: Expression) -> str:
    return "".join(node.span.text.split())
