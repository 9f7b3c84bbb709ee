"""String templates: quoted strings, heredocs, interpolations, directives, escapes and strip markers.

A template is first a flat list of tokens, because strip markers and the indentation of `<<-` heredocs work
on tokens as HCL's own scanner cuts them: each line is a token of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from tree_sitter import Node

from alexandria_scan.patterns import pattern
from alexandria_scan.syntax.tree import Expression, Literal, Span, Template, TemplateFor, TemplateIf

if TYPE_CHECKING:
    from alexandria_scan.syntax.lower import Lowering

MAX_DEPTH = 200  # of tree-sitter's nodes, two for each level
_ESCAPE = pattern(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)|\$\$\{|%%\{", re.DOTALL)
_HEREDOC = pattern(r"<<-?[^\W\d][\w-]*\r?\n")
_DOUBLED = pattern(r"\$\$\{|%%\{")
_SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
_MARKERS = frozenset(
    ["template_interpolation", "template_if_intro", "template_else_intro", "template_if_end",
     "template_for_start", "template_for_end"]
)  # fmt: skip
_NESTED = frozenset(["template_directive", "template_if", "template_for"])


class _Token:
    """Literal text, or (with `node`) an interpolation or a directive's marker."""

    __slots__ = ("end", "node", "start", "text")

    def __init__(self, start: int, end: int, text: str = "", node: Node | None = None) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.node = node


def string_text(lowering: Lowering, node: Node) -> str:
    """The text of a `string_lit`, or of a label: quoted, without interpolation."""
    start, end = node.start_byte, node.end_byte
    return _unescaped(lowering, lowering.source.data[start + 1 : end - 1].decode("utf-8", "replace"), start + 1)


def lower_template(lowering: Lowering, node: Node) -> Expression:
    """Lowers a `quoted_template` or a `heredoc_template`."""
    if node.type == "quoted_template":
        start, end = node.start_byte + 1, node.end_byte - 1
        tokens = _tokens(lowering, node, start, end, quoted=True)
        span = lowering.span(node)
    else:
        if not _HEREDOC.match(lowering.text(node)):
            detail = 'A heredoc begins with "<<" or "<<-" and a name, with nothing between them or behind in that line.'
            lowering.fail(node.start_byte, "Invalid expression", detail)
        start, end = _heredoc_range(lowering, node)
        tokens = _tokens(lowering, node, start, end, quoted=False)
        if lowering.text(node.children[0]).startswith("<<-"):
            _flush(tokens)
        span = Span(lowering.source, start, end)
    return _Tree(lowering, tokens).template(span)


def lower_bare_template(lowering: Lowering, node: Node) -> Expression:
    """Lowers the heredoc into which a template file was wrapped; the line break that ends it is not its own."""
    start, end = _heredoc_range(lowering, node)
    tokens = _tokens(lowering, node, start, end - 1, quoted=False)
    return _Tree(lowering, tokens).template(Span(lowering.source, start, end - 1))


def _heredoc_range(lowering: Lowering, node: Node) -> tuple[int, int]:
    data = lowering.source.data
    markers = [child for child in node.children if child.type == "heredoc_identifier"]
    start = data.index(b"\n", markers[0].end_byte) + 1
    return start, max(start, data.rindex(b"\n", 0, markers[-1].start_byte) + 1)


def _tokens(lowering: Lowering, node: Node, start: int, end: int, quoted: bool) -> list[_Token]:
    """Text is what lies between the markers: tree-sitter leaves white space out of its own nodes."""
    tokens: list[_Token] = []
    strip_next = False

    def add_text(begin: int, stop: int) -> None:
        nonlocal strip_next
        for token in _texts(lowering, begin, stop, quoted):
            if strip_next:
                token.text = token.text.lstrip()
                strip_next = False
            tokens.append(token)

    at = start
    for marker in _flat(lowering, node):
        add_text(at, marker.start_byte)
        if lowering.source.data[marker.start_byte - 2 : marker.start_byte] in (b"$$", b"%%") and tokens:
            # "$$${" is a dollar sign and an escaped "${", which tree-sitter takes for an interpolation
            tokens[-1].text = tokens[-1].text[:-1] + lowering.text(marker)
            at = marker.end_byte
            continue
        parts = marker.children
        if len(parts) > 1 and parts[1].type == "strip_marker" and tokens and tokens[-1].node is None:
            tokens[-1].text = tokens[-1].text.rstrip()
        strip_next = len(parts) > 1 and parts[-2].type == "strip_marker"
        tokens.append(_Token(marker.start_byte, marker.end_byte, node=marker))
        at = marker.end_byte
    add_text(at, end)
    return tokens


def _flat(lowering: Lowering, node: Node, depth: int = 0) -> Iterator[Node]:
    if depth > MAX_DEPTH:
        lowering.fail(
            node.start_byte, "Template nested too deeply", f"More than {MAX_DEPTH // 2} levels of directives."
        )
    for child in node.children:
        if child.type in _MARKERS:
            yield child
        elif child.type in _NESTED:
            yield from _flat(lowering, child, depth + 1)


def _texts(lowering: Lowering, start: int, end: int, quoted: bool) -> Iterator[_Token]:
    if end <= start:
        return
    raw = lowering.source.data[start:end].decode("utf-8", "replace")
    if quoted:
        yield _Token(start, end, _unescaped(lowering, raw, start))
        return
    pieces = re.findall(r"[^\n]*\n|[^\n]+", raw)
    at = start
    for piece in pieces:
        stop = at + len(piece.encode("utf-8"))
        yield _Token(at, stop, _DOUBLED.sub(lambda match: match.group()[1:], piece))
        at = stop


def _flush(tokens: list[_Token]) -> None:
    """Takes the indentation that all lines share off each line of a `<<-` heredoc; blank lines stay."""
    indents: list[int] = []
    adjust: list[_Token] = []
    line_start = True
    for token in tokens:
        if line_start:
            line_start = False
            if token.node is not None:
                indents.append(0)
            else:
                stripped = token.text.lstrip()
                if stripped or not token.text.endswith("\n"):
                    indents.append(len(token.text) - len(stripped))
                    adjust.append(token)
        if token.node is None and token.text.endswith("\n"):
            line_start = True
    shared = min(indents, default=0)
    for token in adjust:
        token.text = token.text[shared:]


class _Tree:
    """Builds the nested expression out of the flat tokens."""

    def __init__(self, lowering: Lowering, tokens: list[_Token]) -> None:
        self.lowering = lowering
        self.tokens = tokens
        self.at = 0

    def template(self, span: Span) -> Template:
        parts = self.parts()
        if self.at < len(self.tokens):
            detail = "A template directive ends or goes on that has not begun."
            self.lowering.fail(self.tokens[self.at].start, "Unbalanced template directive", detail)
        wrap = len(self.tokens) == 1 and self.tokens[0].node is not None
        wrap = wrap and len(parts) == 1 and not isinstance(parts[0], (TemplateIf, TemplateFor))
        return Template(span, tuple(parts), wrap)

    def parts(self) -> list[Expression]:
        """The parts up to the end or to a marker that ends or continues a directive, which stays unread."""
        parts: list[Expression] = []
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            kind = token.node.type if token.node is not None else ""
            if kind in ("template_else_intro", "template_if_end", "template_for_end"):
                break
            self.at += 1
            if token.node is None:
                if token.text:
                    span = Span(self.lowering.source, token.start, token.end)
                    parts.append(Literal(span, token.text))
            elif kind == "template_interpolation":
                parts.append(self.interpolation(token.node))
            elif kind == "template_if_intro":
                parts.append(self.if_(token.node))
            else:
                parts.append(self.for_(token.node))
        return parts

    def interpolation(self, node: Node) -> Expression:
        expression = next((child for child in node.children if child.type == "expression"), None)
        if expression is None:
            self.lowering.fail(node.start_byte, "Invalid template interpolation", "Expected an expression in ${ }.")
        return self.lowering.expression(expression, True)

    def if_(self, node: Node) -> Expression:
        condition = next(child for child in node.children if child.type == "expression")
        then = self.body(node)
        otherwise = Template(Span(self.lowering.source, node.end_byte, node.end_byte), ())
        if self.marker().type == "template_else_intro":
            otherwise = self.body(self.take())
        end = self.take()
        span = self.lowering.span(node, end)
        return TemplateIf(span, self.lowering.expression(condition, True), then, otherwise)

    def for_(self, node: Node) -> Expression:
        key, value, collection = self.lowering.for_intro(node)
        body = self.body(node)
        end = self.take()
        return TemplateFor(self.lowering.span(node, end), key, value, collection, body)

    def body(self, opening: Node) -> Template:
        parts = self.parts()
        return Template(Span(self.lowering.source, opening.end_byte, self.marker().start_byte), tuple(parts))

    def marker(self) -> Node:
        node = self.tokens[self.at].node if self.at < len(self.tokens) else None
        if node is None:
            self.lowering.fail(self.tokens[-1].end, "Unexpected end of template", "A directive is not closed.")
        return node

    def take(self) -> Node:
        node = self.marker()
        self.at += 1
        return node


def _unescaped(lowering: Lowering, raw: str, start: int) -> str:
    if "\n" in raw:
        lowering.fail(start, "Invalid multi-line string", "A quoted string cannot hold a line break; use a heredoc.")
    if "\\" not in raw and "$${" not in raw and "%%{" not in raw:
        return raw

    def replace(match: re.Match[str]) -> str:
        whole, escape = match.group(), match.group(1)
        if escape is None:
            return whole[1:]
        if escape[0] in "uU" and len(escape) > 1:
            code = int(escape[1:], 16)
            if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
                return chr(code)
        elif escape in _SIMPLE_ESCAPES:
            return _SIMPLE_ESCAPES[escape]
        lowering.fail(
            start + len(raw[: match.start()].encode("utf-8")),
            "Invalid escape sequence",
            f'The symbol "{escape[0]}" is not a valid escape sequence selector.',
        )

    return _ESCAPE.sub(replace, raw)
