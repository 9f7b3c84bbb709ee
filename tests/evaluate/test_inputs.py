"""What a user gives to variables and what becomes of it when it is wrong. Terraform 1.11.4 refuses the same values."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexandria_scan.evaluate.checks import check
from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.inputs import GivenInputs, undeclared_inputs
from alexandria_scan.source.folders import SourceTree
from alexandria_scan.source.problems import Problem

SOURCE = """\
variable "a" { default = 1 }
variable "n" {
  type    = number
  default = 1
}
variable "l" {
  type    = list(number)
  default = []
}
"""


def evaluated(folder: Path, *arguments: tuple[str, str], lenient: bool = False) -> Evaluation:
    evaluation = Evaluation(SourceTree(folder), Options(GivenInputs(arguments, environment=False)))
    evaluation.lenient = lenient
    root = evaluation.root(folder)
    assert root is not None
    check(root)
    return evaluation


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "root"
    root.mkdir()
    (root / "main.tf").write_text(SOURCE)
    monkeypatch.chdir(root)
    return root


@pytest.mark.parametrize("lenient", [False, True], ids=["root", "library"])
@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ("n=abc", "The given value is not suitable for var.n: a number is required."),
        ("n= 5", "The given value is not suitable for var.n: a number is required."),
        ("n=", "The given value is not suitable for var.n: a number is required."),
        ('l=["a"]', "The given value is not suitable for var.l: [0]: a number is required."),
        (
            "l=[1",
            "The value given to var.l is no expression. Write it as in a variable file, for type list(number).",
        ),
    ],
)
def test_a_value_that_is_none_for_its_variable_is_an_error(folder: Path, text: str, detail: str, lenient: bool) -> None:
    (problem,) = evaluated(folder, ("var", text), lenient=lenient).problems.values()
    assert (problem.file, problem.severity, problem.detail) == ("--var", "error", detail)


def test_a_default_that_fails_its_own_validation_is_a_warning_in_a_library(folder: Path) -> None:
    rule = 'validation {\n condition = var.v != "x"\n error_message = "Not x."\n }\n'
    (folder / "v.tf").write_text(f'variable "v" {{\n default = "x"\n {rule}}}\n')
    assert [problem.severity for problem in evaluated(folder).problems.values()] == ["error"]
    assert [problem.severity for problem in evaluated(folder, lenient=True).problems.values()] == ["warning"]


@pytest.mark.parametrize(
    "value",
    [
        'merge(var.a, map("a", "b"))',
        "[list(var.a)]",
        "nope(var.a)",
        "lookup(var.a)",
        "upper(var.a, var.a)",
        "local.p.b",
    ],
)
def test_what_terraform_validates_without_any_input_is_an_error_in_a_library(folder: Path, value: str) -> None:
    (folder / "x.tf").write_text(f"locals {{\n  o = {{ a = 1 }}\n  p = local.o\n  x = {value}\n}}\n")
    (problem,) = evaluated(folder, lenient=True).problems.values()
    assert (problem.file, problem.line, problem.severity, problem.help) == ("x.tf", 4, "error", "")


@pytest.mark.parametrize("value", ["lookup(var.l...)", "var.a.b", "local.p.b", "local.nobody[var.l[0]]"])
def test_what_an_input_may_put_right_is_a_warning_in_a_library(folder: Path, value: str) -> None:
    local = f"  o = merge({{ a = 1 }}, var.m)\n  p = local.o\n  nobody = {{}}\n  x = {value}\n"
    (folder / "x.tf").write_text(f'variable "m" {{\n  default = {{}}\n}}\nlocals {{\n{local}}}\n')
    (problem,) = evaluated(folder, lenient=True).problems.values()
    assert (problem.file, problem.line, problem.severity) == ("x.tf", 8, "warning")
    assert problem.help.startswith("The module was evaluated with its defaults alone")


def test_what_is_wrong_in_a_module_is_told_once_for_all_its_callers(folder: Path) -> None:
    (folder / "m").mkdir()
    (folder / "m" / "main.tf").write_text("locals {\n  o = {}\n  x = local.o.b\n}\n")
    calls = [f'module "{name}" {{\n  source = "./m"\n}}\n' for name in "ab"]
    (folder / "x.tf").write_text("".join(calls))
    (problem,) = evaluated(folder).problems.values()
    assert (problem.file, problem.line) == ("m/main.tf", 3)


def test_files_with_values_for_undeclared_variables_get_one_warning_each(folder: Path) -> None:
    (folder / "own.auto.tfvars").write_text("a = 2\n\nmissing = 1\nother = 2\n")
    given = folder.parent / "given.tfvars"  # outside of the scanned tree, but somebody named it
    given.write_text("n = 4\nnowhere = 1\n")
    evaluation = evaluated(folder, ("file", str(given)))
    way_out = "Check the spelling, or add a variable block."
    assert list(evaluation.problems.values()) == [
        Problem("own.auto.tfvars", 3, 1, "Values for undeclared variables",
                "No variable is declared for missing, other.", "warning", way_out),
    ]  # fmt: skip
    assert undeclared_inputs(evaluation.offered, {"a", "n"}) == [
        Problem("../given.tfvars", 2, 1, "Value for undeclared variable",
                "No variable is declared for nowhere.", "warning", way_out),
    ]  # fmt: skip
    assert undeclared_inputs(evaluation.offered, {"n", "nowhere"}) == []


def test_a_reference_to_nothing_is_reported_once_for_all_instances_and_roots(folder: Path) -> None:
    (folder / "inner").mkdir()
    (folder / "inner" / "main.tf").write_text('output "x" {\n  value = var.nope\n}\n')
    (folder / "calls.tf").write_text(
        'module "one" {\n  source = "./inner"\n}\nmodule "many" {\n  source = "./inner"\n  count  = 3\n}\n'
        'output "all" {\n  value = [module.one.x, module.many[*].x]\n}\n'
    )
    evaluation = evaluated(folder)
    for root in (evaluation.root(folder), evaluation.root(folder / "inner")):
        assert root is not None
        root.output("x" if "x" in root.config.outputs else "all")
    (problem,) = evaluation.problems.values()
    assert (problem.file, problem.line, problem.summary) == (
        "inner/main.tf", 2, "Reference to undeclared input variable",
    )  # fmt: skip
