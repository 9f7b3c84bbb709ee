"""Where a module comes from if its source is no plain text: OpenTofu allows what it can know beforehand."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.values import Unknown
from alexandria_scan.source.folders import SourceTree


def root(folder: Path, text: str) -> Module:
    (folder / "main.tf").write_text(text)
    (folder / "m").mkdir()
    (folder / "m" / "main.tf").write_text('output "o" {\n  value = "here"\n}\n')
    found = Evaluation(SourceTree(folder), Options(GivenInputs(environment=False))).root(folder)
    assert found is not None
    return found


CALL = 'module "m" {\n  source = "./${var.name}"\n}\n\noutput "o" {\n  value = module.m.o\n}\n\n'


def test_a_source_from_a_default_is_followed(tmp_path: Path) -> None:
    module = root(tmp_path, CALL + 'variable "name" {\n  default = "m"\n}\n')
    assert module.output("o") == "here"
    (problem,) = module.evaluation.problems.values()
    assert (problem.line, problem.severity) == (2, "warning")
    assert problem.detail == "OpenTofu accepts this and Terraform does not; it was taken to be ./m."


def test_a_source_that_is_not_known_makes_outputs_unknown(tmp_path: Path) -> None:
    module = root(tmp_path, CALL + 'variable "name" {\n  type = string\n}\n')
    value = module.output("o")
    assert isinstance(value, Unknown)
    assert {reason.subject for reason in value.reasons} == {"var.name"}
    assert [one.severity for one in module.evaluation.problems.values()] == ["warning"]


@pytest.mark.parametrize("source", ["module.m.o", "module.n.o"])
def test_a_source_that_needs_itself_is_an_error(tmp_path: Path, source: str) -> None:
    other = 'module "n" {\n  source = module.m.o\n}\n'
    module = root(tmp_path, f'module "m" {{\n  source = {source}\n}}\n{other}output "o" {{\n  value = module.m.o\n}}\n')
    assert isinstance(module.output("o"), Unknown)
    assert "Cycle" in {one.summary for one in module.evaluation.problems.values()}


FAR = """module "m" {{
  {0}
  source = "example/far/aws"
}}
output "o" {{
  value = {1}
}}
"""


@pytest.mark.parametrize(
    ("instances", "expression", "expected"),
    [
        ("count = 2", "length(module.m)", 2),
        ("count = 0", "one(module.m[*].arn)", None),
        ("count = 0", 'try(module.m[0].arn, "none")', "none"),
        ('for_each = toset(["a", "b"])', "keys(module.m)", ("a", "b")),
        ("for_each = {}", "[for one in module.m : one.arn]", ()),
    ],
)
def test_how_many_there_are_is_known_of_a_module_that_is_not_here(
    tmp_path: Path, instances: str, expression: str, expected: object
) -> None:
    assert root(tmp_path, FAR.format(instances, expression)).output("o") == expected


@pytest.mark.parametrize(
    ("instances", "expression"),
    [("", "module.m.arn"), ("count = 1", "module.m[0].arn"), ("count = length(path.cwd)", "module.m[0].arn")],
)
def test_what_it_returns_is_not(tmp_path: Path, instances: str, expression: str) -> None:
    value = root(tmp_path, FAR.format(instances, expression)).output("o")
    assert isinstance(value, Unknown)
    assert [reason.why for reason in value.reasons] == ["comes from example/far/aws, which is not in the scanned tree"]
