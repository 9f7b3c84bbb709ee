"""How each kind of criterion is measured, and what evidence it has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from alexandria_scan.compliance.maturity_case import Case, Outcome, attested, contradicted, inconclusive, verified
from alexandria_scan.compliance.maturity_interface import interface
from alexandria_scan.compliance.maturity_record import (
    benchmarks,
    case_studies,
    changelog,
    cost,
    migration,
    open_bugs,
    released,
    stated,
    unchanged,
    use,
    warning,
    way_out,
)
from alexandria_scan.compliance.maturity_time import days
from alexandria_scan.policy.results import Result
from alexandria_scan.syntax.tree import Location

Parameters = dict[str, Any]
_PASSING = ("passing", "passed", "pass", "success", "succeeded", "ok", "green")


def example(case: Case, given: Parameters) -> Outcome:
    broken = None
    for name in case.facts.calling_examples:
        path = case.facts.at(name)
        problem = case.evidence.problem_below(path)
        if problem is None and path in case.evidence.scanned:
            return verified(True, f"{name} evaluates without problems")
        broken = broken or problem
    if broken is not None:
        return verified(False, broken.summary, Location(broken.file, broken.line, broken.column))
    if case.facts.calling_examples:
        return inconclusive(f"{', '.join(case.facts.calling_examples)} not scanned")
    return _no_example(case) or verified(False, "no example calls the module by its path")


def _no_example(case: Case) -> Outcome | None:
    """Where an example cannot be read, which may call the module: the first problem in it."""
    others = [name for name in case.facts.examples if name not in case.facts.calling_examples]
    problem = next((one for name in others if (one := case.evidence.problem_in(case.facts.at(name)))), None)
    if problem is None:
        return None
    return inconclusive(f"not every example can be read: {problem.summary}", Location(problem.file, problem.line, 1))


def policies(case: Case, given: Parameters) -> Outcome:
    results = [one for one in case.evidence.results.get(case.facts.path, ()) if one.policy in given["policies"]]
    if results and all(one.verdict == "not_applicable" for one in results):
        names = ", ".join(sorted({one.policy for one in results}))
        return inconclusive(f"{names} does not judge a folder of this kind ({case.facts.kind})")
    return _by_results(results, "nothing to find fault with")


def controls(case: Case, given: Parameters) -> Outcome:
    """MUST controls of some sections, and some by name. Where the module alone leaves one open, its examples may
    decide."""
    if case.standard is None:
        return inconclusive("the standard was not scored")
    named = given.get("controls", ())
    wanted = [
        one for one in case.standard.controls
        if one.id in named or (one.section in given["sections"] and one.level == "MUST")
    ]  # fmt: skip
    scored = [(one, one.modules[case.facts.path]) for one in wanted if case.facts.path in one.modules]
    failing = [one for one, verdict in scored if verdict == "fail"]
    if failing:
        told = ", ".join(one.id for one in failing)
        return verified(False, f"{told} {'does' if len(failing) == 1 else 'do'} not hold", _first(case, failing[0].id))
    examples = [case.facts.at(name) for name in case.facts.examples]
    open_ = []
    waived = [control.id for control, verdict in scored if verdict == "waived"]
    for control, verdict in scored:
        elsewhere = {control.modules[path] for path in examples if path in control.modules}
        if verdict == "unknown" and (not elsewhere or elsewhere - {"pass", "waived"}):
            open_.append(control.id)
        elif verdict == "unknown" and "waived" in elsewhere:
            waived.append(control.id)
    if given.get("of_resources") and case.facts.outside:
        return _said(case, given, f"what {', '.join(case.facts.outside)} makes is not here")
    if given.get("of_resources") and not case.facts.resource_types:
        return verified(True, "the module makes no resource")
    if open_ or not scored:
        detail = f"{', '.join(open_)} depend{'s' if len(open_) == 1 else ''} on what callers give"
        return _said(case, given, detail if open_ else _nothing_judged(case))
    if waived:
        return attested(True, f"{len(scored)} controls hold or are waived: {', '.join(waived)}")
    return verified(True, f"{len(scored)} controls hold")


def _nothing_judged(case: Case) -> str:
    types = case.facts.resource_types
    about = f": no policy is about {', '.join(types[:3])}{', ...' * (len(types) > 3)}" if types else ""
    return f"no control applies{about}"


def _said(case: Case, given: Parameters, detail: str) -> Outcome:
    """What the scan leaves open: the metadata may say it."""
    said = case.stated(given["attested_by"]) if "attested_by" in given else None
    if said is not None and said.value is True:
        return attested(True, f"{detail}; {given['attested_by']} is true", said.location)
    return inconclusive(detail)


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
    waived = next((one for one in results if one.verdict == "waived"), None)
    if waived is not None:
        return attested(True, f"waived: {waived.reason}", waived.location)
    return verified(True, clean)


def valid(case: Case, given: Parameters) -> Outcome:
    problem = case.evidence.problem_below(case.facts.path)
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
    if said is not None and not 0 <= said[0] <= 100:
        return inconclusive(f"testing.coverage_percent is {said[0]:.6g}, which is no percentage", said[1])
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
    paths = {case.facts.path: "", **{case.facts.at(name): f" in {name}" for name in case.facts.examples}}
    counts = {path: case.evidence.scanned[path].resources for path in paths if path in case.evidence.scanned}
    if not counts:
        return inconclusive("nothing was evaluated")
    path = max(counts, key=lambda one: (counts[one], -len(one)))
    return verified(counts[path] <= given["most"], f"{counts[path]}{_uncounted(case, path)}{paths[path]}")


def _uncounted(case: Case, path: str) -> str:
    """What stands for a number that is not known, none or many, counts as one."""
    number = case.evidence.scanned[path].uncounted
    return f" or more, as the count of {number} is not known," if number else ""


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


def examples(case: Case, given: Parameters) -> Outcome:
    found = case.facts.calling_examples
    if len(found) < given["minimum"] and (open_ := _no_example(case)) is not None:
        return open_
    return verified(len(found) >= given["minimum"], ", ".join(found) or "none calls the module")


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

OF_CODE = frozenset(["controls", "example", "examples", "features", "interface", "policies", "resources", "use"])
"""What is measured on the module's code: met only where all of it could be read."""
