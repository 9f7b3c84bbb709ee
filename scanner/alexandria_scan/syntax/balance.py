"""What is opened and never closed, and characters that HCL does not know: the faults of a file that does not parse."""

from __future__ import annotations

import re
from collections.abc import Iterator

from alexandria_scan.patterns import pattern
from alexandria_scan.syntax.tree import SourceText, SyntaxProblem

_CLOSERS = {b"{": b"}", b"[": b"]", b"(": b")", b"${": b"}", b"%{": b"}"}
_CONFLICT = pattern(rb"^(?:<{7}|>{7})(?: .*)?$|^={7}\r?$", re.MULTILINE)
_COMMENT = pattern(rb"(?:#|//)[^\n]*|/\*.*?\*/", re.DOTALL)
_MARKER = rb"<-?([^\W\d][\w-]*)[ \t]*\r?\n"
_HEREDOC = pattern(rb"<" + _MARKER)
_PLAIN = pattern(rb"(?:[ \t\r\n\w.,:=!?>&|+*%~^-]|<(?!" + _MARKER + rb")|/(?![/*])|[\x80-\xff])+")
_LINE_OR_TEMPLATE = pattern(rb"\n|[$%]\{")
_QUOTED = pattern(rb'(?:[^"\\$%\n]|\$\$\{|%%\{|\$(?!\{)|%(?!\{))+')
_ESCAPE = pattern(rb'\\(?:[nrt"\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})')
_TOP_LEVEL = pattern(rb"^(?=[A-Za-z_][\w-]*[ \t]*(?:[\"{=]|[A-Za-z_]))", re.MULTILINE)
_ASSIGNMENT = pattern(rb"[\w-]+[ \t]*=")
_CURLY_QUOTES = ("“", "”", "‘", "’", "„")
_STRANGERS = {
    "'": "Strings are written in double quotes.",
    "`": "Strings are written in double quotes; a text of several lines is a heredoc.",
    ";": "Arguments and blocks are separated by new lines.",
    **dict.fromkeys(_CURLY_QUOTES, "These are curly quotes; strings are written in straight double quotes."),
}
_MAX_OPEN = 100_000
_NEAR = 100  # how far up the stack a closing bracket is compared


def fault(source: SourceText) -> SyntaxProblem | None:
    """The first thing that is not closed, closes nothing, or is no character of the language; None if all is well."""
    conflict = _CONFLICT.search(source.data)
    if conflict is not None:
        detail = "This line was left by a merge: choose one side and delete the markers."
        return _problem(source, conflict.start(), "Merge conflict", detail)
    return _Scan(source).run()


def beginnings(source: SourceText) -> Iterator[int]:
    """Where blocks and arguments begin at the left margin. In a comment and in a heredoc there are none; in one that is
    not closed, and may be none at all, blocks count."""
    scan = _Scan(source, strict=False)
    scan.run()
    texts = iter(scan.texts)
    nowhere = (len(source.data), len(source.data))
    begin, end = next(texts, nowhere)
    for match in _TOP_LEVEL.finditer(source.data):
        while end is not None and end <= match.start():
            begin, end = next(texts, nowhere)
        if match.start() < begin or (end is None and not _ASSIGNMENT.match(source.data, match.start())):
            yield match.start()


def _problem(source: SourceText, offset: int, summary: str, detail: str) -> SyntaxProblem:
    line, column = source.position(offset)
    return SyntaxProblem(source.name, line, column, summary, detail)


class _Scan:
    """Goes through the text once with a stack of what is open: brackets, quotes, templates, heredocs' markers. If it is
    not `strict`, it goes on behind what is wrong. `texts`: where comments and heredocs begin and end, which is None for
    the last if it is not closed."""

    def __init__(self, source: SourceText, strict: bool = True) -> None:
        self.source = source
        self.strict = strict
        self.texts: list[tuple[int, int | None]] = []
        self.data = source.data
        self.open: list[tuple[bytes, int]] = []
        self.suspect: tuple[bytes, int] | None = None
        self.found: SyntaxProblem | None = None

    def run(self) -> SyntaxProblem | None:
        at = 0
        while at < len(self.data) and self.found is None and len(self.open) < _MAX_OPEN:
            kind = self.open[-1][0] if self.open else b"{"
            if kind == b'"':
                at = self.quoted(at)
            elif kind in _CLOSERS:
                at = self.code(at)
            else:
                at = self.heredoc(at, kind)
        if self.strict and self.found is None and self.open:
            self.at_end()
        return self.found

    def fail(self, offset: int, summary: str, detail: str, behind: int = 0) -> int:
        """Where the scan goes on: `behind` what is wrong, or nowhere."""
        if not self.strict:
            return behind
        self.found = _problem(self.source, offset, summary, detail)
        return len(self.data)

    def code(self, at: int) -> int:
        data = self.data
        heredoc = _HEREDOC.match(data, at)
        if heredoc is not None:
            self.open.append((heredoc.group(1), at))
            return heredoc.end() - 1
        match = _PLAIN.match(data, at)
        if match is not None:
            text = match.group()
            if self.strict and not text.isascii():
                for quote in _CURLY_QUOTES:
                    found = text.find(quote.encode())
                    if found >= 0:
                        return self.fail(at + found, f"Invalid character {quote}", _STRANGERS[quote])
            return match.end()
        comment = _COMMENT.match(data, at)
        if comment is not None:
            self.texts.append(comment.span())
            return comment.end()
        character = data[at : at + 1]
        if character == b"/":
            self.texts.append((at, None))
            return self.fail(at, "Unclosed comment", 'There is no "*/" that ends this comment.', len(data))
        if character in (b'"', b"{", b"[", b"("):
            self.open.append((character, at))
        elif character in (b"}", b"]", b")"):
            self.close(character, at)
        else:
            shown = character.decode("ascii", "replace")
            detail = _STRANGERS.get(shown, "This character is not used in the language here.")
            return self.fail(at, f'Invalid character "{shown}"', detail, at + 1)
        return at + 1

    def close(self, character: bytes, at: int) -> None:
        if not any(_CLOSERS.get(kind) == character for kind, _ in self.open[-_NEAR:]):
            self.fail(at, f'Unexpected "{character.decode()}"', f'There is no "{_opener(character)}" that it closes.')
            return
        kind, start = self.open.pop()
        if not self.strict:
            while _CLOSERS.get(kind) != character:
                kind, start = self.open.pop()
        elif _CLOSERS[kind] != character:
            line = self.source.position(start)[0]
            detail = f'The "{kind.decode()}" in line {line} is not closed: expected "{_CLOSERS[kind].decode()}" first.'
            self.fail(at, f'Unexpected "{character.decode()}"', detail)
        elif self.suspect is None and kind == b"{" and self.indent(at) < self.indent(start) and self.first(at):
            self.suspect = (kind, start)

    def indent(self, at: int) -> int:
        """How far the line is indented in which `at` stands."""
        start = self.data.rfind(b"\n", 0, at) + 1
        line = self.data[start : start + 200]
        return len(line) - len(line.lstrip(b" \t"))

    def first(self, at: int) -> bool:
        """True if only blanks stand before `at` in its line."""
        start = self.data.rfind(b"\n", 0, at) + 1
        return at - start < 200 and not self.data[start:at].strip()

    def quoted(self, at: int) -> int:
        match = _QUOTED.match(self.data, at)
        if match is not None:
            return match.end()
        two = self.data[at : at + 2]
        if two[:1] == b'"':
            self.open.pop()
            return at + 1
        if two in (b"${", b"%{"):
            self.open.append((two, at))
            return at + 2
        if two[:1] == b"\\":
            escape = _ESCAPE.match(self.data, at)
            if escape is not None:
                return escape.end()
            shown = self.data[at : at + 6].decode("utf-8", "replace")[1:2].strip()
            detail = f'"\\{shown}" means nothing; a backslash itself is written "\\\\".'
            return self.fail(at, "Invalid escape sequence", detail, at + 1)
        detail = 'There is no closing quote in this line. A text of several lines is a heredoc, or has "\\n".'
        return self.fail(self.open.pop()[1], "Unclosed string", detail, at)

    def heredoc(self, at: int, marker: bytes) -> int:
        """`at` is a line break, or lies behind a template within the heredoc."""
        data = self.data
        if data[at : at + 1] == b"\n":
            end = data.find(b"\n", at + 1)
            line = data[at + 1 : end if end >= 0 else len(data)]
            if line.strip() == marker:
                self.texts.append((self.open.pop()[1], at + 1 + len(line)))
                return at + 1 + len(line)
            at += 1
        while at < len(data) and data[at : at + 1] != b"\n":
            if self.strict and data[at : at + 2] in (b"${", b"%{") and data[at - 1 : at] != data[at : at + 1]:
                self.open.append((data[at : at + 2], at))
                return at + 2
            following = _LINE_OR_TEMPLATE.search(data, at + 1)
            at = len(data) if following is None else following.start()
        if at >= len(data):
            self.texts.append((self.open[-1][1], None))
        return at

    def at_end(self) -> None:
        kind, start = self.suspect or self.open[-1]
        if kind == b'"':
            self.fail(start, "Unclosed string", "There is no closing quote before the end of the file.")
        elif kind not in _CLOSERS:
            marker = kind.decode("utf-8", "replace")
            detail = f"There is no line that holds only {marker}: it ends this text."
            self.fail(start, "Unclosed heredoc", detail)
        elif kind == b"{":
            header = self.source.line(self.source.position(start)[0]).strip()[:80]
            detail = f'There is no "}}" that closes it before the end of the file: {header}'
            self.fail(start, "Unclosed block", detail)
        else:
            shown = kind.decode()
            detail = f'There is no "{_CLOSERS[kind].decode()}" that closes it before the end of the file.'
            self.fail(start, f'Unclosed "{shown}"', detail)


def _opener(closer: bytes) -> str:
    return {b"}": "{", b"]": "[", b")": "("}[closer]
