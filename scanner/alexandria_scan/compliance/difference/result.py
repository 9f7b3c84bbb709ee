"""The result of a comparison: everything that a report of it may say."""

from __future__ import annotations

import msgspec

from alexandria_scan.compliance.difference.change import Change
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.tree import Location

DIFF_SCHEMA_VERSION = 1


class Side(msgspec.Struct, frozen=True):
    """One of the two versions: what the user called it, and its git commit, "" for a folder as it is."""

    label: str
    commit: str = ""


class Bump(msgspec.Struct, frozen=True):
    """`called` is what the changes call for: none, patch, minor, major. `made` is what the versions say, "" if one of
    them is not known, "back" if the new one is lower. `source` names where the versions stand."""

    called: str
    made: str
    old_version: str
    new_version: str
    source: str
    enough: bool


class ModuleDifference(msgspec.Struct, frozen=True):
    """A module, matched by its path. `status` is same, changed, added or removed."""

    path: str
    status: str
    changes: tuple[Change, ...]
    bump: Bump


class Weakened(msgspec.Struct, frozen=True):
    """A policy that a module passed with its defaults and does not pass any more. `verdict` is fail or unknown."""

    module: str
    policy: str
    title: str
    severity: str
    verdict: str
    address: str
    message: str
    location: Location
    controls: tuple[str, ...]


class DiffSummary(msgspec.Struct, frozen=True):
    """Numbers of changes by the bump that they call for, and the exit status with the sentence that explains it."""

    major: int
    unknown: int
    minor: int
    patch: int
    weakened: int
    problems: int
    exit_status: int
    verdict: str


class Difference(msgspec.Struct, frozen=True):
    old: Side
    new: Side
    modules: tuple[ModuleDifference, ...]
    weakened: tuple[Weakened, ...]
    problems: tuple[Problem, ...]
    summary: DiffSummary
