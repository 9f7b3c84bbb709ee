"""`alexandria-scan init module`: what it writes keeps the standards from its first minute, and overwrites nothing."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Run

WRITTEN, USAGE = 0, 2
TIERS = {"basic": (5, 10), "standard": (10, 30), "advanced": (30, 100)}
TERRAFORM = shutil.which("terraform")
CATEGORIES = ("data/databases", "foundations/networking", "patterns")


@pytest.fixture(params=[(tier, category) for tier in TIERS for category in CATEGORIES], ids="-".join)
def made(request: pytest.FixtureRequest, run: Run, tmp_path: Path) -> tuple[Path, str, str]:
    """A new module with its tier and category."""
    tier, category = request.param
    outcome = run("init", "module", "vault", "--category", category, "--tier", tier, "--dir", "modules")
    assert outcome.status == WRITTEN
    assert outcome.err == ""
    return tmp_path / "modules" / f"vault-{tier}", tier, category


def scanned(run: Run, folder: Path) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(run(folder, "--format", "json").out)
    return result


def test_a_new_module_has_no_finding(run: Run, made: tuple[Path, str, str]) -> None:
    result = scanned(run, made[0])
    assert [one for one in result["results"] if one["verdict"] not in ("pass", "not_applicable")] == []
    assert result["problems"] == []
    (standard,) = result["standards"]
    assert standard["score"] == 100


def test_the_tier_is_that_of_its_variables(made: tuple[Path, str, str]) -> None:
    folder, tier, category = made
    names = re.findall(r'^variable "(\w+)"', (folder / "variables.tf").read_text("utf-8"), re.MULTILINE)
    least, most = TIERS[tier]
    assert least <= len(names) <= most
    metadata = yaml.safe_load((folder / ".alexandria.yaml").read_text("utf-8"))["module"]
    assert metadata["variable_count"] == len(names)
    assert metadata["category"] == category.partition("/")[0]
    assert metadata["id"] == folder.name
    complete = (folder / "examples" / "complete" / "main.tf").read_text("utf-8")
    assert sorted(re.findall(r"^  (\w+) += ", complete, re.MULTILINE)) == sorted(["source", *names])


def test_the_readme_has_every_input_and_output(made: tuple[Path, str, str]) -> None:
    folder = made[0]
    readme = (folder / "README.md").read_text("utf-8")
    for file, kind, section in (("variables.tf", "variable", "Inputs"), ("outputs.tf", "output", "Outputs")):
        names = re.findall(rf'^{kind} "(\w+)"', (folder / file).read_text("utf-8"), re.MULTILINE)
        rows = readme.partition(f"## {section}\n")[2].partition("\n## ")[0]
        assert re.findall(r"^\| (\w+) \|", rows, re.MULTILINE) == ["Name", *sorted(names)]
    assert "@{" not in readme


@pytest.mark.skipif(TERRAFORM is None, reason="terraform is not installed: what it says of the module is not asked")
@pytest.mark.parametrize("tier", TIERS)
def test_terraform_agrees(run: Run, tmp_path: Path, tier: str) -> None:
    run("init", "module", "vault", "--category", "data/databases", "--tier", tier)
    folder = tmp_path / f"vault-{tier}"
    subprocess.run(["terraform", "fmt", "-check", "-recursive", folder], check=True, capture_output=True)
    for tests in ("tests/unit", "tests/integration"):
        chosen = f"-test-directory={tests}"
        subprocess.run(["terraform", "init", "-input=false", chosen], cwd=folder, check=True, capture_output=True)
        subprocess.run(["terraform", "validate", chosen], cwd=folder, check=True, capture_output=True)
        subprocess.run(["terraform", "test", chosen], cwd=folder, check=True, capture_output=True)
    for example in (folder / "examples").iterdir():
        for command in (["init"], ["validate"], ["plan", "-input=false"]):
            subprocess.run(["terraform", *command], cwd=example, check=True, capture_output=True)


def test_it_says_what_alpha_still_needs(run: Run) -> None:
    outcome = run("init", "module", "rds-postgres", "--category", "data/databases")
    assert re.search(r"All \d+ MUST controls that apply hold\.", outcome.out)
    assert "What alpha still needs:" in outcome.out
    assert outcome.out.startswith("rds-postgres: ")  # a name with an engine does without the tier


def test_two_modules_of_a_day_are_the_same(run: Run, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        run("init", "module", "vault", "--category", "security", "--dir", folder)
    one, other = (tmp_path / folder / "vault-standard" for folder in ("a", "b"))
    assert subprocess.run(["diff", "-r", one, other], capture_output=True, check=False).stdout == b""


def test_the_folder_may_be_named_before_the_action(run: Run, tmp_path: Path) -> None:
    (tmp_path / "modules").mkdir()
    outcome = run("init", "--dir", "modules", "module", "vault", "--category", "security", "--tier", "basic")
    assert outcome.status == WRITTEN
    assert [path.name for path in tmp_path.iterdir()] == ["modules"]


def test_a_licence_above_is_enough(run: Run, tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("Ours.\n", "utf-8")
    run("init", "module", "vault", "--category", "security")
    assert not (tmp_path / "vault-standard" / "LICENSE").exists()
    assert scanned(run, tmp_path / "vault-standard")["summary"]["fail"] == 0


@pytest.mark.parametrize("there", ["file", "folder", "link"])
def test_nothing_is_overwritten(run: Run, tmp_path: Path, there: str) -> None:
    target = tmp_path / "vault-basic"
    if there == "file":
        target.touch()
    elif there == "folder":
        target.mkdir()
    else:
        target.symlink_to("nowhere")
    outcome = run("init", "module", "vault", "--category", "security", "--tier", "basic")
    assert outcome.status == USAGE
    assert "vault-basic exists already." in outcome.err
    assert [path.name for path in tmp_path.iterdir()] == ["vault-basic"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["Vault", "--category", "data"], "'Vault' is not the name of a module."),
        (["../vault", "--category", "data"], "'../vault' is not the name of a module."),
        (["", "--category", "data"], "'' is not the name of a module."),
        (["va--ult", "--category", "data"], "'va--ult' is not the name of a module."),
        (["v" * 61, "--category", "data"], "is not the name of a module."),
        (["vault-basic", "--category", "data", "--tier", "advanced"], "The name says basic, and --tier says advanced."),
        (["vault", "--category", "things"], "There is no category 'things'."),
        (["vault", "--category", "data/../x"], "'../x' is not the name of a subcategory."),
        (["vault"], "required"),
    ],
)
def test_wrong_use_says_what_is_wrong(run: Run, tmp_path: Path, arguments: list[str], sentence: str) -> None:
    outcome = run("init", "module", *arguments)
    assert outcome.status == USAGE
    assert sentence in outcome.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_to_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    outcome = run("init", "module", "vault", "--category", "data", "--dir", "file")
    assert outcome.status == USAGE
    assert "cannot be written" in outcome.err


def test_without_an_action_it_writes_what_a_repository_begins_with_and_overwrites_nothing(
    run: Run, tmp_path: Path
) -> None:
    (tmp_path / ".pre-commit-config.yaml").write_text("repos: []\n")
    assert run("init").status == WRITTEN
    assert (tmp_path / ".pre-commit-config.yaml").read_text() == "repos: []\n"
    written = (tmp_path / "alexandria-scan.yaml").read_bytes()
    assert run("init").status == USAGE
    assert (tmp_path / "alexandria-scan.yaml").read_bytes() == written


def test_the_help_says_that_the_action_may_be_left_out(run: Run) -> None:
    assert "usage: alexandria-scan init [-h] [--dir DIR]\n" in run("init", "--help").out
