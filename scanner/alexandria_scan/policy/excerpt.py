"""The lines of source around a finding."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from alexandria_scan.evaluate.values import HIDDEN
from alexandria_scan.policy.results import ExcerptLine
from alexandria_scan.syntax.tree import Location, SourceText

CONTEXT = 2
MAX_LINES = 12


def excerpts(
    texts: Mapping[str, SourceText], secret_lines: Mapping[str, Collection[int]]
) -> Callable[[Location], tuple[ExcerptLine, ...]]:
    """A function from a location to the lines around it, those of the finding marked.

    What `secret_lines` (by file) assign, the defaults of sensitive variables, is left out.
    """

    def lines(location: Location) -> tuple[ExcerptLine, ...]:
        text = texts.get(location.file)
        if text is None or not location.line:
            return ()
        last = min(location.end_line, location.line + MAX_LINES - 1)
        secret = secret_lines.get(location.file, ())
        first, end = max(1, location.line - CONTEXT), min(text.line_count(), last + CONTEXT)
        return tuple(
            ExcerptLine(number, _shown(text.line(number), number in secret), location.line <= number <= last)
            for number in range(first, end + 1)
        )

    return lines


def _shown(line: str, secret: bool) -> str:
    if not secret:
        return line[:400]
    head, sign, _ = line.partition("=")
    return f"{head}= {HIDDEN}" if sign else HIDDEN
