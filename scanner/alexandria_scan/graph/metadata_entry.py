"""What a document says of a module, by itself or in a registry: values, their places, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import msgspec

from alexandria_scan.evaluate.values import Value
from alexandria_scan.syntax.tree import Location, SourceText

METADATA_FILE = ".alexandria.yaml"


class Fault(msgspec.Struct, frozen=True):
    """Something wrong in the file. `kind` is unreadable, unknown_key, wrong_value or missing_key."""

    kind: str
    message: str
    location: Location


class Entry(msgspec.Struct, eq=False):
    """One module's metadata. `values` has every key of the form, null where the file does not say or says it wrongly;
    `places` tells where a key stands, by its dotted path, `faults` what is wrong."""

    location: Location
    values: dict[str, Value] = {}
    places: dict[str, Location] = {}
    faults: list[Fault] = []

    def text(self, *path: str) -> str | None:
        """The text at a path, None if there is none."""
        value = self.value(*path)
        return value if isinstance(value, str) else None

    def value(self, *path: str) -> Value:
        value: Value = self.values
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return value

    def place(self, *path: str | int) -> Location:
        """Where the key stands, or what is around it."""
        for length in range(len(path), 0, -1):
            found = self.places.get(".".join(map(str, path[:length])))
            if found is not None:
                return found
        return self.location


class Reading(msgspec.Struct):
    """What a document says: of one thing, or of a library and the modules in it, each with its id."""

    about: Entry
    entries: list[tuple[str, Entry]] = []


Recall: TypeAlias = Callable[[str, SourceText, Callable[[], Reading]], Reading]
"""The reading of a text as a kind of document: what the function given last returns, or has returned before."""


def afresh(kind: str, text: SourceText, read: Callable[[], Reading]) -> Reading:
    """Remembers nothing."""
    return read()
