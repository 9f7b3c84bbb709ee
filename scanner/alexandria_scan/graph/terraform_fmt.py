"""What `terraform fmt` would write: HCL's canonical spacing, and the old notations that Terraform itself replaces."""

from __future__ import annotations

from itertools import zip_longest

from alexandria_scan.evaluate.declarations import plain_text
from alexandria_scan.evaluate.functions.graphemes import count
from alexandria_scan.syntax.format import formatted
from alexandria_scan.syntax.parse import parse_expression
from alexandria_scan.syntax.tokens import Token, tokens
from alexandria_scan.syntax.tree import Parentheses, SourceText

_OPEN = frozenset(["{", "[", "(", "control", "interp"])
_CLOSE = frozenset(["}", "]", ")", "seqend"])
_ANY = {
    name: [Token("ident", name), Token("(", "("), Token("ident", "any"), Token(")", ")")]
    for name in ("list", "map", "set")
}
_QUOTED_TYPES = {
    "string": [Token("ident", "string")],
    **{
        name: [Token("ident", name), Token("(", "("), Token("ident", "string"), Token(")", ")")]
        for name in ("list", "map")
    },
}


def first_difference(source: SourceText) -> tuple[int, str] | None:
    """The first line that `terraform fmt` would change, counted from 1, and what it would write there; None if it
    would change nothing, or does not format the file because it is not valid."""
    text = source.data.decode("utf-8")
    found = tokens(text)
    if any(token.kind == "invalid" or (token.kind == "quoted" and "\n" in token.text) for token in found):
        return None
    wanted = formatted(_Rewriting(found).run(), _columns)
    if wanted == text:
        return None
    pairs = zip_longest(text.split("\n"), wanted.split("\n"), fillvalue="")
    return next((number, line) for number, (found, line) in enumerate(pairs, start=1) if found != line)


def canonical(text: str) -> str:
    """The text as `terraform fmt` writes it (`internal/command/fmt.go`). It has to be a valid configuration."""
    return formatted(_Rewriting(tokens(text)).run(), _columns)


def _columns(text: str) -> int:
    return len(text) if text.isascii() and "\r\n" not in text else count(text)


class _Rewriting:
    """Copies tokens and replaces what Terraform writes differently: labels without quotes, strings that are only an
    interpolation, quoted types."""

    def __init__(self, found: list[Token]) -> None:
        self.tokens = found
        self.at = 0
        self.out: list[Token] = []

    def run(self) -> list[Token]:
        self.body(())
        self.out += self.tokens[self.at :]
        return self.out

    def body(self, blocks: tuple[str, ...]) -> None:
        """The items up to the brace that ends the body, or to the end of the file."""
        while self.tokens[self.at].kind not in ("}", "eof"):
            start = self.at
            self.at += 1
            if self.tokens[start].kind == "ident":
                after = next((n for n in range(self.at, len(self.tokens)) if self.tokens[n].kind != "comment"), self.at)
                if self.tokens[after].kind == "=":
                    self.at = after + 1
                    self.out += self.tokens[start : self.at]
                    self.attribute(self.tokens[start].text, blocks)
                else:
                    self.block((*blocks, self.tokens[start].text), start)
            else:
                self.out.append(self.tokens[start])

    def attribute(self, name: str, blocks: tuple[str, ...]) -> None:
        while self.tokens[self.at].kind == "comment":
            self.out.append(self.tokens[self.at])
            self.at += 1
        start, depth = self.at, 0
        while True:
            token = self.tokens[self.at]
            if token.kind == "eof" or (depth == 0 and (token.kind in ("newline", "}") or _ends_line(token))):
                break
            depth += (token.kind in _OPEN) - (token.kind in _CLOSE)
            self.at += 1
        end = self.at
        while end > start and self.tokens[end - 1].kind == "comment":
            end -= 1
        expression = self.tokens[start:end]
        is_type = blocks == ("variable",) and name == "type"
        self.out += _type(expression) if is_type else _value(expression)
        self.out += self.tokens[end : self.at]

    def block(self, blocks: tuple[str, ...], start: int) -> None:
        self.out.append(self.tokens[start])
        header = self.at
        while self.tokens[self.at].kind not in ("{", "eof"):
            self.at += 1
        labels = self.tokens[header : self.at]
        last = max((n for n, token in enumerate(labels) if token.kind in ("ident", "cquote")), default=-1)
        for token in labels[: last + 1]:
            if token.kind == "ident":
                self.out += (Token("oquote", '"'), Token("quoted", token.text), Token("cquote", '"'))
            elif token.kind == "quoted" and "\\" in token.text:
                self.out.append(Token("quoted", _escaped(token.text)))
            elif token.kind != "comment":
                self.out.append(token)
        self.out += labels[last + 1 :]
        if self.tokens[self.at].kind == "{":
            self.out.append(self.tokens[self.at])
            self.at += 1
            self.body(blocks)
            if self.tokens[self.at].kind == "}":
                self.out.append(self.tokens[self.at])
                self.at += 1


def _escaped(label: str) -> str:
    """A label with only the escapes that it needs."""
    node = parse_expression("", f'"{label}"')
    text = plain_text(node.inner if isinstance(node, Parentheses) else node) or ""
    text = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return text.replace("${", "$${").replace("%{", "%%{")


def _ends_line(token: Token) -> bool:
    return token.kind == "comment" and token.text.endswith("\n")


def _type(expression: list[Token]) -> list[Token]:
    if len(expression) == 1 and expression[0].kind == "ident":
        return _ANY.get(expression[0].text, expression)
    if [token.kind for token in expression] == ["oquote", "quoted", "cquote"]:
        return _QUOTED_TYPES.get(expression[1].text, expression)
    return expression


def _value(expression: list[Token]) -> list[Token]:
    """`"${x}"` as `x`, in parentheses if that takes several lines."""
    kinds = [token.kind for token in expression]
    if len(kinds) < 5 or kinds[:2] != ["oquote", "interp"] or kinds[-2:] != ["seqend", "cquote"]:
        return expression
    quotes = 0
    for kind in kinds[2:-2]:
        if kind in ("oquote", "cquote"):
            quotes += 1 if kind == "oquote" else -1
        elif quotes <= 0 and kind in ("interp", "seqend", "quoted"):
            return expression
    inside = _trimmed(expression[2:-2])
    several_lines = any(token.kind == "newline" for token in inside)
    if several_lines and not (inside[0].kind == "(" and inside[-1].kind == ")"):
        return [Token("(", "("), *inside, Token(")", ")")]
    return inside


def _trimmed(inside: list[Token]) -> list[Token]:
    while inside and inside[0].kind == "newline":
        inside = inside[1:]
    while inside and inside[-1].kind == "newline":
        inside = inside[:-1]
    return inside
