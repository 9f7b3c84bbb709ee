"""HCL in its canonical form: the algorithm of hashicorp/hcl's `hclwrite/format.go` on tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import msgspec

from alexandria_scan.syntax.tokens import Token

_OPEN = frozenset(["{", "[", "(", "control", "interp"])
_CLOSE = frozenset(["}", "]", ")", "seqend"])
_CHANGES = {**dict.fromkeys(_OPEN, 1), **dict.fromkeys(_CLOSE, -1)}
_LITERALS = frozenset(["quoted", "string"])
# Behind these a minus is a sign; behind anything else it subtracts.
_BEFORE_SIGN = frozenset(["", *"({[=:,?+*/%-<>!", "==", "!=", ">=", "<=", "&&", "||"])


class _Line(msgspec.Struct, gc=False):
    """A line's three cells as texts, with the blanks inside them. `assign` begins with its `=` and holds a whole
    expression; it and `comment` may be empty. `opens` is how many more brackets are open behind `lead`."""

    lead: str
    assign: str = ""
    comment: str = ""
    opens: int = 0
    blank: bool = False


def formatted(tokens: Sequence[Token], columns: Callable[[str], int] = len) -> str:
    """The text of the tokens with canonical spacing. `columns` counts the characters that a reader sees."""
    lines = [_cells(line) for line in _lines(tokens)]
    _indent(lines)
    widths = [columns(line.lead) for line in lines]
    gaps = _aligned(widths, [bool(line.assign) for line in lines])
    ends = [
        width + gap + columns(line.assign) if line.comment else 0
        for width, gap, line in zip(widths, gaps, lines, strict=True)
    ]
    comment_gaps = _aligned(ends, [bool(line.comment) for line in lines])
    out: list[str] = []
    for line, gap, comment_gap in zip(lines, gaps, comment_gaps, strict=True):
        out.append(line.lead)
        if gap:
            out += (" " * gap, line.assign)
        if comment_gap:
            out += (" " * comment_gap, line.comment)
    return "".join(out) + tokens[-1].text


def _lines(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    """The tokens without the last ("eof"), cut behind each newline; a comment to the end of its line holds one."""
    lines, begin = [], 0
    for number, token in enumerate(tokens):
        if token.kind == "newline" or (token.kind == "comment" and token.text.endswith("\n")):
            lines.append(tokens[begin : number + 1])
            begin = number + 1
    lines.append(tokens[begin : len(tokens) - 1])
    return lines


def _cells(line: Sequence[Token]) -> _Line:
    comment = ""
    if len(line) > 1 and line[-1].kind == "comment":
        line, comment = line[:-1], line[-1].text
    if not line:
        return _Line("", blank=True)
    out: list[str] = []
    equals = heredoc = None  # each with what comes before it: how many parts of `out`, how many open brackets
    opens = 0
    before, previous, subject = "", "", ""
    for token in line:
        kind = token.kind
        if out:
            if kind == "=" and equals is None:
                equals = len(out), opens
            if _space_after(before, subject, kind):
                out.append(" ")
        out.append(token.text)
        opens += _CHANGES.get(kind, 0)
        if kind == "oheredoc" and heredoc is None:
            heredoc = len(out), opens
        before, previous, subject = previous, kind, "in" if token.text == "in" else kind
    if equals is not None and equals[1] == opens:
        lead, assign = out[: equals[0]], out[equals[0] :]
        if heredoc is not None and heredoc[0] <= equals[0]:
            opens = heredoc[1]
        return _Line("".join(lead), "".join(assign).lstrip(" "), comment, opens)
    return _Line("".join(out), "", comment, heredoc[1] if heredoc is not None else opens, line[0].kind == "newline")


def _indent(lines: list[_Line]) -> None:
    """Indents each line. A line that opens brackets is one level, however many it opens; a level ends when as many are
    closed again."""
    levels: list[int] = []
    for line in lines:
        if line.blank:
            continue
        net = line.opens
        while net < 0 and levels:
            rest = net + levels.pop()
            if rest > 0:
                levels.append(rest)
            net = min(rest, 0)
        if levels:
            line.lead = "  " * len(levels) + line.lead
        if net > 0:
            levels.append(net)


def _aligned(widths: list[int], has_cell: list[bool]) -> list[int]:
    """The blanks before a cell in each line: in successive lines that have one, they stand below each other."""
    gaps = [0] * len(widths)
    start = 0
    while start < len(widths):
        end = start
        while end < len(widths) and has_cell[end]:
            end += 1
        widest = max(widths[start:end], default=0)
        for number in range(start, end):
            gaps[number] = widest - widths[number] + 1
        start = end + 1
    return gaps


@lru_cache(maxsize=4096)
def _space_after(before: str, subject: str, after: str) -> bool:
    """Whether a blank stands between two kinds of tokens; `before` is the kind in front of them, "" for none.

    The order of the rules is that of `spaceAfterToken`. The kind of the name `in` is "in" here.
    """
    keyword, subject = subject == "in", "ident" if subject == "in" else subject
    if after == "newline" or (subject == "ident" and after == "("):
        return False
    if (subject, after) in (("ident", "::"), ("::", "ident")) or "." in (subject, after) or after in (",", "..."):
        return False
    if subject == ",":
        return True
    if (
        subject in _LITERALS
        or subject in ("oquote", "oheredoc")
        or after in _LITERALS
        or after in ("cquote", "cheredoc")
    ):
        return False
    if keyword and before == "ident":
        return True
    if after == "[" and (subject in ("ident", "number") or subject in _CLOSE):
        return False
    if subject == "!":
        return False
    if subject == "-":
        return before not in _BEFORE_SIGN
    if subject == "{" or after == "}":
        return not (subject == "{" and after == "}")
    if (subject in ("interp", "control") and after == "{") or (subject == "}" and after == "seqend"):
        return True
    if subject == "seqend" and after in ("interp", "control"):
        return False
    return subject not in _OPEN and after not in _CLOSE
