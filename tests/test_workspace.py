"""Roots that are written for workspaces, scanned without a word about which one is meant."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

SETTINGS = """
terraform {
  backend "s3" {}
}
locals {
  settings = { blue = { size = 1 }, green = { size = 2 } }
  chosen   = local.settings[terraform.workspace]
}
resource "aws_sns_topic" "t" {
  kms_master_key_id = coalesce(one([for name in keys(local.settings) : name if name == terraform.workspace]))
  lifecycle {
    precondition {
      condition     = terraform.workspace != "default"
      error_message = "Choose a workspace."
    }
  }
}
"""
WAY_OUT = "The workspace is taken to be default; --workspace names another."


def problems(run: Run, *arguments: str, env: dict[str, str] | None = None) -> tuple[int, list[dict[str, Any]]]:
    said = run(".", "--policy", "aws_sns_topic_kms_key_missing", "--no-cache", "--format", "json", *arguments, env=env)
    return said.status, json.loads(said.out)["problems"]


def write(folder: Path, more: str = "") -> None:
    (folder / "main.tf").write_text(SETTINGS + more)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_errors_of_the_default_workspace_alone_are_warnings(run: Run, tmp_path: Path, jobs: str) -> None:
    write(tmp_path)
    code, found = problems(run, "--jobs", jobs)
    assert {(one["line"], one["severity"], one["help"]) for one in found} == {
        (line, "warning", WAY_OUT) for line in (7, 10, 13)
    }
    assert code != 3


def test_a_workspace_that_was_named_is_meant(run: Run, tmp_path: Path) -> None:
    write(tmp_path)
    assert {one["severity"] for one in problems(run, "--workspace", "default")[1]} == {"error"}
    assert problems(run, "--workspace", "blue")[1] == []
    assert problems(run, env={"TF_WORKSPACE": "default"})[0] == 3


def test_an_error_in_every_workspace_stays_one(run: Run, tmp_path: Path) -> None:
    write(tmp_path, 'locals {\n  broken = tonumber("x")\n  other  = terraform.workspace == "" ? 1 : local.gone\n}\n')
    code, found = problems(run)
    assert {one["line"] for one in found if one["severity"] == "error"} == {19, 20}
    assert code == 3


def test_what_is_no_expression_is_so_in_every_workspace(run: Run, tmp_path: Path) -> None:
    """Also where no evaluation reads it: Terraform takes the arguments of a backend as they stand."""
    backend = 'terraform {\n  backend "s3" {\n    bucket = "state-${}"\n  }\n}\n'
    (tmp_path / "main.tf").write_text(f"{backend}\nlocals {{\n  stage = terraform.workspace\n}}\n")
    status, found = problems(run)
    assert status == 3
    assert [(one["line"], one["severity"], one["summary"]) for one in found] == [
        (3, "error", "Invalid template interpolation")
    ]
