"""Configurations that parse and that Terraform refuses: each is a problem here too, at the same place."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from alexandria_scan.evaluate.as_plan import as_plan
from alexandria_scan.evaluate.checks import check
from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.source.folders import SourceTree
from alexandria_scan.source.problems import Problem
from tests.conftest import ROOT
from tests.evaluate.test_configurations import CONFIGURATIONS, inputs

CASES: dict[str, Any] = json.loads((ROOT / "fixtures/language/rejected/rejected.json").read_text())["cases"]

# What a scan accepts on purpose, and why.
ACCEPTED = {
    "a scan evaluates with what is not known": ["required_variable", "count_unknown", "for_each_unknown",
                                                "for_each_unknown_map"],
    "schemas are of one provider version, the configuration may be for another": [
        "unknown_argument", "unknown_block", "unknown_resource_type", "missing_required_argument"],
    "the form of arguments that change no value": [
        "depends_on_string", "ignore_changes_expression", "prevent_destroy_variable"],
    "which Terraform runs it is not known": ["required_version"],
    "it is about a state that a scan does not have": ["moved_cycle", "removed_still_there"],
}  # fmt: skip
ACCEPTED_CASES = {name for names in ACCEPTED.values() for name in names}
# What is said and scanned all the same: OpenTofu takes it.
WARNED = {"module_source_is_an_expression"}
# Terraform points at the variable, and names the line of the rule in its text; at the line that cannot be read, where
# the one that breaks off helps more.
OTHER_LINES = {"validation_fails": {4, 8}, "validation_sensitive_message": {5}, "attribute_in_next_line": {2}}


def problems(files: dict[str, str], folder: Path, asked: bool = True) -> list[Problem]:
    """The problems of a root whose values are all `asked` for, or none of them."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    evaluation = Evaluation(SourceTree(folder), Options(GivenInputs(environment=False)))
    root = evaluation.root(folder)
    assert root is not None
    check(root, planned=True)
    if asked:
        as_plan(root)
    evaluation.add_syntax_problems()
    return sorted(evaluation.problems.values())


def _severity(diagnostics: list[dict[str, Any]]) -> str:
    """Terraform goes on after warnings: a check that does not hold is one."""
    return "warning" if all(one.get("severity") == "warning" for one in diagnostics) else "error"


@pytest.mark.parametrize("name", CASES)
def test_what_terraform_refuses_is_a_problem(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = problems(CASES[name]["files"], tmp_path)
    if name in ACCEPTED_CASES:
        assert found == [], "no longer an exception"
        return
    assert found, "no problem is reported"
    severity = "warning" if name in WARNED else _severity(CASES[name]["diagnostics"])
    assert {problem.severity for problem in found} == {severity}
    assert all(problem.summary for problem in found)
    recorded = {(one["file"], one["line"]) for one in CASES[name]["diagnostics"] if one.get("line")}
    if name in OTHER_LINES:
        recorded = {("main.tf", line) for line in OTHER_LINES[name]}
    assert not recorded or recorded & {(problem.file, problem.line) for problem in found}, found


@pytest.mark.parametrize("blocks", [("backend", "cloud"), ("cloud", "backend")])
def test_a_backend_beside_a_cloud_block_is_told_so_at_the_backend(blocks: tuple[str, str], tmp_path: Path) -> None:
    texts = {"backend": '  backend "s3" {}\n', "cloud": '  cloud {\n    organization = "x"\n  }\n'}
    main = "terraform {\n" + "".join(texts[block] for block in blocks) + "}\n"
    (problem,) = problems({"main.tf": main}, tmp_path)
    assert problem.summary == "Both a backend and cloud configuration are present"
    assert problem.line == main[: main.index("backend")].count("\n") + 1


def test_every_exception_is_a_case() -> None:
    assert ACCEPTED_CASES | OTHER_LINES.keys() | WARNED <= CASES.keys()


@pytest.mark.parametrize("folder", CONFIGURATIONS, ids=lambda folder: folder.name)
def test_what_terraform_plans_is_no_problem(folder: Path) -> None:
    """The same checks find nothing in configurations that Terraform accepts."""
    case_file = folder / "case.json"
    case = json.loads(case_file.read_text()) if case_file.exists() else {}
    options = Options(
        GivenInputs(inputs(case.get("args", []), folder)), case.get("env", {}).get("TF_WORKSPACE", "default")
    )
    with mock.patch.dict(os.environ, case.get("env", {})):
        evaluation = Evaluation(SourceTree(folder), options)
        root = evaluation.root(folder / case.get("chdir", ""))
        assert root is not None
        check(root, planned=True)
    assert list(evaluation.problems.values()) == []


@pytest.mark.parametrize(("backend", "expected"), [("", 0), ('terraform {\n  backend "s3" {}\n}\n', 1)])
def test_outputs_are_refused_in_what_is_surely_a_root(tmp_path: Path, backend: str, expected: int) -> None:
    """Another folder may be a module, whose caller says what becomes of its outputs."""
    (tmp_path / "main.tf").write_text(f'{backend}output "x" {{\n  value = sensitive("x")\n}}\n')
    evaluation = Evaluation(SourceTree(tmp_path), Options(GivenInputs(environment=False)))
    root = evaluation.root(tmp_path)
    assert root is not None
    check(root)
    assert len(evaluation.problems) == expected


def test_an_output_of_what_a_schema_calls_sensitive_is_not_refused(tmp_path: Path) -> None:
    """Which attributes are sensitive differs between the versions of a provider."""
    text = 'resource "random_password" "p" {\n  length = 9\n}\n\noutput "x" {\n  value = random_password.p.result\n}\n'
    assert problems({"main.tf": text}, tmp_path) == []
