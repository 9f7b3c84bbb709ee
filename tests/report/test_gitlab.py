"""GitLab's Code Quality report: the documented fields, and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from msgspec.structs import replace

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.report.gitlab import render
from tests.report import sample

SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def entries(result: ScanResult) -> Any:
    return json.loads(render(result))


@pytest.mark.parametrize("name", ["library", "clean", "hostile", "large"])
def test_the_documented_fields(name: str) -> None:
    made = entries(getattr(sample, name)())
    for one in made:
        assert one.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        assert one["location"].keys() == {"path", "lines"}
        assert one["location"]["lines"]["begin"] >= 1
        assert one["location"]["path"] and not one["location"]["path"].startswith(("/", "./"))
        assert one["severity"] in SEVERITIES
        assert one["description"]
    prints = [one["fingerprint"] for one in made]
    assert len(set(prints)) == len(prints)


def test_severities() -> None:
    made = entries(sample.library())
    found = {one["check_name"]: one["severity"] for one in made if not one["description"].count("Waived: ")}
    assert found["aws_rds_cluster_unencrypted"] == "critical"
    assert found["aws_rds_cluster_backup_retention_short"] == "major"
    assert found["variable_without_description"] == "minor"
    assert found["aws_rds_cluster_without_customer_key"] == "info", "an unknown is no finding"


def test_a_problem_keeps_its_fingerprint_when_lines_move() -> None:
    result = sample.library()
    twice = (*result.problems, replace(result.problems[0], line=99))
    moved = tuple(replace(one, line=one.line + 7) for one in twice)
    before, after = (
        [one["fingerprint"] for one in entries(replace(result, problems=problems))] for problems in (twice, moved)
    )
    assert before == after
    assert len(set(before)) == len(before)
