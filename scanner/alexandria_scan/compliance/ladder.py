"""The maturity ladder as data: levels, and what a module has to show for each, read from policies/maturity/."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import msgspec

from alexandria_scan.policy.yaml_file import YamlFile

LEVELS = ("experimental", "alpha", "beta", "stable", "mature")
BESIDE = ("deprecated", "archived")
"""Levels beside the ladder: a module is put there, it does not rise to them."""
_KEYS = ("level", "title", "about", "service_level", "criteria")
_CRITERION_KEYS = ("id", "title", "evidence", "only_here", "next")


class Criterion(msgspec.Struct, frozen=True):
    """`kind` names the measure, `parameters` are what it wants. One that counts `only_here` is not asked again on the
    levels above: a ceiling that rises."""

    id: str
    title: str
    kind: str
    parameters: dict[str, Any]
    next: str
    only_here: bool = False


class Level(msgspec.Struct, frozen=True):
    """`service_level` is what users of a module of this level can count on."""

    name: str
    title: str
    about: str
    service_level: str
    criteria: tuple[Criterion, ...]


def load_ladder(folder: Path, kinds: Collection[str], policies: Collection[str]) -> dict[str, Level]:
    """The levels by name, lowest first, those beside the ladder last. Raises PolicyError."""
    found = {}
    for name in (*LEVELS, *BESIDE):
        file = YamlFile(folder / "maturity" / f"{name}.yaml", f"policies/maturity/{name}.yaml")
        data = file.mapping()
        file.known_keys(data, _KEYS)
        if file.text_at(data, "level", required=True) != name:
            raise file.error(f"the level of this file is {name!r}", "level")
        criteria = data.get("criteria")
        if not isinstance(criteria, list):
            raise file.error("'criteria' must be a list", "criteria")
        found[name] = Level(
            name,
            file.text_at(data, "title", required=True),
            file.text_at(data, "about"),
            file.text_at(data, "service_level"),
            tuple(_criterion(file, index, kinds, policies) for index in range(len(criteria))),
        )
    return found


def _criterion(file: YamlFile, index: int, kinds: Collection[str], policies: Collection[str]) -> Criterion:
    path = ("criteria", index)
    data = file.mapping(*path)
    file.known_keys(data, _CRITERION_KEYS, *path)
    parameters = dict(file.mapping(*path, "evidence")) if "evidence" in data else {}
    kind = parameters.pop("kind", None)
    if kind not in kinds:
        raise file.error(f"the kind of evidence is one of {', '.join(kinds)}, not {kind!r}", *path, "evidence")
    for policy in parameters.get("policies", ()):
        if policy not in policies:
            raise file.error(f"there is no policy {policy!r}", *path, "evidence", "policies")
    return Criterion(
        file.text_at(data, "id", *path, required=True),
        file.text_at(data, "title", *path, required=True),
        kind,
        parameters,
        file.text_at(data, "next", *path, required=True),
        data.get("only_here") is True,
    )
