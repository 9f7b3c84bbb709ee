"""alexandria-scan promote as a user starts it: what it asks for, what it prints, and the exit status."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT, Run
from tests.history import git, released

VPC = ROOT / "fixtures/modules/module-marketplace/foundations/networking/vpc-basic"
DAY = ("--as-of", "2026-06-01")


@pytest.fixture
def vpc(tmp_path: Path) -> Path:
    shutil.copytree(VPC, tmp_path / "vpc-basic")
    return released(tmp_path / "vpc-basic")


def test_an_earned_level_is_status_0_and_a_missing_one_status_1(run: Run, vpc: Path) -> None:
    earned = run("promote", "vpc-basic", "--to", "mature", *DAY)
    assert earned.status == 0
    assert "vpc-basic earns mature. Exit status 0." in earned.out
    (vpc / "README.md").unlink()
    missing = run("promote", "vpc-basic", "--to", "mature", *DAY)
    assert missing.status == 1
    assert "Write a README." in missing.out


def test_a_policy_that_is_disabled_counts_and_one_that_is_waived_is_only_attested(run: Run, vpc: Path) -> None:
    (vpc / "README.md").unlink()
    config = vpc / "alexandria-scan.yaml"
    config.write_text("disable: [module_readme_missing]\n")
    assert _readme(run) == (False, "verified")
    config.write_text("waivers:\n  - {policy: module_readme_missing, reason: it moves, owner: me, until: 2099-01-01}\n")
    assert _readme(run) == (True, "attested")


def _readme(run: Run) -> tuple[bool, str]:
    result = json.loads(run("promote", "vpc-basic", "--format", "json", *DAY).out)
    one = next(one for one in result["modules"][0]["criteria"] if one["id"] == "readme")
    return one["met"], one["evidence"]


def test_it_is_the_same_from_inside_the_module(run: Run, vpc: Path) -> None:
    outside = json.loads(run("promote", "vpc-basic", "--format", "json", *DAY).out)["modules"][0]["criteria"]
    inside = json.loads(run("promote", "--format", "json", *DAY, cwd=vpc).out)["modules"][0]["criteria"]
    assert [(one["id"], one["met"], one["detail"]) for one in inside] == [
        (one["id"], one["met"], one["detail"]) for one in outside
    ]
    (vpc / "examples/basic/main.tf").write_text("locals {\n  x = = 1\n}\n")
    (vpc / "examples/complete/main.tf").write_text('module "m" {\n  source = "../.."\n  x = = 1\n}\n')
    broken = json.loads(run("promote", "--format", "json", *DAY, cwd=vpc).out)["modules"][0]["criteria"]
    assert not next(one for one in broken if one["id"] == "basic-function")["met"]


def test_the_day_matters(run: Run, vpc: Path) -> None:
    assert run("promote", "vpc-basic", "--as-of", "2026-05-08").status == 1
    assert run("promote", "vpc-basic", "--as-of", "2026-05-09").status == 0


def test_verified_evidence_alone_is_less(run: Run, vpc: Path) -> None:
    outcome = run("promote", "vpc-basic", "--verified-only", *DAY)
    assert outcome.status == 1
    assert "earns experimental" in outcome.out


def test_files_that_are_handed_in_are_evidence(run: Run, vpc: Path, tmp_path: Path) -> None:
    (tmp_path / "junit.xml").write_text(
        '<testsuites><testsuite name="tests/unit/defaults.tftest.hcl"><testcase name="a"><failure/></testcase>'
        "</testsuite></testsuites>"
    )
    (tmp_path / "lcov.info").write_text("SF:main.tf\nLF:100\nLH:60\nend_of_record\n")
    (tmp_path / "benchmark.json").write_text('{"deployment_time_seconds": 400}')
    files = ("--junit", "junit.xml", "--coverage", "lcov.info", "--benchmark", "benchmark.json")
    outcome = run("promote", "vpc-basic", "--format", "json", *files, *DAY)
    assert outcome.status == 1
    (module,) = json.loads(outcome.out)["modules"]
    found = {(one["level"], one["id"]): (one["met"], one["evidence"]) for one in module["criteria"]}
    assert found["alpha", "unit-tests"] == (False, "contradicted")
    assert found["alpha", "coverage"] == (True, "verified")
    assert found["beta", "coverage"] == (False, "contradicted")
    assert found["beta", "benchmarks"] == (False, "contradicted")


def test_a_library_is_a_table(run: Run, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "fixtures/modules/module-marketplace", tmp_path / "library")
    released(tmp_path / "library")
    outcome = run("promote", "library", *DAY)
    assert outcome.status == 0
    assert "Every module earns what it claims." in outcome.out
    assert run("promote", "library", "--to", "beta", *DAY).status == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("nowhere",), "nowhere is not a folder"),
        (("vpc-basic/main.tf",), "is not a folder"),
        (("vpc-basic/examples/complete",), "There is no module of a library"),
        (("vpc-basic", "--to", "perfect"), "There is no level 'perfect'"),
        (("vpc-basic", "--to", "experimental"), "Every module is at least experimental"),
        (("vpc-basic", "--as-of", "tomorrow"), "is not a day such as"),
        (("vpc-basic", "--as-of", "2026-02-30"), "is not a day such as"),
        (("vpc-basic", "--junit", "nothing.xml"), "nothing.xml cannot be read"),
        (("vpc-basic", "--coverage", "vpc-basic/main.tf"), "is neither Cobertura XML"),
        (("vpc-basic", "--benchmark", "vpc-basic/main.tf"), "is not JSON"),
        (("vpc-basic", "--config", "nothing.yaml"), "nothing.yaml does not exist"),
    ],
)
def test_wrong_use_is_told_with_a_way_out(run: Run, vpc: Path, arguments: tuple[str, ...], told: str) -> None:
    outcome = run("promote", *arguments)
    assert outcome.status == 2
    assert told in outcome.err
    assert len(outcome.err.splitlines()) == 2


def test_a_module_that_does_not_parse_is_told_and_not_valid(run: Run, vpc: Path) -> None:
    (vpc / "broken.tf").write_text("locals {\n  x = = 1\n}\n")
    outcome = run("promote", "vpc-basic", *DAY)
    assert outcome.status == 1
    assert "1 problem of the scan; vpc-basic/broken.tf:2" in outcome.out
    assert "The configuration is valid" in outcome.out


def test_without_git_it_says_so(run: Run, vpc: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    outcome = run("promote", "vpc-basic", *DAY, env={"PATH": str(tmp_path / "empty")})
    assert outcome.status == 1
    assert "No evidence from git: git is not installed." in outcome.out
    assert _interface(run, env={"PATH": str(tmp_path / "empty")})[:2] == (False, "inconclusive")


MESSY = {
    "a/main.tf": 'variable "x" {\r\n  type = string\r\n}\r\n',
    "a/.alexandria.yaml": "module:\r\n  id: a\r\n  version: [1]\r\n  maturity: {}\r\n  features: {a: b}\r\n",
    "b/main.tf": "",
    "b/.alexandria.yaml": "\x00",
    "b/README.md": "65+ variables",
    "c/main.tf": 'module "b" {\n  source = "../b"\n}\n',
    "c/.alexandria.yaml": "- - -",
    "c/CHANGELOG.md": "## [9999999999999999999999.0.0] - 2026-99-99\n## 1.0.0 -\n",
    "d/main.tf": 'output "o" {\n  value = 1\n}\n',
    "d/.alexandria.yaml": "module:\n  id: a\n  version: 1.0.0\n  maturity: mature\n  category: ''\n  metrics: 7\n"
    "  lifecycle: {stabilized: 2026-01-01, case_studies: ['', '../..']}\n"
    "  dependencies: {required_modules: [a, '', 7]}\n",
    "module-registry.yaml": "modules:\n  - a\n  - {id: d, path: d}\n  - {id: d, path: ''}\n  - 7: [1, {version: 2}]\n",
    "a/module-registry.yml": "{{",
}


def test_a_messy_library_is_told_and_not_crashed_on(run: Run, tmp_path: Path) -> None:
    for name, text in MESSY.items():
        path = tmp_path / "library" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    outcome = run("promote", "library", "--verbose")
    assert outcome.status == 1
    scanned = run("scan", "library", "--format", "json")
    assert scanned.status == 1
    results = json.loads(scanned.out)["results"]
    failing = {(one["policy"], one["location"]["file"]) for one in results if one["verdict"] == "fail"}
    assert {
        ("metadata_value_invalid", "library/a/.alexandria.yaml"),
        ("metadata_unreadable", "library/b/.alexandria.yaml"),
        ("metadata_unreadable", "library/c/.alexandria.yaml"),
        ("metadata_unreadable", "library/a/module-registry.yml"),
        ("registry_entry_duplicate", "library/module-registry.yaml"),
    } <= failing
    assert all(one["location"]["line"] for one in results if one["policy"].startswith(("metadata_", "registry_")))


def _interface(run: Run, *arguments: str, **options: Any) -> tuple[bool, str, str]:
    result = json.loads(run("promote", "vpc-basic", "--format", "json", *DAY, *arguments, **options).out)
    one = next(one for one in result["modules"][0]["criteria"] if one["id"] == "interface")
    return one["met"], one["evidence"], one["detail"]


def test_an_interface_that_is_what_it_was_at_the_last_minor_version_is_final(run: Run, vpc: Path) -> None:
    assert _interface(run) == (
        True, "verified", "nothing is left to do, and nothing breaks callers since v1.2.0",
    )  # fmt: skip
    with (vpc / "variables.tf").open("a") as file:
        file.write('\nvariable "more" {\n  type        = string\n  default     = ""\n  description = "More."\n}\n')
    assert _interface(run)[:2] == (True, "verified")


def test_an_interface_that_broke_callers_since_then_is_not_final(run: Run, vpc: Path) -> None:
    outputs = (vpc / "outputs.tf").read_text()
    name = re.findall(r'output "(\w+)"', outputs)[0]
    (vpc / "outputs.tf").write_text(outputs.replace(f'output "{name}"', 'output "another"'))
    met, evidence, detail = _interface(run)
    assert (met, evidence) == (False, "contradicted")
    assert detail.startswith(f"callers break since v1.2.0: output.{name} is removed (it was in outputs.tf:")
    metadata = vpc / ".alexandria.yaml"
    metadata.write_text(metadata.read_text().replace("version: 1.2.0", "version: 2.0.0"))
    met, evidence, detail = _interface(run)
    assert (met, evidence) == (True, "verified")
    assert "1 change breaks callers since v1.2.0, which 2.0.0 says" in detail


@pytest.mark.parametrize("shared", [False, True], ids=["nothing shared", "a file of another folder"])
def test_a_module_of_a_library_is_compared_with_what_it_called_at_its_tag(
    run: Run, tmp_path: Path, shared: bool
) -> None:
    library = tmp_path / "library"
    for name in ("queue-basic", "topic-basic"):
        (library / "modules" / name).mkdir(parents=True)
    queue, topic = (library / "modules" / name for name in ("queue-basic", "topic-basic"))
    (topic / "main.tf").write_text('output "name" {\n  description = "Name."\n  value       = "a"\n}\n')
    (queue / "outputs.tf").write_text(
        'output "name" {\n  description = "Name."\n  value       = module.topic.name\n}\n'
    )
    (library / "main.tf.shared").write_text('module "topic" {\n  source = "../topic-basic"\n}\n')
    if shared:
        (queue / "main.tf").symlink_to("../../main.tf.shared")
    else:
        shutil.copy(library / "main.tf.shared", queue / "main.tf")
    _version_one(queue)
    (topic / "main.tf").write_text('output "name" {\n  description = "Name."\n  value       = ["a"]\n}\n')
    interface = _interface_in_library(run)
    assert interface["evidence"] == "contradicted"
    assert "callers break since queue-basic/v1.0.0: output.name" in interface["detail"]


def test_a_file_that_a_called_module_is_told_to_read_is_compared(run: Run, tmp_path: Path) -> None:
    modules = tmp_path / "library" / "modules"
    for name in ("queue-basic", "topic-basic", "shared"):
        (modules / name).mkdir(parents=True)
    (modules / "topic-basic/main.tf").write_text(
        'variable "path" {\n  type = string\n}\n\noutput "name" {\n  value = jsondecode(file(var.path))\n}\n'
    )
    (modules / "queue-basic/main.tf").write_text(
        'module "topic" {\n  source = "../topic-basic"\n  path   = "${path.module}/../shared/name.json"\n}\n\n'
        'output "name" {\n  value = module.topic.name\n}\n'
    )
    (modules / "shared/name.json").write_text('"a"')
    _version_one(modules / "queue-basic")
    (modules / "shared/name.json").write_text('["a"]')
    interface = _interface_in_library(run)
    assert interface["evidence"] == "contradicted"
    assert "callers break since queue-basic/v1.0.0: output.name" in interface["detail"]


def _version_one(module: Path) -> None:
    """Gives a module of a library a version and tags it, all in a repository of the library."""
    (module / ".alexandria.yaml").write_text(f"module:\n  name: {module.name}\n  version: 1.0.0\n  maturity: beta\n")
    library = module.parent.parent
    git(library, "init", "-q")
    git(library, "add", ".")
    git(library, "commit", "-q", "-m", "One")
    git(library, "tag", f"{module.name}/v1.0.0")


def _interface_in_library(run: Run) -> dict[str, Any]:
    result = json.loads(run("promote", "library", "--to", "beta", "--format", "json", *DAY).out)
    module = next(one for one in result["modules"] if one["name"] == "queue-basic")
    interface: dict[str, Any] = next(one for one in module["criteria"] if one["id"] == "interface")
    return interface


def test_an_interface_without_a_tag_to_compare_with_is_undecided(run: Run, vpc: Path, tmp_path: Path) -> None:
    git(vpc, "tag", "--delete", "v1.2.0")
    assert "since v1.1.0" in _interface(run)[2]
    shutil.rmtree(vpc / ".git")
    git(vpc, "init", "-q")
    met, evidence, detail = _interface(run)
    assert (met, evidence) == (False, "inconclusive")
    assert "no tag of a minor version to compare with: tag releases as v1.2.0" in detail
    released(vpc)
    git(tmp_path, "clone", "-q", "--depth", "1", "--no-tags", f"file://{vpc}", "shallow")
    shutil.rmtree(vpc)
    (tmp_path / "shallow").rename(vpc)
    met, evidence, detail = _interface(run)
    assert (met, evidence) == (False, "inconclusive")
    assert "the clone is shallow" in detail and "git fetch --tags --unshallow" in detail


def test_an_interface_that_could_not_be_read_is_undecided(run: Run, vpc: Path) -> None:
    (vpc / "broken.tf").write_text("locals {\n  x = = 1\n}\n")
    assert _interface(run)[:2] == (False, "inconclusive")
