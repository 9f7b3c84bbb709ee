"""Files that Terraform does not read: each is reported at the place that it names, and the rest of it is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from alexandria_scan.evaluate.as_plan import as_plan
from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.source.folders import SourceTree
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.parse import parse
from tests.conftest import ROOT

ERRORS = ROOT / "fixtures/language/errors"
RECORDED: dict[str, Any] = json.loads((ERRORS / "errors.json").read_text())["files"]

# Where our line is another one on purpose: file -> (our line, why).
OTHER_LINES = {
    "unclosed_heredoc.tf": (2, "the line where the heredoc begins helps more than the end of the file"),
    "heredoc_end_followed_by_text.tf": (2, "the line where the heredoc begins helps more than the end of the file"),
    "conditional_over_lines.tf": (2, "the line that breaks off helps more than the one that cannot be read"),
}


def problems(data: bytes, folder: Path, name: str = "main.tf") -> list[Problem]:
    """What is said of a module of one file, its expressions and outputs being looked at."""
    (folder / name).write_bytes(data)
    evaluation = Evaluation(SourceTree(folder), Options(GivenInputs(environment=False)))
    root = evaluation.root(folder)
    assert root is not None
    for local in root.config.locals:
        root.local(local)
    as_plan(root)
    evaluation.add_syntax_problems()
    return sorted(evaluation.problems.values())


def test_every_file_has_a_record() -> None:
    assert {path.name for path in ERRORS.iterdir()} - {"errors.json"} == RECORDED.keys()
    assert OTHER_LINES.keys() <= RECORDED.keys()


@pytest.mark.parametrize("name", RECORDED)
def test_a_file_that_terraform_refuses_is_a_problem_at_the_same_line(name: str, tmp_path: Path) -> None:
    found = problems((ERRORS / name).read_bytes(), tmp_path, name)
    assert found, "no problem is reported"
    first = found[0]
    assert first.severity == "error"
    assert first.line and first.column and first.summary
    assert "\n" not in first.summary + first.detail
    recorded = {diagnostic["line"] for diagnostic in RECORDED[name]["diagnostics"]}
    if name in OTHER_LINES:
        assert first.line == OTHER_LINES[name][0]
        assert first.line not in recorded, "no longer a difference"
    else:
        assert first.line in recorded, f"{first}"


@pytest.mark.parametrize(
    ("text", "line", "column", "summary", "detail"),
    [
        ('resource "a" "b" {\n  x = 1\n', 1, 18, "Unclosed block", 'There is no "}" that closes it'),
        ('resource "a" "b" {\n  x {\n    y = 1\n}\n\nlocals {\n}\n', 2, 5, "Unclosed block", "of the file: x {"),
        ("locals {\n  a = [\n    1,\n}\n", 4, 1, 'Unexpected "}"', 'The "[" in line 2 is not closed'),
        ("locals {\n  a = 1)\n}\n", 2, 8, 'Unexpected ")"', 'There is no "(" that it closes.'),
        ("locals {\n  a = <<EOT\nx\n}\n", 2, 7, "Unclosed heredoc", "holds only EOT"),
        ('locals {\n  a = "x\n  b = "y"\n}\n', 2, 7, "Unclosed string", "There is no closing quote"),
        ('locals {\n  a = "\\d"\n}\n', 2, 8, "Invalid escape sequence", '"\\d" means nothing'),
        ("locals {\n  a = 'x'\n}\n", 2, 7, 'Invalid character "\'"', "double quotes"),
        ("locals {\n  a = “x”\n}\n", 2, 7, "Invalid character “", "curly quotes"),
        ("locals {\n  a = 1; b = 2\n}\n", 2, 8, 'Invalid character ";"', "new lines"),
        ("locals {\n  /* a = 1\n}\n", 2, 3, "Unclosed comment", "*/"),
        ("locals {\n<<<<<<< HEAD\n}\n", 2, 1, "Merge conflict", "markers"),
        ("locals {\n  a = true ? 1\n}\n", 2, 15, "Missing false expression in conditional", '":"'),
        ('locals {\n  "a" = 1\n}\n', 2, 3, "Invalid argument name", "must not be quoted"),
        ('locals {\n  a = [1 "c" = 2]\n}\n', 2, 10, 'Unexpected """', "Expected"),
        ('"a-b" = 1\n', 1, 1, "Invalid argument name", "must not be quoted"),
        ("locals {\n  a = 1 b\n}\n", 2, 9, "Missing newline after argument", "newline"),
        ('a "b" { c { d = 1 } }\n', 1, 9, "Argument definition required", "several lines"),
        ('a "b" { c = 1\n  d = 2\n}\n', 1, 14, "Invalid single-argument block definition", "several lines"),
        ('locals {\n  a = "%{ if true }x"\n}\n', 2, 8, "Invalid template directive", "%{ if true }"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(text: str, line: int, column: int, summary: str, detail: str) -> None:
    found = parse("main.tf", text.encode()).problems
    assert found
    first = found[0]
    assert (first.line, first.column, first.summary) == (line, column, summary)
    assert detail in first.detail


BROKEN = [
    'resource "aws_s3_bucket" "broken" {\n  bucket = [1 2]\n}\n',
    'resource "aws_s3_bucket" "broken" {\n  bucket = "x\n}\n',
    'resource "aws_s3_bucket" "broken" {\n  bucket = 1 2 3\n\n  tags = {\n}\n',
    'resource "aws_s3_bucket" "broken" {\n  bucket = <<EOT\n}\n',
    "resource = = 1\n",
    "<<<<<<< HEAD\n",
]


@pytest.mark.parametrize("broken", BROKEN)
def test_blocks_around_a_broken_one_are_kept(broken: str, tmp_path: Path) -> None:
    before = 'variable "before" {\n  default = 1\n}\n\n'
    after = '\noutput "after" {\n  value = var.before + 1\n}\n'
    (tmp_path / "main.tf").write_text(before + broken + after)
    evaluation = Evaluation(SourceTree(tmp_path), Options(GivenInputs(environment=False)))
    root = evaluation.root(tmp_path)
    assert root is not None
    assert root.output("after") == 2
    assert root.config.outputs["after"].header.location.line == (before + broken + after).count("\n") - 2
    (problem, *_) = sorted(evaluation.problems.values())
    assert 5 <= problem.line <= 5 + broken.count("\n")


def test_files_beside_a_broken_one_are_kept(tmp_path: Path) -> None:
    (tmp_path / "broken.tf").write_text("output {{{\n")
    (tmp_path / "good.tf").write_text('output "o" {\n  value = 1\n}\n')
    (tmp_path / "binary.tf").write_bytes(b"\xff\xfe\x00\x01")
    evaluation = Evaluation(SourceTree(tmp_path), Options(GivenInputs(environment=False)))
    root = evaluation.root(tmp_path)
    assert root is not None
    assert root.output("o") == 1
    assert {Path(problem.file).name for problem in evaluation.problems.values()} == {"broken.tf", "binary.tf"}


def test_what_stands_in_a_heredoc_is_its_text_although_another_is_not_closed() -> None:
    text = "locals {\n  a = <<A\nx=1\nvariable {}\nA\n}\n\nlocals {\n  b = <<B\ny=1\n}\n\noutput {}\n"
    file = parse("main.tf", text.encode())
    assert [(problem.line, problem.summary) for problem in file.problems] == [(9, "Unclosed heredoc")]
    assert not file.body.attributes
    assert [block.type for block in file.body.blocks] == ["locals", "output"]


@pytest.mark.parametrize(
    "text",
    [
        "# cat > /etc/motd <<EOF",
        "/* cat > /etc/motd <<EOF\nvariable {\n}\n*/",
        'variable "a" {\n  default = "cat <<EOF\n}',
        'variable {\n  default = "${replace("/*", "}", "<<EOF")}"\n  \' "\\d"\n}',
        "variable {\n  default = [<<EOT\n${\nx=1\noutput {}\nEOT\n}",
    ],
)
def test_only_what_opens_a_heredoc_or_a_comment_hides_the_beginnings_of_blocks(text: str) -> None:
    text += "\nresource {\n}\nlocals {\n  motd = <<EOF\nmodule {\n}\nEOF\n}\ncheck {\n  a =\n}\n"
    file = parse("main.tf", text.encode())
    assert file.problems
    assert not file.body.attributes
    assert [block.type for block in file.body.blocks if block.type != "variable"] == ["resource", "locals"]
    assert not text.startswith("/*") or len(file.body.blocks) == 2


@pytest.mark.parametrize("name", ["prod.tfvars", "main.tf"])
@pytest.mark.parametrize(
    ("text", "detail"),
    [
        ('\n{\n  "a": 1,\n  "b": [\n    {}\n  ],\n  "c": null\n}\n', "This is JSON, which is read from files"),
        ("\n{ }\n", "This is JSON, which is read from files"),
        ("\n{\n  a = 1\n  b = 2\n}\n", "An argument or block definition is required here."),
        ('\n{ "a" = "x" }\n', "An argument or block definition is required here."),
        ('\n{ "a": { "b" = "x" } }\n', "An argument or block definition is required here."),
    ],
)
def test_an_object_instead_of_a_body_is_one_problem(name: str, text: str, detail: str) -> None:
    """Terraform 1.11.4 says the same at the same place, and nothing of the lines below."""
    file = parse(name, text.encode())
    [problem] = file.problems
    assert (problem.line, problem.column, problem.summary) == (2, 1, "Argument or block definition required")
    assert problem.detail.startswith(detail)
    assert file.lost is problem
