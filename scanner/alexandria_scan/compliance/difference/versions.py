"""Semantic versions: the bump that was made, and the one that changes call for."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from alexandria_scan.compliance.difference.change import Change

_VERSION = re.compile(r"v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?\Z")
_TAG = re.compile(r"(?:\A|[/_-])(v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)\Z")
BUMPS = ("none", "patch", "minor", "major")


class Version(msgspec.Struct, frozen=True, order=True):
    """`pre` is the pre-release, () for a release; it sorts as semver sorts, a release after its pre-releases."""

    major: int
    minor: int
    patch: int
    release: bool
    pre: tuple[tuple[int, int, str], ...]

    def __str__(self) -> str:
        text = f"{self.major}.{self.minor}.{self.patch}"
        parts = [str(number) if not kind else word for kind, number, word in self.pre]
        return f"{text}-{'.'.join(parts)}" if parts else text


def version_of(text: str) -> Version | None:
    """A semantic version, with or without the v of a tag; None for anything else."""
    match = _VERSION.match(text.strip())
    if match is None:
        return None
    parts = match.group(4).split(".") if match.group(4) else []
    pre = tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)
    return Version(int(match.group(1)), int(match.group(2)), int(match.group(3)), not pre, pre)


def version_in_tag(tag: str) -> Version | None:
    """The version at the end of a tag: `v1.2.0`, `vpc/v1.2.0`, `vpc-1.2.0`."""
    match = _TAG.search(tag)
    return version_of(match.group(1)) if match is not None else None


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
