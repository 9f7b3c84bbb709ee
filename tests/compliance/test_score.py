"""From results to scores, causes and the verdict."""

from __future__ import annotations

from typing import Any

import pytest

from alexandria_scan.compliance.causes import by_cause
from alexandria_scan.compliance.score import score
from alexandria_scan.compliance.standards import Control, Proof, Standard
from alexandria_scan.compliance.verdict import summarize
from alexandria_scan.policy.results import OriginStep, Result
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.tree import Location

STANDARD = Standard(
    "house", "House rules", "1.0",
    (
        Control("C1", "MUST", "Encrypted", "SEC", (Proof("encrypted"),)),
        Control("C2", "MUST", "Protected", "SEC", (Proof("protected"),)),
        Control("C3", "SHOULD", "Tagged", "TAG", (Proof("tagged"),)),
        Control("C4", "MUST", "Nothing of the kind here", "TAG", (Proof("absent"),)),
    ),
    {"SEC": "Security", "TAG": "Tags"},
    True,
)  # fmt: skip


def result(control: str, verdict: Any, root: str = "a", **more: Any) -> Result:
    values: dict[str, Any] = {
        "policy": control.lower(), "title": control, "severity": "high", "verdict": verdict, "address": "x.y",
        "addresses": ("x.y",), "root": root, "module": "m", "location": Location("m/main.tf", 1, 1, 1, 9),
        "controls": (f"house-1.0/{control}",),
    }  # fmt: skip
    return Result(**(values | more))


def test_a_control_holds_for_a_module_if_every_result_does() -> None:
    scored = score(STANDARD, [result("C1", "pass"), result("C1", "fail"), result("C1", "pass", root="b")])
    control = scored.controls[0]
    assert control.modules == {"a": "fail", "b": "pass"}
    assert control.verdict == "fail"
    assert scored.controls[3].verdict == "not_applicable"


def test_only_must_controls_count_in_the_score() -> None:
    results = [result("C1", "pass"), result("C2", "unknown"), result("C3", "fail")]
    scored = score(STANDARD, results)
    assert scored.score == 50.0
    assert scored.sections == {"SEC": 50.0, "TAG": None}
    (module,) = scored.modules
    assert (module.score, module.failed, module.unknown, module.must_failed) == (50.0, 1, 1, 0)


def test_what_is_not_applicable_counts_nowhere() -> None:
    assert score(STANDARD, [result("C1", "not_applicable")]).score is None


def test_what_is_waived_is_shown_and_does_not_count_as_holding() -> None:
    scored = score(STANDARD, [result("C1", "waived"), result("C1", "pass"), result("C2", "pass")])
    assert scored.controls[0].verdict == "waived"
    assert scored.score == 50.0
    (module,) = scored.modules
    assert (module.passed, module.failed, module.must_failed, module.must_waived) == (1, 0, 0, 1)


def test_results_with_one_cause_are_one_finding() -> None:
    results = [
        result("C1", "fail", root="examples/x", address="module.m.x.y", addresses=("module.m.x.y",)),
        result("C1", "fail", root="m"),
    ]
    (cause,) = by_cause(results)
    assert cause.roots == ("m", "examples/x")
    assert cause.addresses == ("x.y", "module.m.x.y")


def test_what_a_caller_passes_is_a_cause_of_its_own() -> None:
    passed = (OriginStep("prod/main.tf", 3, "encrypted = false"),)
    assert len(by_cause([result("C1", "fail", root="m"), result("C1", "fail", root="prod", origin=passed)])) == 2


ERROR = Problem("main.tf", 1, 1, "Unexpected end of file")
WARNING = Problem("main.tf", 1, 1, "Missing value", severity="warning")


@pytest.mark.parametrize(
    ("results", "problems", "fail_on", "allow", "status"),
    [
        ([result("C1", "pass")], [], "low", False, 0),
        ([result("C1", "unknown")], [], "low", False, 0),
        ([result("C1", "fail")], [], "low", False, 1),
        ([result("C1", "fail")], [], "critical", False, 0),
        ([result("C1", "fail")], [], "never", False, 0),
        ([result("C1", "pass")], [ERROR], "low", False, 3),
        ([result("C1", "fail")], [ERROR], "low", False, 3),
        ([result("C1", "fail")], [ERROR], "low", True, 1),
        ([result("C1", "pass")], [WARNING], "low", False, 0),
    ],
)
def test_the_exit_status(
    results: list[Result], problems: list[Problem], fail_on: str, allow: bool, status: int
) -> None:
    assert summarize(results, problems, fail_on, allow).exit_status == status


def test_the_verdict_says_what_is_below_the_threshold() -> None:
    said = summarize([result("C1", "fail")], [], "critical", False).verdict
    assert said == "Compliant: 1 finding, none at or above critical."


def test_findings_that_fail_nothing_are_not_called_compliant() -> None:
    said = summarize([result("C1", "fail")], [], "never", False).verdict
    assert said == "Not compliant, and nothing was to fail the scan: 1 finding."


def test_what_is_known_or_waived_does_not_fail_a_scan_and_is_counted() -> None:
    accepted = [result("C1", "fail", baseline="known"), result("C2", "waived"), result("C2", "waived", root="b")]
    summary = summarize(accepted, [], "low", False)
    assert summary.exit_status == 0
    assert (summary.failed, summary.waived) == (1, 2)
    assert summary.verdict == "Nothing found but what is accepted: 1 waived, 1 known."
    summary = summarize([*accepted, result("C3", "fail", baseline="new")], [], "low", False)
    assert summary.exit_status == 1
    assert summary.verdict == "Not compliant: 1 finding; accepted: 1 waived, 1 known."
    summary = summarize([*accepted, result("C3", "unknown")], [WARNING], "low", False)
    assert summary.exit_status == 0
    assert "1 check could not be decided" in summary.verdict
