"""What is wrong with a file that does not parse: what is not closed, else python-hcl2 names the token and the place."""

from __future__ import annotations

import re

from alexandria_scan.patterns import pattern
from alexandria_scan.syntax.balance import fault
from alexandria_scan.syntax.tree import SourceText, SyntaxProblem

MAX_BYTES = 256 * 1024  # python-hcl2 reads about 100 KB a second
_QUOTED_NAME = pattern(r'"[\w-]+"\s*=(?!=)')
_NAMES = {
    "EQ": '"="', "LBRACE": '"{"', "RBRACE": '"}"', "LSQB": '"["', "RSQB": '"]"', "LPAR": '"("', "RPAR": '")"',
    "COMMA": '","', "COLON": '":"', "NL_OR_COMMENT": "a new line", "NAME": "a name", "DBLQUOTE": '"\\""',
    "DBLQUOTE_STRING": "a string", "STRING_LIT": "a string", "INT_LITERAL": "a number",
    "FLOAT_LITERAL": "a number",
}  # fmt: skip


def diagnose(source: SourceText, fallback: SyntaxProblem) -> SyntaxProblem:
    """The first thing that is not closed, else what python-hcl2 says; `fallback` if it reads the file without
    complaint, or the file is so large that it would take long."""
    found = fault(source)
    if found is not None:
        return found
    if len(source.data) > MAX_BYTES or max(map(len, source.data.split(b"\n")), default=0) > 20_000:
        return fallback
    import hcl2
    from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedToken

    try:
        hcl2.parses_to_tree(source.data.decode("utf-8"))
    except UnexpectedToken as error:
        if error.token.type == "$END":
            line, column = source.position(len(source.data.rstrip()))
            return SyntaxProblem(source.name, line, column, "Unexpected end of file", _expected(set(error.expected)))
        return _unexpected(source, error.line, error.column, str(error.token), set(error.expected))
    except UnexpectedCharacters as error:
        character = f'"{error.char}"' if error.char.strip() else "character"
        return _at(source, error.line, error.column, f"Unexpected {character}", "")
    except UnexpectedEOF:
        line, column = source.position(len(source.data.rstrip()))
        return SyntaxProblem(source.name, line, column, "Unexpected end of file", "A block is not closed.")
    except (RecursionError, ValueError):
        return fallback
    return fallback


def _unexpected(source: SourceText, line: int, column: int, token: str, expected: set[str]) -> SyntaxProblem:
    """`token` may run over several lines: the first says enough."""
    lines = token.strip().split("\n")
    shown = f'"{lines[0].rstrip()[:40]}"' if lines[0] else "end of line"
    if "NAME" in expected and line > 0 and _QUOTED_NAME.match(source.line(line)[column - 1 :]):
        return SyntaxProblem(source.name, line, column, "Invalid argument name", "Argument names must not be quoted.")
    before = _before(source, line, column)
    if before is not None and expected == {"COLON"}:
        detail = 'A conditional has the form condition ? value : other value; the ":" is missing.'
        return SyntaxProblem(source.name, *before, "Missing false expression in conditional", detail)
    if before is not None and expected <= {"LBRACE", "DBLQUOTE", "DBLQUOTE_STRING", "STRING_LIT", "NAME"}:
        text = source.line(before[0])
        word = re.search(r"(?<=\S)(\s*)([^\W\d][\w-]*)\s*$", text[: before[1] - 1])
        if word is not None and "=" in text[: word.start()]:
            detail = "An argument definition must end with a newline."
            return SyntaxProblem(source.name, before[0], word.start(2) + 1, "Missing newline after argument", detail)
    return _at(source, line, column, f"Unexpected {shown}", _expected(expected))


def _before(source: SourceText, line: int, column: int) -> tuple[int, int] | None:
    """The line and column behind the last text before a token that is the first in its line; else None."""
    if line < 1 or source.line(min(line, source.line_count()))[: max(0, column - 1)].strip():
        return None
    while line > 1:
        line -= 1
        text = source.line(line)
        if text.strip():
            return line, len(text.rstrip()) + 1
    return None


def _at(source: SourceText, line: int, column: int, summary: str, detail: str) -> SyntaxProblem:
    return SyntaxProblem(source.name, max(1, line), max(1, column), summary, detail)


def _expected(tokens: set[str]) -> str:
    names = sorted({_NAMES[token] for token in tokens if token in _NAMES})
    if not names:
        return ""
    if len(names) == 1:
        return f"Expected {names[0]}."
    return f"Expected {', '.join(names[:-1])} or {names[-1]}."
