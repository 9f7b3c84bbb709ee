"""docs/checkov.md says what a run of both says, and its rows are about policies and fixtures that exist."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from alexandria_scan.checkov.run import checkov_command
from alexandria_scan.commands.checkov_table import VERSION, Compared, Difference, Reason, compare, load_reasons, render
from alexandria_scan.commands.checkov_table import unexplained as wrong_reasons
from alexandria_scan.policy.load import load_policies
from tests.checkov.conftest import missing
from tests.conftest import ROOT

TABLE = (ROOT / "docs" / "checkov.md").read_text("utf-8")
REASONS = load_reasons(ROOT / "docs" / "checkov.yaml")
POLICIES = load_policies(ROOT / "policies", "policies", check=False)
ROWS = [line.split(" | ") for line in TABLE.splitlines() if line.startswith("| `")]


def test_the_table_is_what_both_say() -> None:
    if missing(VERSION):
        pytest.skip(missing(VERSION))
    compared = compare(POLICIES, ROOT / "fixtures" / "policies", ROOT / "policies")
    assert wrong_reasons(compared, REASONS) == []
    assert render(compared, REASONS) == TABLE


def test_every_row_is_about_a_policy_a_check_and_a_fixture_that_exist() -> None:
    policies = {policy.id: policy for policy in POLICIES}
    assert ROWS
    for policy, checks, places, *_ in ROWS:
        equivalent = policies[policy.strip("| `")].equivalents["checkov"]
        assert set(re.findall(r"CKV2?_\w+", checks)) <= set(equivalent)
        files = re.findall(r"\]\(\.\./([^)]+)\) `([^`]+)`", places)
        assert files
        for file, address in files:
            text = "".join(path.read_text("utf-8") for path in _sources(file))
            assert f'"{address.split("[")[0].rsplit(".", 1)[-1]}"' in text


def _sources(file: str) -> list[Path]:
    path = ROOT / file
    return sorted(path.rglob("*.tf")) if path.is_dir() else [path]


def test_every_row_has_the_reason_that_somebody_wrote() -> None:
    for policy, _, _, ours, theirs, right, reason in ROWS:
        assert REASONS[policy.strip("| `"), f"{ours}/{theirs}"] == Reason(right, reason.removesuffix(" |"))


def test_a_difference_without_a_reason_and_a_reason_without_a_difference_are_errors() -> None:
    difference = Difference("some_policy", "fail", "passed", "some_policy/fail.tf", "aws_x.y", ("CKV_AWS_1",))
    reasons = {("some_policy", "pass/failed"): Reason("both", "...")}
    assert wrong_reasons(Compared(1, 1, 0, [difference]), reasons) == [
        "some_policy: no reason for fail/passed",
        "some_policy: there is no difference pass/failed any more",
    ]


def test_a_check_that_a_policy_names_exists_and_is_about_what_the_policy_is_about() -> None:
    """By Checkov's own list, a row for each check and type: `| 44 | CKV_AWS_1 | data | aws_iam_policy_document |`."""
    if missing(VERSION):
        pytest.skip(missing(VERSION))
    command = [checkov_command(), "--list", "--framework", "terraform"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    about: dict[str, set[tuple[str, str]]] = {}
    for line in listed.splitlines():
        _, _, check, kind, type_, *_ = (*map(str.strip, line.split("|")), "", "", "", "", "")
        about.setdefault(check, set()).add((kind, type_))
    named = [(policy, check) for policy in POLICIES for check in policy.equivalents.get("checkov", ())]
    assert [
        f"{policy.id}: {check} is about {sorted(about.get(check, ()))}"
        for policy, check in named
        if not any(policy.applies_to(*target) for target in about.get(check, ()))
    ] == []
