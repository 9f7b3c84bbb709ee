"""Waivers: what they accept, for how long, for whom; and that nothing about them is silent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from alexandria_scan.compliance.waiver_entries import comment_entry, config_entries
from alexandria_scan.compliance.waivers import Entry, Rules, apply_waivers
from alexandria_scan.config import Config, WaiverRule
from alexandria_scan.policy.results import OriginStep, Result
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.ignore import IgnoreComment
from alexandria_scan.syntax.tree import Location

POLICY = "aws_db_unencrypted"
FOUND = Result(
    policy=POLICY, title="t", severity="high", verdict="fail", address="aws_db.this[0]",
    addresses=("aws_db.this[0]", "aws_db.this[1]", 'aws_db.this["a.b"]'), root="modules/db", module="modules/db",
    location=Location("modules/db/main.tf", 12, 3, 12, 40), message="not encrypted", decide="nothing",
)  # fmt: skip


def comment(**changes: Any) -> Entry:
    values: dict[str, Any] = {
        "location": Location("modules/db/main.tf", 10, 1, 10, 60), "policies": (POLICY,), "reason": "Scratch",
        "until": "", "owner": "", "first": 10, "last": 20, "call": "", "fault": "",
    }  # fmt: skip
    expected = changes.pop("expected", True)
    values |= changes
    folder = values["location"].file.rpartition("/")[0]
    return comment_entry(IgnoreComment(**values), folder, expected)


def rule(**changes: Any) -> Entry:
    values: dict[str, Any] = {"index": 0, "policies": (POLICY,), "reason": "Scratch"}
    config = Config(Path("alexandria-scan.yaml"), waivers=(WaiverRule(**values | changes),))
    (entry,) = config_entries(config, lambda index: 7, expected=True)
    return entry


def rules(**changes: Any) -> Rules:
    values: dict[str, Any] = {
        "as_of": "2026-06-30", "ran": {POLICY, "other"}, "known": {POLICY, "other", "not_run"},
        "refusal": lambda result: "", "reaches": lambda home, root: home == root,
    }  # fmt: skip
    return Rules(**values | changes)


def changed(**changes: Any) -> Result:
    values = {name: getattr(FOUND, name) for name in Result.__struct_fields__}
    return Result(**values | changes)


def outcome(entry: Entry, *results: Result, **changes: Any) -> tuple[list[Result], list[Problem]]:
    return apply_waivers(results or (FOUND,), [entry], rules(**changes))


def is_waived(entry: Entry, result: Result = FOUND, **changes: Any) -> bool:
    found, _ = outcome(entry, result, **changes)
    return [one.verdict for one in found] == ["waived"]


def summaries(entry: Entry, *results: Result, **changes: Any) -> list[str]:
    return [problem.summary for problem in outcome(entry, *results, **changes)[1]]


def test_a_waived_result_tells_all_about_its_waiver() -> None:
    ((found,), problems) = outcome(comment(until="2027-01-31", owner="shop"))
    assert problems == []
    assert found.verdict == "waived"
    assert found.reason == "Scratch (owner shop, until 2027-01-31)"
    assert found.decide == ""
    assert found.waiver is not None
    assert (found.waiver.reason, found.waiver.owner, found.waiver.until) == ("Scratch", "shop", "2027-01-31")
    assert (found.waiver.location.line, found.waiver.verdict) == (10, "fail")


def test_what_is_unknown_can_be_waived_and_what_passes_cannot() -> None:
    ((found,), _) = outcome(comment(), changed(verdict="unknown", reason="var.x has no value"))
    assert found.waiver is not None
    assert found.waiver.verdict == "unknown"
    for verdict in ("pass", "not_applicable"):
        ((found,), problems) = outcome(comment(), changed(verdict=verdict))
        assert found.verdict == verdict
        assert [problem.summary for problem in problems] == ["Waiver is not used"]


def test_a_comment_is_about_its_lines() -> None:
    assert is_waived(comment(first=12, last=12))
    assert not is_waived(comment(first=13, last=20))
    assert not is_waived(comment(policies=("other",)))
    assert is_waived(comment(policies=("other", "aws_*_unencrypted")))
    assert not is_waived(comment(location=Location("modules/db/other.tf", 10, 1)))


def test_a_comment_is_about_the_values_that_come_from_its_lines() -> None:
    passed = changed(root="prod", origin=(OriginStep("prod/main.tf", 30, "encrypted = false"),))
    here = Location("prod/main.tf", 30, 1)
    assert is_waived(comment(location=here, first=30, last=30), passed)
    assert not is_waived(comment(location=here, first=31, last=31), passed)


def test_a_comment_at_a_module_call_is_about_what_the_module_contains() -> None:
    inside = changed(root="prod", addresses=("module.db.aws_db.this", 'module.db["a"].aws_db.this'))
    here = Location("prod/main.tf", 3, 1)
    assert is_waived(comment(location=here, first=3, last=9, call="db"), inside)
    assert not is_waived(comment(location=here, first=3, last=9, call="d"), inside)
    assert not is_waived(comment(location=here, first=3, last=9), inside)


def test_a_comment_in_a_module_counts_for_its_callers_only_if_that_is_said() -> None:
    caller = changed(root="prod")
    assert not is_waived(comment(), caller)
    assert summaries(comment(), FOUND, caller) == ["Waiver in a module does not count for its callers"]
    assert is_waived(comment(), caller, reaches=lambda home, root: True)


@pytest.mark.parametrize(
    ("conditions", "waived"),
    [
        ({}, True),
        ({"policies": ("aws_*",)}, True),
        ({"policies": ("aws_db",)}, False),
        ({"addresses": ("aws_db.this",)}, True),
        ({"addresses": ("aws_db.*",)}, True),
        ({"addresses": ("aws_d?.this",)}, True),
        ({"addresses": ("db.this",)}, False),
        ({"paths": ("modules/",)}, True),
        ({"paths": ("main.tf",)}, True),
        ({"paths": ("/main.tf",)}, False),
        ({"paths": ("modules/", "!modules/db/")}, False),
        ({"modules": ("modules/db",)}, True),
        ({"modules": ("modules/*/",)}, True),
        ({"modules": ("modules",)}, False),
        ({"modules": ("modules/db",), "paths": ("other/",)}, False),
    ],
)
def test_conditions_of_the_configuration_file(conditions: dict[str, Any], waived: bool) -> None:
    assert is_waived(rule(**conditions)) is waived


def test_one_instance_of_a_result_is_waived_and_the_others_are_not() -> None:
    found, problems = outcome(rule(addresses=("aws_db.this[1]", 'aws_db.this["a.b"]')))
    assert [(one.verdict, one.address, one.addresses) for one in found] == [
        ("waived", "aws_db.this[1]", ("aws_db.this[1]", 'aws_db.this["a.b"]')),
        ("fail", "aws_db.this[0]", ("aws_db.this[0]",)),
    ]
    assert problems == []


def test_two_waivers_share_the_instances_of_a_result() -> None:
    entries = [rule(addresses=("*[0]",), reason="one"), rule(addresses=("aws_db.this",), reason="rest")]
    found, problems = apply_waivers([FOUND], entries, rules())
    assert [(one.reason, len(one.addresses)) for one in found] == [("one", 1), ("rest", 2)]
    assert problems == []


def test_the_last_day_counts() -> None:
    assert is_waived(comment(until="2026-06-30"))
    assert not is_waived(comment(until="2026-06-29"))


@pytest.mark.parametrize(
    ("entry", "summary"),
    [
        (comment(until="2026-06-29"), "Waiver has expired"),
        (comment(until="soon"), "Waiver cannot be understood"),
        (comment(until="2026-02-30"), "Waiver cannot be understood"),
        (comment(until="20270131"), "Waiver cannot be understood"),
        (comment(fault="it gives no reason"), "Waiver cannot be understood"),
        (comment(policies=("aws_db_unencrypte",)), "Waiver names no policy"),
        (comment(first=1, last=2), "Waiver is not used"),
        (rule(until="2020-01-01"), "Waiver has expired"),
        (rule(until="2027-13-01"), "Waiver cannot be understood"),
    ],
)
def test_a_waiver_that_does_not_count_is_reported_and_the_finding_stays(entry: Entry, summary: str) -> None:
    (found, (problem,)) = outcome(entry)
    assert found == [FOUND]
    assert (problem.summary, problem.severity) == (summary, "warning")
    assert (problem.file, problem.line) == (entry.location.file, entry.location.line)


def test_a_waiver_of_what_was_not_looked_at_is_not_called_unused() -> None:
    assert summaries(comment(first=1, last=2, expected=False)) == []
    assert summaries(comment(policies=("not_run",))) == []


def test_what_may_not_be_waived() -> None:
    found, (problem,) = outcome(comment(), refusal=lambda result: "the house says so")
    assert found == [FOUND]
    assert problem.summary == "Waiver is refused"
    assert "the house says so" in problem.detail


def test_policies_with_a_slip_are_told_the_nearest() -> None:
    _, (problem,) = outcome(comment(policies=("aws_db_unencrypte",)))
    assert problem.help == f"Did you mean {POLICY}?"
