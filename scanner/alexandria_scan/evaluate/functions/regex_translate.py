"""A parsed pattern as one for Python's `re`, far faster, where that is sure to find the same in good time."""

from __future__ import annotations

import math
import sys
from functools import cache

from alexandria_scan.evaluate.functions.regex_classes import CharacterSet, Ranges, orbit
from alexandria_scan.evaluate.functions.regex_machine import nullable
from alexandria_scan.evaluate.functions.regex_nodes import (
    Alternatives,
    Assertion,
    Character,
    Group,
    Node,
    Pattern,
    Repeat,
    Sequence,
)

_ASSERTIONS = {
    "begin": r"\A",
    "end": r"\Z",
    "line_begin": "(?m:^)",
    "line_end": "(?m:$)",
    "word": r"\b",
    "not_word": r"\B",
}
_TIMES = {(0, 1): "?", (0, None): "*", (1, None): "+"}


class Untranslatable(ValueError):
    """The pattern is left to the machine."""


def translate(pattern: Pattern) -> str:
    """Raises Untranslatable."""
    return _text(pattern.root)


def cost(node: Node, length: int) -> int:
    """An upper bound of the ways in which `re` may try to match at one place of a text of `length`.

    Raises Untranslatable where there is no useful bound, or where `re` may report groups differently from Go.
    """
    if isinstance(node, (Character, Assertion)):
        return 1
    if isinstance(node, Group):
        return cost(node.inner, length)
    if isinstance(node, Sequence):
        total = 1
        for item in node.items:
            total *= cost(item, length)
        return total
    if isinstance(node, Alternatives):
        return sum(cost(item, length) for item in node.items)
    return _repeat_cost(node, length)


def _repeat_cost(node: Repeat, length: int) -> int:
    inner = node.inner
    if isinstance(inner, Character):
        return (length + 1 if node.most is None else min(node.most, length) - min(node.least, length)) + 1
    if (node.least, node.most) == (0, 1) and not nullable(inner):
        return cost(inner, length) + 1
    if node.least == node.most and node.least < 20 and not nullable(inner) and not _has_groups(inner):
        return math.prod([cost(inner, length)] * node.least)
    raise Untranslatable


def _has_groups(node: Node) -> bool:
    if isinstance(node, Group):
        return True
    if isinstance(node, Repeat):
        return _has_groups(node.inner)
    return isinstance(node, (Sequence, Alternatives)) and any(map(_has_groups, node.items))


def _text(node: Node) -> str:
    if isinstance(node, Character):
        return _set(node.set)
    if isinstance(node, Assertion):
        return _ASSERTIONS[node.kind]
    if isinstance(node, Group):
        return f"({_text(node.inner)})"
    if isinstance(node, Sequence):
        return "".join(map(_text, node.items))
    if isinstance(node, Alternatives):
        return "(?:" + "|".join(map(_text, node.items)) + ")"
    inner = _text(node.inner)
    most = "" if node.most is None else node.most
    times = _TIMES.get((node.least, node.most)) or f"{{{node.least},{most}}}"
    return f"{inner if isinstance(node.inner, Character) else f'(?:{inner})'}{times}{'' if node.greedy else '?'}"


def _set(members: CharacterSet) -> str:
    """Case is folded by hand, and only for ASCII: texts with other letters are left to the machine."""
    if members.rules:
        raise Untranslatable
    ranges, negated = members.ranges, members.negated
    if members.fold:
        orbits, folded = _ascii_orbits(), set[int]()
        for low, high in ranges:
            for member in range(low, high + 1) if high - low < len(orbits) else orbits:
                folded.update(orbits.get(member, ()) if low <= member <= high else ())
        ranges = tuple((code, code) for code in sorted(folded))
    if ranges and ranges[-1][1] == sys.maxunicode:  # `.` and the like: `re` compiles what is left out far faster
        ranges, negated = _others(ranges), not negated
    if not ranges:
        return r"(?s:.)" if negated else "(?!)"
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1] and not negated:
        return _escaped(ranges[0][0])
    body = "".join(f"{_escaped(low)}-{_escaped(high)}" if high > low else _escaped(low) for low, high in ranges)
    return f"[{'^' if negated else ''}{body}]"


@cache
def _ascii_orbits() -> dict[int, list[int]]:
    """For each character the ASCII characters that are the same when case does not matter."""
    found: dict[int, list[int]] = {}
    for code in range(128):
        for member in orbit(chr(code)):
            found.setdefault(ord(member), []).append(code)
    return found


def _others(ranges: Ranges) -> Ranges:
    """What ranges that are in order leave out."""
    begins = [0, *(high + 1 for _, high in ranges)]
    return tuple((begin, low - 1) for begin, (low, _) in zip(begins, ranges, strict=False) if begin < low)


def _escaped(code: int) -> str:
    character = chr(code)
    return character if character.isascii() and character.isalnum() else f"\\U{code:08x}"
