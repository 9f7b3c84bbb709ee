"""The lines of source around a finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from alexandria_scan.policy.results import ExcerptLine
from alexandria_scan.syntax.tree import Location, SourceText

CONTEXT = 2
MAX_LINES = 12


def excerpts(texts: Mapping[str, SourceText]) -> Callable[[Location], tuple[ExcerptLine, ...]]:
    """A function from a location to the lines around it, those of the finding marked."""

    def lines(location: Location) -> tuple[ExcerptLine, ...]:
        text = texts.get(location.file)
        if text is None or not location.line:
            return ()
        last = min(location.end_line, location.line + MAX_LINES - 1)
        first, end = max(1, location.line - CONTEXT), min(text.line_count(), last + CONTEXT)
        return tuple(
            ExcerptLine(number, text.line(number)[:400], location.line <= number <= last)
            for number in range(first, end + 1)
        )

    return lines
