"""What an absent argument means: policies/defaults/*.yaml, by provider version, engine and whatever else decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.types import DYNAMIC
from alexandria_scan.evaluate.values import Reason, Unknown, Value, opened
from alexandria_scan.policy.content import Content
from alexandria_scan.policy.manifest import Condition

if TYPE_CHECKING:
    from alexandria_scan.policy.yaml_file import YamlFile

_KEYS = ("value", "unknown", "when", "source", "note")


class Default(msgspec.Struct, frozen=True):
    """One entry: the value that absence means where `when` holds, or with `unknown` why that cannot be told."""

    value: Value
    unknown: str
    when: Condition | None
    source: str


class Defaults:
    """All entries by resource type and attribute."""

    def __init__(self, entries: dict[tuple[str, str], list[Default]]) -> None:
        self._entries = entries

    def find(self, type_: str, name: str, scope: Scope) -> Default | Unknown | None:
        """The entry in force; Unknown if it cannot be told which; None if there is none."""
        for entry in self._entries.get((type_, name), ()):
            if entry.when is None:
                return entry
            holds, _ = opened(entry.when.compiled(scope))
            if type(holds) is Unknown:
                return holds.as_type(DYNAMIC, False)
            if holds is True:
                return entry
        return None


def load_defaults(folders: Iterable[Content]) -> Defaults:
    """The defaults in `defaults/` of each folder. Raises PolicyError."""
    entries: dict[tuple[str, str], list[Default]] = {}
    for folder in folders:
        found = folder.made("defaults", list[tuple[str, str, list[Default]]], partial(_all, folder))
        entries.update({(type_, name): list(map(_with_tuples, listed)) for type_, name, listed in found})
    return Defaults(entries)


def _all(folder: Content) -> list[tuple[str, str, list[Default]]]:
    return [entry for name in folder.yaml_names("defaults") for entry in _read(folder.yaml(name, name))]


def _read(file: YamlFile) -> Iterator[tuple[str, str, list[Default]]]:
    for type_ in file.mapping() if file.data is not None else {}:
        for name, items in file.mapping(type_).items():
            if not isinstance(items, list):
                raise file.error("a list of entries is expected here", type_, name)
            yield type_, name, [_entry(file, item, type_, name, index) for index, item in enumerate(items)]


def _entry(file: YamlFile, item: Any, type_: str, name: str, index: int) -> Default:
    path = (type_, name, index)
    if not isinstance(item, dict) or ("value" in item) == ("unknown" in item):
        raise file.error("an entry has either 'value' or 'unknown'", *path)
    file.known_keys(item, _KEYS, *path)
    when = None
    if "when" in item:
        text = file.text_at(item, "when", *path)
        when = Condition(text, file.shown)
    return Default(item.get("value"), str(item.get("unknown", "")), when, str(item.get("source", "")))


def _with_tuples(entry: Default) -> Default:
    """YAML and JSON have lists where Terraform has tuples."""
    return msgspec.structs.replace(entry, value=_value(entry.value)) if isinstance(entry.value, list) else entry


def _value(value: Any) -> Value:
    return tuple(map(_value, value)) if isinstance(value, list) else value


def unknown_default(type_: str, name: str, why: str) -> Unknown:
    return Unknown(reasons=(Reason(f"{type_}.{name}", f"is not set, and {why}", f"set {name}"),))
