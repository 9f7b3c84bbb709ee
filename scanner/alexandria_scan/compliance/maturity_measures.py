"""How each kind of criterion is measured, and what evidence it has."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from alexandria_scan.compliance.maturity_case import Case, Outcome, attested, contradicted, inconclusive, verified
from alexandria_scan.compliance.maturity_time import days
from alexandria_scan.graph.module_facts import Stated
from alexandria_scan.graph.releases import maturity_of
from alexandria_scan.policy.results import Result
from alexandria_scan.syntax.tree import Location

Parameters = dict[str, Any]
_PASSING = ("passing", "passed", "pass", "success", "succeeded", "ok", "green")


def example(case: Case, given: Parameters) -> Outcome:
    broken = None
    for name in case.facts.calling_examples:
        problem = case.evidence.problem_in(f"{case.facts.path}/{name}")
        if problem is None:
            return verified(True, f"{name} evaluates without problems")
        broken = broken or problem
    if broken is not None:
        return verified(False, broken.summary, Location(broken.file, broken.line, broken.column))
    return verified(False, "no example calls the module by its path")


def policies(case: Case, given: Parameters) -> Outcome:
    results = [one for one in case.evidence.results.get(case.facts.path, ()) if one.policy in given["policies"]]
    return _by_results(results, "nothing to find fault with")


def controls(case: Case, given: Parameters) -> Outcome:
    """MUST controls of some sections. Where the module alone leaves one open, its examples may decide."""
    if case.standard is None:
        return inconclusive("the standard was not scored")
    wanted = [one for one in case.standard.controls if one.section in given["sections"] and one.level == "MUST"]
    scored = [(one, one.modules[case.facts.path]) for one in wanted if case.facts.path in one.modules]
    failing = [one for one, verdict in scored if verdict == "fail"]
    if failing:
        told = ", ".join(one.id for one in failing)
        return verified(False, f"{told} {'does' if len(failing) == 1 else 'do'} not hold", _first(case, failing[0].id))
    examples = [f"{case.facts.path}/{name}" for name in case.facts.examples]
    open_ = []
    for control, verdict in scored:
        elsewhere = [control.modules[path] for path in examples if path in control.modules]
        if verdict == "unknown" and (not elsewhere or set(elsewhere) - {"pass", "waived"}):
            open_.append(control.id)
    if open_:
        detail = f"{', '.join(open_)} depend{'s' if len(open_) == 1 else ''} on what callers give"
        said = case.stated(given["attested_by"]) if "attested_by" in given else None
        if said is not None and said.value is True:
            return attested(True, f"{detail}; {given['attested_by']} is true", said.location)
        return inconclusive(detail)
    return verified(True, f"{len(scored)} controls hold" if scored else "no control applies")


def _first(case: Case, control: str) -> Location | None:
    for result in case.evidence.results.get(case.facts.path, ()):
        if result.verdict == "fail" and any(name.endswith(f"/{control}") for name in result.controls):
            return result.location
    return None


def _by_results(results: list[Result], clean: str) -> Outcome:
    failing = [one for one in results if one.verdict == "fail"]
    if failing:
        more = f", and {len(failing) - 1} more" if len(failing) > 1 else ""
        return verified(False, (failing[0].message or failing[0].title) + more, failing[0].location)
    unknown = next((one for one in results if one.verdict == "unknown"), None)
    if unknown is not None:
        return inconclusive(unknown.reason, unknown.location)
    return verified(True, clean)


def valid(case: Case, given: Parameters) -> Outcome:
    problem = case.evidence.problem_in(case.facts.path)
    if problem is None:
        return verified(True, "the module is read and evaluated without errors")
    return verified(False, problem.summary, Location(problem.file, problem.line, problem.column))


def tests(case: Case, given: Parameters) -> Outcome:
    kind = given["tests"]
    integration = kind == "integration"
    files = [one for one in case.facts.tests if ("integration" in one.lower()) == integration]
    said = case.stated(f"testing.{kind}_tests")
    if not files:
        if said is not None and said.value is True:
            return contradicted(
                f"the metadata says that there are {kind} tests, and there is no file of such", said.location
            )
        return verified(False, f"there is no file of {kind} tests")
    status = case.stated("testing.test_status")
    passing = status is not None and str(status.value).lower() in _PASSING
    if case.handed.junit is not None:
        ran = [
            one for one in case.handed.junit
            if ("integration" in one.where.lower()) == integration and case.is_about(one.where)
        ]  # fmt: skip
        failed = [one for one in ran if one.failed]
        if failed and status is not None and passing:
            return contradicted(
                f"{len(failed)} of {len(ran)} failed, and the metadata says {status.value}", status.location
            )
        if ran:
            detail = f"{len(failed)} of {len(ran)} failed" if failed else f"{len(ran)} passed"
            return verified(not failed, detail)
    count = f"{len(files)} file{'' if len(files) == 1 else 's'}"
    if status is not None:
        return attested(passing, f"{count}; the last run is said to be {status.value}", status.location)
    return inconclusive(f"{count}, and nothing says that they pass")


def coverage(case: Case, given: Parameters) -> Outcome:
    minimum = given["minimum"]
    said = case.number("testing.coverage_percent")
    measured = _covered(case)
    if measured is not None:
        if measured < minimum and said is not None and said[0] >= minimum:
            return contradicted(f"{measured:.4g} % measured, {said[0]:.4g} % claimed", said[1])
        return verified(measured >= minimum, f"{measured:.4g} % measured")
    if said is not None:
        return attested(said[0] >= minimum, f"{said[0]:.4g} % claimed", said[1])
    return inconclusive("nothing says how much the tests cover")


def _covered(case: Case) -> float | None:
    given = case.handed.coverage
    if given is None:
        return None
    if case.alone and given.percent is not None:
        return given.percent
    files = [file for file in given.files if case.is_about(file.name)]
    lines = sum(file.lines for file in files)
    return 100 * sum(file.covered for file in files) / lines if lines else None


def resources(case: Case, given: Parameters) -> Outcome:
    paths = [case.facts.path, *(f"{case.facts.path}/{name}" for name in case.facts.examples)]
    counts = {path: case.evidence.scanned[path].resources for path in paths if path in case.evidence.scanned}
    if not counts:
        return inconclusive("nothing was evaluated")
    path = max(counts, key=lambda one: (counts[one], -len(one)))
    where = "" if path == case.facts.path else f" in {path.removeprefix(f'{case.facts.path}/')}"
    return verified(counts[path] <= given["most"], f"{counts[path]}{where}")


def features(case: Case, given: Parameters) -> Outcome:
    found = [one for one in case.claims if one.claim == "feature"]
    if not found:
        return inconclusive("the metadata lists no feature")
    wrong = [one for one in found if one.verdict == "contradicted"]
    if wrong:
        told = ", ".join(one.claimed for one in wrong)
        return contradicted(f"{len(wrong)} of {len(found)} not so: {told}", wrong[0].location)
    proved = sum(one.verdict == "verified" for one in found)
    if proved == len(found):
        return verified(True, f"{proved} of {len(found)}")
    return attested(True, f"{proved} of {len(found)} verified, nothing proves the others", found[0].location)


def interface(case: Case, given: Parameters) -> Outcome:
    if case.facts.todo is not None:
        return verified(False, "something is left to do", case.facts.todo)
    said = case.stated("version")
    version = str(said.value) if said is not None else None
    if version is None and case.facts.releases:
        version = case.facts.releases[0].version
    level = maturity_of(version) if version is not None else None
    place = _place(said)
    if level is None:
        return inconclusive("the module has no semantic version", place)
    if level == "alpha":
        return verified(False, f"version {version} may still change everything", place)
    return verified(True, f"nothing is left to do, version {version}", place)


def examples(case: Case, given: Parameters) -> Outcome:
    found = case.facts.calling_examples
    return verified(len(found) >= given["minimum"], ", ".join(found) or "none calls the module")


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
    found = case.first("stable")
    if found is not None:
        return verified(True, f"{found.version} on {found.date}", Location(case.facts.changelog, found.line, 1))
    return verified(False, "the CHANGELOG names no dated version 1.0.0 or newer")


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


def _place(said: Stated | None) -> Location | None:
    return said.location if said is not None else None


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


MEASURES: dict[str, Callable[[Case, Parameters], Outcome]] = {
    "benchmarks": benchmarks,
    "case_studies": case_studies,
    "changelog": changelog,
    "controls": controls,
    "cost": cost,
    "coverage": coverage,
    "days": days,
    "example": example,
    "examples": examples,
    "features": features,
    "interface": interface,
    "migration": migration,
    "open_bugs": open_bugs,
    "policies": policies,
    "released": released,
    "resources": resources,
    "stated": stated,
    "tests": tests,
    "unchanged": unchanged,
    "use": use,
    "valid": valid,
    "warning": warning,
    "way_out": way_out,
}
