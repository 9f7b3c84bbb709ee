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
    assert script.value == "alexandria_scan.__main__:run"


@pytest.mark.parametrize(
    "name",
    ["main.tf", "modules/db/main.tf", "main.tofu", "main.tf.json", "x.tofu.json", "prod.tfvars", "a.tfvars.json",
     ".alexandria.yaml", "modules/db/.alexandria.yaml", "README.md", "modules/db/LICENSE", "tests/unit.tftest.hcl",
     "prod/.terraform.lock.hcl", "rules/our_policy.yaml", "alexandria-scan.yaml", "alexandria-scan.baseline.json",
     "user-data.sh.tftpl", ".tflint.hcl"],
)  # fmt: skip
def test_it_runs_for_terraform_files_and_what_modules_are_judged_by(name: str) -> None:
    assert re.search(hook()["files"], name)


@pytest.mark.parametrize(
    "name", ["main.py", "package.json", "main.tfstate", "notes.tf.bak", "yaml", "plan.json", "LICENSES/x.txt"]
)
def test_it_does_not_run_for_other_files(name: str) -> None:
    assert not re.search(hook()["files"], name)


def test_it_scans_what_the_files_of_a_commit_touch(run: Run, tmp_path: Path) -> None:
    assert hook().get("pass_filenames", True) is True
    policy = ("--policy", "variable_description_missing")
    for name, text in (("good", GOOD), ("bad", 'variable "name" {}\n')):
        (tmp_path / "modules" / name).mkdir(parents=True)
        (tmp_path / "modules" / name / "variables.tf").write_text(text)
    arguments = (*hook().get("args", ()), *policy)
    assert run(*arguments, "modules/good/variables.tf").status == 0
    assert run(*arguments, "modules/bad/variables.tf").status == 1
    assert run(*arguments, "modules", "modules/good/variables.tf").status == 0
