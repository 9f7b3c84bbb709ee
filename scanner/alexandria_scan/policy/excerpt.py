"""The lines of source around a finding."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TypeAlias

from alexandria_scan.evaluate.secret_names import names_a_secret
from alexandria_scan.evaluate.values import HIDDEN
from alexandria_scan.patterns import pattern
from alexandria_scan.policy.results import ExcerptLine
from alexandria_scan.syntax.tree import Location, SourceText

CONTEXT = 2
MAX_LINES = 12
_KEY_BEGINS, _KEY_ENDS = pattern(r"-----BEGIN [A-Z ]*PRIVATE KEY"), pattern(r"-----END [A-Z ]*PRIVATE KEY")
_DOCUMENT_BEGINS = pattern(r'\s*"?([\w-]+)"?\s*=.*<<[-~]?(\w+)\s*$')
_VALUE_BEGINS = pattern(r'\s*"?([\w-]+)"?\s*=(?!=).*[(\[{]\s*$')
_TEXT = pattern(r'"(?:[^"\\]|\\.)*"')


Excerpt: TypeAlias = Callable[[Location], tuple[ExcerptLine, ...]]
"""The lines around a location, those of the finding marked."""


def excerpts(texts: Mapping[str, SourceText], secret_lines: Mapping[str, Collection[int]]) -> Excerpt:
    """A function from a location to the lines around it, those of the finding marked.

    What `secret_lines` (by file) assign, the defaults of sensitive variables, is left out; so is what stands on the
    lines below a secret's name, and a private key wherever it is.
    """
    found: dict[str, frozenset[int]] = {}

    def lines(location: Location) -> tuple[ExcerptLine, ...]:
        text = texts.get(location.file)
        if text is None or not location.line:
            return ()
        if location.file not in found:
            found[location.file] = _secret_values(text)
        last = min(location.end_line, location.line + MAX_LINES - 1)
        secret, values = secret_lines.get(location.file, ()), found[location.file]
        first, end = max(1, location.line - CONTEXT), min(text.line_count(), last + CONTEXT)
        return tuple(
            ExcerptLine(
                number,
                HIDDEN if number in values else _shown(text.line(number), number in secret, number - 1 in secret),
                location.line <= number <= last,
            )
            for number in range(first, end + 1)
        )

    return lines


def _shown(line: str, secret: bool, goes_on: bool) -> str:
    if not secret:
        return line[:400]
    head, sign, _ = line.partition("=")
    return f"{head}= {HIDDEN}" if sign and not goes_on else HIDDEN


def _secret_values(text: SourceText) -> frozenset[int]:
    """The lines that hold nothing but a secret: private keys, and values below a secret's name."""
    secret: set[int] = set()
    marker, key, depth = "", False, 0
    for number in range(1, text.line_count() + 1):
        line = text.line(number)
        key = key or _KEY_BEGINS.search(line) is not None
        if marker:
            if line.strip() == marker:
                marker = ""
            else:
                secret.add(number)
        elif depth:
            depth += _opened(line)
            if _TEXT.search(line):
                secret.add(number)
        elif key:
            secret.add(number)
        elif (document := _DOCUMENT_BEGINS.match(line)) and names_a_secret(document[1]):
            marker = document[2]
        elif (value := _VALUE_BEGINS.match(line)) and names_a_secret(value[1]):
            depth = max(0, _opened(line))
        key = key and _KEY_ENDS.search(line) is None
    return frozenset(secret)


def _opened(line: str) -> int:
    """How many brackets the line opens more than it closes."""
    bare = _TEXT.sub("", line)
    return sum(map(bare.count, "([{")) - sum(map(bare.count, ")]}"))
