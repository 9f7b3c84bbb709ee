"""Whether an input's validation became narrower: a value is looked for that passed before and is refused now."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice, pairwise

import msgspec

from alexandria_scan.compliance.difference.shown import shown
from alexandria_scan.evaluate import numbers
from alexandria_scan.evaluate.children import children_of
from alexandria_scan.evaluate.compile import compile_attribute
from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.declarations import plain_text
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.scope import NamedScope
from alexandria_scan.evaluate.types import (
    BOOL,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    Type,
)
from alexandria_scan.evaluate.values import Unknown, Value, mark, opened
from alexandria_scan.evaluate.variables import Declaration, checked
from alexandria_scan.graph.interface import Input, layout_free
from alexandria_scan.syntax import tree

_TEXTS = (
    "", "a", "A", "0", "another value", "Another-Value_1", "10.0.0.0/8", "10.0.0.0/99", "1h", "us-east-1", "x" * 300,
)  # fmt: skip
_COMPARISONS = frozenset(["==", "!=", "<", "<=", ">", ">="])
_MOST = 400


class Narrowing(msgspec.Struct, frozen=True):
    """`verdict` is same, wider, narrower or unknown; `witness` a value that passed and is refused now, as text."""

    verdict: str
    witness: str = ""


def narrowing(old: Input, new: Input, before: Module, after: Module) -> Narrowing:
    """Compares the validation blocks of two declarations, whose types take the same values."""
    had, has = _conditions(old.declaration), _conditions(new.declaration)
    if had == has:
        return Narrowing("same")
    if set(has) <= set(had):
        return Narrowing("wider")
    nodes = [*_nodes(old.declaration), *_nodes(new.declaration)]
    tried = list(islice(_candidates(old, nodes), _MOST))
    for value in tried:
        if _verdict(old.declaration, before, value) is True and _verdict(new.declaration, after, value) is False:
            return Narrowing("narrower", shown(new.name, mark(value, old.declaration.marks | new.declaration.marks)))
    exhausted = len(tried) < _MOST and all(map(_is_simple, (*_roots(old.declaration), *_roots(new.declaration))))
    if exhausted and old.declaration.type in (STRING, NUMBER, BOOL):
        return Narrowing("wider")
    return Narrowing("unknown")


def _conditions(declaration: Declaration) -> list[str]:
    blocks = declaration.block.body.blocks_of("validation")
    return sorted(layout_free(block.body.attributes.get("condition")) for block in blocks)


def _roots(declaration: Declaration) -> Iterator[tree.Expression]:
    for block in declaration.block.body.blocks_of("validation"):
        condition = block.body.attributes.get("condition")
        if condition is not None:
            yield condition.expression


def _nodes(declaration: Declaration) -> Iterator[tree.Expression]:
    stack = list(_roots(declaration))
    while stack:
        node = stack.pop()
        yield node
        stack += children_of(node)


def _verdict(declaration: Declaration, module: Module, value: Value) -> bool | None:
    """Whether the variable takes the value; None if that depends on something else."""
    others: dict[str, Value] = {name: Unknown() for name in module.config.variables}
    verdict: bool | None = True
    try:
        given, _ = opened(checked(value, declaration, module, None))
        scope = NamedScope(module, {"var": {**others, declaration.name: given}})
        for block in declaration.block.body.blocks_of("validation"):
            condition = block.body.attributes.get("condition")
            holds = convert(opened(compile_attribute(condition)(scope))[0], BOOL) if condition is not None else True
            if type(holds) is Unknown:
                verdict = None
            elif holds is not True:
                return False
    except (EvalError, ConversionError, tree.ExpressionError):
        return False
    return verdict


def _candidates(declared: Input, nodes: list[tree.Expression]) -> Iterator[Value]:
    """Values worth trying: on and beside everything that the conditions name, and some that they may not expect."""
    if declared.optional:
        yield declared.default
    yield None
    yield from _of_type(declared.declaration.type, _texts(nodes), _numbers(nodes))


def _texts(nodes: list[tree.Expression]) -> list[str]:
    named = {text for node in nodes if (text := plain_text(node)) is not None}
    lengths = {int(number) + step for number in _literals(nodes) if number.denominator == 1 for step in (-1, 0, 1)}
    return [*sorted(named), *_TEXTS, *("a" * length for length in sorted(lengths) if 0 <= length <= 5000)]


def _literals(nodes: list[tree.Expression]) -> set[Fraction]:
    found = set()
    for node in nodes:
        if isinstance(node, tree.NumberLiteral):
            number = numbers.parse(node.text)
            if number is not None:
                found |= {Fraction(number), -Fraction(number)}
    return found


def _numbers(nodes: list[tree.Expression]) -> list[Value]:
    """Every number that the conditions name, one between each two of them, and one beyond either end."""
    points = sorted({Fraction(0), *_literals(nodes)})
    between = [(low + high) / 2 for low, high in pairwise(points)]
    steps = [point + step for point in points for step in (-1, 1)]
    found = sorted({*points, *between, *steps, points[0] - 1, points[-1] + 1, points[-1] + Fraction(1, 2)})
    return [int(value) if value.denominator == 1 else value for value in found]


def _of_type(type_: Type, texts: list[str], figures: list[Value]) -> Iterator[Value]:
    if type_ is BOOL:
        yield from (True, False)
    elif type_ is NUMBER:
        yield from figures
    elif isinstance(type_, Primitive):
        yield from texts
    elif isinstance(type_, (ListType, SetType)):
        yield ()
        items = list(_of_type(type_.element, texts, figures))
        yield from ((item,) for item in items)
        yield from (tuple(items[:length]) for length in (2, 3, 5, 10, len(items)))
    elif isinstance(type_, MapType):
        yield {}
        for item in _of_type(type_.element, texts, figures):
            yield {"a": item}
        yield {f"k{index}": item for index, item in enumerate(_of_type(type_.element, texts, figures))}
    elif isinstance(type_, ObjectType):
        required = {name: inner for name, inner in type_.attributes.items() if name not in type_.optional}
        plain = {name: next(_of_type(inner, texts, figures), None) for name, inner in required.items()}
        yield plain
        for name, inner in sorted(type_.attributes.items()):
            yield from ({**plain, name: item} for item in _of_type(inner, texts, figures))


def _is_simple(node: tree.Expression) -> bool:
    """A condition made of comparisons of the variable with literals: what was tried is then all that there is."""
    if isinstance(node, tree.Parentheses):
        return _is_simple(node.inner)
    if isinstance(node, tree.Unary):
        return node.operator == "!" and _is_simple(node.operand)
    if isinstance(node, tree.Binary) and node.operator in ("&&", "||"):
        return _is_simple(node.left) and _is_simple(node.right)
    if isinstance(node, tree.Binary) and node.operator in _COMPARISONS:
        sides = (node.left, node.right)
        return any(map(_is_variable, sides)) and any(map(_is_literal, sides))
    if isinstance(node, tree.Call) and node.name == "contains" and len(node.arguments) == 2:
        items, item = node.arguments
        listed = isinstance(items, tree.TupleConstructor) and all(map(_is_literal, items.items))
        return listed and _is_variable(item)
    return isinstance(node, tree.Literal)


def _is_variable(node: tree.Expression) -> bool:
    if isinstance(node, tree.Call) and node.name == "length" and len(node.arguments) == 1:
        return _is_variable(node.arguments[0])
    return isinstance(node, tree.GetAttribute) and isinstance(node.base, tree.Name) and node.base.name == "var"


def _is_literal(node: tree.Expression) -> bool:
    if isinstance(node, tree.Unary):
        return node.operator == "-" and _is_literal(node.operand)
    return isinstance(node, (tree.Literal, tree.NumberLiteral)) or plain_text(node) is not None
