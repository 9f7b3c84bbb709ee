"""The hook for pre-commit, as far as it can be tried without a network; `make hook` tries it with pre-commit itself."""

from __future__ import annotations

import re
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT, Run

GOOD = 'variable "name" {\n  type        = string\n  description = "What it is called"\n}\n'


def hook() -> dict[str, Any]:
    (found,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_its_entry_is_the_program_that_is_installed() -> None:
    (script,) = entry_points(group="console_scripts", name=hook()["entry"])
    assert script.value == "alexandria_scan.cli:main"


@pytest.mark.parametrize(
    "name",
    ["main.tf", "modules/db/main.tf", "main.tofu", "main.tf.json", "x.tofu.json", "prod.tfvars", "a.tfvars.json",
     ".alexandria.yaml", "modules/db/.alexandria.yaml"],
)  # fmt: skip
def test_it_runs_for_terraform_files(name: str) -> None:
    assert re.search(hook()["files"], name)


@pytest.mark.parametrize(
    "name", ["main.py", "package.json", "values.yaml", "main.tfstate", "notes.tf.bak", "x.alexandria.yaml"]
)
def test_it_does_not_run_for_other_files(name: str) -> None:
    assert not re.search(hook()["files"], name)


def test_its_arguments_scan_the_repository(run: Run, tmp_path: Path) -> None:
    assert hook()["pass_filenames"] is False
    policy = ("--policy", "variable_description_missing")
    (tmp_path / "modules").mkdir()
    (tmp_path / "modules" / "variables.tf").write_text(GOOD)
    assert run(*hook()["args"], *policy).status == 0
    (tmp_path / "modules" / "variables.tf").write_text('variable "name" {}\n')
    assert run(*hook()["args"], *policy).status == 1
