"""What a variable could be: unknown altogether, or the values that its type and validation blocks name."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from alexandria_scan.evaluate import numbers
from alexandria_scan.evaluate.children import children_of
from alexandria_scan.evaluate.declarations import plain_text
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.scope import NamedScope
from alexandria_scan.evaluate.types import BOOL, NUMBER, STRING
from alexandria_scan.evaluate.values import Reason, Unknown, Value
from alexandria_scan.evaluate.variables import Declaration, failed_validations
from alexandria_scan.syntax import tree

FAR = 1_000_000
SHORT = 12
MOST = 40
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


def anything(module: Module) -> dict[str, Value]:
    """Every variable of the module as an unknown: what a caller might pass."""
    return {name: any_value(module, name) for name in module.config.variables}


def any_value(module: Module, name: str) -> Unknown:
    """A variable of the module as an unknown."""
    try:
        declaration = module.declaration(name)
    except EvalError:
        return Unknown()
    reason = Reason(f"var.{name}", "is the caller's choice", f"set var.{name}", kind="input")
    given = declaration.default is not None and not _is_null(declaration.default.expression)
    return Unknown(declaration.type, (reason,), given or not declaration.nullable)


def _is_null(node: tree.Expression) -> bool:
    return isinstance(node, tree.Literal) and node.value is None


def candidates(module: Module, name: str, asked: Iterable[numbers.Number] = ()) -> tuple[tuple[Value, ...], bool]:
    """Values that the variable can have and its validation accepts; true if it accepts no others, or no others that
    matter: what is said of a number changes only at those that it is compared with, by its validation or in what is
    `asked`."""
    try:
        declaration = module.declaration(name)
    except EvalError:
        return (), False
    listed = _listed(declaration)
    if declaration.type is BOOL:
        values: list[Value] = [True, False]
        complete = True
    elif declaration.type is STRING and listed:
        values, complete = [*listed], True
    elif declaration.type is NUMBER:
        return _numbers(declaration, module, asked)
    else:
        return (), False
    return tuple(value for value in values if _accepted(declaration, module, value)), complete


def _compared(module: Module) -> set[str]:
    """The numbers that anything in the module's code is compared with."""
    found: set[str] = set()
    for _, file in module.evaluation.files():
        stack = list(_expressions(file.body))
        while stack:
            node = stack.pop()
            stack += children_of(node)
            if isinstance(node, tree.Binary) and node.operator in COMPARISONS:
                sides = (node.left, node.right)
                found |= {side.text for side in sides if isinstance(side, tree.NumberLiteral)}
    return found


def _expressions(body: tree.Body) -> Iterator[tree.Expression]:
    for attribute in body.attributes.values():
        try:
            yield attribute.expression
        except tree.ExpressionError:
            continue
    for block in body.blocks:
        yield from _expressions(block.body)


def _accepted(declaration: Declaration, module: Module, value: Value) -> bool:
    scope = NamedScope(module, {"var": {**_others(module), declaration.name: value}})
    try:
        return not failed_validations(declaration, scope)
    except EvalError:
        return False


def _others(module: Module) -> dict[str, Value]:
    return {name: Unknown() for name in module.config.variables}


def _validation_nodes(declaration: Declaration) -> Iterator[tree.Expression]:
    for block in declaration.block.body.blocks_of("validation"):
        condition = block.body.attributes.get("condition")
        stack = [condition.expression] if condition is not None else []
        while stack:
            node = stack.pop()
            yield node
            stack += children_of(node)


def _listed(declaration: Declaration) -> tuple[str, ...]:
    """The texts of `contains(["a", "b"], var.x)` where that is the whole validation."""
    blocks = declaration.block.body.blocks_of("validation")
    if not blocks or "condition" not in blocks[0].body.attributes:
        return ()
    node = blocks[0].body.attributes["condition"].expression
    if isinstance(node, tree.Call) and node.name == "contains" and len(node.arguments) == 2:
        items = node.arguments[0]
        if isinstance(items, tree.TupleConstructor):
            texts = [plain_text(item) for item in items.items]
            if all(text is not None for text in texts):
                return tuple(text for text in texts if text is not None)
    return ()


def _numbers(
    declaration: Declaration, module: Module, asked: Iterable[numbers.Number]
) -> tuple[tuple[Value, ...], bool]:
    """The numbers around those that it may be compared with, and far below and above; all of a short range."""
    literals = {node.text for node in _validation_nodes(declaration) if isinstance(node, tree.NumberLiteral)}
    literals |= _compared(module)
    compared = {0, 1, *asked, *(number for number in map(numbers.parse, literals) if number is not None)}
    near = {number + step for number in compared for step in (-1, 0, 1)}
    if len(near) > MOST:
        return (), False
    accepted = [number for number in sorted({-FAR, *near, FAR}) if _accepted(declaration, module, number)]
    if accepted and accepted[-1] - accepted[0] <= SHORT:
        whole = range(math.ceil(accepted[0]), math.floor(accepted[-1]) + 1)
        between = {number for number in whole if _accepted(declaration, module, number)}
        accepted = sorted(between.union(accepted))
    return tuple(accepted), True
