"""Several results as one: of scans of several repositories, or of one for several environments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations

import msgspec
from msgspec.structs import replace

from alexandria_scan.compliance.causes import by_cause
from alexandria_scan.compliance.result import (
    BaselineState,
    Scanned,
    ScannedModule,
    ScanResult,
    StandardScore,
    Summary,
    Tool,
)
from alexandria_scan.compliance.score import merged_scores
from alexandria_scan.compliance.verdict import FINDINGS, INCOMPLETE, summarize
from alexandria_scan.policy.results import SEVERITIES, Result, in_order
from alexandria_scan.source.problems import Problem

DEFAULT_FAIL_ON = "low"  # for results that do not say it
_STRICTNESS = ("never", *SEVERITIES)
_Scope = tuple[str, str | None]


def merge(named: Sequence[tuple[str, ScanResult]], fail_on: str | None = None) -> ScanResult:
    """One result of several, each with the name that messages have for it.

    Numbers and scores are counted anew from what is merged. What two scans say alike of one root and environment counts
    once. The exit status is the worst one of theirs, incomplete before findings; with `fail_on` it is decided anew.
    Raises ValueError, with a sentence, if two of them say different things of one root in one environment.
    """
    _refuse_contradictions(named)
    results = [result for _, result in named]
    merged = tuple(in_order(_results(results)))
    problems = tuple(sorted({problem for result in results for problem in result.problems}))
    scanned = _scanned(list(dict.fromkeys(result.scanned for result in results)))
    return ScanResult(
        tool=_tool(results),
        as_of=_day(results),
        scanned=scanned,
        results=merged,
        problems=problems,
        standards=_standards(results),
        summary=_summary(results, merged, problems, fail_on, scanned),
        policies={id_: info for result in reversed(results) for id_, info in result.policies.items()},
        claims=tuple(dict.fromkeys(claim for result in results for claim in result.claims)),
        baseline=_baseline(results, merged),
    )


def judged(result: ScanResult, fail_on: str) -> ScanResult:
    """The result with the exit status that another threshold gives."""
    return replace(result, summary=_summary([result], result.results, result.problems, fail_on, result.scanned))


def _by_scope(result: ScanResult) -> dict[_Scope, Counter[bytes]]:
    """What a result says of each root in each environment."""
    scopes: dict[_Scope, Counter[bytes]] = {}
    for one in result.results:
        scopes.setdefault((one.root, one.environment), Counter())[msgspec.json.encode(one)] += 1
    return scopes


def _refuse_contradictions(named: Sequence[tuple[str, ScanResult]]) -> None:
    scopes = [(name, _by_scope(result)) for name, result in named]
    for (first, ours), (second, theirs) in combinations(scopes, 2):
        for root, environment in sorted(ours.keys() & theirs.keys(), key=str):
            if ours[root, environment] != theirs[root, environment]:
                where = f"{root or '.'} ({environment})" if environment else root or "."
                raise ValueError(f"{first} and {second} say different things of {where}.")


def _results(results: Sequence[ScanResult]) -> Iterable[Result]:
    seen: set[_Scope] = set()
    for result in results:
        mine = set()
        for one in result.results:
            scope = (one.root, one.environment)
            if scope not in seen:
                mine.add(scope)
                yield one
        seen |= mine


def _day(results: Sequence[ScanResult]) -> str:
    """The day of all of them, "" if they do not agree."""
    days = {result.as_of for result in results}
    return days.pop() if len(days) == 1 else ""


def _tool(results: Sequence[ScanResult]) -> Tool:
    return Tool(results[0].tool.name, ", ".join(sorted({result.tool.version for result in results})))


def _scanned(scanned: Sequence[Scanned]) -> Scanned:
    """Modules and plans once each. Where a module was scanned more than once, the files are those of the modules'
    folders, and of its resources the larger number counts."""
    details: dict[str, ScannedModule] = {}
    for one in (module for each in scanned for module in each.details):
        known = details.get(one.path, one)
        details[one.path] = replace(one, resources=max(known.resources, one.resources))
    modules = tuple(dict.fromkeys(path for one in scanned for path in one.modules))
    again = len(modules) < sum(len(one.modules) for one in scanned)
    in_plans = sum(one.resources for one in scanned) - sum(m.resources for one in scanned for m in one.details)
    return Scanned(
        modules,
        sum(one.files for one in (details.values() if again else scanned)),
        in_plans + sum(one.resources for one in details.values()),
        tuple(dict.fromkeys(path for one in scanned for path in one.plans)),
        tuple(details.values()),
        "; ".join(dict.fromkeys(one.limit for one in scanned if one.limit)),
    )


def _baseline(results: Sequence[ScanResult], merged: Sequence[Result]) -> BaselineState | None:
    states = [result.baseline for result in results if result.baseline is not None]
    if not states:
        return None
    told = Counter(cause.baseline for cause in by_cause(one for one in merged if one.baseline))
    fixed = tuple(sorted({entry for state in states for entry in state.fixed}))
    return BaselineState(", ".join(dict.fromkeys(state.file for state in states)), told["new"], told["known"], fixed)


def _standards(results: Sequence[ScanResult]) -> tuple[StandardScore, ...]:
    found: dict[tuple[str, str], list[StandardScore]] = {}
    for one in (standard for result in results for standard in result.standards):
        found.setdefault((one.name, one.version), []).append(one)
    return tuple(merged_scores(found[key]) for key in sorted(found))


def _summary(
    results: Sequence[ScanResult],
    merged: Sequence[Result],
    problems: Sequence[Problem],
    fail_on: str | None,
    scanned: Scanned,
) -> Summary:
    own = [result.summary for result in results]
    statuses = {one.exit_status for one in own}
    thresholds = [one.fail_on if one.fail_on in _STRICTNESS else DEFAULT_FAIL_ON for one in own]
    strictest = max(thresholds, key=_STRICTNESS.index)
    made = summarize(merged, problems, fail_on or strictest, INCOMPLETE not in statuses, scanned)
    worst = INCOMPLETE if INCOMPLETE in statuses else FINDINGS if FINDINGS in statuses else min(statuses)
    if fail_on is not None or made.exit_status == worst:
        return made
    return replace(made, exit_status=worst, verdict=" ".join(dict.fromkeys(one.verdict for one in own)))
