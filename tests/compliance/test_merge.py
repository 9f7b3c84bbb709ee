"""Several results as one: nothing counts twice, nothing is lost, and the worst verdict is that of all."""

from __future__ import annotations

import re
from typing import Any

import pytest
from msgspec.structs import replace

from alexandria_scan.compliance.below import below
from alexandria_scan.compliance.merge import judged, merge
from alexandria_scan.compliance.result import (
    ControlScore,
    ModuleScore,
    PolicyInfo,
    Scanned,
    ScannedModule,
    ScanResult,
    StandardScore,
    Summary,
    Tool,
)
from alexandria_scan.policy.results import OriginStep, Result, VerdictName
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.tree import Location


def found(module: str, verdict: VerdictName = "fail", environment: str | None = None, **changes: Any) -> Result:
    one = Result(
        "p", "Title", "high", verdict, "a.b", ("a.b",), module, module, Location(f"{module}/main.tf", 3, 1, 3, 9),
        "wrong", origin=(OriginStep(f"{module}/main.tf", 3, "x"),), environment=environment, controls=("s-1/C1",),
    )  # fmt: skip
    return replace(one, **changes)


def scanned(*results: Result, status: int = 1, fail_on: str = "low", problems: tuple[Problem, ...] = ()) -> ScanResult:
    """A scan of the modules that the results are about, with a standard of one control."""
    modules = tuple(dict.fromkeys(one.root for one in results))
    verdicts = {one.root: one.verdict for one in results}
    control = ControlScore("C1", "MUST", "Control", "sec", "fail", verdicts, ("p",))
    scores = tuple(ModuleScore(name, 0, 0, 1, 0, 1) for name in modules)
    details = tuple(ScannedModule(name, "root", 2, 3) for name in modules)
    return ScanResult(
        tool=Tool("alexandria-scan", "0.1.0"),
        scanned=Scanned(modules, 2 * len(modules), 3 * len(modules), (), details),
        results=results,
        problems=problems,
        standards=(StandardScore("s", "S", "1", None, (control,), {"sec": None}, scores),),
        summary=Summary(0, 1, 0, 0, 0, 0, status, "It is so.", fail_on),
        policies={"p": PolicyInfo("T", "high", "r")},
    )


def test_modules_of_two_scans() -> None:
    both = merge([("b", scanned(found("b", "pass"), status=0)), ("a", scanned(found("a")))])
    assert [one.module for one in both.results] == ["a", "b"]
    assert both.scanned.modules == ("b", "a")
    assert (both.scanned.files, both.scanned.resources) == (4, 6)
    summary = both.summary
    assert (summary.passed, summary.failed, summary.exit_status) == (1, 1, 1)
    assert summary.verdict == "Not compliant: 1 finding."


def test_scores_are_counted_anew() -> None:
    both = merge([("a", scanned(found("a"))), ("b", scanned(found("b", "pass"), status=0))])
    (standard,) = both.standards
    assert standard.score == 50.0
    assert standard.sections == {"sec": 50.0}
    assert [(one.module, one.score) for one in standard.modules] == [("a", 0.0), ("b", 100.0)]
    (control,) = standard.controls
    assert (control.verdict, control.modules) == ("fail", {"a": "fail", "b": "pass"})


def test_one_module_in_two_environments() -> None:
    staging = scanned(found("a", "pass", "staging"), status=0)
    production = scanned(found("a", "fail", "production"))
    both = merge([("staging", staging), ("production", production)])
    assert [one.environment for one in both.results] == ["production", "staging"]
    assert both.scanned.modules == ("a",)
    assert (both.scanned.files, both.scanned.resources) == (2, 3), "what was scanned twice is there once"
    assert both.standards[0].controls[0].modules == {"a": "fail"}, "the worst counts"


def test_the_same_scan_twice_counts_once() -> None:
    one = scanned(found("a"), found("b", "unknown", reason="r"))
    both = merge([("x", one), ("y", one)])
    assert both.results == one.results
    assert both.scanned == one.scanned


def test_two_repositories_with_the_same_folders_need_names() -> None:
    first, second = scanned(found("a")), scanned(found("a", message="other"))
    with pytest.raises(ValueError, match=re.escape("x.json and y.json say different things of a.")):
        merge([("x.json", first), ("y.json", second)])
    both = merge([("x", below(first, "network")), ("y", below(second, "data"))])
    assert [one.module for one in both.results] == ["data/a", "network/a"]


def test_paths_are_below_the_name() -> None:
    problem = Problem("a/main.tf", 1, 1, "Wrong")
    made = below(scanned(found("a"), found("."), problems=(problem, Problem("", 0, 0, "None"))), "net")
    assert made.scanned.modules == ("net/a", "net")
    assert [one.path for one in made.scanned.details] == ["net/a", "net"]
    first = made.results[0]
    assert (first.root, first.module, first.location.file) == ("net/a", "net/a", "net/a/main.tf")
    assert first.origin[0].file == "net/a/main.tf"
    assert [one.file for one in made.problems] == ["net/a/main.tf", ""]
    assert set(made.standards[0].controls[0].modules) == {"net/a", "net"}
    assert [one.module for one in made.standards[0].modules] == ["net/a", "net"]


@pytest.mark.parametrize(
    ("statuses", "status"), [((0, 0), 0), ((0, 1), 1), ((1, 3), 3), ((0, 3), 3)], ids=lambda value: str(value)
)
def test_the_worst_exit_status_is_that_of_all(statuses: tuple[int, int], status: int) -> None:
    named = []
    for name, one in zip("ab", statuses, strict=True):
        problems = (Problem(name, 1, 1, "Wrong"),) if one == 3 else ()
        named.append((name, scanned(found(name, "fail" if one == 1 else "pass"), status=one, problems=problems)))
    assert merge(named).summary.exit_status == status


def test_the_lowest_threshold_is_that_of_all() -> None:
    strict, lenient = scanned(found("a"), fail_on="info"), scanned(found("b"), fail_on="critical", status=0)
    assert merge([("a", strict), ("b", lenient)]).summary.fail_on == "info"
    assert merge([("a", strict), ("b", lenient)], "never").summary.exit_status == 0


def test_another_threshold() -> None:
    one = scanned(found("a"))
    assert judged(one, "critical").summary.exit_status == 0
    assert judged(one, "high").summary.exit_status == 1
    assert judged(one, "critical").summary.verdict == "Compliant: 1 finding, none at or above critical."
