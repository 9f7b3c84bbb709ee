"""Checkov's results beside ours, in one result: what is folded, what is added, and what is a problem."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from alexandria_scan.catalogue import Selection
from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.config import Config
from alexandria_scan.policy.results import Result
from alexandria_scan.scan import Options, scan
from tests.checkov.conftest import Stand, missing, record, report
from tests.conftest import ROOT, Run

DATABASE = """\
resource "aws_db_instance" "main" {
  engine              = "postgres"
  instance_class      = "db.m6g.large"
  storage_encrypted   = false
  publicly_accessible = var.public
}

resource "aws_db_instance" "none" {
  count          = 0
  instance_class = "db.m6g.large"
}

variable "public" {
  type = bool
}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a database, in the working directory."""
    path = tmp_path / "orders"
    path.mkdir()
    (path / ".git").mkdir()
    (path / "main.tf").write_text(DATABASE)
    monkeypatch.chdir(tmp_path)
    return path


def scanned(**options: Any) -> ScanResult:
    return scan(Options(("orders",), with_checkov=True, **options))


def theirs(result: ScanResult) -> list[Result]:
    return [one for one in result.results if one.policy.startswith("CKV")]


def ours(result: ScanResult, policy: str) -> Result:
    return next(one for one in result.results if one.policy == policy)


def test_a_check_that_a_policy_of_ours_asks_too_is_a_note_on_our_result(folder: Path, stand_in: Stand) -> None:
    file = folder / "main.tf"
    stand_in(report(record("CKV_AWS_16", "aws_db_instance.main", file),
                    passed_checks=[record("CKV_AWS_17", "aws_db_instance.main", file, "PASSED")]))  # fmt: skip
    result = scanned()
    assert theirs(result) == []
    encrypted, public = ours(result, "aws_db_instance_unencrypted"), ours(result, "aws_db_instance_public")
    assert (encrypted.verdict, encrypted.checkov) == ("fail", {"CKV_AWS_16": "fail"})
    assert (public.verdict, public.checkov) == ("unknown", {"CKV_AWS_17": "pass"})


def test_our_word_counts_where_we_say_that_there_is_no_resource(folder: Path, stand_in: Stand) -> None:
    stand_in(report(record("CKV_AWS_16", "aws_db_instance.none", folder / "main.tf")))
    assert theirs(scanned()) == []


def test_a_check_of_its_own_is_a_result_like_ours(folder: Path, stand_in: Stand) -> None:
    failed = record("CKV_AWS_9999", "aws_db_instance.main", folder / "main.tf", file_line_range=[1, 6])
    stand_in(report(failed))
    result = scanned()
    (one,) = theirs(result)
    assert (one.policy, one.title, one.severity, one.verdict) == (
        "CKV_AWS_9999", "What CKV_AWS_9999 asks", "medium", "fail",
    )  # fmt: skip
    assert (one.address, one.root, one.module) == ("aws_db_instance.main", "orders", "orders")
    assert (one.location.file, one.location.line) == ("orders/main.tf", 1)
    assert result.policies["CKV_AWS_9999"].target == "resource aws_db_instance"


def test_severities_come_from_the_configuration_or_from_the_platform(folder: Path, stand_in: Stand) -> None:
    file = folder / "main.tf"
    stand_in(report(record("CKV_AWS_9998", "aws_db_instance.main", file, severity="HIGH"),
                    record("CKV_AWS_9999", "aws_db_instance.main", file)))  # fmt: skip
    result = scanned(config=Config(severity={"CKV_AWS_9999": "info"}))
    assert {one.policy: one.severity for one in theirs(result)} == {"CKV_AWS_9998": "high", "CKV_AWS_9999": "info"}


def test_a_check_can_be_disabled(folder: Path, stand_in: Stand) -> None:
    stand_in(report(record("CKV_AWS_9999", "aws_db_instance.main", folder / "main.tf")))
    assert theirs(scanned(config=Config(disable=("CKV_AWS_9999",)))) == []


def test_a_check_that_was_skipped_in_the_source_is_waived(folder: Path, stand_in: Stand) -> None:
    skipped = record("CKV_AWS_9999", "aws_db_instance.main", folder / "main.tf", "SKIPPED",
                     check_result={"suppress_comment": "agreed with the owner"})  # fmt: skip
    stand_in(report(skipped_checks=[skipped]))
    result = scanned()
    assert [(one.verdict, one.reason) for one in theirs(result)] == [("waived", "agreed with the owner")]
    assert result.summary.waived == 1


def test_instances_of_one_block_are_one_result(folder: Path, stand_in: Stand) -> None:
    records = [record("CKV_AWS_9999", f'aws_x.y["{key}"]', folder / "main.tf") for key in "ab"]
    stand_in(report(*records))
    (one,) = theirs(scanned())
    assert one.addresses == ('aws_x.y["a"]', 'aws_x.y["b"]')


def test_a_check_on_a_type_that_our_policy_leaves_out_counts_for_its_controls(folder: Path, stand_in: Stand) -> None:
    stand_in(report(record("CKV_AWS_16", "aws_other_database.main", folder / "main.tf")))
    result = scanned(selection=Selection(standards=("aws-data-stores-baseline",)))
    (one,) = theirs(result)
    known = ours(result, "aws_db_instance_unencrypted")
    assert one.severity == known.severity
    assert one.controls and set(one.controls) <= set(known.controls)
    control = next(control for control in result.standards[0].controls if one.controls[0].endswith(f"/{control.id}"))
    assert control.modules["orders"] == "fail"


def test_a_standard_leaves_out_what_proves_nothing_of_it(folder: Path, stand_in: Stand) -> None:
    stand_in(report(record("CKV_AWS_9999", "aws_db_instance.main", folder / "main.tf")))
    assert theirs(scanned(selection=Selection(standards=("aws-data-stores-baseline",)))) == []


def test_what_is_in_a_called_module_belongs_to_the_root_that_calls_it(folder: Path, stand_in: Stand) -> None:
    (folder / "database").mkdir()
    (folder / "main.tf").rename(folder / "database" / "main.tf")
    for root in ("production", "staging"):
        (folder / root).mkdir()
        (folder / root / "main.tf").write_text('module "x" {\n  source = "../database"\n  public = false\n}\n')
    file = folder / "database" / "main.tf"
    stand_in(report(record("CKV_AWS_9999", "module.x.aws_db_instance.main", file, caller_file_path="/staging/main.tf"),
                    record("CKV_AWS_16", "module.x.aws_db_instance.main", file,
                           caller_file_path="/production/main.tf")))  # fmt: skip
    result = scanned()
    (one,) = theirs(result)
    assert (one.root, one.module) == ("orders/staging", "orders/database")
    noted = [one.root for one in result.results if one.checkov]
    assert noted == ["orders/production"]


def test_a_checkov_that_fails_is_a_problem(folder: Path, stand_in: Stand) -> None:
    stand_in("", 1, "Killed")
    result = scanned()
    (problem,) = result.problems
    assert (problem.file, problem.summary) == ("orders", "Checkov could not be run")
    assert result.summary.exit_status == 3
    assert ours(result, "aws_db_instance_unencrypted").verdict == "fail"


def test_a_file_that_checkov_cannot_read_is_a_problem(folder: Path, stand_in: Stand) -> None:
    stand_in(report(parsing_errors=[str(folder / "main.tf")]))
    result = scanned()
    assert [problem.file for problem in result.problems] == ["orders/main.tf"]
    assert result.summary.exit_status == 3


def test_a_file_that_has_a_problem_anyway_has_one(folder: Path, stand_in: Stand) -> None:
    (folder / "broken.tf").write_text("locals {\n")
    stand_in(report(parsing_errors=[str(folder / "broken.tf")]))
    assert [problem.summary for problem in scanned().problems] == ["Unclosed block"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [(["--policy", "aws_db_instance_public"], "--policy"), (["--config", "other.yaml"], "CKV_AWS_1")],
)
def test_what_cannot_be_asked_of_both_is_refused(arguments: list[str], says: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(DATABASE)
    (tmp_path / "other.yaml").write_text("parameters:\n  CKV_AWS_1: {days: 3}\n")
    outcome = run(".", "--with-checkov", *arguments)
    assert outcome.status == 2
    assert says in outcome.err


def test_a_plan_on_standard_input_is_refused(run: Run) -> None:
    plan = (ROOT / "fixtures" / "plans" / "us-15-03-production" / "plan.json").read_bytes()
    outcome = run("-", "--with-checkov", stdin=None, input=plan)
    assert outcome.status == 2
    assert "standard input" in outcome.err


def test_without_the_option_the_configuration_knows_our_policies_only(run: Run, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(DATABASE)
    (tmp_path / "alexandria-scan.yaml").write_text("disable: [CKV_AWS_1]\n")
    assert run(".").status == 2


def test_the_real_checkov_agrees_on_a_module_that_keeps_its_promises(run: Run) -> None:
    if missing():
        pytest.skip(missing())
    module = ROOT / "fixtures" / "modules" / "us-15-03" / "environments" / "production"
    result = scan(Options((str(module),), with_checkov=True))
    said = {(one.verdict, verdict) for one in result.results for verdict in one.checkov.values()}
    assert ("pass", "pass") in said
    assert theirs(result)
    assert not result.problems
    roots = {Path(one.root).resolve() for one in theirs(result)}
    assert roots == {module}
