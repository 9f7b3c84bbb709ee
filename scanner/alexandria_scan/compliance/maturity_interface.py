"""Whether a module's interface is final: nothing is left to do, and nothing broke callers since the last minor version.

The last minor version is the first release x.y.0 of the newest x.y that is tagged before what is checked out. Below
1.0.0, a new minor version may break callers; from 1.0.0 on, only a major one may.
"""

from __future__ import annotations

from typing import Any

from alexandria_scan.compliance.difference.change import Change
from alexandria_scan.compliance.maturity_case import Case, Outcome, contradicted, inconclusive, verified
from alexandria_scan.graph.semantic_version import Version, maturity_of, version_of
from alexandria_scan.syntax.tree import Location


def interface(case: Case, given: dict[str, Any]) -> Outcome:
    if case.facts.todo is not None:
        return verified(False, "something is left to do", case.facts.todo)
    said = case.stated("version")
    place = said.location if said is not None else None
    version = _version(case)
    if version is None:
        return inconclusive("the module has no semantic version", place)
    if maturity_of(version) == "alpha":
        return verified(False, f"version {version} may still change everything", place)
    base = _last_minor(case)
    if base is None:
        return inconclusive(_without_tag(case), place)
    return _since(case, version, *base)


def _version(case: Case) -> Version | None:
    """What the metadata says, else the CHANGELOG, else the newest tag."""
    said = case.facts.text("version") or next((one.version for one in case.facts.releases), None)
    if said is not None:
        return version_of(said)
    return max((version for version, _ in _tags(case)), default=None)


def _tags(case: Case) -> list[tuple[Version, str]]:
    """The versions that are tagged before what is checked out: of the module, else of its whole repository."""
    until = case.handed.as_of.isoformat() if case.handed.as_of is not None else None
    names = [one.name for one in case.handed.history.tags if one.merged and (until is None or one.date <= until)]
    own = [(version, name) for name in names if (version := case.tagged_version(name)) is not None]
    return own or [(version, name) for name in names if (version := version_of(name)) is not None]


def _last_minor(case: Case) -> tuple[Version, str] | None:
    tags = _tags(case)
    releases = [one for one in tags if one[0].release] or tags
    if not releases:
        return None
    newest = max(releases)[0]
    first = min(one for one in releases if (one[0].major, one[0].minor) == (newest.major, newest.minor))
    return None if case.handed.history.note and first[0].patch else first  # a shallow clone lacks the first


def _without_tag(case: Case) -> str:
    note = case.handed.history.note
    told = "no tag of a minor version to compare with"
    if not note:
        return f"{told}: tag releases as v1.2.0, or {case.facts.name}/v1.2.0 in a repository of several modules"
    return f"{told}: {note}" + ("; git fetch --tags --unshallow" if case.handed.history.top is not None else "")


def _since(case: Case, version: Version, base: Version, tag: str) -> Outcome:
    found = case.handed.changes(tag, case.facts.folder)
    if found.open_:
        return inconclusive(f"since {tag}: {found.open_}")
    breaking = [one for one in found.changes if one.effect == "major"]
    look = f"alexandria-scan diff git:{tag} {case.facts.path}"
    if breaking and 1 <= base.major < version.major:
        number = f"{len(breaking)} change{' breaks' if len(breaking) == 1 else 's break'} callers"
        return verified(True, f"nothing is left to do; {number} since {tag}, which {version} says")
    if breaking:
        more = f", and {len(breaking) - 1} more ({look})" if len(breaking) > 1 else ""
        told = f"callers break since {tag}: {_told(breaking[0])}{more}"
        return contradicted(told, _place(case, breaking[0]))
    open_ = [one for one in found.changes if one.effect == "unknown"]
    if open_:
        more = f", and {len(open_) - 1} more" if len(open_) > 1 else ""
        return inconclusive(f"may break callers since {tag}: {_told(open_[0])}{more}; look at {look}")
    return verified(True, f"nothing is left to do, and nothing breaks callers since {tag}")


def _told(change: Change) -> str:
    was = f" (it was in {change.old.file}:{change.old.line})" if change.old is not None and change.new is None else ""
    return f"{change.subject} {change.message}{was}"


def _place(case: Case, change: Change) -> Location | None:
    if change.new is None:
        return None
    return Location(case.facts.at(change.new.file), change.new.line, change.new.column)
