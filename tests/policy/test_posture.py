"""What callers of a library module can get: as far as its inputs, their types and validation blocks decide."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

CLUSTER = 'resource "aws_rds_cluster" "main" {{\n  engine = "aurora-postgresql"\n  {0}\n}}\n'
SHORT = "aws_rds_cluster_backup_retention_short"  # fewer than 7 days
OPEN = "aws_rds_cluster_deletion_unprotected"


def variable(name: str, type_: str, default: str = "", validation: str = "") -> str:
    lines = [f"  type = {type_}"]
    lines += [f"  default = {default}"] if default else []
    lines += [f'  validation {{\n    condition = {validation}\n    error_message = "No."\n  }}'] if validation else []
    return f'variable "{name}" {{\n' + "\n".join(lines) + "\n}\n"


def posture(run: Run, folder: Path, inputs: str, argument: str, policy: str) -> tuple[str, list[str]]:
    module = folder / "modules" / "database"
    module.mkdir(parents=True)
    (module / "main.tf").write_text(inputs + CLUSTER.format(argument))
    said = json.loads(run("modules", "--posture", "--policy", policy, "--format", "json").out)
    (result,) = said["results"]
    return result["posture"], result["posture_variables"]


@pytest.mark.parametrize(
    ("inputs", "argument", "expected"),
    [
        ("", "deletion_protection = true", ("always", [])),
        ("", "deletion_protection = false", ("never", [])),
        (variable("x", "bool", "true"), "deletion_protection = var.x", ("by default", ["var.x"])),
        (variable("x", "bool", "false"), "deletion_protection = var.x", ("on request", ["var.x"])),
        (variable("x", "bool", "true", "var.x"), "deletion_protection = var.x", ("always", [])),
        (variable("x", "bool", "true", "var.x == true"), "deletion_protection = !var.x", ("never", [])),
        (variable("x", "number", "1"), "deletion_protection = var.x == 33", ("on request", ["var.x"])),
        (
            variable("x", "string", '"a"', 'contains(["a", "b"], var.x)'),
            'deletion_protection = var.x != "c"',
            ("always", []),
        ),
        (
            variable("x", "string", '"a"', 'contains(["a", "b"], var.x)'),
            'deletion_protection = var.x != "b"',
            ("by default", ["var.x"]),
        ),
    ],
)
def test_a_switch(run: Run, tmp_path: Path, inputs: str, argument: str, expected: tuple[str, list[str]]) -> None:
    assert posture(run, tmp_path, inputs, argument, OPEN) == expected


@pytest.mark.parametrize(
    ("validation", "default", "argument", "expected"),
    [
        ("", "30", "var.days", ("by default", ["var.days"])),
        ("", "3", "var.days", ("on request", ["var.days"])),
        ("", "", "var.days", ("undecided", ["var.days"])),
        ("var.days >= 7", "30", "var.days", ("always", [])),
        ("var.days >= 7", "", "var.days", ("always", [])),
        ("var.days >= 6", "30", "var.days", ("by default", ["var.days"])),
        ("var.days <= 6", "3", "var.days", ("never", [])),
        ("var.days >= 1 && var.days <= 5", "3", "var.days", ("never", [])),
        ("var.days >= 1 && var.days <= 35", "3", "var.days", ("on request", ["var.days"])),
        ("contains([14, 30], var.days)", "14", "var.days", ("always", [])),
        ("contains([5, 30], var.days)", "30", "var.days", ("by default", ["var.days"])),
        ("var.days >= 1", "1", "var.days * 7", ("always", [])),
        ("var.days >= 1 && var.days <= 2", "2", "var.days * 4", ("by default", ["var.days"])),
    ],
)
def test_a_number(
    run: Run, tmp_path: Path, validation: str, default: str, argument: str, expected: tuple[str, list[str]]
) -> None:
    inputs = variable("days", "number", default, validation)
    assert posture(run, tmp_path, inputs, f"backup_retention_period = {argument}", SHORT) == expected
