"""The program as a user starts it: the exit status of every honest case, with a sentence that says what is wrong."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from alexandria_scan import cli
from tests.conftest import ROOT, SCANNER, Run, environment

CLEAN, FINDINGS, USAGE, INCOMPLETE = 0, 1, 2, 3
# One policy on Terraform alone, so that these tests do not change with the catalogue.
POLICY = ("--policy", "variable_description_missing")
GOOD = 'variable "name" {\n  type        = string\n  description = "What it is called"\n}\n'
BAD = 'variable "name" {\n  type = string\n}\n'
RESOURCE = 'resource "terraform_data" "this" {\n  input = var.name\n}\n'
RULE = """\
title: Variable has no description of its own
severity: high
variable: "*"
enforce:
  - condition: attrs.description != null
    error_message: describe ${attrs.name}
why: Nobody knows what it is for.
fix: Describe it.
"""


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return module(tmp_path / "good", main=RESOURCE, variables=GOOD)


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    return module(tmp_path / "bad", main=RESOURCE, variables=BAD)


def module(folder: Path, **files: str | bytes) -> Path:
    """A module of these files, `.tf` being added to their names."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        data = content.encode() if isinstance(content, str) else content
        (folder / f"{name}.tf").write_bytes(data)
    return folder


# Findings


def test_a_clean_scan_ends_with_0(run: Run, good: Path) -> None:
    outcome = run("good", *POLICY)
    assert outcome.status == CLEAN
    assert "Compliant" in outcome.out
    assert "Exit status 0" in outcome.out
    assert outcome.err == ""


def test_findings_end_with_1(run: Run, bad: Path) -> None:
    outcome = run("bad", *POLICY)
    assert outcome.status == FINDINGS
    assert "bad/variables.tf:1:1" in outcome.out
    assert "Not compliant: 1 finding. Exit status 1." in outcome.out


def test_scan_is_the_command_where_none_is_named(run: Run, bad: Path) -> None:
    assert run("scan", "bad", *POLICY) == run("bad", *POLICY)


def test_the_working_directory_is_scanned_where_no_path_is_given(run: Run, bad: Path) -> None:
    outcome = run(*POLICY, cwd=bad)
    assert outcome.status == FINDINGS
    assert "--> variables.tf:1:1" in outcome.out


@pytest.mark.parametrize(
    ("threshold", "status"), [("info", 1), ("low", 1), ("medium", 0), ("critical", 0), ("never", 0)]
)
def test_fail_on_says_which_findings_fail(run: Run, bad: Path, threshold: str, status: int) -> None:
    outcome = run("bad", *POLICY, "--fail-on", threshold)  # the policy's severity is low
    assert outcome.status == status
    assert "variable_description_missing" in outcome.out
    assert f"Exit status {status}." in outcome.out


def test_the_same_path_twice_is_scanned_once(run: Run, bad: Path) -> None:
    assert run("bad", "bad", *POLICY).out == run("bad", *POLICY).out


def test_two_runs_print_the_same_bytes(run: Run) -> None:
    fixture = ROOT / "fixtures" / "modules" / "us-15-03-drifted"
    for format_ in ("text", "json"):
        first, second = (run(fixture, "--format", format_, env={"PYTHONHASHSEED": seed}) for seed in "12")
        assert first == second


# Wrong use


def test_an_empty_folder_is_not_clean(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    outcome = run("empty")
    assert outcome.status == USAGE
    assert "There is no Terraform configuration in empty." in outcome.err
    assert outcome.out == ""
    outcome = run(".", cwd=tmp_path / "empty")
    assert outcome.status == USAGE
    assert "There is no Terraform configuration in the working directory." in outcome.err


def test_a_missing_path(run: Run) -> None:
    outcome = run("nowhere")
    assert outcome.status == USAGE
    assert "nowhere does not exist." in outcome.err


def test_a_path_that_is_missing_beside_one_that_is_there(run: Run, good: Path) -> None:
    outcome = run("good", "nowhere", *POLICY)
    assert outcome.status == USAGE
    assert "nowhere does not exist." in outcome.err


def test_a_working_directory_that_is_gone(run: Run, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = 'cd "$1" && rmdir "$1" && exec "$2" -m alexandria_scan .'
    done = subprocess.run(
        ["bash", "-c", script, "bash", gone, sys.executable],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == USAGE
    assert "Traceback" not in done.stderr and "internal error" not in done.stderr
    assert "working directory" in done.stderr


def test_a_file_that_is_no_configuration(run: Run, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    outcome = run("notes.txt")
    assert outcome.status == USAGE
    assert "notes.txt is neither a folder, nor Terraform source, nor a plan in JSON." in outcome.err


@pytest.mark.parametrize("text", ["{}", "[]", "{", "\x00"])
def test_json_that_is_no_plan(run: Run, tmp_path: Path, text: str) -> None:
    (tmp_path / "plan.json").write_text(text)
    outcome = run("plan.json")
    assert outcome.status == USAGE
    assert "plan.json" in outcome.err


DESTROYED = {"address": "aws_sqs_queue.q", "mode": "managed", "type": "aws_sqs_queue", "name": "q"}


@pytest.mark.parametrize("action", ["delete", "forget"])
def test_a_plan_that_leaves_no_resource_is_judged(run: Run, tmp_path: Path, action: str) -> None:
    """As Terraform 1.11 writes them. A pipeline scans every plan, and these are no wrong use."""
    changes = [{**DESTROYED, "change": {"actions": [action], "before": {}, "after": None}}]
    plan = {"format_version": "1.2", "planned_values": {"root_module": {}}, "resource_changes": changes}
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    said = "The plan has no resources to judge: none will be left in the state."
    for arguments in ([], ["--standard", "pci-dss"], ["--fail-on", "info"]):
        outcome = run("plan.json", *arguments)
        assert (outcome.status, outcome.err) == (CLEAN, "")
        assert said in outcome.out
    saved = tmp_path / "saved.json"
    saved.write_text(run("plan.json", "--format", "json").out)
    assert said in run("report", "saved.json").out


DEFERRED = {"reason": "instance_count_unknown", "resource_change": {**DESTROYED, "change": {"actions": ["create"]}}}


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"output_changes": {"a": {"actions": ["update"], "before": 1, "after": 2}}},
        {"deferred_changes": [DEFERRED]},
        {"deferred_changes": [DEFERRED], "resource_changes": [{**DESTROYED, "change": {"actions": ["delete"]}}]},
    ],
    ids=["nothing", "outputs", "deferred", "deferred and deleted"],
)
def test_a_plan_without_resources_is_nothing_to_judge(run: Run, tmp_path: Path, parts: dict[str, object]) -> None:
    plan = {"format_version": "1.2", "planned_values": {"root_module": {}}, **parts}
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    outcome = run("plan.json")
    assert outcome.status == USAGE
    assert "There is nothing to judge in plan.json: no resource" in outcome.err


def test_no_plan_on_standard_input(run: Run) -> None:
    outcome = run("-")
    assert outcome.status == USAGE
    assert "<stdin>" in outcome.err


def test_an_unknown_policy(run: Run, good: Path) -> None:
    outcome = run("good", "--policy", "aws_rds_cluster_unencrypte")
    assert outcome.status == USAGE
    assert "There is no policy 'aws_rds_cluster_unencrypte'." in outcome.err
    assert "aws_rds_cluster_unencrypted" in outcome.err


def test_an_unknown_standard(run: Run, good: Path) -> None:
    outcome = run("good", "--standard", "alexandria-module-standard")
    assert outcome.status == USAGE
    assert "There is no standard 'alexandria-module-standard'." in outcome.err
    assert "alexandria-module-standards-1.0.0" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--recursive"], "--recursive"),
        (["--fail-on", "hight"], "hight"),
        (["--format", "pdf"], "pdf"),
        (["--var", "name"], "--var takes NAME=VALUE, not 'name'"),
        (["--output", "json"], "--output takes FORMAT=FILE, not 'json'"),
        (["--output", "pdf=report.pdf"], "There is no format 'pdf'"),
        (["--policies", "nowhere"], "nowhere"),
        (["policies", "lst"], "lst"),
        (["policies", "show"], "policies show takes the id of a policy"),
        (["policies", "show", "aws_rds_cluster_unencrypte"], "Did you mean aws_rds_cluster_unencrypted?"),
        (["explain"], "ADDRESS"),
        (["explain", "var.name", "nowhere"], "nowhere"),
        (["evaluate", "nowhere"], "nowhere"),
    ],
)
def test_wrong_arguments(run: Run, good: Path, arguments: list[str], sentence: str) -> None:
    outcome = run(*arguments, *(() if arguments[0] in ("policies", "explain", "evaluate") else ("good",)))
    assert outcome.status == USAGE
    assert sentence in outcome.err
    assert outcome.err.startswith("alexandria-scan: ")
    assert outcome.out == ""


def test_an_environment_with_a_slip_in_its_name(run: Run, good: Path) -> None:
    outcome = run("good", *POLICY, "--environment", "prodution")
    assert "production" in outcome.said, "a threshold that silently does not apply is a gate that is silently open"


def test_a_variable_with_a_slip_in_its_name(run: Run, good: Path) -> None:
    outcome = run("good", *POLICY, "--var", "nmae=orders")
    assert outcome.status == USAGE
    assert "'nmae'" in outcome.err
    assert run("good", *POLICY, "--var", "name=orders").status == CLEAN


# Policies


@pytest.mark.parametrize("content", ["missing", "empty"])
def test_without_policies_it_refuses_to_run(good: Path, tmp_path: Path, content: str) -> None:
    package = tmp_path / "site" / "alexandria_scan"
    shutil.copytree(SCANNER / "alexandria_scan", package, ignore=shutil.ignore_patterns("__pycache__"))
    if content == "empty":
        (package / "bundled" / "policies").mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-m", "alexandria_scan", "good"],
        cwd=tmp_path, env=environment(PYTHONPATH=str(package.parent)), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == USAGE
    assert "polic" in done.stderr
    assert "Traceback" not in done.stderr and "internal error" not in done.stderr


def test_a_policy_of_the_users_own(run: Run, bad: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "our_variable_undescribed.yaml").write_text(RULE)
    outcome = run("bad", "--policies", "rules", "--policy", "our_variable_undescribed")
    assert outcome.status == FINDINGS
    assert "describe name" in outcome.out


@pytest.mark.parametrize(
    ("wrong", "place", "sentence"),
    [
        (RULE.replace("severity:", "severty:"), ":2:", "unknown key 'severty'; did you mean 'severity'?"),
        (RULE.replace("error_message:", "message:"), ":6:", "unknown key 'message'; did you mean 'error_message'?"),
        (RULE.replace("severity: high", "severity: hihg"), ":2:", "'hihg'"),
        (RULE.replace("!= null", "!= = null"), ":5:", "not a valid expression"),
        (RULE.replace("attrs.d", "atrs.d"), ":5:", "unknown name 'atrs'; did you mean 'attrs'?"),
        (RULE.replace("attrs.d", "var.d"), ":5:", "unknown name 'var'; known names: attrs, meta, param"),
        (RULE.replace("{attrs", "{atrs"), ":6:", "unknown name 'atrs'; did you mean 'attrs'?"),
        (RULE.replace('variable: "*"', "variable: [*"), ":3:", "not valid YAML"),
        (RULE.replace('variable: "*"\n', ""), ":1:", "no target"),
        ("- title\n", ":1:", "a mapping of names to values is expected"),
    ],
    ids=[
        "key",
        "nested-key",
        "severity",
        "expression",
        "name",
        "foreign-name",
        "name-in-message",
        "yaml",
        "target",
        "list",
    ],
)
def test_a_broken_manifest_is_named_with_its_line(
    run: Run, good: Path, tmp_path: Path, wrong: str, place: str, sentence: str
) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "our_rule.yaml").write_text(wrong)
    outcome = run("good", "--policies", "rules")
    assert outcome.status == USAGE
    assert f"rules/our_rule.yaml{place}" in outcome.err
    assert "policies/WRITING.md" in outcome.err
    assert sentence in outcome.err
    assert outcome.out == ""


def test_a_folder_without_policies_is_not_taken_for_one(run: Run, good: Path, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    outcome = run("good", *POLICY, "--policies", "rules")
    assert outcome.status == USAGE
    assert "rules" in outcome.err


def test_code_is_refused_in_a_users_folder_and_only_there(run: Run, good: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    assert run("good", *POLICY, "--no-python-policies").status == CLEAN
    (rules / "our_rule.yaml").write_text(RULE.partition("enforce:")[0])
    (rules / "our_rule.py").write_text("raise SystemExit('this was run')")
    outcome = run("good", "--policies", "rules", "--no-python-policies")
    assert outcome.status == USAGE
    assert "our_rule.py" in outcome.err
    assert "this was run" not in outcome.said


@pytest.mark.parametrize(("code", "said"), [("1 / 0", "division by zero"), ("exit(0)", "SystemExit: 0")])
def test_a_policy_that_crashes_is_a_problem_with_its_name(
    run: Run, good: Path, tmp_path: Path, code: str, said: str
) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "our_rule.yaml").write_text(RULE.partition("enforce:")[0])
    (rules / "our_rule.py").write_text(f"def check(resource, param):\n    yield {code}\n")
    outcome = run("good", "--policies", "rules", "--policy", "our_rule")
    assert outcome.status == INCOMPLETE
    assert "our_rule" in outcome.out
    assert said in outcome.out


@pytest.mark.parametrize(
    ("key", "line"),
    [("filter: attrs.name.first\nenforce:", 4), ("enforce:\n  - {condition: attrs.name.first, error_message: x}", 5)],
)
def test_a_condition_without_a_value_is_a_problem_with_its_line(
    run: Run, good: Path, tmp_path: Path, key: str, line: int
) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "our_rule.yaml").write_text(
        f"title: Wrong\nseverity: low\nvariable: '*'\n{key}\n  - {{condition: true, error_message: x}}\n"
    )
    outcome = run("good", "--policies", "rules", "--policy", "our_rule")
    assert outcome.status == INCOMPLETE
    assert f"our_rule.yaml, line {line}." in " ".join(outcome.out.split())


def test_a_policy_that_ends_the_program_while_it_is_loaded_is_a_problem(run: Run, good: Path, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "our_rule.yaml").write_text(RULE.partition("enforce:")[0])
    (rules / "our_rule.py").write_text("raise SystemExit(0)\n")
    outcome = run("good", "--policies", "rules", "--policy", "our_rule")
    assert outcome.status == INCOMPLETE
    assert "our_rule.py cannot be loaded: SystemExit: 0" in " ".join(outcome.out.split())


# Input that cannot be read


@pytest.mark.parametrize("call", ["nonsense()", "core::nonsense()", "other::x::y()"])
@pytest.mark.parametrize("backend", ["", 'terraform {\n  backend "s3" {}\n}\n'], ids=["library", "root"])
def test_a_function_that_there_is_not_is_an_error_whatever_the_inputs_are(
    run: Run, tmp_path: Path, call: str, backend: str
) -> None:
    (tmp_path / "main.tf").write_text(
        'variable "on" {}\n'
        f'resource "aws_s3_bucket" "a" {{\n  count  = var.on ? 1 : 0\n  bucket = {call}\n}}\n'
        f'resource "aws_s3_bucket" "b" {{\n  count  = var.on ? 1 : 0\n  bucket = try({call}, "b")\n}}\n{backend}'
    )
    outcome = run(".", "--format", "json")
    problems = json.loads(outcome.out)["problems"]
    assert [(problem["severity"], problem["line"]) for problem in problems] == [("error", 4)]
    assert outcome.status == INCOMPLETE


def test_a_file_that_does_not_parse(run: Run, bad: Path) -> None:
    module(bad, broken='resource "terraform_data" "other" {\n  input = = 1\n}\n')
    outcome = run("bad", *POLICY)
    assert outcome.status == INCOMPLETE
    assert "bad/broken.tf:2:11" in outcome.out
    assert "Unexpected" in outcome.out
    assert "bad/variables.tf:1:1" in outcome.out, "the rest of the module is scanned"
    assert "Incomplete: 1 problem, and 1 finding. Exit status 3." in outcome.out


@pytest.mark.parametrize(("description", "status"), [(GOOD, CLEAN), (BAD, FINDINGS)])
def test_allow_incomplete(run: Run, tmp_path: Path, description: str, status: int) -> None:
    module(tmp_path / "m", main=RESOURCE, variables=description, broken='resource "a" {')
    assert run("m", *POLICY).status == INCOMPLETE
    outcome = run("m", *POLICY, "--allow-incomplete")
    assert outcome.status == status
    assert "m/broken.tf" in outcome.out


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x03\x00>\x00" * 500, "Not a text file"),
        (b'variable "caf\xe9" {}\n', "not valid UTF-8"),
        (b"\0GITCRYPT\0\x3f\xd0\x3c\x06\x90\x7c", "git-crypt unlock"),
        (b'locals {\n  x = "' + b"a" * 10_000_000 + b'"\n}\n', "too large"),
    ],
    ids=["binary", "utf-8", "git-crypt", "10 MB line"],
)
def test_a_file_that_is_no_text(run: Run, bad: Path, content: bytes, sentence: str) -> None:
    module(bad, odd=content)
    outcome = run("bad", *POLICY)
    assert outcome.status == INCOMPLETE
    assert "bad/odd.tf" in outcome.out
    assert sentence in outcome.out
    assert "bad/variables.tf:1:1" in outcome.out, "the rest of the module is scanned"
    assert len(outcome.out) < 10_000


def test_a_long_line_is_cut_where_it_is_shown(run: Run, tmp_path: Path) -> None:
    module(tmp_path / "m", main=RESOURCE, variables='variable "name" { default = "' + "a" * 1_000_000 + '" }\n')
    for format_ in ("text", "json"):
        outcome = run("m", *POLICY, "--format", format_)
        assert outcome.status == FINDINGS
        assert len(outcome.out) < 100_000


def test_a_link_that_leads_in_a_circle(run: Run, bad: Path) -> None:
    (bad / "again").symlink_to(".")
    assert run("bad", *POLICY).status == FINDINGS
    (bad / "a.tf").symlink_to("b.tf")
    (bad / "b.tf").symlink_to("a.tf")
    outcome = run("bad", *POLICY)
    assert outcome.status == INCOMPLETE
    assert "bad/a.tf" in outcome.out
    assert "in a circle" in outcome.out
    assert "bad/variables.tf:1:1" in outcome.out, "the rest of the module is scanned"


@pytest.mark.parametrize(
    ("arguments", "status", "sentence"),
    [
        (["round"], USAGE, "round does not exist"),
        (["good", "--config", "round"], USAGE, "round does not exist"),
        (["good", "--output", "json=round"], USAGE, "round is a link that leads in a circle"),
        (["good", "--var-file", "round"], USAGE, "there is no file 'round'"),
        (["baseline", "good", "--baseline", "round"], USAGE, "round is a link that leads in a circle"),
    ],
)
def test_a_link_in_a_circle_is_named(
    run: Run, good: Path, tmp_path: Path, arguments: list[str], status: int, sentence: str
) -> None:
    (tmp_path / "round").symlink_to("about")
    (tmp_path / "about").symlink_to("round")
    outcome = run(*arguments)
    assert outcome.status == status
    assert sentence in outcome.out + outcome.err


def test_a_link_out_of_the_tree(run: Run, bad: Path, tmp_path: Path) -> None:
    secret = module(tmp_path / "secret", passwords='variable "hunter2" {}\n')
    (bad / "link.tf").symlink_to(secret / "passwords.tf")
    outcome = run(".", *POLICY, cwd=bad)
    assert outcome.status == INCOMPLETE
    assert "link.tf leads outside the scanned tree" in outcome.out
    assert "hunter2" not in outcome.said


def test_a_module_source_out_of_the_tree(run: Run, bad: Path, tmp_path: Path) -> None:
    module(tmp_path / "secret", passwords='variable "hunter2" {}\n')
    module(bad, call='module "secret" {\n  source = "../secret"\n}\n')
    outcome = run(".", *POLICY, cwd=bad)
    assert outcome.status == INCOMPLETE
    assert "call.tf:2:" in outcome.out
    assert "hunter2" not in outcome.said


def test_a_module_that_calls_itself(run: Run, bad: Path) -> None:
    module(bad, call='module "again" {\n  source = "./"\n}\n')
    outcome = run("bad", *POLICY)
    assert outcome.status == INCOMPLETE
    assert "bad/call.tf:2:" in outcome.out
    assert "calls itself" in outcome.out


def test_two_modules_that_call_each_other(run: Run, tmp_path: Path) -> None:
    module(tmp_path / "m" / "a", main='module "b" {\n  source = "../b"\n}\n')
    module(tmp_path / "m" / "b", main='module "a" {\n  source = "../a"\n}\n')
    outcome = run("m", *POLICY)
    assert outcome.status == INCOMPLETE
    assert "calls itself" in outcome.out


def test_a_module_that_is_not_there(run: Run, good: Path) -> None:
    module(good, call='module "net" {\n  source = "./net"\n}\n')
    outcome = run("good", *POLICY)
    assert outcome.status == INCOMPLETE
    assert "good/call.tf:2:" in outcome.out


def test_values_that_are_not_there(run: Run, good: Path) -> None:
    outcome = run("good", *POLICY, "--var-file", "nowhere.tfvars")
    assert outcome.status in (USAGE, INCOMPLETE)
    assert "nowhere.tfvars" in outcome.said


def test_an_expression_nested_deeper_than_a_stack(run: Run, tmp_path: Path) -> None:
    deep = "[" * 20_000 + "1" + "]" * 20_000
    module(
        tmp_path / "m",
        main=RESOURCE,
        variables=BAD,
        deep=f'locals {{\n  x = {deep}\n}}\noutput "x" {{\n  value = local.x\n}}\n',
    )
    assert run("m", *POLICY).status in (FINDINGS, INCOMPLETE)


def test_a_file_name_that_is_not_utf_8(run: Run, bad: Path) -> None:
    os.rename(bytes(bad / "variables.tf"), bytes(bad) + b"/v\xff.tf")  # noqa: PTH104 (the name is bytes)
    for format_ in ("text", "json"):
        assert run("bad", *POLICY, "--format", format_, "--output", f"{format_}=report").status == FINDINGS


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(run: Run, bad: Path) -> None:
    module(bad, closed="")
    (bad / "closed.tf").chmod(0)
    outcome = run("bad", *POLICY)
    assert outcome.status == INCOMPLETE
    assert "bad/closed.tf cannot be read" in outcome.out


# Output


def test_a_reader_that_goes_away(tmp_path: Path) -> None:
    fixture = ROOT / "fixtures" / "modules" / "us-15-03-drifted"
    process = subprocess.Popen(
        [sys.executable, "-m", "alexandria_scan", fixture, "--format", "json"],
        cwd=tmp_path, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout is not None and process.stderr is not None
    assert process.stdout.readline() == b"{\n"
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(60) != CLEAN, "a scan with findings is not clean because nobody reads to the end"


@pytest.mark.parametrize("redirection", [">&-", ">/dev/full"])
def test_standard_output_that_takes_nothing(good: Path, tmp_path: Path, redirection: str) -> None:
    if redirection == ">/dev/full" and not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    command = f'exec "$0" -m alexandria_scan good {" ".join(POLICY)} {redirection}'
    done = subprocess.run(
        ["bash", "-c", command, sys.executable],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == USAGE
    assert ("closed" if redirection == ">&-" else "cannot be written") in done.stderr
    assert "Traceback" not in done.stderr and "internal error" not in done.stderr


def test_standard_input_that_is_closed(good: Path, tmp_path: Path) -> None:
    command = '"$0" -m alexandria_scan - <&- ; "$0" -m alexandria_scan good {} <&-'.format(" ".join(POLICY))
    done = subprocess.run(
        ["bash", "-c", command, sys.executable],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == CLEAN
    assert done.stderr.startswith("alexandria-scan: ")
    assert "Traceback" not in done.stderr and "internal error" not in done.stderr


def test_colour_only_where_it_is_wanted(run: Run, bad: Path) -> None:
    assert "\x1b" not in run("bad", *POLICY).out
    assert "\x1b" not in run("bad", *POLICY, env={"NO_COLOR": "1", "TERM": "xterm-256color"}).out
    assert "\x1b" in run("bad", *POLICY, "--color", "always").out


def test_no_colour_on_a_terminal_that_asks_for_none(bad: Path, tmp_path: Path) -> None:
    def on_a_terminal(**variables: str) -> bytes:
        pty = pytest.importorskip("pty")
        main_end, terminal = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "alexandria_scan", "bad", *POLICY],
            cwd=tmp_path, env=environment(**variables), stdin=subprocess.DEVNULL, stdout=terminal, stderr=terminal,
        ) as process:  # fmt: skip
            os.close(terminal)
            shown = b""
            try:
                while chunk := os.read(main_end, 65536):
                    shown += chunk
            except OSError:  # how Linux says that the other end is closed
                pass
            os.close(main_end)
        assert process.returncode == FINDINGS
        return shown

    assert b"\x1b[" in on_a_terminal(TERM="xterm-256color")
    assert b"\x1b[3" not in on_a_terminal(TERM="xterm-256color", NO_COLOR="1")
    assert b"\x1b[" not in on_a_terminal(TERM="dumb")


def test_an_encoding_without_lines_and_arrows(run: Run, bad: Path) -> None:
    outcome = run("bad", *POLICY, env={"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "LC_ALL": "C"})
    assert outcome.status == FINDINGS
    assert outcome.out.isascii()


def test_a_report_in_a_file_beside_the_one_that_is_printed(run: Run, bad: Path, tmp_path: Path) -> None:
    outcome = run("bad", *POLICY, "--output", "json=scan.json", "--output", "text=scan.txt")
    assert outcome.status == FINDINGS
    result = json.loads((tmp_path / "scan.json").read_text())
    assert result["summary"]["exit_status"] == FINDINGS
    assert "Not compliant" in (tmp_path / "scan.txt").read_text()
    assert "Not compliant" in outcome.out


@pytest.mark.parametrize("target", ["nowhere/scan.json", "good"])
def test_a_report_that_cannot_be_written(run: Run, good: Path, target: str) -> None:
    outcome = run("good", *POLICY, "--output", f"json={target}")
    assert outcome.status == USAGE
    assert f"{target} cannot be written" in outcome.err
    assert sorted(path.name for path in good.parent.iterdir()) == ["good"], "nothing is left behind"


def test_json_is_all_that_json_prints(run: Run, bad: Path) -> None:
    outcome = run("bad", *POLICY, "--format", "json")
    result = json.loads(outcome.out)
    assert outcome.err == ""
    assert result["schema_version"] == 1
    assert result["scanned"]["modules"] == ["bad"]
    assert result["summary"]["fail"] == 1
    assert result["summary"]["exit_status"] == outcome.status == FINDINGS


def test_the_catalogue(run: Run) -> None:
    listed = json.loads(run("policies", "list", "--format", "json").out)
    assert {"id", "title", "severity", "target", "equivalents", "controls"} <= set(listed[0])
    assert [policy["id"] for policy in listed] == sorted(policy["id"] for policy in listed)
    text = run("policies").out
    assert all(policy["id"] in text for policy in listed)
    assert listed[0]["title"] in run("policies", "show", listed[0]["id"]).out


@pytest.mark.parametrize("arguments", [["--help"], ["scan", "--help"], ["policies", "--help"], ["explain", "--help"]])
def test_help(run: Run, arguments: list[str]) -> None:
    outcome = run(*arguments)
    assert outcome.status == CLEAN
    assert outcome.out.startswith("usage: alexandria-scan")


def test_version(run: Run) -> None:
    assert run("--version").out == run("scan", "--version").out
    assert run("--version").out.startswith("alexandria-scan ")


def test_the_catalogue_has_policies_of_your_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "our_topic_misnamed.yaml").write_text(
        "title: Topic is not ours\nseverity: low\nresource: aws_sns_topic\nwhy: It has to be.\nfix: Rename it.\n"
        'enforce:\n  - condition: attrs.name == "ours"\n    error_message: name is not ours\n'
    )
    listed = json.loads(run("policies", "list", "--format", "json", "--policies", "rules").out)
    assert "our_topic_misnamed" in [policy["id"] for policy in listed]
    assert "Topic is not ours" in run("policies", "show", "our_topic_misnamed", "--policies", "rules").out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["good", "--var-file", "missing.tfvars"], "there is no file 'missing.tfvars'"),
        (["good", "--var-file", "good"], "there is no file 'good'"),
        (["good", "--history", "."], "--history is for the report in html"),
        (["policies", "list", "extra"], "does not know what to do with 'extra'"),
        (["policies", "export", "extra", "--checkov", "out"], "does not know what to do with 'extra'"),
    ],
)
def test_what_would_have_no_effect_is_wrong_use(run: Run, good: Path, arguments: list[str], sentence: str) -> None:
    outcome = run(*arguments)
    assert outcome.status == USAGE
    assert sentence in outcome.err


def test_policies_of_another_standard_are_in_no_result(run: Run, bad: Path) -> None:
    every = json.loads(run("bad", "--format", "json").out)
    some = json.loads(run("bad", "--format", "json", "--standard", "us-15-03").out)
    named = {policy for one in some["standards"] for control in one["controls"] for policy in control["policies"]}
    assert set(some["policies"]) == named < set(every["policies"])


def test_a_score_tells_which_of_its_policies_are_switched_off(run: Run, bad: Path, tmp_path: Path) -> None:
    (tmp_path / "alexandria-scan.yaml").write_text("disable: [module_tests_missing, variable_unused]\n")
    (standard,) = json.loads(run("bad", "--format", "json").out)["standards"]
    assert standard["disabled"] == ["module_tests_missing", "variable_unused"]
    for format_ in ("text", "markdown"):
        assert "Switched off in the configuration file: 2 policies" in run("bad", "--format", format_).out
    assert "<code>module_tests_missing</code>, <code>variable_unused</code>" in run("bad", "--format", "html").out


def test_code_of_a_policy_counts_as_it_is_now(run: Run, bad: Path, tmp_path: Path) -> None:
    """Even if it changes within the second that compiled code beside it is good for."""
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "our_code.yaml").write_text('title: Ours\nseverity: low\nmodule: "*"\nwhy: Because.\nfix: Do.\n')
    code = rules / "our_code.py"
    for word in ("one", "two"):
        code.write_text(
            f"from alexandria_scan.sdk import fail\n\ndef check(resource, param):\n    yield fail('{word}')\n"
        )
        os.utime(code, (1, 1))
        outcome = run("bad", "--policies", "rules", "--policy", "our_code", "--no-cache", "--format", "csv")
        assert word in outcome.out
    assert not (rules / "__pycache__").exists()


def test_a_file_that_a_build_makes_is_told_with_a_way_out(run: Run, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'terraform {\n  backend "s3" {}\n}\noutput "x" {\n  value = filebase64sha256("x.zip")\n}\n'
    )
    assert "scan after the build" in " ".join(run(".").out.split())


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ("fail_on: low\nstandards: nosuch\n", ":2: There is no standard 'nosuch'"),
        ("fail_on: low\nseverity: {nosuch: low}\n", ":2: there is no policy 'nosuch'"),
        ("disable:\n  - variable_unused\n  - nosuch\n", ":3: there is no policy 'nosuch'"),
        ("disable: nosuch\n", ":1: there is no policy 'nosuch'"),
        ("fail_on: low\nunwaivable:\n  - nosuch_*\n", ":3: unwaivable names no policy"),
        ("parameters:\n  module_examples_few:\n    x: 1\n", ":3: policy module_examples_few has no parameter 'x'"),
        ("parameters:\n  nosuch:\n    x: 1\n", ":2: there is no policy 'nosuch'"),
    ],
)
def test_what_the_configuration_names_wrongly_has_a_line(
    run: Run, good: Path, tmp_path: Path, config: str, said: str
) -> None:
    (tmp_path / "alexandria-scan.yaml").write_text(config)
    outcome = run("good")
    assert outcome.status == USAGE
    assert f"alexandria-scan.yaml{said}" in outcome.err


def test_the_standard_of_the_command_line_has_no_line(run: Run, good: Path, tmp_path: Path) -> None:
    (tmp_path / "alexandria-scan.yaml").write_text("fail_on: low\n")
    assert run("good", "--standard", "nosuch").err.startswith("alexandria-scan: There is no standard")


def test_where_memory_does_not_suffice_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def exhausted(given: list[str]) -> int:
        raise MemoryError

    monkeypatch.setattr("alexandria_scan.cli._run", exhausted)
    assert cli.main(["."]) == INCOMPLETE
    said = capsys.readouterr().err
    assert "not enough memory" in said
    assert "--jobs 1" in said
