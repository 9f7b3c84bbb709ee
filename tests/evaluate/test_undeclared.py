"""Variables and local values that nobody declares, in arguments that nobody asks for. All of it is as Terraform 1.11.4
says."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.evaluate.test_rejected import problems

RESOURCE = 'resource "terraform_data" "a" {{\n  input = {}\n}}\n'
CALL = 'module "m" {{\n  source = "./m"\n  x      = {}\n}}\n'
INPUT = 'variable "x" {}\n'


def told(files: dict[str, str]) -> list[tuple[str, int, int, str, str]]:
    found = problems(files, Path(), asked=False)
    return [(one.file, one.line, one.column, one.summary, one.severity) for one in found]


@pytest.mark.parametrize(
    ("files", "file", "line", "column", "kind"),
    [
        ({"main.tf": RESOURCE.format("var.nope")}, "main.tf", 2, 11, "input variable"),
        ({"main.tf": RESOURCE.format("true ? 1 : local.nope.x[0]")}, "main.tf", 2, 22, "local value"),
        ({"main.tf": RESOURCE.format("[for var in [{ x = 1 }] : var.x + local.nope]")}, "main.tf", 2, 45,
         "local value"),
        ({"main.tf": CALL.format("var.nope"), "m/main.tf": INPUT}, "main.tf", 3, 12, "input variable"),
        ({"main.tf": CALL.replace("./m", "x/y/z").format("local.nope")}, "main.tf", 3, 12, "local value"),
        ({"main.tf": CALL.format("1"), "m/main.tf": INPUT + RESOURCE.format('"${var.y}"')}, "m/main.tf", 3,
         14, "input variable"),
    ],
    ids=["argument", "side-not-chosen", "beside-a-loop", "call", "call-of-what-is-not-here", "called-module"],
)  # fmt: skip
def test_a_name_that_nobody_declares_is_a_problem_although_no_value_is_asked_for(
    files: dict[str, str], file: str, line: int, column: int, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert told(files) == [(file, line, column, f"Reference to undeclared {kind}", "error")]


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("data.aws.ami.id", 'A data resource "aws" "ami"'),
        ("aws_s3_bucket.b.id", 'A managed resource "aws_s3_bucket" "b"'),
        ("ephemeral.aws_a.b.id", 'An ephemeral resource "aws_a" "b"'),
    ],
)
@pytest.mark.parametrize("argument", ["input", "depends_on"])
def test_a_resource_that_nobody_declares_is_named_in_terraforms_words(
    tmp_path: Path, reference: str, words: str, argument: str
) -> None:
    value = f"[{reference.removesuffix('.id')}]" if argument == "depends_on" else reference
    text = f'resource "terraform_data" "a" {{\n  {argument} = {value}\n}}\n'
    [problem] = problems({"main.tf": text}, tmp_path)
    assert problem.detail == f"{words} has not been declared in this module."


@pytest.mark.parametrize(
    "text",
    [
        RESOURCE.format("[for var in [{ nope = 1 }] : var.nope]"),
        RESOURCE.format('{ for local, var in { a = { x = 1 } } : local => var.x }'),
    ],
)  # fmt: skip
def test_the_variables_of_a_loop_are_declared_by_it(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert told({"main.tf": text}) == []


def test_what_cannot_be_read_may_declare_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {"main.tf": RESOURCE.format("var.nope"), "variables.tf": 'variable "x" {\n  default = (\n}\n'}
    assert {file for file, *_ in told(files)} == {"variables.tf"}
