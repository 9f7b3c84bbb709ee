"""What is wrong with a file that does not parse: python-hcl2 names the token and the place."""

from __future__ import annotations

from alexandria_scan.syntax.tree import SourceText, SyntaxProblem

MAX_BYTES = 256 * 1024  # python-hcl2 reads about 100 KB a second
_NAMES = {
    "EQ": '"="', "LBRACE": '"{"', "RBRACE": '"}"', "LSQB": '"["', "RSQB": '"]"', "LPAR": '"("', "RPAR": '")"',
    "COMMA": '","', "COLON": '":"', "NL_OR_COMMENT": "a new line", "NAME": "a name", "DBLQUOTE": '"\\""',
    "DBLQUOTE_STRING": "a string", "STRING_LIT": "a string", "INT_LITERAL": "a number",
    "FLOAT_LITERAL": "a number",
}  # fmt: skip


def diagnose(source: SourceText, fallback: SyntaxProblem) -> SyntaxProblem:
    """The problem as python-hcl2 sees it, or `fallback` if it reads the file without complaint."""
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
        shown = "end of line" if not str(error.token).strip() else f'"{str(error.token).strip()[:40]}"'
        return _at(source, error.line, error.column, f"Unexpected {shown}", _expected(set(error.expected)))
    except UnexpectedCharacters as error:
        character = f'"{error.char}"' if error.char.strip() else "character"
        return _at(source, error.line, error.column, f"Unexpected {character}", "")
    except UnexpectedEOF:
        line, column = source.position(len(source.data.rstrip()))
        return SyntaxProblem(source.name, line, column, "Unexpected end of file", "A block is not closed.")
    except (RecursionError, ValueError):
        return fallback
    return fallback


def _at(source: SourceText, line: int, column: int, summary: str, detail: str) -> SyntaxProblem:
    return SyntaxProblem(source.name, max(1, line), max(1, column), summary, detail)


def _expected(tokens: set[str]) -> str:
    names = sorted({_NAMES[token] for token in tokens if token in _NAMES})
    if not names:
        return ""
    if len(names) == 1:
        return f"Expected {names[0]}."
    return f"Expected {', '.join(names[:-1])} or {names[-1]}."
