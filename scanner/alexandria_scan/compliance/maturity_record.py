"""Criteria that the record decides: CHANGELOG, README, metadata, and numbers that were handed in."""

from __future__ import annotations

import re
from typing import Any

from alexandria_scan.compliance.maturity_case import Case, Outcome, attested, contradicted, inconclusive, verified
from alexandria_scan.graph.module_facts import Stated
from alexandria_scan.graph.semantic_version import maturity_of
from alexandria_scan.syntax.tree import Location

Parameters = dict[str, Any]


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
    if found is None:
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
    versions = [one.version for one in case.facts.releases] + [case.facts.text("version") or ""]
    major = max((int(one.split(".")[0]) for one in versions if re.match(r"\d{1,6}\.", one)), default=0)
    if major < 2:
        return verified(True, "there is no second major version")
    guide = case.stated("lifecycle.migration_guide")
    if guide is not None:
        there = case.facts.files.get(str(guide.value), False)
        return verified(True, str(guide.value)) if there else contradicted(f"there is no {guide.value}", guide.location)
    section = next((one for one in case.facts.headings if "migrat" in one or "upgrad" in one), None)
    if section is not None:
        return verified(True, f'the README has a section "{section}"')
    return verified(False, f"major version {major}, and no guide to it")


def changelog(case: Case, given: Parameters) -> Outcome:
    for release in case.facts.releases:
        if maturity_of(release.version) != "stable":
            continue
        for number, line in enumerate(release.text.split("\n")):
            if any(word in line.lower() for word in given["words"]):
                return verified(True, f"in {release.version}", Location(case.facts.changelog, release.line + number, 1))
    return verified(False, "no release in the CHANGELOG is about it")


def case_studies(case: Case, given: Parameters) -> Outcome:
    found = case.stated("lifecycle.case_studies")
    names = [str(one) for one in found.value if one] if found is not None and isinstance(found.value, tuple) else []
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
    missing = [name for name in names if case.stated(name) is None]
    if missing:
        said = case.stated("maturity")
        return verified(False, f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not stated", _place(said))
    guide = case.stated("lifecycle.migration_guide")
    assert guide is not None
    if not case.facts.files.get(str(guide.value), False):
        return contradicted(f"there is no {guide.value}", guide.location)
    return verified(True, f"{case.facts.text(names[0])} replaces it, removed on {case.facts.text(names[1])}")


def warning(case: Case, given: Parameters) -> Outcome:
    text = case.facts.readme
    for number, line in enumerate(text.splitlines(), 1):
        if any(word in line.lower() for word in given["words"]):
            return verified(True, f"in line {number} of the README")
    return verified(False, "the README does not say so" if text else "there is no README")


def unchanged(case: Case, given: Parameters) -> Outcome:
    since = case.date("lifecycle.archived")
    if since is None:
        return inconclusive("lifecycle.archived is not stated", _place(case.stated("maturity")))
    for release in case.facts.releases:
        if release.date is not None and release.date > since[0].isoformat():
            place = Location(case.facts.changelog, release.line, 1)
            return contradicted(f"archived on {since[0]}, and {release.version} is of {release.date}", place)
    return verified(True, f"nothing since {since[0]}")


def _place(said: Stated | None) -> Location | None:
    return said.location if said is not None else None
