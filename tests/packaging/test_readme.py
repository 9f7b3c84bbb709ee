"""The README tells the truth: its report is what the program prints, its policy works, its links lead somewhere."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from alexandria_scan.cli import COMMANDS
from tests.conftest import ROOT, Run

README = (ROOT / "README.md").read_text(encoding="utf-8")
POLICY = "our_database_engine_unsupported"


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_report_is_what_the_program_prints(run: Run) -> None:
    (block,) = blocks("console")
    command, *shown = block.splitlines()
    printed = run(*shlex.split(command)[2:], cwd=ROOT).out.splitlines()
    lines = [line for line in shown if line.strip() != "..."]
    assert lines
    assert [line for line in lines if line not in printed] == [], "print it anew and paste it"


def test_the_unknown_is_what_the_program_prints(run: Run) -> None:
    block = next(block for block in blocks("text") if "scan the plan" in block)
    printed = run("fixtures/modules/us-15-03-drifted/environments/production", "--width", "88", cwd=ROOT).out
    assert block in printed


def test_the_policy_works(run: Run, tmp_path: Path) -> None:
    (policy,) = (block for block in blocks("yaml") if POLICY in block)
    (tmp_path / "rules" / "fixtures" / POLICY).mkdir(parents=True)
    (tmp_path / "rules" / f"{POLICY}.yaml").write_text(policy)
    example = tmp_path / "rules" / "fixtures" / POLICY
    (example / "pass.tf").write_text('resource "aws_db_instance" "main" {\n  engine = "postgres"\n}\n')
    (example / "fail.tf").write_text('resource "aws_db_instance" "main" {\n  engine = "mysql" # expect: fail\n}\n')
    assert run("policies", "test", "rules").status == 0
    outcome = run(example / "fail.tf", "--policies", "rules", "--policy", POLICY)
    assert "engine is mysql, not aurora-postgresql or postgres" in outcome.out


def test_the_configuration_works(run: Run, tmp_path: Path) -> None:
    (config,) = (block for block in blocks("yaml") if block.startswith("environments:"))
    (tmp_path / "alexandria-scan.yaml").write_text(config)
    outcome = run(ROOT / "fixtures" / "modules" / "alex-drifted", "--config", "alexandria-scan.yaml")
    assert outcome.status == 1
    assert "Environments side by side" in outcome.out


def test_the_hook_is_ours() -> None:
    (hook,) = (block for block in blocks("yaml") if block.startswith("repos:"))
    assert "id: alexandria-scan" in hook


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert target.startswith("https://") or (ROOT / target).exists(), target


def test_options_and_targets_exist(run: Run) -> None:
    help_ = "".join(run(command, "--help").out for command in COMMANDS)
    for option in set(re.findall(r"`(--[a-z-]+)", README)):
        assert option in help_, option
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"(?:`|^)make ([a-z]+)", README, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_every_standard_and_dependency_is_listed() -> None:
    for path in (ROOT / "policies" / "standards").glob("*.yaml"):
        assert f"`{path.stem.rpartition('-')[0]}`" in README
    metadata = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (dependencies,) = re.findall(r"^dependencies = \[\n(.*?)^\]", metadata, re.MULTILINE | re.DOTALL)
    for name in re.findall(r'"([A-Za-z0-9-]+)', dependencies):
        assert name in README.partition("## Dependencies")[2], name
