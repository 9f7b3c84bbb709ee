"""Tree-sitter's nodes to expressions of our own tree."""

from __future__ import annotations

import re
from typing import NoReturn

import msgspec
from tree_sitter import Node

from alexandria_scan.patterns import pattern
from alexandria_scan.syntax import template
from alexandria_scan.syntax.tree import (
    Binary,
    Call,
    Conditional,
    Expression,
    ExpressionError,
    For,
    GetAttribute,
    Index,
    Literal,
    Name,
    NumberLiteral,
    ObjectConstructor,
    Parentheses,
    SourceText,
    Span,
    Splat,
    SplatItem,
    SyntaxProblem,
    TupleConstructor,
    Unary,
)

MAX_DEPTH = 200  # far beyond any real configuration
BINARY_OPERATORS = frozenset(["+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||"])
_COMMENT = pattern(rb"/\*.*?\*/|(?:#|//)[^\n]*", re.DOTALL)
_NUMBER = pattern(r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\Z", re.ASCII)


class Lowering(msgspec.Struct, frozen=True):
    """Lowers the nodes of one source text. `depth` counts how deep expressions are nested; `enclosed` is true
    between brackets, where a line break means nothing: elsewhere it ends the expression."""

    source: SourceText
    depth: int = 0
    enclosed: bool = False

    def deeper(self, node: Node, enclosed: bool | None = None) -> Lowering:
        if self.depth >= MAX_DEPTH:
            self.fail(node.start_byte, "Expression nested too deeply", f"More than {MAX_DEPTH} levels.")
        return Lowering(self.source, self.depth + 1, self.enclosed if enclosed is None else enclosed)

    def one_line(self, first: Node, second: Node) -> None:
        """Refuses a line break between two parts of an expression outside of brackets."""
        if not self.enclosed and self.breaks(first, second):
            self.fail(
                first.end_byte,
                "Invalid expression",
                "An expression outside of brackets cannot go on in the next line; put it in parentheses.",
            )

    def breaks(self, first: Node, second: Node) -> bool:
        """Whether a line ends between two nodes: not inside of a comment such as /* this */."""
        between = self.between(first, second)
        return b"\n" in (_COMMENT.sub(b"", between) if b"/" in between or b"#" in between else between)

    def between(self, first: Node, second: Node) -> bytes:
        """The bytes between two nodes; a heredoc that ends the first ends with its line break."""
        data = self.source.data
        start = first.end_byte
        return (
            data[start - 1 : second.start_byte] if data[start - 1 : start] == b"\n" else data[start : second.start_byte]
        )

    def fail(self, offset: int, summary: str, detail: str = "") -> NoReturn:
        line, column = self.source.position(offset)
        raise ExpressionError(SyntaxProblem(self.source.name, line, column, summary, detail))

    def span(self, first: Node, last: Node | None = None) -> Span:
        return Span(self.source, first.start_byte, (last or first).end_byte)

    def text(self, node: Node) -> str:
        return self.source.data[node.start_byte : node.end_byte].decode("utf-8", "replace")

    def expression(self, node: Node, enclosed: bool | None = None) -> Expression:
        """Lowers a node of type `expression`; `enclosed` as for `deeper`."""
        return self.deeper(node, enclosed).operand(children(node))

    def operand(self, nodes: list[Node]) -> Expression:
        """Lowers a term and the attribute, index and splat steps that follow it."""
        head = nodes[0]
        if head.type == "(":
            result: Expression = Parentheses(self.span(head, nodes[2]), self.expression(nodes[1], True))
            rest = nodes[2:]
        else:
            result = self.term(head)
            rest = nodes
        if len(rest) > 1:
            self.one_line(rest[0], rest[1])
        return self.steps(result, rest[1:], head.start_byte)

    def term(self, node: Node) -> Expression:
        kind = node.type
        if kind == "expression":
            return self.expression(node)
        if kind == "variable_expr":
            return Name(self.span(node), self.text(node))
        if kind == "literal_value":
            return self.literal(children(node)[0])
        if kind == "template_expr":
            return template.lower_template(self, children(node)[0])
        if kind == "collection_value":
            inner = children(node)[0]
            return self.tuple_(inner) if inner.type == "tuple" else self.object_(inner)
        if kind == "function_call":
            return self.call(node)
        if kind == "operation":
            inner = children(node)[0]
            return self.unary(inner) if inner.type == "unary_operation" else self.binary(inner)
        if kind == "conditional":
            return self.conditional(node)
        if kind == "for_expr":
            return self.for_(children(node)[0])
        self.fail(node.start_byte, "Invalid expression", f"Expected an expression, found {kind!r}.")

    def conditional(self, node: Node) -> Expression:
        """Tree-sitter reads `a ? b : c ? d : e` as `(a ? b : c) ? d : e`; HCL means `a ? b : (c ? d : e)`."""
        operands: list[Node] = []
        first = node
        while True:
            condition, question, then, colon, otherwise = children(first)
            for left, right in ((condition, question), (question, then), (then, colon), (colon, otherwise)):
                self.one_line(left, right)
            operands[:0] = [then, otherwise]
            inner = children(condition)
            if len(inner) != 1 or inner[0].type != "conditional":
                break
            first = inner[0]
        operands.insert(0, condition)
        result = self.expression(operands[-1])
        for at in range(len(operands) - 3, -1, -2):
            span = self.span(operands[at], operands[-1])
            result = Conditional(span, self.expression(operands[at]), self.expression(operands[at + 1]), result)
        return result

    def literal(self, node: Node) -> Expression:
        kind = node.type
        if kind == "numeric_lit":
            if not _NUMBER.match(self.text(node)):
                self.fail(node.start_byte, "Invalid number literal", f"{self.text(node)} is no number.")
            return NumberLiteral(self.span(node), self.text(node))
        if kind == "bool_lit":
            return Literal(self.span(node), self.text(node) == "true")
        if kind == "null_lit":
            return Literal(self.span(node), None)
        return Literal(self.span(node), template.string_text(self, node))

    def steps(self, base: Expression, nodes: list[Node], start: int) -> Expression:
        for position, node in enumerate(nodes):
            if position:
                self.one_line(nodes[position - 1], node)
            span = Span(self.source, start, node.end_byte)
            if node.type == "get_attr":
                base = GetAttribute(span, base, self.text(children(node)[1]))
            elif node.type == "index":
                if position and _is_legacy_index(node) and _is_legacy_index(nodes[position - 1]):
                    self.fail(node.start_byte, "Invalid legacy index syntax", "Write [0][1] instead of .0.1.")
                base = self.index(base, children(node)[0], span)
            elif node.type == "splat":
                return self.splat(base, node, nodes[position + 1 :], start)
            else:
                self.fail(node.start_byte, "Invalid expression", f"Unexpected {self.text(node)[:40]!r}.")
        return base

    def index(self, base: Expression, node: Node, span: Span) -> Expression:
        if node.type == "legacy_index":
            digits = self.text(node).lstrip(".").strip()
            return Index(span, base, NumberLiteral(self.span(node), digits), legacy=True)
        return Index(span, base, self.expression(children(node)[1], True))

    def splat(self, base: Expression, node: Node, rest: list[Node], start: int) -> Expression:
        """`[*]` applies every step that follows to each element; `.*` only attributes and legacy indexes."""
        inner = children(node)[0]
        steps = children(inner)[1:] + rest
        if inner.type == "attr_splat":
            cut = next((at for at, step in enumerate(steps) if not _is_legacy_step(step)), len(steps))
            if cut < len(steps) and steps[cut].type == "splat" and children(steps[cut])[0].type == "attr_splat":
                detail = "An attribute-only splat (.*) cannot hold another one; write [*] instead."
                self.fail(steps[cut].start_byte, "Nested splat expression not allowed", detail)
        else:
            cut = len(steps)
        item = SplatItem(self.span(inner))
        each = self.steps(item, steps[:cut], inner.start_byte)
        last = steps[cut - 1] if cut else children(inner)[0]
        result = Splat(Span(self.source, start, last.end_byte), base, each)
        return self.steps(result, steps[cut:], start)

    def call(self, node: Node) -> Expression:
        parts = children(node)
        arguments: list[Expression] = []
        expand = False
        for part in parts:
            if part.type == "function_arguments":
                for argument in children(part):
                    if argument.type == "ellipsis":
                        expand = True
                    elif argument.type == "expression":
                        arguments.append(self.expression(argument, True))
        self.one_line(parts[0], parts[1])
        name = "".join(self.text(parts[0]).split())
        return Call(self.span(node), name, tuple(arguments), expand)

    def unary(self, node: Node) -> Expression:
        operator, *operand = children(node)
        self.one_line(operator, operand[0])
        return Unary(self.span(node), operator.type, self.deeper(node).operand(operand))

    def binary(self, node: Node) -> Expression:
        """A chain `a + b + c` leans to the left and may be long, so it is not lowered by recursion."""
        deeper = self.deeper(node)
        links: list[tuple[Node, str, list[Node]]] = []
        while True:
            nodes = children(node)
            at = next(index for index, child in enumerate(nodes) if child.type in BINARY_OPERATORS)
            self.one_line(nodes[at - 1], nodes[at])
            self.one_line(nodes[at], nodes[at + 1])
            links.append((node, nodes[at].type, nodes[at + 1 :]))
            inner = children(nodes[0])[0] if at == 1 and nodes[0].type == "operation" else None
            if inner is None or inner.type != "binary_operation":
                break
            node = inner
        result = deeper.operand(nodes[:at])
        for link, operator, right in reversed(links):
            result = Binary(self.span(link), operator, result, deeper.operand(right))
        return result

    def tuple_(self, node: Node) -> Expression:
        items = [self.expression(child, True) for child in children(node) if child.type == "expression"]
        return TupleConstructor(self.span(node), tuple(items))

    def object_(self, node: Node) -> Expression:
        entries = []
        inner = self.deeper(node, False)
        previous: Node | None = None
        for element in children(node):
            if element.type == "object_elem":
                if previous is not None and not self.breaks(previous, element):
                    self.fail(
                        element.start_byte,
                        "Missing attribute separator",
                        "Expected a newline or comma to mark the beginning of the next attribute.",
                    )
                key, sign, value = children(element)
                inner.one_line(key, sign)
                inner.one_line(sign, value)
                entries.append((inner.object_key(key), inner.expression(value)))
                previous = element
            elif element.type == "," and previous is not None:
                if self.breaks(previous, element):
                    detail = "The comma belongs in the line of the attribute before it."
                    self.fail(element.start_byte, "Invalid expression", detail)
                previous = None
        return ObjectConstructor(self.span(node), tuple(entries))

    def object_key(self, node: Node) -> Expression:
        """A key that is one bare word is that word; anything else is an expression."""
        parts = children(node)
        if len(parts) == 1 and parts[0].type in ("variable_expr", "literal_value"):
            inner = children(parts[0])
            if parts[0].type == "variable_expr" or inner[0].type in ("bool_lit", "null_lit"):
                return Literal(self.span(node), self.text(parts[0]))
        return self.expression(node)

    def for_(self, node: Node) -> Expression:
        intro = next(child for child in children(node) if child.type == "for_intro")
        key, value, collection = self.for_intro(intro)
        results = [child for child in children(node) if child.type == "expression"]
        condition = next((child for child in children(node) if child.type == "for_cond"), None)
        is_object = node.type == "for_object_expr"
        return For(
            self.span(node),
            key,
            value,
            collection,
            self.expression(results[0], True) if is_object else None,
            self.expression(results[-1], True),
            None if condition is None else self.expression(children(condition)[-1], True),
            any(child.type == "ellipsis" for child in children(node)),
        )

    def for_intro(self, node: Node) -> tuple[str | None, str, Expression]:
        names = [self.text(child) for child in children(node) if child.type == "identifier"]
        collection = next(child for child in children(node) if child.type == "expression")
        return (names[0] if len(names) == 2 else None), names[-1], self.expression(collection, True)


def children(node: Node) -> list[Node]:
    """The node's children without comments."""
    return [child for child in node.children if child.type != "comment"]


def _is_legacy_step(node: Node) -> bool:
    return node.type == "get_attr" or _is_legacy_index(node)


def _is_legacy_index(node: Node) -> bool:
    return node.type == "index" and children(node)[0].type == "legacy_index"
