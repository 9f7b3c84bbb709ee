"""JSON syntax: `.tf.json` files as the same bodies, blocks and attributes, with positions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NoReturn

import msgspec

from alexandria_scan.patterns import pattern
from alexandria_scan.syntax.tree import (
    Attribute,
    Block,
    Body,
    Expression,
    ExpressionError,
    Invalid,
    Literal,
    NumberLiteral,
    ObjectConstructor,
    Parentheses,
    SourceText,
    Span,
    SyntaxFile,
    SyntaxProblem,
    TupleConstructor,
)

_BLANK = pattern(r"[ \t\r\n]*")
_NUMBER = pattern(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?")
_STRING = pattern(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None}
MAX_DEPTH = 100


class JsonNode(msgspec.Struct, frozen=True):
    """`value` is a list of (key node, value node), a list of nodes, a str, bool or None; a number is its text."""

    kind: str
    value: Any
    span: Span


class BlockSpec(msgspec.Struct, frozen=True):
    """Which properties of a JSON object are blocks: how many labels they take, and the blocks within. The texts in the
    properties `literals` are no templates; None: in all."""

    labels: int = 0
    blocks: Mapping[str, BlockSpec] = {}
    literals: frozenset[str] | None = frozenset()


class _Reader:
    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.text = source.data.decode("utf-8-sig")
        self.ascii = len(self.text) == len(source.data)

    def offset(self, at: int) -> int:
        return at if self.ascii else len(self.source.data) - len(self.text[at:].encode("utf-8"))

    def span(self, start: int, end: int) -> Span:
        return Span(self.source, self.offset(start), self.offset(end))

    def fail(self, at: int, detail: str) -> NoReturn:
        line, column = self.source.position(self.offset(at))
        raise ExpressionError(SyntaxProblem(self.source.name, line, column, "Invalid JSON", detail))

    def skip(self, at: int) -> int:
        match = _BLANK.match(self.text, at)
        return match.end() if match else at

    def value(self, at: int, depth: int = 0) -> tuple[JsonNode, int]:
        if depth > MAX_DEPTH:
            self.fail(at, f"Nested more than {MAX_DEPTH} levels deep.")
        at = self.skip(at)
        character = self.text[at : at + 1]
        if character == "{":
            return self.members(at, depth)
        if character == "[":
            return self.elements(at, depth)
        if character == '"':
            return self.string(at)
        for word, value in _WORDS.items():
            if self.text.startswith(word, at):
                return JsonNode("literal", value, self.span(at, at + len(word))), at + len(word)
        number = _NUMBER.match(self.text, at)
        if number and number.group():
            return JsonNode("number", number.group(), self.span(at, number.end())), number.end()
        self.fail(at, "Expected a JSON value here." if character else "The file ends too early.")

    def string(self, at: int) -> tuple[JsonNode, int]:
        match = _STRING.match(self.text, at)
        if not match:
            self.fail(at, "Expected a string in double quotes.")
        try:
            text = json.loads(match.group(), strict=False)
        except ValueError as error:
            self.fail(at, f"{error}.")
        return JsonNode("string", text, self.span(at, match.end())), match.end()

    def members(self, start: int, depth: int) -> tuple[JsonNode, int]:
        entries = []
        at = self.skip(start + 1)
        while self.text[at : at + 1] != "}":
            key, at = self.string(at)
            at = self.skip(at)
            if self.text[at : at + 1] != ":":
                self.fail(at, 'Expected ":" after the property name.')
            value, at = self.value(at + 1, depth + 1)
            entries.append((key, value))
            at = self.separator(at, "}")
        return JsonNode("object", entries, self.span(start, at + 1)), at + 1

    def elements(self, start: int, depth: int) -> tuple[JsonNode, int]:
        items = []
        at = self.skip(start + 1)
        while self.text[at : at + 1] != "]":
            item, at = self.value(at, depth + 1)
            items.append(item)
            at = self.separator(at, "]")
        return JsonNode("array", items, self.span(start, at + 1)), at + 1

    def separator(self, at: int, close: str) -> int:
        at = self.skip(at)
        if self.text[at : at + 1] == ",":
            following = self.skip(at + 1)
            if self.text[following : following + 1] == close:
                self.fail(at, "A comma must not stand before the end.")
            return following
        if self.text[at : at + 1] != close:
            self.fail(at, f'Expected "," or "{close}" here.')
        return at


def parse_json(name: str, data: bytes, spec: BlockSpec) -> SyntaxFile:
    """A file in JSON syntax. `spec` says which properties at the top are blocks."""
    source = SourceText(name, data)
    file = SyntaxFile(source, Body(Span(source, 0, len(data))))
    try:
        reader = _Reader(source)
        root, end = reader.value(0)
        if reader.skip(end) != len(reader.text):
            reader.fail(reader.skip(end), "Unexpected text after the JSON value.")
        for node in root.value if root.kind == "array" else [root]:
            if node.kind != "object":
                reader.fail(0, "A configuration in JSON is an object.")
            fill_body(file.body, node, spec)
    except UnicodeDecodeError:
        file.lose(SyntaxProblem(name, 1, 1, "Invalid character encoding", "The file is not valid UTF-8."))
    except ExpressionError as error:
        file.lose(error.problem)
    return file


def fill_body(body: Body, node: JsonNode, spec: BlockSpec) -> None:
    """The properties of a JSON object as attributes, or as blocks where `spec` says so."""
    for key, value in node.value:
        if key.value == "//":
            continue
        if key.value in spec.blocks:
            _add_blocks(body, key.value, value, spec.blocks[key.value], (), key.span)
        else:
            if key.value in body.attributes:
                line, column = key.span.source.position(key.span.start)
                detail = f'The property "{key.value}" stands here twice.'
                raise ExpressionError(SyntaxProblem(key.span.source.name, line, column, "Duplicate property", detail))
            span = Span(key.span.source, key.span.start, value.span.end)
            literal = spec.literals is None or key.value in spec.literals
            body.attributes[key.value] = Attribute(key.value, span, key.span, _lowering(value, literal))


def turn_into_blocks(body: Body, name: str, spec: BlockSpec) -> SyntaxProblem | None:
    """Makes blocks of a property that was read as an argument. Where it is neither one block, a list of them nor null,
    it remains an argument without a value, and the problem is returned."""
    for key, value in body.json.value:
        if key.value == name:
            made = Body(body.span)
            try:
                _add_blocks(made, name, value, spec, (), key.span)
            except ExpressionError as error:
                refused = partial(Invalid, value.span, error.problem)
                body.attributes[name] = Attribute(name, body.attributes[name].span, key.span, refused)
                return error.problem
            del body.attributes[name]
            body.blocks += made.blocks
    return None


def _lowering(node: JsonNode, literal: bool) -> Callable[[], Expression]:
    def run() -> Expression:
        try:
            return lower(node, literal)
        except ExpressionError as error:
            return Invalid(node.span, error.problem)

    return run


def _add_blocks(body: Body, type_: str, node: JsonNode, spec: BlockSpec, labels: tuple[str, ...], header: Span) -> None:
    if node.kind == "array":
        for item in node.value:
            _add_blocks(body, type_, item, spec, labels, header)
    elif node.kind == "object" and len(labels) < spec.labels:
        for key, value in node.value:
            if key.value != "//":
                _add_blocks(body, type_, value, spec, (*labels, key.value), key.span)
    elif node.kind == "object":
        inner = Body(node.span, json=node)
        fill_body(inner, node, spec)
        span = Span(header.source, header.start, node.span.end)
        body.blocks.append(Block(type_, labels, inner, span, header))
    elif node.value is not None:
        line, column = node.span.source.position(node.span.start)
        detail = f'A "{type_}" block is written as a JSON object.'
        raise ExpressionError(SyntaxProblem(node.span.source.name, line, column, "Invalid JSON", detail))


def lower(node: JsonNode, literal: bool = False) -> Expression:
    """A JSON value as an expression: strings are templates, unless they are `literal`."""
    if node.kind == "object":
        return ObjectConstructor(
            node.span, tuple((lower(key, literal), lower(value, literal)) for key, value in node.value)
        )
    if node.kind == "array":
        return TupleConstructor(node.span, tuple(lower(item, literal) for item in node.value))
    if node.kind == "number":
        return NumberLiteral(node.span, node.value)
    if node.kind == "string" and not literal and ("${" in node.value or "%{" in node.value):
        from alexandria_scan.syntax.parse import parse_template

        try:
            return Parentheses(node.span, parse_template(node.span.source.name, node.value))
        except ExpressionError as error:
            line, column = node.span.source.position(node.span.start)
            raise ExpressionError(
                SyntaxProblem(node.span.source.name, line, column, error.problem.summary, error.problem.detail)
            ) from None
    return Literal(node.span, node.value)
