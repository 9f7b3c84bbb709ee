"""Validations that cannot fail are found by evaluating them with values of which nothing is known."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.graph.validations import constant_validations
from alexandria_scan.source.folders import SourceTree
from tests.conftest import Run


@pytest.mark.parametrize(
    ("condition", "constant"),
    [
        ("true || var.a > 0", True),
        ("alltrue([for one in [1, 2] : one > 0]) || var.a > 0", True),
        ("var.a > 0", False),
        ("var.b || !var.b", False),  # null is neither
        ("local.c || var.a > 0", False),
        ("issensitive(var.s)", True),
        ("var.a > 0 || try(var.nope, true)", False),  # Terraform refuses it
        ('length(var) > 0 || var.a > 0', False),
    ],
)  # fmt: skip
def test_which_conditions_cannot_fail(condition: str, constant: bool, tmp_path: Path) -> None:
    validation = f'  validation {{\n    condition     = {condition}\n    error_message = "No."\n  }}\n'
    (tmp_path / "main.tf").write_text(
        f'variable "a" {{\n  type = number\n{validation}}}\n\nvariable "b" {{\n  type = bool\n}}\n\n'
        'variable "s" {\n  type      = string\n  sensitive = true\n}\n\nlocals {\n  c = var.b\n}\n'
    )
    root = Evaluation(SourceTree(tmp_path)).root(tmp_path)
    assert root is not None
    assert bool(constant_validations(root, "a")) is constant


def test_what_a_validation_takes_to_evaluate_is_not_taken_from_the_module(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'variable "a" {\n  type = number\n\n  validation {\n'
        "    condition     = alltrue([for i in range(900) : i >= 0]) && var.a > 0\n"
        '    error_message = "No."\n  }\n}\n'
    )
    root = Evaluation(SourceTree(tmp_path)).root(tmp_path)
    assert root is not None
    before = root.context.budget.steps
    assert constant_validations(root, "a") == ()
    assert root.context.budget.steps == before


@pytest.mark.parametrize(
    ("number", "said"),
    [(8, "v10, v11, v12, v13, v14, v15, v16, v17"), (9, "v16, v17, v18"), (13, "v16, v17 and 5 more")],
)
def test_a_long_list_of_variables_says_that_there_are_more(run: Run, tmp_path: Path, number: int, said: str) -> None:
    names = (f"v{10 + index}" for index in range(number))
    (tmp_path / "variables.tf").write_text("".join(f'variable "{name}" {{\n  type = string\n}}\n' for name in names))
    found = json.loads(run(".", "--policy", "module_validations_few", "--format", "json").out)["results"]
    assert [one["message"].endswith(said) for one in found] == [True]
