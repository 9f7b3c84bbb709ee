"""The source lines around a finding, with their numbers and a mark at the place that it is about."""

from __future__ import annotations

from rich.cells import cell_len

from alexandria_scan.policy.results import ExcerptLine, Result
from alexandria_scan.report.text.page import DIM, FRAME, PROSE_WIDTH, Page, Part

MAX_LINES = 14


def gutter(result: Result) -> int:
    """Cells that the line numbers of this finding need."""
    return max([2, *(len(str(line.line)) for line in result.excerpt)])


def write(page: Page, result: Result, message: str, style: str) -> None:
    """The excerpt, with `message` at the mark. Writes nothing but the message where there is no excerpt."""
    frame = " " * gutter(result) + f" {page.bar} "
    if not result.excerpt:
        return
    page.line((frame, FRAME))
    lines = _around_marks(result.excerpt)
    marked = [line for line in lines if line.marked]
    one = marked[0] if len(marked) == 1 else None
    room = page.width - cell_len(frame) - 2
    previous = None
    for line in lines:
        if previous is not None and line.line != previous + 1:
            page.line(("..." if not page.unicode else "…", FRAME))
        previous = line.line
        begin, end = _columns(result, line) if line is one else (0, 0)
        text, begin, end = _window(page, line.text, begin, end, room)
        number = f"{line.line:>{gutter(result)}} {page.bar} "
        beside: list[Part] = [("> ", style)] if line.marked and not one else [] if one else ["  "]
        page.line((number, FRAME), *beside, (text, "" if line.marked else DIM))
        if line is one:
            _mark(page, frame, begin, end, message, style)
        elif line is (marked[-1] if marked else lines[-1]) and message:
            page.prose(message, style, first=[(frame, FRAME), "  "], rest=[(frame, FRAME), "  "])
    page.line((frame, FRAME))


def _around_marks(lines: tuple[ExcerptLine, ...]) -> tuple[ExcerptLine, ...]:
    """At most MAX_LINES, from a little before the first marked one."""
    if len(lines) <= MAX_LINES:
        return lines
    first = next((number for number, line in enumerate(lines) if line.marked), 0)
    start = max(0, min(first - 3, len(lines) - MAX_LINES))
    return lines[start : start + MAX_LINES]


def _columns(result: Result, line: ExcerptLine) -> tuple[int, int]:
    """Where in the line the finding begins and ends, in characters; the whole text of it without a column, and where
    the place is but the first character of the text: that names a line, or a block."""
    place, text = result.location, line.text
    indent = len(text) - len(text.lstrip())
    if place.line != line.line or place.column < 1:
        return indent, len(text)
    if place.column - 1 == indent and place.end_line == place.line and place.end_column <= place.column + 1:
        return indent, max(len(text.rstrip()), indent + 1)
    begin = min(place.column - 1, len(text))
    end = min(place.end_column - 1, len(text)) if place.end_line == place.line else len(text.rstrip())
    return begin, max(end, begin + 1)


def _window(page: Page, text: str, begin: int, end: int, room: int) -> tuple[str, int, int]:
    """The part of a line that fits into `room` cells and shows its mark; the mark in it, in cells."""
    clean = page.clean(text)
    left, right = cell_len(page.clean(text[:begin])), cell_len(page.clean(text[:end]))
    if cell_len(clean) <= room:
        return clean, left, max(right, left + 1)
    cut = len(page.cut)
    skip = max(0, min(left - 8, cell_len(clean) - room))
    head = page.cut if skip else ""
    body = _crop(clean, skip + len(head), room - len(head))
    if skip + room < cell_len(clean):
        body = _crop(body, 0, room - len(head) - cut) + page.cut
    shown = cell_len(head + body)
    return head + body, max(left - skip, 0), max(min(right - skip, shown), left - skip + 1)


def _crop(text: str, start: int, length: int) -> str:
    """The characters in the cells from `start`, `length` cells at most."""
    made, at = "", 0
    for char in text:
        wide = cell_len(char)
        if at >= start and at + wide <= start + length:
            made += char
        at += wide
    return made


def _mark(page: Page, frame: str, begin: int, end: int, message: str, style: str) -> None:
    """Carets below a line from cell `begin` to `end`, and the message behind them if it fits, else below."""
    carets = " " * begin + "^" * (end - begin)
    label = page.clean(message)
    used = cell_len(frame) + len(carets) + 1
    if "\n" not in message and used + cell_len(label) <= page.width and cell_len(label) <= PROSE_WIDTH:
        page.line((frame, FRAME), (f"{carets} {label}" if label else carets, style))
        return
    page.line((frame, FRAME), (carets, style))
    indent = begin if page.width - cell_len(frame) - begin >= 50 else 2
    lead: list[Part] = [(frame, FRAME), " " * indent]
    page.prose(message, style, first=lead, rest=lead)
