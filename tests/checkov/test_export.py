"""Our policies as custom checks of Checkov: what is written, and that the real Checkov says with them what we say."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from alexandria_scan.checkov.addresses import module_and_rest
from alexandria_scan.checkov.export import LIST, SHARED, export
from alexandria_scan.checkov.run import run_checkov
from alexandria_scan.commands.policy_fixtures import judge_case
from alexandria_scan.policy.content import Content
from alexandria_scan.policy.defaults import load_defaults
from alexandria_scan.policy.engine import Engine
from alexandria_scan.policy.load import load_policies
from alexandria_scan.policy.manifest import Policy
from alexandria_scan.policy.run import Run as PolicyRun
from tests.checkov.conftest import COMMAND, missing
from tests.conftest import ROOT, SCANNER, Run

POLICIES = load_policies(ROOT / "policies", "policies", check=False)
CARRIED = [policy for policy in POLICIES if {"resource", "data"} & {kind for kind, _ in policy.targets}]
FIXTURES = ROOT / "fixtures" / "policies"
OWN = """\
title: Topic with a "name" \\ that is not ours
severity: info
resource: aws_sns_topic
enforce:
  - condition: attrs.name == "ours"
    error_message: name is not ours
why: It has to be.
fix: Change it.
"""


def test_every_policy_is_written_or_listed(tmp_path: Path) -> None:
    exported = export(POLICIES, [], tmp_path / "checks")
    assert exported.policies == [policy.id for policy in CARRIED]
    assert set(exported.policies) | set(exported.left) == {policy.id for policy in POLICIES}
    text = (tmp_path / "checks" / LIST).read_text("utf-8")
    assert all(f"{id_}: {reason}\n" in text for id_, reason in exported.left.items())
    written = {path.stem for path in (tmp_path / "checks").glob("*.py")}
    assert written == {"__init__", SHARED, *exported.policies}
    for path in (tmp_path / "checks").glob("*.py"):
        ast.parse(path.read_text("utf-8"))


def test_a_policy_that_is_no_more_goes_and_other_files_stay(tmp_path: Path) -> None:
    export(POLICIES[:30], [], tmp_path)
    (tmp_path / "own_check.py").write_text("check = None\n")
    (last,) = export(CARRIED[:1], [], tmp_path).policies
    assert {path.name for path in tmp_path.iterdir()} == {
        "__init__.py", f"{SHARED}.py", f"{last}.py", "own_check.py", LIST,
    }  # fmt: skip


def test_the_command_says_what_was_left_out(run: Run, tmp_path: Path) -> None:
    outcome = run("policies", "export", "--checkov", "checks")
    assert outcome.status == 0
    assert "module_readme_missing: not carried over, judges module" in outcome.out
    assert f"{len(CARRIED)} policies written to checks" in outcome.out
    assert (tmp_path / "checks" / LIST).is_file()


def test_where_to_has_to_be_said_and_writable(run: Run, tmp_path: Path) -> None:
    assert run("policies", "export").status == 2
    (tmp_path / "file").write_text("")
    outcome = run("policies", "export", "--checkov", "file")
    assert outcome.status == 2
    assert "cannot be written" in outcome.err


@pytest.fixture
def with_scanner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checkov finds alexandria-scan."""
    if missing():
        pytest.skip(missing())
    monkeypatch.setenv("PYTHONPATH", str(SCANNER))


@pytest.mark.usefixtures("with_scanner")
def test_checkov_says_with_them_what_we_say(tmp_path: Path) -> None:
    if missing("3.3.30"):
        pytest.skip(missing("3.3.30"))
    export(CARRIED, [], tmp_path / "checks")
    top = tmp_path.resolve() / "cases"
    for policy in CARRIED:
        for case in _cases(policy):
            _copy(case, top / policy.id / case.name)
    said: dict[tuple[str, str, str], set[str]] = {}
    for record in run_checkov(top, [policy.id for policy in CARRIED], tmp_path / "checks").records:
        folder, case_name, *_ = Path(record.file_abs_path).relative_to(top).parts
        if folder == record.check_id:
            said.setdefault((folder, case_name, record.resource), set()).add(record.check_result.result)
    defaults = load_defaults([Content(ROOT / "policies")])
    compared, wrong = 0, []
    for policy in CARRIED:
        for case in _cases(policy):
            for address, wanted in _told(policy, case, Engine([PolicyRun(policy)], defaults)).items():
                shown = said.get((policy.id, case.name, address), set())
                wrong += [(policy.id, case.name, address, shown, wanted)] if shown != wanted else []
                compared += bool(wanted)
    assert wrong == []
    assert compared > len(CARRIED)


def _cases(policy: Policy) -> list[Path]:
    folder = FIXTURES / policy.id
    return sorted(case for case in folder.iterdir() if case.is_dir() or case.name.endswith((".tf", ".tf.json")))


def _copy(case: Path, to: Path) -> None:
    """A fixture that is a file is judged as a root, which a folder with a backend is, too."""
    if case.is_dir():
        shutil.copytree(case, to)
        return
    to.mkdir(parents=True)
    shutil.copy(case, to)
    (to / "backend.tf").write_text('terraform {\n  backend "local" {}\n}\n')


def _told(policy: Policy, case: Path, engine: Engine) -> dict[str, set[str]]:
    """What Checkov has to report on each instance, or on the block where we know of none: pass and fail only."""
    words = {"pass": "PASSED", "fail": "FAILED"}
    found: dict[str, set[str]] = {}
    for result in judge_case(policy, case, engine)[0]:
        for address in result.addresses:
            module, rest = module_and_rest(address)
            if rest.partition(".")[0] in ("provider", "variable", "output", "local", "terraform"):
                continue
            shown = f"{module}{'.' if module else ''}{rest.removeprefix('data.')}".replace("[*]", "")
            found.setdefault(shown, set()).update({words[result.verdict]} if result.verdict in words else set())
    return found


@pytest.mark.usefixtures("with_scanner")
def test_policies_of_your_own_are_carried_over(tmp_path: Path, run: Run) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "our_topic_misnamed.yaml").write_text(OWN)
    assert run("policies", "export", "--checkov", "checks", "--policies", "rules").status == 0
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "main.tf").write_text(
        'resource "aws_sns_topic" "a" {\n  name = "ours"\n}\nresource "aws_sns_topic" "b" {\n  name = "theirs"\n}\n'
    )
    checked = run_checkov(tmp_path / "code", ["our_topic_misnamed"], tmp_path / "checks")
    assert {(one.resource, one.check_result.result, one.severity) for one in checked.records} == {
        ("aws_sns_topic.a", "PASSED", "INFO"), ("aws_sns_topic.b", "FAILED", "INFO"),
    }  # fmt: skip


@pytest.mark.usefixtures("with_scanner")
def test_a_plan_is_judged_as_a_plan(tmp_path: Path) -> None:
    export(CARRIED, [], tmp_path / "checks")
    plan = ROOT / "fixtures" / "plans" / "us-15-03-production" / "plan.json"
    checked = run_checkov(plan, ["aws_rds_cluster_unencrypted"], tmp_path / "checks")
    assert {(one.resource, one.check_result.result) for one in checked.records} == {
        ("module.database.aws_rds_cluster.main", "PASSED")
    }


@pytest.mark.usefixtures("with_scanner")
def test_one_module_in_two_roots_is_judged_for_each(tmp_path: Path) -> None:
    export(CARRIED, [], tmp_path / "checks")
    code = tmp_path / "code"
    for name, text in {
        "database": 'variable "on" {\n  type = bool\n}\nresource "aws_rds_cluster" "x" {\n  engine = "aurora-mysql"\n'
        "  storage_encrypted = var.on\n}\n",
        "production": 'module "x" {\n  source = "../database"\n  on = true\n}\n',
        "staging": 'module "x" {\n  source = "../database"\n  on = false\n}\n',
    }.items():
        (code / name).mkdir(parents=True)
        (code / name / "main.tf").write_text(text)
    checked = run_checkov(code, ["aws_rds_cluster_unencrypted"], tmp_path / "checks")
    said = {(one.caller_file_path, one.check_result.result) for one in checked.records}
    assert said == {("/production/main.tf", "PASSED"), ("/staging/main.tf", "FAILED")}


def _failed(folder: Path) -> tuple[int, list[dict[str, Any]]]:
    """The exit status of Checkov with two of the checks, and what they fail. `folder` holds code and checks."""
    command = [
        COMMAND(), f"--directory={folder / 'code'}", f"--external-checks-dir={folder / 'checks'}", "--skip-download",
        "--check=aws_sqs_queue_unencrypted,aws_iam_policy_document_allows_everything", "--output=json",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)["results"]["failed_checks"]


@pytest.fixture
def harmless(tmp_path: Path) -> Path:
    """A folder with the checks, and code of which none of them fails."""
    export(CARRIED, [], tmp_path / "checks")
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "main.tf").write_text(
        'resource "aws_sqs_queue" "a" {\n  sqs_managed_sse_enabled = true\n}\n'
        'data "aws_iam_policy_document" "b" {\n  statement {\n    actions   = ["s3:GetObject"]\n'
        '    resources = ["*"]\n  }\n}\n'
    )
    return tmp_path


@pytest.mark.usefixtures("with_scanner")
def test_a_check_without_alexandria_scan_fails_and_says_so(harmless: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (harmless / "hides" / "alexandria_scan").mkdir(parents=True)
    (harmless / "hides" / "alexandria_scan" / "__init__.py").write_text('raise ImportError("there is none")\n')
    assert _failed(harmless) == (0, [])
    monkeypatch.setenv("PYTHONPATH", str(harmless / "hides"))
    status, failed = _failed(harmless)
    assert status == 1
    assert {one["resource"] for one in failed} == {"aws_sqs_queue.a", "aws_iam_policy_document.b"}
    for one in failed:
        assert one["details"][0].startswith("Not checked: there is none. ")
        assert "has to be in the environment of Checkov" in one["details"][0]


@pytest.mark.usefixtures("with_scanner")
def test_a_check_fails_where_the_scan_cannot_be_done(harmless: Path) -> None:
    (harmless / "code" / "alexandria-scan.yaml").write_text("fail_on: whenever\n")
    status, failed = _failed(harmless)
    assert status == 1
    assert len(failed) == 2
    for one in failed:
        assert one["details"][0].startswith("Not checked: ")
        assert "whenever" in one["details"][0]
