"""Words and numbers that every format needs, and text that is safe to print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from alexandria_scan.patterns import pattern
from alexandria_scan.policy.results import SEVERITIES

if TYPE_CHECKING:  # a usage error needs no results
    from alexandria_scan.compliance.result import StandardScore

# Everything that moves a cursor, starts an escape sequence, hides or reorders text, or cannot be encoded.
_UNPRINTABLE = pattern(
    "[\x00-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")  # which Python holds for printable


def printable(text: str, mark: str = "\N{REPLACEMENT CHARACTER}") -> str:
    """`text` on one line, with a mark for each character that a terminal or a browser would obey.

    It works character by character, so the width of a printable prefix is where the rest begins.
    """
    if text.isprintable() and (text.isascii() or (_BLANK.isdisjoint(text) and max(text) < "\U000e0000")):
        return text
    return _UNPRINTABLE.sub(mark, text.replace("\t", "    ").replace("\n", " ").replace("\r", " "))


def ended(text: str) -> str:
    """`text` with a full stop, unless it has an end already or is empty."""
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."


def count(number: int, noun: str) -> str:
    """ "1 file", "2 files", "12,345 files"."""
    if number != 1:
        noun = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {noun}"


def listed(items: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join([*([", ".join(items[:-1])] if len(items) > 1 else []), *items[-1:]])


def switched_off(standards: Iterable[StandardScore]) -> list[str]:
    """What the configuration file keeps from being judged, a sentence for each standard that it is part of."""
    return [
        f"Switched off in the configuration file: {count(len(one.disabled), 'policy')} of {one.title or one.name}."
        " What they prove is not in its score."
        for one in standards
        if one.disabled
    ]


def rank(severity: str) -> int:
    """0 for the most severe; a severity that is not known comes last."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)
