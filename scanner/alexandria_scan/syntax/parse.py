"""Bytes of HCL to a syntax tree, by tree-sitter; what does not parse is named, the rest is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

import tree_sitter_hcl
from tree_sitter import Language, Node, Parser

from alexandria_scan.patterns import pattern
from alexandria_scan.syntax.lower import Lowering, children
from alexandria_scan.syntax.repairs import readable, repaired
from alexandria_scan.syntax.template import lower_bare_template
from alexandria_scan.syntax.tree import (
    Attribute,
    Block,
    Body,
    Expression,
    ExpressionError,
    Invalid,
    SourceText,
    Span,
    SyntaxFile,
    SyntaxProblem,
)

MAX_FILE_BYTES = 8 * 1024 * 1024
MAX_OPEN = 20_000  # tree-sitter's memory grows with what is open
_NO_BRACKETS = bytes(set(range(256)) - set(b"{[()]}"))
_BOM = b"\xef\xbb\xbf"
_GIT_CRYPT = b"\0GITCRYPT\0"
_ODD_BLANK = pattern(rb"\r(?!\n)|[\f\v]")
_TEXTS = frozenset(["comment", "heredoc_template", "quoted_template", "string_lit"])
_MARGIN_BRACE = pattern(rb"^\}", re.MULTILINE)


@lru_cache(maxsize=1)
def _parser() -> Parser:
    return Parser(Language(tree_sitter_hcl.language()))


def tree_of(data: bytes) -> Node:
    """Tree-sitter's own tree, after repairs where its grammar knows less than HCL."""
    root = _parser().parse(data).root_node
    if root.has_error:
        other = repaired(data)
        if other != data:
            again = _parser().parse(other).root_node
            if not again.has_error:
                return again
    return root


def parse(name: str, data: bytes) -> SyntaxFile:
    """The tree of one file. `name` is the path under which locations in it are shown."""
    source = SourceText(name, data)
    problem = _unreadable(source)
    if problem is not None:
        return _lost(source, problem)
    data = source.data
    if data.startswith(_BOM):
        data = b"   " + data[3:]  # blanks instead of the mark, so that offsets stay true
        source.data = data
    root = tree_of(data)
    if root.has_error and b"\0" in data:
        return _lost(source, SyntaxProblem(name, 1, 1, "Not a text file", "The file holds NUL bytes."))
    if not root.has_error:
        file = SyntaxFile(source, Body(Span(source, 0, len(data))))
        structure = _Structure(file, source)
        structure.fill(file.body, root)
        for offset in _odd_blanks(data, root):
            structure.problem(offset, "Invalid character", "Only spaces, tabs and newlines may stand between words.")
        return file
    return _salvaged(source)


def _odd_blanks(data: bytes, root: Node) -> Iterator[int]:
    """Where a carriage return alone, a form feed or a vertical tab stands that is no text: tree-sitter skips these."""
    for match in _ODD_BLANK.finditer(data):
        node = root.descendant_for_byte_range(match.start(), match.end())
        while node is not None and node.type not in _TEXTS:
            node = node.parent
        if node is None or (match.group() == b"\r" and node.type not in ("comment", "heredoc_template")):
            yield match.start()


def _lost(source: SourceText, problem: SyntaxProblem) -> SyntaxFile:
    """A file of which nothing can be read."""
    file = SyntaxFile(source, Body(Span(source, 0, len(source.data))))
    file.lose(problem)
    return file


def expression_source(name: str, text: str) -> SourceText:
    """What the nodes of `parse_expression` point into."""
    return SourceText(name, b"x = (" + text.encode("utf-8") + b"\n)\n")


def parse_expression(name: str, text: str) -> Expression:
    """One expression on its own. Raises ExpressionError."""
    file = parse(name, expression_source(name, text).data)
    if file.problems:
        problem = file.problems[0]
        raise ExpressionError(
            SyntaxProblem(name, problem.line, max(1, problem.column - 5), problem.summary, problem.detail)
        )
    if list(file.body.attributes) != ["x"] or file.body.blocks:
        raise ExpressionError(SyntaxProblem(name, 1, 1, "Invalid expression", f"Not one expression: {text}"))
    node = file.body.attributes["x"].expression
    if isinstance(node, Invalid):
        raise ExpressionError(node.problem)
    return node


def template_source(name: str, text: str) -> SourceText:
    """What the nodes of `parse_template` point into."""
    marker = "EOT"
    while marker in text:
        marker += "T"
    return SourceText(name, f"x = <<{marker}\n{text}\n{marker}\n".encode(), before=1)


def parse_template(name: str, text: str) -> Expression:
    """A template file, or a string of JSON syntax. Raises ExpressionError."""
    source = template_source(name, text)
    root = tree_of(source.data)
    problem = _unreadable(source) or (_first_error(source, root) if root.has_error else None)
    if problem is not None:
        raise ExpressionError(problem)
    node = root
    while node.type != "heredoc_template":
        node = children(node)[-1]
    return lower_bare_template(Lowering(source), node)


def _unreadable(source: SourceText) -> SyntaxProblem | None:
    if len(source.data) > MAX_FILE_BYTES:
        size = f"{len(source.data) // 1024 // 1024} MB; the limit is {MAX_FILE_BYTES // 1024 // 1024} MB"
        return SyntaxProblem(source.name, 1, 1, "File too large", f"The file has {size}.")
    if source.data.startswith(_GIT_CRYPT):
        detail = "The file is encrypted by git-crypt: unlock the repository (git-crypt unlock), or exclude the file."
        return SyntaxProblem(source.name, 1, 1, "Encrypted file", detail)
    brackets = source.data.translate(None, _NO_BRACKETS)
    if len(brackets) > MAX_OPEN and _depth(brackets) > MAX_OPEN:
        return SyntaxProblem(source.name, 1, 1, "Nested too deeply", f"More than {MAX_OPEN} brackets are open at once.")
    try:
        source.data.decode("utf-8")
    except UnicodeDecodeError as error:
        other = readable(source.data)
        if b"\0" in source.data or not _differ_in_comments(source.data, other):  # a NUL: it is no text at all
            line, column = source.position(error.start)
            detail = "The file is not valid UTF-8."
            return SyntaxProblem(source.name, line, column, "Invalid character encoding", detail)
        source.data = other
    return None


def _differ_in_comments(data: bytes, other: bytes) -> bool:
    """Whether two texts of one length differ nowhere but in comments: Terraform does not care how these are encoded."""
    root = tree_of(other)
    nodes = (root.descendant_for_byte_range(at, at + 1) for at, byte in enumerate(data) if byte != other[at])
    return all(node is not None and node.type == "comment" for node in nodes)


def _depth(brackets: bytes) -> int:
    """How many brackets are open at the deepest place, whatever their kind."""
    depth = deepest = 0
    for bracket in brackets:
        depth = depth + 1 if bracket in b"{[(" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


def _salvaged(source: SourceText) -> SyntaxFile:
    """The file in pieces that begin at the left margin: those that parse on their own are kept."""
    from alexandria_scan.syntax.balance import beginnings
    from alexandria_scan.syntax.diagnose import diagnose

    data = source.data
    file = SyntaxFile(source, Body(Span(source, 0, len(data))))
    structure = _Structure(file, source)
    starts = list(beginnings(source)) or [0]
    for start, end in zip(starts, [*starts[1:], len(data)], strict=True):
        piece = bytes(byte if byte == 10 else 32 for byte in data[:start]) + data[start:end]
        if len(starts) > 500:  # blanking out quadratically many bytes is not worth it
            break
        root = tree_of(piece)
        close = _MARGIN_BRACE.search(piece, start) if root.has_error else None
        if close is not None:  # what follows the block may be all that is wrong
            root = tree_of(piece[: close.end()])
        if not root.has_error:
            structure.fill(file.body, root)
    whole = _parser().parse(data).root_node
    file.lose(diagnose(source, _first_error(source, whole)))
    return file


def _first_error(source: SourceText, root: Node) -> SyntaxProblem:
    node = root
    while True:
        broken = next((c for c in node.children if c.is_missing or c.is_error or c.has_error), None)
        if broken is None or node.is_error:
            break
        node = broken
    while node.is_error and node.children:
        node = node.children[-1]
    line, column = source.position(node.start_byte)
    if node.is_missing:
        wanted = {"}": '"}"', "]": '"]"', ")": '")"', "{": '"{"'}.get(node.type, node.type.replace("_", " "))
        return SyntaxProblem(source.name, line, column, "Invalid syntax", f"Expected {wanted} here.")
    found = source.data[node.start_byte : node.end_byte].decode("utf-8", "replace").split("\n")[0][:40]
    if found.startswith("%{"):
        detail = f"A template directive has no end, or is the end of none: {found}"
        return SyntaxProblem(source.name, line, column, "Invalid template directive", detail)
    return SyntaxProblem(source.name, line, column, "Invalid syntax", f"Unexpected text here: {found}")


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


class _Structure:
    """Fills bodies with the attributes and blocks of tree-sitter's nodes."""

    def __init__(self, file: SyntaxFile, source: SourceText) -> None:
        self.file = file
        self.lowering = Lowering(source)

    def fill(self, body: Body, node: Node, depth: int = 0) -> None:
        if depth > 100:
            self.problem(node.start_byte, "Blocks nested too deeply", "More than 100 levels of blocks.")
            return
        if node.type == "config_file":
            for child in node.children:
                if child.type == "body":
                    self.fill(body, child, depth)
                elif child.type == "object":
                    detail = "An argument or block definition is required here."
                    if _is_json(self.lowering.source.data[child.start_byte :]):
                        detail = "This is JSON, which is read from files that are named .tf.json or .tfvars.json."
                    self.file.lose(self.found(child.start_byte, "Argument or block definition required", detail))
            return
        previous: Node | None = None
        for child in node.children:
            if child.type == "comment":
                continue
            if previous is not None:
                self.new_line(previous, child)
            if child.type == "attribute":
                self.attribute(body, child)
            elif child.type == "block":
                self.block(body, child, depth)
            previous = child

    def new_line(self, previous: Node, child: Node) -> None:
        if not self.lowering.breaks(previous, child):
            what = "An argument definition" if previous.type == "attribute" else "A block definition"
            detail = f"{what} must end with a newline before the next one begins."
            self.problem(child.start_byte, "Missing newline", detail)

    def one_line(self, parts: list[Node]) -> None:
        """The name and the sign of an argument, or the header of a block, stand in one line."""
        if b"\n" not in self.lowering.source.data[parts[0].start_byte : parts[-1].start_byte]:
            return
        for first, second in pairwise(parts):
            if self.lowering.breaks(first, second):
                detail = "It has to go on in the same line."
                self.problem(first.end_byte, "Argument or block definition required", detail)

    def attribute(self, body: Body, node: Node) -> None:
        parts = children(node)[:3]
        self.one_line(parts)
        identifier, _, expression = parts
        name = self.lowering.text(identifier)
        if name in body.attributes:
            line = body.attributes[name].span.location.line
            self.problem(
                identifier.start_byte,
                "Attribute redefined",
                f'The argument "{name}" was already set at line {line}. Each argument may be set only once.',
            )
            return
        lowering, problems = self.lowering, self.file.problems

        def lower() -> Expression:
            try:
                return lowering.expression(expression)
            except ExpressionError as error:
                problems.append(error.problem)
                return Invalid(lowering.span(expression), error.problem)

        body.attributes[name] = Attribute(name, lowering.span(node), lowering.span(identifier), lower)

    def block(self, body: Body, node: Node, depth: int) -> None:
        parts = children(node)
        labels: list[str] = []
        spans: list[Span] = []
        inner: Node | None = None
        header, brace = parts[:1], parts[0]
        for part in parts[1:]:
            kind = part.type
            if kind in ("string_lit", "identifier"):
                labels.append(self.label(part))
                spans.append(self.lowering.span(part))
                header.append(part)
            elif kind == "body":
                inner = part
            elif kind == "block_start":
                brace = part
        span = self.lowering.span(node)
        block = Block(
            self.lowering.text(parts[0]),
            tuple(labels),
            Body(span if inner is None else self.lowering.span(inner)),
            span,
            self.lowering.span(parts[0], header[-1]),
            tuple(spans),
        )
        body.blocks.append(block)
        self.one_line([*header, brace])
        if inner is not None:
            self.single_line(header[-1], inner, parts[-1])
            self.fill(block.body, inner, depth + 1)

    def single_line(self, header: Node, inner: Node, close: Node) -> None:
        """A block that goes on behind its opening brace holds one argument and ends in the same line."""
        items = children(inner)
        if not items:
            return
        if items[0].start_point.row != header.end_point.row:
            if not self.lowering.breaks(items[-1], close):
                self.problem(close.start_byte, "Missing newline", "The closing brace must stand in a line of its own.")
            return
        if items[0].type == "block":
            detail = "A block in one line can hold one argument only, and no blocks: write it in several lines."
            self.problem(items[0].start_byte, "Argument definition required", detail)
        elif self.lowering.breaks(items[0], close):
            detail = "A block in one line can hold one argument only: write it in several lines."
            self.problem(items[0].end_byte, "Invalid single-argument block definition", detail)

    def label(self, node: Node) -> str:
        if node.type == "identifier":
            return self.lowering.text(node)
        try:
            from alexandria_scan.syntax.template import string_text

            return string_text(self.lowering, node)
        except ExpressionError as error:
            self.file.problems.append(error.problem)
            return self.lowering.text(node).strip('"')

    def problem(self, offset: int, summary: str, detail: str) -> None:
        self.file.problems.append(self.found(offset, summary, detail))

    def found(self, offset: int, summary: str, detail: str) -> SyntaxProblem:
        return SyntaxProblem(self.file.source.name, *self.lowering.source.position(offset), summary, detail)
