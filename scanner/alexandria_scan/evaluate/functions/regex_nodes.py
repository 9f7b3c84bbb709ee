"""What a regular expression is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Union

from alexandria_scan.evaluate.functions.regex_classes import CharacterSet


@dataclass(frozen=True, slots=True)
class Character:
    """One character out of a set."""

    set: CharacterSet


@dataclass(frozen=True, slots=True)
class Assertion:
    """Matches no text: `begin`, `end`, of a line `line_begin`, `line_end`; `word`, `not_word` boundary."""

    kind: str


@dataclass(frozen=True, slots=True)
class Group:
    index: int
    inner: Node


@dataclass(frozen=True, slots=True)
class Sequence:
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Alternatives:
    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """`most` is None where there is no limit."""

    inner: Node
    least: int
    most: int | None
    greedy: bool


Node = Union["Character", "Assertion", "Group", "Sequence", "Alternatives", "Repeat"]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A parsed pattern; `names` are those of its groups, in order, "" for a group without a name."""

    root: Node
    names: tuple[str, ...]
