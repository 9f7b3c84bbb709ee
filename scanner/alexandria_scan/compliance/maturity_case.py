"""One module before the ladder: everything that its criteria are judged by."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from alexandria_scan.compliance.difference.change import Since
from alexandria_scan.compliance.evidence import Evidence
from alexandria_scan.compliance.promotion import ATTESTED, CONTRADICTED, INCONCLUSIVE, VERIFIED
from alexandria_scan.compliance.result import ClaimResult, StandardScore
from alexandria_scan.days import day_of
from alexandria_scan.graph.changelog import Release
from alexandria_scan.graph.module_facts import ModuleFacts, Stated
from alexandria_scan.graph.semantic_version import Version, maturity_of, tagged
from alexandria_scan.source.evidence_files import Coverage, RanTest
from alexandria_scan.source.git_history import History, Tag
from alexandria_scan.syntax.tree import Location

if TYPE_CHECKING:  # a scan compares nothing
    from alexandria_scan.compliance.difference.earlier import EarlierVersions


class Outcome(msgspec.Struct, frozen=True):
    """Whether a criterion is met, by which evidence, and where that stands."""

    met: bool
    evidence: str
    detail: str
    location: Location | None = None


def verified(met: bool, detail: str, location: Location | None = None) -> Outcome:
    return Outcome(met, VERIFIED, detail, location)


def attested(met: bool, detail: str, location: Location | None = None) -> Outcome:
    return Outcome(met, ATTESTED, detail, location)


def contradicted(detail: str, location: Location | None = None) -> Outcome:
    return Outcome(False, CONTRADICTED, detail, location)


def inconclusive(detail: str, location: Location | None = None) -> Outcome:
    return Outcome(False, INCONCLUSIVE, detail, location)


class Handed(msgspec.Struct, frozen=True, eq=False):
    """What was handed in with --junit, --coverage and --benchmark; None where nothing was. `as_of` is the day of the
    report; None makes it say nothing of days that still go on. `earlier` is the repository at its tags."""

    junit: tuple[RanTest, ...] | None = None
    coverage: Coverage | None = None
    benchmark: dict[str, float] | None = None
    as_of: datetime.date | None = None
    history: History = History(note="git was not asked")
    earlier: EarlierVersions | None = None

    def changes(self, tag: str, folder: Path) -> Since:
        """What changed in a module since a tag."""
        return self.earlier.changes(tag, folder) if self.earlier is not None else Since(open_="git was not asked")


class Case(msgspec.Struct, frozen=True):
    """`alone` is true where the report is about this one module, so that a file or tag without a name is about it."""

    facts: ModuleFacts
    evidence: Evidence
    claims: tuple[ClaimResult, ...]
    standard: StandardScore | None
    handed: Handed
    alone: bool

    def stated(self, key: str) -> Stated | None:
        return self.facts.stated.get(key)

    def number(self, key: str) -> tuple[float, Location] | None:
        """A number of the metadata."""
        found = self.stated(key)
        if found is None or isinstance(found.value, (str, bool, tuple, dict)) or found.value is None:
            return None
        return float(found.value), found.location

    def date(self, key: str) -> tuple[datetime.date, Location] | None:
        found = self.stated(key)
        day = day_of(found.value[:10]) if found is not None and isinstance(found.value, str) else None
        return (day, found.location) if found is not None and day is not None else None

    def is_past(self, day: str | None) -> bool:
        """Whether a release of a day was there on the day of the report."""
        return self.handed.as_of is None or (day or "") <= self.handed.as_of.isoformat()

    def is_about(self, text: str) -> bool:
        """Whether a text names the module, by its path or its name."""
        if self.alone:
            return True
        words = re.split(r"[^\w.-]+", text)
        path = self.facts.path.rstrip("/")
        return self.facts.folder.name in words or self.facts.name in words or f"{path}/" in text

    # --- releases

    def first(self, level: str) -> Release | None:
        """The first release of a level that the CHANGELOG has, by its date."""
        dated = [one for one in self.facts.releases if maturity_of(one.version) == level and one.date is not None]
        return min(dated, key=lambda one: (one.date or "", -one.line)) if dated else None

    def known_since(self, level: str) -> tuple[datetime.date, str] | None:
        """The first day on which git knows a version of a level, by a tag or else by the CHANGELOG's history."""
        tags = [
            (day, f"tag {tag.name}")
            for tag in self.handed.history.tags
            if self._level_of(tag.name) == level and (day := day_of(tag.date[:10])) is not None
        ]
        if tags:
            return min(tags)
        if self.tagged():
            return None  # who tags releases releases nothing without a tag
        file = self.facts.folder / Path(self.facts.changelog).name if self.facts.changelog else None
        versions = self.handed.history.versions.get(file.resolve(), {}) if file is not None else {}
        commits = [
            (day, f"the commit that released {version}")
            for version, date in versions.items()
            if maturity_of(version) == level and (day := day_of(date[:10])) is not None
        ]
        return min(commits) if commits else None

    def tagged(self) -> list[Tag]:
        """The tags that are about this module, oldest first."""
        own = [tag for tag in self.handed.history.tags if self.tagged_version(tag.name) is not None]
        return sorted(own, key=lambda tag: (tag.date, tag.name))

    def _level_of(self, tag: str) -> str | None:
        version = self.tagged_version(tag)
        return maturity_of(version) if version is not None else None

    def tagged_version(self, tag: str) -> Version | None:
        """The version that a tag gives this module, None if it is about another one."""
        found = tagged(tag)
        if found is None:
            return None
        name, version = found
        if not name:
            return version if self.handed.history.top == self.facts.folder.resolve() else None
        return version if name.rpartition("/")[2] in (self.facts.folder.name, self.facts.name) else None
