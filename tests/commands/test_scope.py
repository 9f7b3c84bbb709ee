"""What is scanned: paths of the configuration file, what it excludes, and what changed files touch."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest

from tests.conftest import Run

CLEAN, FINDINGS, USAGE = 0, 1, 2
ONLY = ("--policy", "variable_description_missing")
BAD = 'variable "name" {\n  type = string\n}\n'


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".tf").write_text(text)


@pytest.fixture
def library(tmp_path: Path) -> Path:
    write(
        tmp_path,
        modules__a__main=BAD,
        modules__b__main=BAD,
        modules__old__main=BAD,
        prod__main='module "a" {\n  source = "../modules/a"\n  name   = "x"\n}\n' + BAD,
        tools__main=BAD,
    )
    (tmp_path / "README.md").write_text("# Library\n")
    (tmp_path / "modules" / "a" / "README.md").write_text("# a\n")
    return tmp_path


def scanned(run: Run, *arguments: str, **options: Path) -> list[str]:
    outcome = run(*arguments, *ONLY, "--format", "json", **options)
    assert outcome.err == ""
    modules: list[str] = json.loads(outcome.out)["scanned"]["modules"]
    return modules


def configure(folder: Path, text: str) -> None:
    (folder / "alexandria-scan.yaml").write_text(text)


# Paths and exclusion


def test_paths_of_the_configuration_file(run: Run, library: Path) -> None:
    configure(library, "paths: [modules, prod]\n")
    assert scanned(run) == ["modules/a", "modules/b", "modules/old", "prod"]
    assert scanned(run, "tools") == ["tools"]
    assert scanned(run, cwd=library / "tools") == ["."]
    configure(library, "paths: nowhere\n")
    outcome = run(*ONLY)
    assert outcome.status == USAGE
    assert "nowhere does not exist" in outcome.err


def test_what_is_excluded_is_not_scanned_and_still_evaluated_for_its_callers(run: Run, library: Path) -> None:
    configure(library, "exclude: ['modules/*', '!modules/b/', /tools]\n")
    assert scanned(run) == ["modules/b", "prod"]
    outcome = run("prod", "--format", "json")
    assert [one["path"] for one in json.loads(outcome.out)["scanned"]["details"]] == ["prod"]
    assert json.loads(outcome.out)["problems"] == []
    assert scanned(run, "modules/old") == ["modules/old"]  # asked for by name


def test_an_excluded_file_is_not_judged(run: Run, library: Path) -> None:
    write(library, modules__a__generated=BAD.replace("name", "other"))
    assert "generated.tf" in run("modules/a", *ONLY).out
    configure(library, "exclude: [generated.tf]\n")
    outcome = run("modules/a", *ONLY)
    assert "generated.tf" not in outcome.out
    assert "main.tf" in outcome.out


# Files


def test_files_stand_for_the_modules_that_they_touch(run: Run, library: Path) -> None:
    assert scanned(run, "modules/a/main.tf") == ["modules/a", "prod"]
    assert scanned(run, "modules/b/main.tf", "tools/main.tf") == ["modules/b", "tools"]
    assert scanned(run, "modules/a/README.md") == ["modules/a"]
    assert scanned(run, "modules", "modules/a/main.tf") == ["modules/a"]
    assert "Only what 1 file touches: 2 of 5 modules." in run("modules/a/main.tf", *ONLY).out


def test_a_touched_module_is_judged_as_in_a_scan_of_everything(run: Run, library: Path) -> None:
    def of(*arguments: str) -> list[object]:
        made = json.loads(run(*arguments, "--format", "json").out)
        kinds = [one for one in made["scanned"]["details"] if one["path"] in ("modules/a", "prod")]
        return [kinds, [one for one in made["results"] if one["root"] in ("modules/a", "prod")]]

    assert of("modules/a/main.tf") == of(".")


def test_files_that_touch_nothing_are_fine(run: Run, library: Path) -> None:
    outcome = run("README.md", *ONLY)
    assert outcome.status == CLEAN
    assert outcome.out == "Nothing was scanned: 1 file touches no module. Exit status 0.\n"
    assert scanned(run, "README.md") == []


@pytest.mark.parametrize("name", ["notes.txt", "plan.tfplan"])
def test_a_file_that_is_meant_to_be_something_else_is_refused(run: Run, library: Path, name: str) -> None:
    (library / name).write_bytes(b"PK\x03\x04")
    (library / "prod" / name).write_bytes(b"PK\x03\x04")
    for path in (name, f"prod/{name}"):
        outcome = run(path, *ONLY)
        assert outcome.status == USAGE
        assert "terraform show -json" in outcome.err


@pytest.mark.parametrize(
    "name", ["alexandria-scan.yaml", "rules/our_rule.yaml", ".pre-commit-config.yaml", "dev.tfvars"]
)
def test_a_change_of_what_concerns_all_scans_all(run: Run, library: Path, name: str) -> None:
    (library / "rules").mkdir()
    rule = "title: t\nseverity: low\nvariable: '*'\nenforce: [{condition: true, error_message: m}]\nwhy: w\nfix: f\n"
    (library / "rules" / "our_rule.yaml").write_text(rule)
    configure(library, "policies: [rules]\nenvironments: {dev: {var_files: [dev.tfvars]}}\npaths: [modules]\n")
    (library / ".pre-commit-config.yaml").write_text("repos: []\n")
    (library / "dev.tfvars").write_text("")
    assert scanned(run, "tools/main.tf", name) == ["modules/a", "modules/b", "modules/old"]


def test_files_of_what_is_excluded_touch_nothing(run: Run, library: Path) -> None:
    configure(library, "exclude: [modules/old/]\n")
    assert scanned(run, "modules/old/main.tf") == []


def test_options_may_stand_between_folders_and_files(run: Run, library: Path) -> None:
    """As pre-commit puts them: its arguments, then the names of files."""
    outcome = run("modules", "--fail-on", "never", "modules/a/main.tf", *ONLY)
    assert outcome.status == CLEAN
    assert "Only what 1 file touches: 1 of 3 modules." in outcome.out


# Git


def git(folder: Path, *arguments: str) -> None:
    names = {
        f"GIT_{who}_{what}": "scratch@example.com" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    subprocess.run(
        ["git", *arguments], cwd=folder, env={**os.environ, **names, "GIT_CONFIG_GLOBAL": os.devnull}, check=True,
        capture_output=True,
    )  # fmt: skip


def test_changed_since_scans_what_a_branch_touches(run: Run, library: Path) -> None:
    git(library, "init", "--quiet", "--initial-branch", "main")
    git(library, "add", "--all")
    git(library, "commit", "--quiet", "--message", "library")
    git(library, "checkout", "--quiet", "-b", "topic")
    assert run("--changed-since", "main", *ONLY).out.startswith("Nothing was scanned: nothing has changed.")
    write(library, modules__a__main=BAD + "\n")
    (library / "plan.tfplan").write_bytes(b"PK\x03\x04")
    assert scanned(run, "--changed-since", "main") == ["modules/a", "prod"]
    assert scanned(run, "--changed-since", "main", "modules") == ["modules/a"]
    outcome = run("--changed-since", "nowhere", *ONLY)
    assert outcome.status == USAGE
    assert "Git knows no commit 'nowhere'" in outcome.err


# Settings


def test_show_config_tells_values_and_where_they_are_set(run: Run, library: Path) -> None:
    configure(
        library,
        "fail_on: high\nexclude:\n  - tools/\nseverity:\n  module_license_missing: info\n"
        "environments:\n  prod: {vars: {password: hunter2}}\n",
    )
    outcome = run("--show-config", "--fail-on", "low", "modules")
    assert outcome.status == CLEAN
    rows = {line.split()[0]: line for line in outcome.out.splitlines()}
    assert rows["configuration"].endswith("found")
    assert '"alexandria-scan.yaml"' in rows["configuration"]
    assert rows["fail_on"].split()[1:] == ['"low"', "command", "line"]
    assert rows["paths"].split()[1:] == ['["modules"]', "command", "line"]
    assert rows["exclude"].split()[1:] == ['["tools/"]', "alexandria-scan.yaml:2"]
    assert rows["severity.module_license_missing"].split()[1:] == ['"info"', "alexandria-scan.yaml:5"]
    assert rows["disable"].split()[1:] == ["[]", "default"]
    assert "hunter2" not in outcome.out


def test_show_config_tells_every_option_of_the_command_line(run: Run, library: Path) -> None:
    configure(library, "baseline: nowhere.json\n")
    given = ("--posture", "--jobs", "3", "--no-cache", "--allow-incomplete", "--var", "password=hunter2")
    outcome = run("--show-config", *given, "--format", "json", env={"TF_WORKSPACE": "blue"})
    assert (outcome.status, outcome.err) == (CLEAN, "")
    rows = [line.split() for line in outcome.out.splitlines()]
    assert ["baseline", '"nowhere.json"', "alexandria-scan.yaml:1"] in rows
    for name, value in {
        "posture": "true", "jobs": "3", "no_cache": "true", "allow_incomplete": "true", "inputs": '["password"]',
        "format": '"json"',
    }.items():  # fmt: skip
        assert [name, value, "command", "line"] in rows
    assert ["workspace", '"blue"', "TF_WORKSPACE"] in rows
    assert "hunter2" not in outcome.out
    rows = [line.split() for line in run("--show-config", "--no-baseline").out.splitlines()]
    assert [row for row in rows if row[0] == "baseline"] == [["baseline", "null", "command", "line"]]


@pytest.mark.parametrize("key", ["baseline", "paths"])
def test_what_the_configuration_names_and_is_not_there(run: Run, library: Path, key: str) -> None:
    configure(library, f"fail_on: low\n{key}: nowhere.json\n")
    outcome = run()
    assert outcome.status == USAGE
    assert outcome.err.startswith("alexandria-scan: alexandria-scan.yaml:2: nowhere.json does not exist.\n")


def test_outputs_of_the_configuration_file(run: Run, library: Path) -> None:
    configure(library, "outputs: {json: out.json}\n")
    run("modules/b", *ONLY, cwd=library)
    assert json.loads((library / "out.json").read_text())["scanned"]["modules"] == ["modules/b"]
    run("modules/b", *ONLY, "--output", "json=other.json")
    assert (library / "other.json").exists()
    configure(library, "\noutputs:\n  jsn: out.json\n")
    outcome = run("modules/b", *ONLY)
    assert outcome.status == USAGE
    assert "alexandria-scan.yaml:3: there is no format 'jsn'" in outcome.err


def test_init_writes_what_is_not_there(run: Run, library: Path) -> None:
    (library / ".pre-commit-config.yaml").write_text("repos: []\n")
    outcome = run("init")
    assert outcome.status == CLEAN
    assert "wrote alexandria-scan.yaml" in outcome.out
    assert "- id: alexandria-scan" in outcome.out
    assert (library / ".pre-commit-config.yaml").read_text() == "repos: []\n"
    assert "--changed-since" in (library / ".github" / "workflows" / "alexandria-scan.yml").read_text()
    assert run(".", *ONLY).status == FINDINGS
    text = (library / "alexandria-scan.yaml").read_text()
    outcome = run("init")
    assert outcome.status == USAGE
    assert "alexandria-scan.yaml is already there" in outcome.err
    assert (library / "alexandria-scan.yaml").read_text() == text
    assert run("init", "--dir", "nowhere").status == USAGE
