"""Headings and tables that a Markdown text has as HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator

from alexandria_scan.patterns import pattern

PART = pattern(r"<h(?P<level>[1-6])\b[^>]{0,300}>(?P<text>.{0,500}?)</h(?P=level)\s*>|<table\b", re.I | re.S)
_END = pattern(r"</table\s*>", re.I)
_ROW = pattern(r"<tr\b", re.I)
_CELL = pattern(r"<t[hd]\b[^>]{0,300}>(.*?)(?=<t[hd]\b|</t[hd]|</tr|\Z)", re.I | re.S)


def end_of_table(html: str, start: int) -> int:
    """Where the table that begins at `start` ends; the end of the text, if it has no end."""
    match = _END.search(html, start)
    return match.end() if match is not None else len(html)


def rows(table: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows of a table that have cells: how many lines below its beginning, and the cells as they are written."""
    starts = [match.start() for match in _ROW.finditer(table)]
    below = counted = 0
    for start, end in zip(starts, [*starts, len(table)][1:], strict=True):
        below += table.count("\n", counted, start)
        counted = start
        cells = tuple(" ".join(match[1].split()) for match in _CELL.finditer(table, start, end))
        if cells:
            yield below, cells
