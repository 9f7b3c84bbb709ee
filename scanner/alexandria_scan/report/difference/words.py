"""What all reports of a comparison say in the same words, and what they say once for several modules."""

from __future__ import annotations

from msgspec.structs import replace

from alexandria_scan.compliance.difference.change import Change
from alexandria_scan.compliance.difference.result import Bump, Difference
from alexandria_scan.compliance.difference.versions import BUMPS

TITLES = {"major": "Breaks callers", "unknown": "Look at it", "minor": "New", "patch": "Other changes"}


def name_of(path: str) -> str:
    """A module's name in a report."""
    return "the module itself" if path == "." else path


def change_text(change: Change) -> tuple[str, str, str]:
    """What a report says of a change, wherever it stands."""
    return change.effect, change.subject, change.message


def repeated(result: Difference) -> dict[tuple[str, ...], tuple[Change, ...]]:
    """The changes that several modules have: the paths of these modules -> what they have in common."""
    places: dict[tuple[str, str, str], list[tuple[str, Change]]] = {}
    for module in result.modules:
        for change in module.changes:
            places.setdefault(change_text(change), []).append((module.path, change))
    groups: dict[tuple[str, ...], list[Change]] = {}
    for found in places.values():
        if len(found) > 1:
            paths = tuple(dict.fromkeys(path for path, _ in found))
            groups.setdefault(paths, []).append(replace(found[0][1], old=None, new=None))
    return {paths: tuple(groups[paths]) for paths in sorted(groups, key=lambda paths: (-len(paths), paths))}


def common_bump(result: Difference) -> Bump | None:
    """The bump of all changed modules if they have one version: what the worst of them calls for. Else None."""
    bumps = [module.bump for module in result.modules if module.changes]
    if len({(bump.old_version, bump.new_version, bump.source) for bump in bumps}) != 1:
        return None
    return max(bumps, key=lambda bump: BUMPS.index(bump.called))


def bump_sentence(bump: Bump) -> str:
    """What the changes call for, and what was done."""
    called = {"none": "no bump"}.get(bump.called, f"a {bump.called} bump")
    if not bump.made:
        return f"Calls for {called}; the versions are not known: give --old-version and --new-version."
    from_to = f"{bump.old_version} to {bump.new_version}"
    if bump.made == "none":
        made = f"the version is still {bump.new_version}"
    elif bump.made == "back":
        made = f"the version went back, {from_to}"
    else:
        made = f"{from_to} is a {bump.made} bump"
    below = " (below 1.0.0, a minor bump may break callers and a patch may add)" if bump.old_version[:2] == "0." else ""
    return f"Calls for {called}{below}; {made}, by {bump.source}."
