"""What a regular expression is made of."""

from __future__ import annotations

from typing import Union

import msgspec

from alexandria_scan.evaluate.functions.regex_classes import CharacterSet


class Character(msgspec.Struct, frozen=True):
    """One character out of a set."""

    set: CharacterSet


class Assertion(msgspec.Struct, frozen=True):
    """Matches no text: `begin`, `end`, of a line `line_begin`, `line_end`; `word`, `not_word` boundary."""

    kind: str


class Group(msgspec.Struct, frozen=True):
    index: int
    inner: Node


class Sequence(msgspec.Struct, frozen=True):
    items: tuple[Node, ...]


class Alternatives(msgspec.Struct, frozen=True):
    items: tuple[Node, ...]


class Repeat(msgspec.Struct, frozen=True):
    """`most` is None where there is no limit."""

    inner: Node
    least: int
    most: int | None
    greedy: bool


Node = Union["Character", "Assertion", "Group", "Sequence", "Alternatives", "Repeat"]


class Pattern(msgspec.Struct, frozen=True):
    """A parsed pattern; `names` are those of its groups, in order, "" for a group without a name."""

    root: Node
    names: tuple[str, ...]
