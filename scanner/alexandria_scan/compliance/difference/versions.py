"""The bump that was made from one version to the next, and the one that changes call for."""

from __future__ import annotations

from collections.abc import Iterable

from alexandria_scan.compliance.difference.change import Change
from alexandria_scan.graph.semantic_version import Version

BUMPS = ("none", "patch", "minor", "major")


def called_for(changes: Iterable[Change], old: Version | None) -> str:
    """The smallest bump that all decided changes allow. Below 1.0.0 each counts for one less (semver.org, item 4, and
    the usage that a new minor version may break)."""
    effects = {change.effect for change in changes}
    needed = "major" if "major" in effects else "minor" if "minor" in effects else "patch" if effects else "none"
    if old is not None and old.major == 0:
        return {"major": "minor", "minor": "patch"}.get(needed, needed)
    return needed


def bump_made(old: Version, new: Version) -> str:
    """none, patch, minor or major; "back" for a version below the old one.

    From one pre-release to the next of the same version, it is the bump which that version is from the one before.
    """
    if new < old:
        return "back"
    if new == old:
        return "none"
    if (new.major, new.minor, new.patch) == (old.major, old.minor, old.patch):
        return "patch" if new.patch else "minor" if new.minor else "major"
    if new.major != old.major:
        return "major"
    return "minor" if new.minor != old.minor else "patch"


def is_enough(made: str, called: str) -> bool:
    return made in BUMPS and BUMPS.index(made) >= BUMPS.index(called)
