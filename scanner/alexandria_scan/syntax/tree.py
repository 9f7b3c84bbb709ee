"""The syntax tree: bodies, blocks, attributes and expressions, each with its range in a source file."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec


class SourceText:
    """The bytes of one file and the name it was scanned under. `before` are lines at the top that are not the file's
    own: a template is parsed inside a heredoc."""

    __slots__ = ("_starts", "before", "data", "name")

    def __init__(self, name: str, data: bytes, before: int = 0) -> None:
        self.name = name
        self.data = data
        self.before = before
        self._starts: list[int] | None = None

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a byte offset, both counted from 1, the column in characters."""
        starts = self._line_starts()
        line = bisect_right(starts, offset)
        begin = starts[line - 1]
        return max(1, line - self.before), len(self.data[begin:offset].decode("utf-8", "replace")) + 1

    def line_count(self) -> int:
        return len(self._line_starts())

    def line(self, number: int) -> str:
        """The text of a line, counted from 1, without its line end."""
        starts = self._line_starts()
        end = starts[number] if number < len(starts) else len(self.data)
        return self.data[starts[number - 1] : end].decode("utf-8", "replace").rstrip("\r\n")

    def _line_starts(self) -> list[int]:
        if self._starts is None:
            starts, at = [0], self.data.find(b"\n")
            while at >= 0:
                starts.append(at + 1)
                at = self.data.find(b"\n", at + 1)
            self._starts = starts
        return self._starts


class Location(msgspec.Struct, frozen=True):
    """A range in a file; lines and columns count from 1, the end is exclusive. line 0: the file as a whole."""

    file: str
    line: int = 0
    column: int = 0
    end_line: int = 0
    end_column: int = 0


class Span(msgspec.Struct, frozen=True, array_like=True):
    """A range in a source text, in bytes. Lines and columns are computed when somebody asks."""

    source: SourceText
    start: int
    end: int

    @property
    def location(self) -> Location:
        line, column = self.source.position(self.start)
        end_line, end_column = self.source.position(self.end)
        return Location(self.source.name, line, column, end_line, end_column)

    @property
    def text(self) -> str:
        return self.source.data[self.start : self.end].decode("utf-8", "replace")


class SyntaxProblem(msgspec.Struct, frozen=True):
    """What is wrong with a file and where; the line and column count from 1."""

    file: str
    line: int
    column: int
    summary: str
    detail: str = ""


# --- expressions ------------------------------------------------------------------------------------


class Node(msgspec.Struct, frozen=True, eq=False, gc=False, array_like=True, tag=True):
    """An expression. Nodes are msgspec structs because these are made many times faster than dataclasses, both the
    classes at start-up and their instances; and because they can be kept (see syntax/kept.py)."""


class Literal(Node, frozen=True):
    """null, a bool or a string."""

    span: Span
    value: bool | str | None


class NumberLiteral(Node, frozen=True):
    span: Span
    text: str


class Template(Node, frozen=True):
    """A string put together from parts; with `wrap` it is one interpolation, whose value keeps its type."""

    span: Span
    parts: tuple[Expression, ...]
    wrap: bool = False


class TemplateIf(Node, frozen=True):
    span: Span
    condition: Expression
    then: Template
    otherwise: Template


class TemplateFor(Node, frozen=True):
    span: Span
    key: str | None
    value: str
    collection: Expression
    body: Template


class Name(Node, frozen=True):
    """A name in scope: `var`, `each`, a resource type, the variable of a `for`."""

    span: Span
    name: str


class GetAttribute(Node, frozen=True):
    span: Span
    base: Expression
    name: str


class Index(Node, frozen=True):
    """`base[key]`, and the older `base.0`, for which `legacy` is true."""

    span: Span
    base: Expression
    key: Expression
    legacy: bool = False


class SplatItem(Node, frozen=True):
    """Stands for the current element in the `each` part of a Splat."""

    span: Span


class Splat(Node, frozen=True):
    span: Span
    base: Expression
    each: Expression


class Call(Node, frozen=True):
    span: Span
    name: str
    arguments: tuple[Expression, ...]
    expand: bool


class Conditional(Node, frozen=True):
    span: Span
    condition: Expression
    then: Expression
    otherwise: Expression


class Unary(Node, frozen=True):
    span: Span
    operator: str
    operand: Expression


class Binary(Node, frozen=True):
    span: Span
    operator: str
    left: Expression
    right: Expression


class TupleConstructor(Node, frozen=True):
    span: Span
    items: tuple[Expression, ...]


class ObjectConstructor(Node, frozen=True):
    """Entries in source order. A key that is a bare word is a string Literal."""

    span: Span
    entries: tuple[tuple[Expression, Expression], ...]


class For(Node, frozen=True):
    """`key_result` is None for a tuple; `group` is the `...` of an object that groups values by key."""

    span: Span
    key: str | None
    value: str
    collection: Expression
    key_result: Expression | None
    result: Expression
    condition: Expression | None
    group: bool


class Invalid(Node, frozen=True):
    """Text that looked like an expression and is none: a bad escape, nesting without end."""

    span: Span
    problem: SyntaxProblem


class Parentheses(Node, frozen=True):
    span: Span
    inner: Expression


Expression: TypeAlias = (
    Literal | NumberLiteral | Template | TemplateIf | TemplateFor | Name | GetAttribute | Index | SplatItem | Splat
    | Call | Conditional | Unary | Binary | TupleConstructor | ObjectConstructor | For | Parentheses | Invalid
)  # fmt: skip


# --- structure ----------------------------------------------------------------------------------------


class Attribute:
    """`name = expression`. The expression is lowered when it is first asked for.

    `compiled` is free for whoever evaluates expressions, to keep the compiled form beside the text.
    """

    __slots__ = ("_expression", "_lower", "compiled", "name", "name_span", "span")

    def __init__(self, name: str, span: Span, name_span: Span, lower: Callable[[], Expression]) -> None:
        self.name = name
        self.span = span
        self.name_span = name_span
        self._lower = lower
        self._expression: Expression | None = None
        self.compiled: Any = None

    @property
    def expression(self) -> Expression:
        """Where the text is no valid expression, an Invalid node; the file's problems say so too."""
        if self._expression is None:
            self._expression = self._lower()
        return self._expression


class ExpressionError(ValueError):
    """A text that should be an expression or a template is none."""

    def __init__(self, problem: SyntaxProblem) -> None:
        super().__init__(problem.summary)
        self.problem = problem


class Block(msgspec.Struct, eq=False):
    """`type "label" {}`; `header` spans the type and labels, `span` the whole block."""

    type: str
    labels: tuple[str, ...]
    body: Body
    span: Span
    header: Span
    label_spans: tuple[Span, ...] = ()


class Body(msgspec.Struct, eq=False):
    """`json` keeps the JSON object of a body in JSON syntax, whose shape only its reader can interpret."""

    span: Span
    attributes: dict[str, Attribute] = {}
    blocks: list[Block] = []
    json: Any = None

    def blocks_of(self, type_: str) -> list[Block]:
        return [block for block in self.blocks if block.type == type_]


class SyntaxFile(msgspec.Struct, eq=False):
    """One parsed file. With problems, the body holds what could still be read; `lost` is the one for which whole
    blocks may be missing from it."""

    source: SourceText
    body: Body
    problems: list[SyntaxProblem] = []
    lost: SyntaxProblem | None = None

    def lose(self, problem: SyntaxProblem) -> None:
        """Takes down the problem for which not everything could be read, before any other."""
        self.problems.insert(0, problem)
        self.lost = problem
