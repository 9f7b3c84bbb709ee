"""HCL text to tokens, as hashicorp/hcl scans it (`hclsyntax/scan_tokens.rl`): what its formatter works on."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from alexandria_scan.patterns import pattern


class Token(msgspec.Struct, frozen=True, gc=False):
    """`kind` is a name such as "ident", or the text itself for operators and brackets."""

    kind: str
    text: str


_MAIN = pattern(
    r"""[ \t]*(?:
      (?P<ident>[^\W\d][\w-]*)
    | (?P<newline>\r?\n)
    | (?P<oquote>")
    | (?P<oheredoc><<-?(?P<marker>[^\W\d][\w-]*)\r?\n)
    | (?P<symbol>\.\.\.|==|!=|>=|<=|&&|\|\||::|=>|[\[\]().,*%+=<>!?:&|^;`'-]|/(?![/*])|~(?!\}))
    | (?P<obrace>\{)
    | (?P<cbrace>~?\})
    | (?P<comment>(?:\#|//)[^\n]*\n?|/\*.*?\*/)
    | (?P<number>[0-9](?:(?:[0-9.]|[eE][+-]?[0-9])*(?:[0-9]|[eE][+-]?[0-9]))?)
    | (?P<eof>\Z)
    | (?P<invalid>.)
    )""",
    re.VERBOSE | re.DOTALL,
)
_TEMPLATE = pattern(r"(?P<interp>\$\{~?)|(?P<control>%\{~?)")
_QUOTED = pattern(r"(?:\\.|\$\$\{|%%\{|[$%](?!\{)|[^\"\\$%])*", re.DOTALL)
_HEREDOC = pattern(r"(?:\$\$\{|%%\{|[$%](?!\{)|[^\n$%])*\n?")


@cache
def _symbol(text: str) -> Token:
    return Token(text, text)


def tokens(text: str) -> list[Token]:
    """All tokens but blanks. The last has kind "eof" and holds the blanks at the end of the text, as HCL keeps them.

    Neighbouring literals of a template are one token. What is no HCL becomes a token of kind "invalid".
    """
    return _Scanner(text).run()


class _Scanner:
    """`templates` are the open templates: the marker of a heredoc, "" for a quoted one. `ends` holds for each open
    interpolation how many braces were open before it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Token] = []
        self.templates: list[str] = []
        self.ends: list[int] = []
        self.braces = 0

    def run(self) -> list[Token]:
        text, found, match = self.text, self.found, _MAIN.match
        at = 0
        while True:
            token = match(text, at)
            assert token is not None
            at = token.end()
            kind = token.lastgroup
            if kind in ("ident", "newline", "comment", "number", "invalid"):
                found.append(Token(kind, token[kind]))
            elif kind == "symbol":
                found.append(_symbol(token[kind]))
            elif kind == "obrace":
                self.braces += 1
                found.append(_symbol("{"))
            elif kind == "cbrace":
                at = self._close(token["cbrace"], at)
            elif kind == "oquote":
                found.append(Token("oquote", '"'))
                self.templates.append("")
                at = self._quoted(at)
            elif kind == "oheredoc":
                found.append(Token("oheredoc", token[kind]))
                self.templates.append(token["marker"])
                at = self._heredoc(at, True)
            else:
                found.append(Token("eof", " " * (at - token.start())))
                return found

    def _close(self, text: str, at: int) -> int:
        """A closing brace, which may end an interpolation: what follows is text of the template again."""
        ends_sequence = bool(self.ends) and self.ends[-1] == self.braces
        self.braces -= 1
        if not ends_sequence:
            self.found.append(Token("}" if text == "}" else "seqend", text))
            return at
        self.ends.pop()
        self.found.append(Token("seqend", text))
        return self._heredoc(at, False) if self.templates[-1] else self._quoted(at)

    def _quoted(self, at: int) -> int:
        literal = _QUOTED.match(self.text, at)
        assert literal is not None
        if literal.group():
            self.found.append(Token("quoted", literal.group()))
        at = literal.end()
        opened = self._open(at)
        if opened:
            return opened
        self.templates.pop()
        if at < len(self.text):
            self.found.append(Token("cquote", '"'))
            return at + 1
        return at

    def _heredoc(self, at: int, line_start: bool) -> int:
        text, marker = self.text, self.templates[-1]
        begin = at
        while at < len(text):
            if line_start:
                end = text.find("\n", at)
                line = text[at : end if end >= 0 else len(text)]
                if line.strip() == marker:
                    self._literal(begin, at)
                    self.found.append(Token("cheredoc", line.rstrip("\r")))
                    self.templates.pop()
                    return at + len(line.rstrip("\r"))
            literal = _HEREDOC.match(text, at)
            assert literal is not None
            at = literal.end()
            line_start = literal.group().endswith("\n")
            if not line_start:
                self._literal(begin, at)
                opened = self._open(at)
                if opened:
                    return opened
                begin = at
                break
        self._literal(begin, at)
        self.templates.pop()
        return at

    def _open(self, at: int) -> int:
        """The position behind the `${` or `%{` at a position, 0 if there is none."""
        sequence = _TEMPLATE.match(self.text, at)
        if sequence is None:
            return 0
        self.found.append(Token(str(sequence.lastgroup), sequence.group()))
        self.braces += 1
        self.ends.append(self.braces)
        return sequence.end()

    def _literal(self, begin: int, end: int) -> None:
        if end > begin:
            self.found.append(Token("string", self.text[begin:end]))
