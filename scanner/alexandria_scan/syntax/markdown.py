"""Markdown to its headings, tables, code blocks and paragraphs, each with its line; by pulldown-cmark."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

from alexandria_scan.patterns import pattern
from alexandria_scan.syntax.html_blocks import PART, end_of_table, rows

_MARKUP = pattern(r"[\\`*_\[\]<>&\n]")
_TAG = pattern(r"<[^>]*>")
_COMMENT = pattern(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
_BREAK = pattern(r"<br\s*/?>", re.IGNORECASE)
_LINE_BREAKS = frozenset(["SoftBreak", "HardBreak"])
_INLINE = _LINE_BREAKS | {"Text", "Code", "InlineHtml", "Emphasis", "Strong", "Link", "Image"}
_WITHIN = "\ue000 "  # no block begins with it, and nobody writes it: it is for private use


class Heading(msgspec.Struct, frozen=True):
    """`markdown` is its source without what ends its lines; `text` what a reader sees."""

    line: int
    level: int
    markdown: str
    text: str


class Row(msgspec.Struct, frozen=True):
    """The cells of one row of a table, as they are written."""

    line: int
    cells: tuple[str, ...]


class Table(msgspec.Struct, frozen=True):
    """`header` is its first row; its line is that of the table."""

    header: Row
    rows: tuple[Row, ...]


class Fence(msgspec.Struct, frozen=True):
    """A code block; `line` is that of its first line of code, `language` in lower case."""

    line: int
    language: str
    text: str


class Paragraph(msgspec.Struct, frozen=True):
    """A paragraph as it is written, without indentation and what ends its lines; `listed` if it begins an item of a
    list."""

    line: int
    markdown: str
    listed: bool


Element: TypeAlias = Heading | Table | Fence | Paragraph


class _Html(msgspec.Struct, frozen=True):
    """A block of HTML that begins with the byte `start`, and ends before line `end`."""

    line: int
    end: int
    start: int
    text: str


class _Event(msgspec.Struct, frozen=True, gc=False):
    """What pulldown-cmark says of the bytes from `start` to `end`: `kind` is "Start" or "End" of what has the `name`,
    else empty; `value` is the text, or more about a heading or a code block."""

    kind: str
    name: str
    value: Any
    start: int
    end: int


class _Read(msgspec.Struct, frozen=True):
    """What was read of a text; `comments` say from which byte to which its HTML comments go."""

    data: bytes
    parts: tuple[Element | _Html, ...]
    comments: tuple[tuple[int, int], ...]


class _Reader:
    """Makes elements of what pulldown-cmark says one after the other."""

    def __init__(self, text: str, tables: bool) -> None:
        self.data = text.encode("utf-8", "replace")
        self.comments: list[tuple[int, int]] = []
        self._starts = [0, *(match.end() for match in re.finditer(b"\n", self.data))]
        self._events = list(_events(self.data.decode(), tables))
        self._at = 0

    def parts(self) -> Iterator[Element | _Html]:
        listed = False  # whether an item of a list has just begun
        while self._at < len(self._events):
            event = self._events[self._at]
            line = self._line(event.start)
            begins = event.kind == "Start"
            self._at += event.name not in _INLINE  # these stand alone in the items of a list without blank lines
            if event.name in _INLINE or (begins and event.name == "Paragraph"):
                yield Paragraph(line, self.inline()[0], listed)
            elif begins and event.name == "Heading":
                source, seen = self.inline()
                yield Heading(line, int(event.value["level"][1:]), source, seen)
            elif begins and event.name == "CodeBlock":
                yield self._code(event, line)
            elif begins and event.name == "HtmlBlock":
                yield self._html(event, line)
            elif begins and event.name == "Table":
                yield self._table(line)
            listed = begins and event.name == "Item"

    def inline(self) -> tuple[str, str]:
        """All that comes before the next beginning or end of a block, as it is written and as a reader sees it."""
        written, seen = [], []
        begin = end = broken = pictures = 0
        while self._at < len(self._events) and self._events[self._at].name in _INLINE:
            event = self._events[self._at]
            self._at += 1
            if not end:  # the end of a link has the place of all of it
                begin = max(event.start - (self.data[event.start - 1 : event.start] == b"\\"), broken)
            pictures += {"Start": 1, "End": -1}.get(event.kind, 0) if event.name == "Image" else 0
            if event.name in _LINE_BREAKS:
                written.append(self._source(begin, event.start))
                end, broken = 0, event.end
            else:
                end = max(end, event.end)  # what is inside of a link comes after its beginning
            if event.name == "InlineHtml" and event.value.startswith("<!--"):
                self.comments.append((event.start, event.end))
            if event.name in _LINE_BREAKS or (event.name == "InlineHtml" and _BREAK.match(event.value)):
                seen.append("\n")
            elif event.name in ("Text", "Code") and not pictures:
                seen.append(event.value)
        if end:
            written.append(self._source(begin, end))
        return "\n".join(written).strip(), "".join(seen).strip()

    def seen(self) -> str:
        """What a reader sees of a text that is one paragraph."""
        self._at = 1
        return self.inline()[1]

    def _code(self, opening: _Event, line: int) -> Fence:
        text = "".join(event.value for event in self._until("CodeBlock"))
        if not isinstance(opening.value, dict):  # it is indented
            return Fence(line, "", text)
        words = opening.value["Fenced"].split()
        return Fence(line + 1, words[0].lower() if words else "", text)

    def _html(self, opening: _Event, line: int) -> _Html:
        self.comments += [match.span() for match in _COMMENT.finditer(self.data, opening.start, opening.end)]
        lines = self._until("HtmlBlock")
        return _Html(line, self._line(opening.end - 1) + 1, opening.start, "".join(one.value for one in lines))

    def _table(self, line: int) -> Table:
        found: list[Row] = []
        cells: list[str] = []
        first = line
        while (event := self._events[self._at]).name != "Table":
            self._at += 1
            if event.kind == "Start" and event.name == "TableCell":
                self.inline()
                cells.append(self._source(event.start, event.end).strip().replace("\\|", "|"))
            elif event.kind == "Start":
                first, cells = self._line(event.start), []
            elif event.name in ("TableHead", "TableRow"):
                found.append(Row(first, tuple(cells)))
        return Table(found[0], tuple(found[1:]))

    def _until(self, name: str) -> list[_Event]:
        """What comes before the end of the block of that name."""
        begin = self._at
        while self._events[self._at].name != name:
            self._at += 1
        return self._events[begin : self._at]

    def _line(self, at: int) -> int:
        return bisect_right(self._starts, at)

    def _source(self, start: int, end: int) -> str:
        return self.data[start:end].decode()


def _events(text: str, tables: bool) -> Iterator[_Event]:
    from pyromark import Options, events_with_range  # many modules have nothing to read

    said: Any  # a name, or a name to more
    for said, place in events_with_range(text, options=Options.ENABLE_TABLES if tables else Options(0)):
        kind, value = _named(said)
        name = kind
        if kind in ("Start", "End"):
            name, value = _named(value)
        else:
            kind = ""
        yield _Event(kind, name, value, place["start"], place["end"])


def _named(said: Any) -> tuple[str, Any]:
    """A name and what is said of it."""
    ((name, value),) = said.items() if isinstance(said, dict) else ((said, None),)
    return name, value


@lru_cache(maxsize=1)
def _read(text: str) -> _Read:
    reader = _Reader(text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd"), tables=True)
    parts = tuple(reader.parts())
    return _Read(reader.data, parts, tuple(reader.comments))


def lines_without_comments(text: str) -> list[str]:
    """The lines of a text with blanks in the place of its HTML comments; what looks like one in code is none."""
    read, written, at = _read(text), [], 0
    for start, end in read.comments:
        written += [read.data[at:start].decode(), re.sub(r"[^\n]", " ", read.data[start:end].decode())]
        at = end
    return "".join([*written, read.data[at:].decode()]).split("\n")


def parse_markdown(text: str) -> tuple[Element, ...]:
    """The elements of a text in order. Every text is Markdown, so nothing can be wrong with it."""
    found: list[Element] = []
    after = 0  # what begins before this line is part of the HTML in front of it
    for part in _read(text).parts:
        if isinstance(part, _Html):
            if part.line >= after:
                after = _add_html(part, _read(text).data, found)
        elif (part.header.line if isinstance(part, Table) else part.line) >= after:
            found.append(part)
    return tuple(found)


def _add_html(block: _Html, data: bytes, found: list[Element]) -> int:
    """Adds the headings and tables of HTML; gives the line in which what belongs to it has ended."""
    html, end = block.text, block.end
    part = None if html.lstrip().startswith("<!--") else PART.search(html)
    while part is not None and (line := block.line + html.count("\n", 0, part.start())) < end:
        after = part.end()
        if part["level"]:
            found.append(Heading(line, int(part["level"]), part["text"], plain(part["text"])))
        else:
            after = end_of_table(html, part.start())
            if after == len(html):  # or else a blank line stands in it, which Markdown takes for its end
                html = data[block.start :].decode()
                after = end_of_table(html, part.start())
                end = block.line + html.count("\n", 0, after) + 1
            made = [Row(line + below, cells) for below, cells in rows(html[part.start() : after])]
            found += [Table(made[0], tuple(made[1:]))] if made else []
        part = PART.search(html, after)
    return end


def plain(markdown: str) -> str:
    """What a reader sees of one line of Markdown: without emphasis, links, tags; a break is a newline."""
    if _MARKUP.search(markdown) is None:
        return markdown.strip()
    reader = _Reader("\n".join(_WITHIN + line for line in markdown.split("\n")), tables=False)
    return reader.seen().replace(_WITHIN, "").replace(_WITHIN.strip(), "").strip()


def code_text(markdown: str) -> str:
    """The code in a cell: what stands in backticks or in <pre>, without them."""
    text = _BREAK.sub("\n", markdown.strip())
    if "<" in text and not text.startswith("`"):
        from html import unescape

        return unescape(_TAG.sub("", text)).strip().strip("`").strip()
    if text.startswith("`") and text.endswith("`") and len(text) > 1:
        return text.strip("`").strip()
    return plain(markdown)
