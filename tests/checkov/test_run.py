"""Checkov in a process of its own: how it is called, and what becomes of what it does wrong."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from alexandria_scan.checkov.run import Checked, CheckovFailed, checkov_command, run_checkov
from alexandria_scan.usage import UsageError
from tests.checkov.conftest import Stand, missing, record, report


def test_without_checkov_the_way_out_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(UsageError) as error:
        checkov_command()
    assert "alexandria-scan[checkov]" in error.value.help


def test_a_report_is_read(tmp_path: Path, stand_in: Stand) -> None:
    passed = record("CKV_AWS_1", "aws_x.y", tmp_path / "main.tf", "PASSED")
    skipped = record("CKV_AWS_2", "aws_x.y", tmp_path / "main.tf", "SKIPPED", check_result={"suppress_comment": "why"})
    stand_in(report(record("CKV_AWS_3", "aws_x.y", tmp_path / "main.tf"), passed_checks=[passed],
                    skipped_checks=[skipped], parsing_errors=["/a.tf"]))  # fmt: skip
    checked = run_checkov(tmp_path)
    assert [(one.check_id, one.check_result.result) for one in checked.records] == [
        ("CKV_AWS_1", "PASSED"), ("CKV_AWS_3", "FAILED"), ("CKV_AWS_2", "SKIPPED"),
    ]  # fmt: skip
    assert checked.records[2].check_result.suppress_comment == "why"
    assert checked.unreadable == ("/a.tf",)


def test_where_nothing_is_to_be_checked_nothing_is_said(tmp_path: Path, stand_in: Stand) -> None:
    stand_in({"passed": 0, "failed": 0, "checkov_version": "3.3.30"})
    assert run_checkov(tmp_path) == Checked(())


@pytest.mark.parametrize("output", ["", "Traceback", "[]", '{"results": []}', '{"results": {"failed_checks": [{}]}}'])
def test_what_is_no_report_is_a_failure(output: str, tmp_path: Path, stand_in: Stand) -> None:
    stand_in(output)
    with pytest.raises(CheckovFailed, match="not the report"):
        run_checkov(tmp_path)


def test_a_crash_is_a_failure_and_says_the_last_line(tmp_path: Path, stand_in: Stand) -> None:
    stand_in("{}", 2, "Traceback:\n  ...\nKeyError: 'x'\n")
    with pytest.raises(CheckovFailed, match=r"exit status 2: KeyError: 'x'\."):
        run_checkov(tmp_path)


def test_a_folder_and_a_plan_are_given_as_what_they_are(tmp_path: Path, stand_in: Stand) -> None:
    called = stand_in(report())
    plan = tmp_path / "plan.json"
    plan.write_text("{}")
    run_checkov(tmp_path, ["CKV_AWS_1", "CKV_AWS_2"])
    *arguments, _ = json.loads(called.read_text())
    assert f"--directory={tmp_path}" in arguments and "--check=CKV_AWS_1,CKV_AWS_2" in arguments
    assert arguments[arguments.index("--framework") + 1] == "terraform"
    run_checkov(plan)
    *arguments, _ = json.loads(called.read_text())
    assert f"--file={plan}" in arguments and arguments[arguments.index("--framework") + 1] == "terraform_plan"


def test_it_is_not_started_where_the_scanned_code_is(tmp_path: Path, stand_in: Stand) -> None:
    called = stand_in(report())
    run_checkov(tmp_path)
    started = Path(json.loads(called.read_text())[-1])
    assert tmp_path not in (started, *started.parents)


def test_the_scanned_folder_cannot_bring_code_of_its_own(tmp_path: Path) -> None:
    if missing():
        pytest.skip(missing())
    (tmp_path / "main.tf").write_text('resource "aws_sns_topic" "x" {\n}\n')
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "__init__.py").write_text("")
    (tmp_path / "code" / "loaded.py").write_text(f"open({str(tmp_path / 'was_run')!r}, 'w')\n")
    configuration = f"external-checks-dir:\n  - {tmp_path / 'code'}\nskip-check:\n  - CKV_AWS_26\n"
    (tmp_path / ".checkov.yaml").write_text(configuration)
    checked = run_checkov(tmp_path)
    assert "CKV_AWS_26" in {one.check_id for one in checked.records}
    assert not (tmp_path / "was_run").exists()
