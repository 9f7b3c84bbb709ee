"""HCL in its canonical form: the algorithm of hashicorp/hcl's `hclwrite/format.go` on tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache

import msgspec

from alexandria_scan.syntax.tokens import Token

_OPEN = frozenset(["{", "[", "(", "control", "interp"])
_CLOSE = frozenset(["}", "]", ")", "seqend"])
_CHANGES = {**dict.fromkeys(_OPEN, 1), **dict.fromkeys(_CLOSE, -1)}
_LITERALS = frozenset(["quoted", "string"])
# Behind these a minus is a sign; behind anything else it subtracts.
_BEFORE_SIGN = frozenset(["", *"({[=:,?+*/%-<>!", "==", "!=", ">=", "<=", "&&", "||"])


class _Line(msgspec.Struct, frozen=True, gc=False):
    """A line's three cells. `assign` begins with its `=` and holds a whole expression; both may be empty."""

    lead: Sequence[Token]
    assign: Sequence[Token]
    comment: Sequence[Token]


def formatted(tokens: Sequence[Token], columns: Callable[[str], int] = len) -> str:
    """The text of the tokens with canonical spacing. `columns` counts the characters that a reader sees."""
    lines = [_cells(line) for line in _lines(tokens)]
    indents = _indents(lines)
    leads = [
        (" " * indent if line.lead else "") + _spaced(line.lead) for indent, line in zip(indents, lines, strict=True)
    ]
    assigns = [_spaced(line.assign) for line in lines]
    widths = [columns(lead) for lead in leads]
    gaps = _aligned(widths, [bool(line.assign) for line in lines])
    ends = [
        width + gap + columns(assign) if line.comment else 0
        for width, gap, assign, line in zip(widths, gaps, assigns, lines, strict=True)
    ]
    comment_gaps = _aligned(ends, [bool(line.comment) for line in lines])
    out: list[str] = []
    for lead, gap, assign, comment_gap, line in zip(leads, gaps, assigns, comment_gaps, lines, strict=True):
        out += (lead, " " * gap, assign, " " * comment_gap, *(token.text for token in line.comment))
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
    comment: Sequence[Token] = ()
    if len(line) > 1 and line[-1].kind == "comment":
        line, comment = line[:-1], line[-1:]
    for number, token in enumerate(line):
        if number and token.kind == "=":
            if _change(line[number:]) == 0:
                return _Line(line[:number], line[number:], comment)
            break
    return _Line(line, (), comment)


def _change(tokens: Iterable[Token]) -> int:
    """How many more brackets are open behind the tokens."""
    return sum([_CHANGES[token.kind] for token in tokens if token.kind in _CHANGES])


def _indents(lines: list[_Line]) -> list[int]:
    """The indentation of each line. A line that opens brackets is one level, however many it opens; a level ends when
    as many are closed again."""
    levels: list[int] = []
    found = []
    for line in lines:
        if not line.lead or line.lead[0].kind == "newline":
            found.append(0)
            continue
        heredoc = next((number for number, token in enumerate(line.lead, 1) if token.kind == "oheredoc"), None)
        net = _change(line.assign) + _change(line.lead[:heredoc])
        while net < 0 and levels:
            rest = net + levels.pop()
            if rest > 0:
                levels.append(rest)
            net = min(rest, 0)
        found.append(2 * len(levels))
        if net > 0:
            levels.append(net)
    return found


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


def _spaced(line: Sequence[Token]) -> str:
    """The tokens of one cell with the blanks between them."""
    if not line:
        return ""
    out = [line[0].text]
    before, subject = "", line[0]
    for after in line[1:]:
        if _space_after(before, subject.kind if subject.text != "in" else "in", after.kind):
            out.append(" ")
        out.append(after.text)
        before, subject = subject.kind, after
    return "".join(out)


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
