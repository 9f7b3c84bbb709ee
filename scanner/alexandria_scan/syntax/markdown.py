"""Markdown to its headings, tables, code blocks and paragraphs, each with its line; by markdown-it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias

import msgspec

from alexandria_scan.syntax.html_blocks import PART, end_of_table, rows

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_MARKUP = re.compile(r"[\\`*_\[\]<>&\n]")
_TAG = re.compile(r"<[^>]*>")
_BLOCK_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_INLINE_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


class Heading(msgspec.Struct, frozen=True):
    """`markdown` is its source; `text` what a reader sees."""

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
    """A paragraph as it is written; `listed` if it begins an item of a list."""

    line: int
    markdown: str
    listed: bool


Element: TypeAlias = Heading | Table | Fence | Paragraph


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"maxNesting": 40}).enable("table")
    parser.core.ruler.enableOnly(["normalize", "block"])  # texts are read where somebody asks for one
    return parser


@lru_cache(maxsize=1)
def _inline_parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"maxNesting": 40})


def _lines_ended(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


@lru_cache(maxsize=1)
def _tokens(text: str) -> list[Token]:
    return _parser().parse(text)


def lines_without_comments(text: str) -> list[str]:
    """The lines of a text with blanks in the place of its HTML comments; what looks like one in code is none."""
    text = _lines_ended(text)
    lines = text.split("\n")
    for token in _tokens(text) if "<!--" in text else ():
        if token.type in ("html_block", "inline") and token.map is not None and "<!--" in token.content:
            comment = _BLOCK_COMMENT if token.type == "html_block" else _INLINE_COMMENT
            first, end = token.map
            written = "\n".join(lines[first:end])
            lines[first:end] = comment.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), written).split("\n")
    return lines


def parse_markdown(text: str) -> tuple[Element, ...]:
    """The elements of a text in order. Every text is Markdown, so nothing can be wrong with it."""
    if not text.strip():
        return ()
    found: list[Element] = []
    text = _lines_ended(text)
    tokens = _tokens(text)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        line = (token.map[0] if token.map else 0) + 1
        if token.type == "heading_open":
            source = tokens[at + 1].content
            found.append(Heading(line, int(token.tag[1:]), source, plain(source)))
        elif token.type == "table_open":
            at = _table(tokens, at, found)
        elif token.type in ("fence", "code_block"):
            words = token.info.split()
            inner = line + 1 if token.type == "fence" else line
            found.append(Fence(inner, words[0].lower() if words else "", token.content))
        elif token.type == "html_block":
            at = _html(text, tokens, at, found)
        elif token.type == "paragraph_open":
            listed = at > 0 and tokens[at - 1].type == "list_item_open"
            found.append(Paragraph(line, tokens[at + 1].content, listed))
        at += 1
    return tuple(found)


def _html(text: str, tokens: list[Token], at: int, found: list[Element]) -> int:
    """Adds the headings and tables of the HTML at a position; gives that of the last token that belongs to it."""
    html = tokens[at].content
    first, end = tokens[at].map or (0, 0)
    part = None if html.lstrip().startswith("<!--") else PART.search(html)
    while part is not None:
        line = first + html.count("\n", 0, part.start()) + 1
        after = part.end()
        if part["level"]:
            found.append(Heading(line, int(part["level"]), part["text"], plain(part["text"])))
        else:
            after = end_of_table(html, part.start())
            if after == len(html):  # or else a blank line stands in it, which Markdown takes for its end
                html = text[_line_starts(text)[first] :]
                after = end_of_table(html, part.start())
                end = first + html.count("\n", 0, after) + 1
            made = [Row(line + below, cells) for below, cells in rows(html[part.start() : after])]
            found += [Table(made[0], tuple(made[1:]))] if made else []
        part = PART.search(html, after) if first + html.count("\n", 0, after) < end else None
    while at + 1 < len(tokens) and (tokens[at + 1].map is None or (tokens[at + 1].map or (0, 0))[0] < end):
        at += 1
    return at


@lru_cache(maxsize=1)
def _line_starts(text: str) -> list[int]:
    return [0, *(match.end() for match in re.finditer("\n", text))]


def _table(tokens: list[Token], at: int, found: list[Element]) -> int:
    """Adds the table that opens at a position; gives the position of its end."""
    rows: list[Row] = []
    cells: list[str] = []
    line = 0
    while tokens[at].type != "table_close":
        token = tokens[at]
        if token.type == "inline":
            cells.append(token.content)
        elif token.type == "tr_close":
            rows.append(Row(line, tuple(cells)))
            cells = []
        elif token.type == "tr_open":
            line = (token.map[0] if token.map else 0) + 1
        at += 1
    found.append(Table(rows[0], tuple(rows[1:])))
    return at


def plain(markdown: str) -> str:
    """What a reader sees of one line of Markdown: without emphasis, links, tags; a break is a newline."""
    if _MARKUP.search(markdown) is None:
        return markdown.strip()
    inline = _inline_parser().parseInline(markdown)[0]
    parts = []
    for token in inline.children or ():
        if token.type in ("text", "code_inline"):
            parts.append(token.content)
        elif token.type in ("softbreak", "hardbreak") or (token.type == "html_inline" and _BREAK.match(token.content)):
            parts.append("\n")
    return "".join(parts).strip()


def code_text(markdown: str) -> str:
    """The code in a cell: what stands in backticks or in <pre>, without them."""
    text = _BREAK.sub("\n", markdown.strip())
    if "<" in text and not text.startswith("`"):
        from html import unescape

        return unescape(_TAG.sub("", text)).strip().strip("`").strip()
    if text.startswith("`") and text.endswith("`") and len(text) > 1:
        return text.strip("`").strip()
    return plain(markdown)
