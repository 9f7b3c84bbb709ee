"""Criteria that the record decides: CHANGELOG, README, metadata, and numbers that were handed in."""

from __future__ import annotations

import re
from typing import Any

from alexandria_scan.compliance.maturity_case import Case, Outcome, attested, contradicted, inconclusive, verified
from alexandria_scan.graph.module_facts import Stated
from alexandria_scan.graph.readme import warning_line
from alexandria_scan.graph.semantic_version import maturity_of, version_of
from alexandria_scan.patterns import pattern
from alexandria_scan.syntax.tree import Location

Parameters = dict[str, Any]
# A heading about versions of the module, not one about "Minor version upgrades" of an engine.
_MIGRATION = pattern(r"^(migrat\w+|upgrading)$|\b(migrati\w+|upgrad\w+) (guide|notes|path|instructions|from|to)\b")

# The major versions in the name of a guide: UPGRADE-4.0.md, migration-v3-to-v4.md.
_NUMBERS = pattern(r"(?<![\d.])(\d+)(?:\.\d+)*")


def benchmarks(case: Case, given: Parameters) -> Outcome:
    names = ("deployment_time_seconds", "resource_count", "state_size_kb")
    said = {name: found for name in names if (found := case.number(f"performance.{name}")) is not None}
    measured = case.handed.benchmark
    if measured is not None:
        compared = [name for name in names if name in measured and name in said]
        for name in compared:
            if 100 * measured[name] > said[name][0] * (100 + given["tolerance_percent"]):
                return contradicted(f"{name} is {measured[name]:.6g}, {said[name][0]:.6g} claimed", said[name][1])
        if compared:
            return verified(True, ", ".join(f"{name} {measured[name]:.6g}" for name in compared))
    if said:
        name, (value, place) = next(iter(said.items()))
        return attested(True, f"{name} {value:.6g} claimed", place)
    return inconclusive("nothing was measured, and the metadata has no performance")


def released(case: Case, given: Parameters) -> Outcome:
    """A tag, or the commit of the CHANGELOG, proves a release; the CHANGELOG alone says it."""
    found = case.first("stable")
    if found is None or not case.is_past(found.date):
        return verified(False, "the CHANGELOG names no dated version 1.0.0 or newer")
    place = Location(case.facts.changelog, found.line, 1)
    known = case.known_since("stable")
    if known is not None:
        return verified(True, f"{known[1]} on {known[0]}", place)
    tagged = case.tagged()
    if tagged:
        newest = tagged[-1].name
        return contradicted(f"the CHANGELOG has {found.version} on {found.date}, the newest tag is {newest}", place)
    return attested(True, f"{found.version} on {found.date}", place)


def open_bugs(case: Case, given: Parameters) -> Outcome:
    critical = case.number("metrics.critical_bugs_open")
    if critical is not None:
        return attested(critical[0] == 0, f"{critical[0]:.0f} critical bugs open", critical[1])
    open_ = case.number("metrics.issues_open")
    if open_ is not None and open_[0] == 0:
        return attested(True, "no issue is open", open_[1])
    if open_ is not None:
        return inconclusive(f"{open_[0]:.0f} issues are open, and nothing says that none is critical", open_[1])
    return inconclusive("nothing says so")


def stated(case: Case, given: Parameters) -> Outcome:
    """A value that only the metadata can give."""
    found = case.stated(given["key"])
    if found is None:
        return inconclusive(f"{given['key']} is not stated")
    if given.get("date"):
        day = case.date(given["key"])
        if day is None or (case.handed.as_of is not None and day[0] > case.handed.as_of):
            return inconclusive(f"{given['key']} is {found.value}, no day before the report", found.location)
    number = case.number(given["key"])
    if number is None and ("minimum" in given or "most" in given):
        return inconclusive(f"{given['key']} is no number", found.location)
    met = True
    if number is not None:
        met = given.get("minimum", number[0]) <= number[0] <= given.get("most", number[0])
    told = f"{number[0]:.6g}" if number is not None else str(found.value)
    return attested(met, f"{given['key']} is {told}", found.location)


def cost(case: Case, given: Parameters) -> Outcome:
    estimate = case.number("cost.estimated_monthly_usd")
    if estimate is None:
        return inconclusive("cost.estimated_monthly_usd is not stated")
    measured = (case.handed.benchmark or {}).get("actual_monthly_usd")
    claimed = case.number("cost.actual_monthly_usd")
    actual = measured if measured is not None else claimed[0] if claimed is not None else None
    if actual is None:
        return inconclusive(f"${estimate[0]:.6g} is estimated, and nothing says what it costs", estimate[1])
    near = abs(estimate[0] - actual) <= abs(actual) * given["tolerance_percent"] / 100
    detail = f"${estimate[0]:.6g} estimated, ${actual:.6g} actual"
    if measured is None:
        return attested(near, detail, estimate[1])
    return verified(True, detail, estimate[1]) if near else contradicted(detail, estimate[1])


def migration(case: Case, given: Parameters) -> Outcome:
    said = [one.version for one in case.facts.releases]
    said += [text for text in (case.facts.text("version"), case.facts.folder_version) if text is not None]
    versions = [version for text in said if (version := version_of(text)) is not None]
    versions += [version for tag in case.tagged() if (version := case.tagged_version(tag.name)) is not None]
    if not versions:
        return inconclusive("neither metadata nor CHANGELOG nor a tag has a version")
    major = max(versions).major
    if major < 2:
        return verified(True, "there is no second major version")
    guide = case.stated("lifecycle.migration_guide")
    if guide is not None and guide.value:
        return _guide(case, guide, str(guide.value))
    section = next((one for one in case.facts.headings if _MIGRATION.search(one)), None)
    if section is not None:
        return verified(True, f'the README has a section "{section}"')
    guides = case.facts.guides
    for name in guides:
        numbers = _NUMBERS.findall(name.rpartition("/")[2])
        if not numbers or str(major) in numbers:
            return verified(True, f"{name} is there")
    older = f"; {guides[-1]} is to another" if guides else ""
    return verified(False, f"major version {major}, and no guide to it{older}")


def _guide(case: Case, guide: Stated, told: str) -> Outcome:
    """The migration guide that the metadata names: an address elsewhere is not looked up."""
    if not case.facts.files.get(str(guide.value), False):
        return contradicted(f"there is no {guide.value}", guide.location)
    return attested(True, told, guide.location) if "://" in str(guide.value) else verified(True, told, guide.location)


def changelog(case: Case, given: Parameters) -> Outcome:
    said = re.compile("|".join(given["patterns"]), re.IGNORECASE)
    for release in case.facts.releases:
        if maturity_of(release.version) != "stable" or not case.is_past(release.date):
            continue
        for number, line in enumerate(release.text.split("\n")):
            if said.search(line):
                return verified(True, f"in {release.version}", Location(case.facts.changelog, release.line + number, 1))
    return verified(False, "no stable release in the CHANGELOG is about it")


def case_studies(case: Case, given: Parameters) -> Outcome:
    found = case.stated("lifecycle.case_studies")
    listed = found.value if found is not None and isinstance(found.value, tuple) else ()
    names = list(dict.fromkeys(str(one) for one in listed if one))
    if found is None or not names:
        return inconclusive("the metadata names none")
    missing = [name for name in names if not case.facts.files.get(name, False)]
    if missing:
        return contradicted(f"there is no {missing[0]}", found.location)
    met = len(names) >= given["minimum"]
    if any("://" in name for name in names):
        return attested(met, f"{len(names)} named", found.location)
    return verified(met, ", ".join(names), found.location)


def use(case: Case, given: Parameters) -> Outcome:
    if case.facts.callers:
        return verified(True, f"called by {', '.join(case.facts.callers)}")
    active = case.number("metrics.active_deployments")
    if active is not None:
        return attested(active[0] > 0, f"{active[0]:.0f} active deployments", active[1])
    return inconclusive("no scanned module calls it, and metrics.active_deployments is not stated")


def way_out(case: Case, given: Parameters) -> Outcome:
    names = ("lifecycle.replacement", "lifecycle.removed", "lifecycle.migration_guide")
    missing = [name for name in names if not case.facts.text(name)]
    if missing:
        said = case.stated("maturity")
        return verified(False, f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not stated", _place(said))
    guide = case.stated("lifecycle.migration_guide")
    assert guide is not None
    return _guide(case, guide, f"{case.facts.text(names[0])} replaces it, removed on {case.facts.text(names[1])}")


def warning(case: Case, given: Parameters) -> Outcome:
    line = warning_line(case.facts.readme, given["words"])
    if line is not None:
        return verified(True, f"in line {line} of the README")
    return verified(False, "its beginning does not say so" if case.facts.readme else "there is no README")


def unchanged(case: Case, given: Parameters) -> Outcome:
    """By the CHANGELOG, and by the tags where there are any."""
    since = case.date("lifecycle.archived")
    if since is None:
        return inconclusive("lifecycle.archived is not stated", _place(case.stated("maturity")))
    if case.handed.as_of is not None and since[0] > case.handed.as_of:
        return attested(False, f"it is archived from {since[0]} on, later than the report", since[1])
    day = since[0].isoformat()
    for release in case.facts.releases:
        place = Location(case.facts.changelog, release.line, 1)
        if release.date is not None and release.date > day:
            return contradicted(f"archived on {since[0]}, and {release.version} is of {release.date}", place)
    later = next((tag for tag in case.tagged() if tag.date > day), None)
    if later is not None:
        return contradicted(f"archived on {since[0]}, and the tag {later.name} is of {later.date}", since[1])
    undated = next((release for release in case.facts.releases if release.date is None), None)
    if undated is not None:
        place = Location(case.facts.changelog, undated.line, 1)
        return inconclusive(f"{undated.version} has no date in the CHANGELOG", place)
    if not case.facts.releases and not case.tagged():
        return inconclusive("there is no CHANGELOG with versions, and no tag", since[1])
    return verified(True, f"nothing since {since[0]}")


def _place(said: Stated | None) -> Location | None:
    return said.location if said is not None else None
