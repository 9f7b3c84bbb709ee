"""Scanning with the cache says what scanning without it says: after any change, with a broken cache, or with none."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from alexandria_scan.catalogue import Selection
from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.config import Config, EnvironmentConfig
from alexandria_scan.module_scan import scan_module
from alexandria_scan.policy import manifest, yaml_file
from alexandria_scan.report import json_report
from alexandria_scan.scan import Options, scan
from alexandria_scan.source.yaml_document import read_yaml
from alexandria_scan.syntax import parse
from alexandria_scan.syntax.json_body import BlockSpec, parse_json
from tests.conftest import Run, environment

BUCKET = """\
variable "name" {
  type        = string
  description = "Name"
  default     = "logs"
}
resource "aws_rds_cluster" "this" {
  cluster_identifier = var.name
  engine             = "aurora-postgresql"
  storage_encrypted  = %s
  engine_version     = file("${path.root}/version.txt")
  tags               = { files = join(",", fileset(path.module, "policies/*.json")) }
}
"""
ROOT = """\
terraform {
  backend "s3" {}
}
variable "name" {}
module "a" {
  source = "../modules/a"
  name   = var.name
}
module "b" {
  source = "../modules/b"
}
"""
METADATA = "module:\n  id: %s\n  name: A\n  version: 1.0.0\n  category: platform-layer/data\n  maturity: beta\n"
POLICY = """\
title: Clusters have other names
severity: %s
resource: aws_rds_cluster
enforce:
  - condition: attrs.cluster_identifier != "logs"
    error_message: it is called ${attrs.cluster_identifier}
why: Because.
fix: Call it something else.
"""
PYTHON = "from alexandria_scan.sdk import fail\n\n\ndef check(resource, param):\n    yield fail('%s')\n"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three modules and a root in a repository, which is the working directory, with a cache of its own."""
    top = tmp_path / "library"
    write(top / ".git" / "HEAD", "")
    for name in "abc":
        write(top / "modules" / name / "main.tf", BUCKET % "true")
        write(top / "modules" / name / "README.md", f"# {name}\n")
        write(top / "modules" / name / ".alexandria.yaml", METADATA % name)
    write(top / "root" / "main.tf", ROOT)
    write(top / "root" / "terraform.tfvars", 'name = "first"\n')
    write(top / "root" / "version.txt", "15.4")
    write(top / "rules" / "own_cluster_named_logs.yaml", POLICY % "high")
    monkeypatch.chdir(top)
    monkeypatch.setenv("ALEXANDRIA_SCAN_CACHE", str(tmp_path / "cache"))
    return top


def write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def told(result: ScanResult) -> str:
    return json_report.render(result)


def options(cache: bool, **changes: object) -> Options:
    selection = Selection((Path("rules"),))
    return Options(paths=(".",), selection=selection, cache=cache, **changes)  # type: ignore[arg-type]


@pytest.fixture
def evaluated(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the folders that were evaluated, as they come."""
    names: list[str] = []

    def counting(*given: object) -> object:
        names.append(given[2].path.name)  # type: ignore[attr-defined]
        return scan_module(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("alexandria_scan.tree_scan.scan_module", counting)
    return names


def test_what_did_not_change_is_not_evaluated_again(library: Path, evaluated: list[str]) -> None:
    first = told(scan(options(True)))
    assert sorted(evaluated) == ["a", "b", "c", "root"]
    evaluated.clear()
    assert told(scan(options(True))) == first
    assert evaluated == []


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """All that is parsed of the library, in whatever language; conditions of policies are left out."""
    texts: list[bytes] = []

    class Counting:
        def parse(self, data: bytes) -> object:
            texts.extend([] if data.startswith(b"x = ") else [data])
            return parser.parse(data)

    def reading(data: bytes) -> object:
        texts.append(data)
        return read_yaml(data)

    def json(name: str, data: bytes, spec: BlockSpec) -> object:
        texts.append(data)
        return parse_json(name, data, spec)

    parser = parse._parser()
    monkeypatch.setattr(parse, "_parser", Counting)
    monkeypatch.setattr("alexandria_scan.graph.metadata.read_yaml", reading)
    monkeypatch.setattr("alexandria_scan.evaluate.json_syntax.parse_json", json)
    return texts


REGISTRY = "registry:\n  name: Ours\nmodules:\n" + "".join(
    f"  - id: {name}\n    path: modules/{name}\n    cost:\n      estimated_monthly_usd: 12.5\n" for name in "abc"
)


def test_nothing_is_parsed_to_scan_again_what_did_not_change(library: Path, parsed: list[bytes]) -> None:
    write(library / "module-registry.yaml", REGISTRY)
    write(library / "modules" / "c" / "more.tf.json", '{"output": {"x": {"value": 1}}}')
    write(library / "modules" / "c" / "waived.tf", '# alexandria:ignore * reason="x"\nlocals {\n  z = "\\q"\n}\n')
    first = told(scan(options(True)))
    assert REGISTRY.encode() in parsed
    parsed.clear()
    assert told(scan(options(True))) == first
    assert parsed == []


def test_only_what_changed_is_parsed_and_evaluated_with_its_callers(
    library: Path, parsed: list[bytes], evaluated: list[str]
) -> None:
    for number in range(30):
        write(library / "modules" / f"more{number}" / "main.tf", BUCKET % "true" + f"# {number}\n")
    scan(options(True))
    parsed.clear()
    evaluated.clear()
    changed = BUCKET % "false"
    write(library / "modules" / "a" / "main.tf", changed)
    warm = told(scan(options(True)))
    assert sorted(evaluated) == ["a", "root"]
    called = (BUCKET % "true").encode()  # that is b, which root calls as well
    assert set(parsed) == {changed.encode(), called, ROOT.encode(), b'name = "first"\n'}
    assert warm == told(scan(options(False)))


CHANGES: dict[str, tuple[Callable[[Path], None], set[str]]] = {
    "a module": (lambda top: write(top / "modules/a/main.tf", BUCKET % "false"), {"a", "root"}),
    "a new file": (lambda top: write(top / "modules/c/more.tf", 'output "x" {\n  value = 1\n}\n'), {"c"}),
    "a tfvars file": (lambda top: write(top / "root/terraform.tfvars", 'name = "logs"\n'), {"root"}),
    "a new tfvars file": (lambda top: write(top / "root/x.auto.tfvars", 'name = "logs"\n'), {"root"}),
    "a file that is read": (lambda top: write(top / "root/version.txt", "16.1"), {"root"}),
    "a file that was missing": (lambda top: write(top / "modules/c/version.txt", "16.1"), {"c"}),
    "a file that a pattern finds": (lambda top: write(top / "modules/b/policies/x.json", "{}"), {"b", "root"}),
    "a README": (lambda top: write(top / "modules/b/README.md", "# b\n\n## Usage\n"), {"b"}),
    "a README that is gone": (lambda top: (top / "modules/b/README.md").unlink(), {"b"}),
    "metadata": (lambda top: write(top / "modules/c/.alexandria.yaml", METADATA % "other"), {"c"}),
    "a lock file": (
        lambda top: write(top / "root/.terraform.lock.hcl", 'provider "x/y/aws" {\n  version = "5.0.0"\n}\n'),
        {"root"},
    ),
    "a licence above": (lambda top: write(top / "LICENSE", "Free\n"), {"a", "b", "c"}),
    "a licence with an ending above": (lambda top: write(top / "modules/licence.md", "Free\n"), {"a", "b", "c"}),
    "a report above": (lambda top: write(top / "scan.sarif", "{}"), set()),
    "a hidden folder above": (lambda top: write(top / ".ruff_cache/CACHEDIR.TAG", ""), set()),
    "a hidden folder beside": (lambda top: write(top / "modules/.ruff_cache/CACHEDIR.TAG", ""), set()),
    "a policy": (
        lambda top: write(top / "rules/own_cluster_named_logs.yaml", POLICY % "low"),
        {"a", "b", "c", "root"},
    ),
    "a call": (
        lambda top: write(top / "root/main.tf", ROOT.replace("modules/b", "modules/c")),
        {"b", "c", "root"},
    ),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_is_seen_by_all_that_depend_on_it(what: str, library: Path, evaluated: list[str]) -> None:
    scan(options(True))
    evaluated.clear()
    change, folders = CHANGES[what]
    change(library)
    warm = told(scan(options(True)))
    assert set(evaluated) == folders
    assert warm == told(scan(options(False)))


def test_policies_in_python_count_with_their_code(library: Path) -> None:
    manifest = "title: Code\nseverity: low\nresource: aws_rds_cluster\nwhy: Because.\nfix: Do.\n"
    write(library / "rules" / "own_code.yaml", manifest)
    for word in ("one", "another"):
        write(library / "rules" / "own_code.py", PYTHON % word)
        messages = {one.message for one in scan(options(True)).results if one.policy == "own_code"}
        assert messages == {word}


STANDARD = """\
name: own
title: Own
version: 1
sections:
  - {id: s, title: S, controls: [{id: c, level: MUST, title: C, policies: [own_cluster_named_logs]}]}
"""


@pytest.fixture
def own_policies(library: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Adds policies in YAML, in Python and a standard; returns what is parsed of any policies, as it comes."""
    write(
        library / "rules" / "own_code.yaml", "title: Code\nseverity: low\nresource: aws_rds_cluster\nwhy: W\nfix: F\n"
    )
    write(library / "rules" / "own_code.py", PYTHON % "one")
    write(library / "rules" / "standards" / "own.yaml", STANDARD)
    texts: list[str] = []

    def counting(read: Callable[..., object]) -> Callable[..., object]:
        def reading(*given: object) -> object:
            texts.append(str(given[0]))
            return read(*given)

        return reading

    monkeypatch.setattr("alexandria_scan.policy.manifest.parse_expression", counting(parse.parse_expression))
    monkeypatch.setattr(yaml_file, "_load", counting(yaml_file._load))
    return texts


def test_nothing_of_own_policies_is_parsed_to_scan_again(library: Path, own_policies: list[str]) -> None:
    first = told(scan(options(True)))
    assert any("logs" in text for text in own_policies)
    own_policies.clear()
    assert told(scan(options(True))) == first
    write(library / "modules" / "a" / "main.tf", BUCKET % "false")  # and judged again by what was kept
    warm = told(scan(options(True)))
    assert own_policies == []
    assert warm == told(scan(options(False)))


def _deleted(*names: str) -> Callable[[Path], None]:
    def delete(rules: Path) -> None:
        for name in names:
            (rules / name).unlink()

    return delete


OWN_CHANGES: dict[str, Callable[[Path], None]] = {
    "a condition": lambda rules: write(rules / "own_cluster_named_logs.yaml", POLICY.replace("logs", "a log") % "high"),
    "code": lambda rules: write(rules / "own_code.py", PYTHON % "another"),
    "a policy that goes": _deleted("own_code.yaml", "own_code.py"),
    "a new policy": lambda rules: write(rules / "more" / "own_third.yaml", POLICY % "info"),
    "a standard that goes": _deleted("standards/own.yaml"),
    "a standard": lambda rules: write(rules / "standards" / "own.yaml", STANDARD.replace("MUST", "SHOULD")),
}


@pytest.mark.parametrize("what", OWN_CHANGES)
def test_own_policies_that_changed_count(what: str, library: Path, own_policies: list[str]) -> None:
    scan(options(True))
    OWN_CHANGES[what](library / "rules")
    assert told(scan(options(True))) == told(scan(options(False)))


def test_a_policy_whose_code_went_is_refused_though_it_was_kept(library: Path, own_policies: list[str]) -> None:
    scan(options(True))
    (library / "rules" / "own_code.py").unlink()
    with pytest.raises(manifest.PolicyError, match=r"own_code\.yaml:1: .*neither 'enforce' nor own_code\.py"):
        scan(options(True))


@pytest.mark.parametrize(
    "changes",
    [
        {"environment": "production"},
        {"workspace": "blue"},
        {"posture": True},
        {"inputs": (("var", "name=logs"),)},
        {"config": Config(severity={"own_cluster_named_logs": "low"})},
        {"config": Config(environments=(EnvironmentConfig("production", (), (("name", "logs"),)),))},
    ],
)
def test_options_count(changes: dict[str, object], library: Path) -> None:
    scan(options(True))
    assert told(scan(options(True, **changes))) == told(scan(options(False, **changes)))


def test_the_environment_counts(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (library / "root" / "terraform.tfvars").unlink()
    scan(options(True))
    monkeypatch.setenv("TF_VAR_name", "logs")
    assert told(scan(options(True))) == told(scan(options(False)))


def edits(top: Path, chosen: random.Random) -> None:
    """Changes one thing."""
    module = top / "modules" / chosen.choice("abc")
    word = chosen.choice(["true", "false", "null", "var.name", '"'])
    kind = chosen.randrange(12)
    if kind == 0:
        write(module / "main.tf", BUCKET % word)
    elif kind == 1:
        write(module / f"{chosen.choice('xy')}.tf", f'locals {{\n  z = {word}\n}}\n# alexandria:ignore * reason="x"\n')
    elif kind == 2:
        for file in (module / "x.tf", module / "README.md"):
            file.unlink(missing_ok=True)
    elif kind == 3:
        shutil.rmtree(top / "modules" / "d", ignore_errors=True)
        if module.exists():
            shutil.copytree(module, top / "modules" / "d")
    elif kind == 4:
        write(top / "root" / "terraform.tfvars", f'name = "{chosen.choice(["logs", "x", "y"])}"\nz = 1\n')
    elif kind == 5:
        write(module / "README.md", f"# {word}\n\n{chosen.randrange(9)} variables\n")
    elif kind == 6:
        write(top / "rules" / "own_cluster_named_logs.yaml", POLICY % chosen.choice(["high", "low", "info"]))
    elif kind == 7:
        required = f"  dependencies:\n    required_modules: [{chosen.choice('abcd')}]\n"
        write(module / ".alexandria.yaml", METADATA % chosen.choice("abc") + required)
    elif kind == 8:
        folders = "".join(f"  - id: {name}\n    path: modules/{name}\n" for name in chosen.sample("abcd", 2))
        write(top / "module-registry.yaml", f"modules:\n{folders}")
    elif kind == 9:
        write(top / "root" / "main.tf", "\n" * chosen.randrange(2) + ROOT.replace("/b", f"/{chosen.choice('abcd')}"))
    elif kind == 10:
        write(top / "root" / "version.txt", word)
        write(module / "policies" / f"{chosen.randrange(3)}.json", "{}")
    else:
        other = f'module "n" {{\n  source = "../{chosen.choice("abcd")}"\n}}\n'
        write(module / "calls.tf", other if chosen.random() < 0.7 else "")


@pytest.mark.parametrize("seed", range(3))
def test_warm_is_cold_after_any_edits(seed: int, library: Path) -> None:
    chosen = random.Random(seed)
    for number in range(15):
        edits(library, chosen)
        changes = {"posture": True} if number % 5 == 4 else {}
        assert told(scan(options(True, **changes))) == told(scan(options(False, **changes))), number


def entries(library: Path) -> list[Path]:
    folder = library.parent / "cache" / "alexandria-scan"
    return [file for file in folder.rglob("*") if file.is_file() and len(file.name) == 38]


@pytest.mark.parametrize("damage", [b"", b"\0" * 40, None])
def test_a_damaged_cache_is_none(
    damage: bytes | None, library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cold = told(scan(options(True)))
    assert len(entries(library)) == 11  # four folders, what each came to, three documents
    for file in entries(library):
        file.write_bytes(damage if damage is not None else file.read_bytes()[:-9])
    monkeypatch.setenv("ALEXANDRIA_SCAN_DEBUG", "1")
    assert told(scan(options(True))) == cold
    assert "the result cache is not used" in capsys.readouterr().err
    assert told(scan(options(True))) == cold
    assert "the result cache" not in capsys.readouterr().err


def test_a_full_disk_or_a_cache_that_is_a_file_is_no_cache(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cold = told(scan(options(False)))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("alexandria_scan.result_cache.os.fdopen", full)
        assert told(scan(options(True))) == cold
    assert entries(library) == []
    write(library.parent / "file", "")
    monkeypatch.setenv("ALEXANDRIA_SCAN_CACHE", str(library.parent / "file"))
    assert told(scan(options(True))) == cold


SECRETS = {
    "secret.tf": 'variable "password" {\n  sensitive = true\n  default = "hunter2hunter2"\n}\n'
    'output "x" {\n  value = var.password\n}\n',
    "waived.tf": '# alexandria:ignore * reason="with AKIAHUNTER2HUNTER222" owner=x\nlocals {\n  z = 1\n}\n',
    "README.md": '# a\n\n    master_password = "hunter2hunter2"\n\nTODO AKIAHUNTER2HUNTER222\n',
    "CHANGELOG.md": "## 1.0.0 - 2026-01-01\n\n- db_password: hunter2hunter2\n",
    ".alexandria.yaml": METADATA % "AKIAHUNTER2HUNTER222" + "  features: [AKIAHUNTER2HUNTER222]\n",
}


def test_entries_are_for_their_owner_alone_and_hold_no_secret(library: Path) -> None:
    for name, text in SECRETS.items():
        write(library / "modules" / "a" / name, text)
    write(library / "root" / "terraform.tfvars", 'name = "first"\npassword = "hunter2hunter2"\n')
    report = told(scan(options(True)))
    assert {file.stat().st_mode & 0o777 for file in entries(library)} == {0o600}
    assert len(entries(library)) == 10  # all but the metadata of a
    assert not any(b"hunter2" in file.read_bytes().lower() for file in entries(library))
    assert "hunter2" not in report.lower()


def test_entries_that_nobody_uses_go(library: Path) -> None:
    scan(options(True))
    before = entries(library)
    for file in before:
        os.utime(file, (0, 0))
    shutil.rmtree(library / "modules")
    scan(options(True))
    assert all(file.exists() for file in before)  # it is tidied once a day
    os.utime(next(before[0].parents[1].glob("pruned")), (0, 0))
    scan(options(True))
    assert sum(file.exists() for file in before) == 2  # what is known of the root, and what it came to


def test_no_cache_keeps_nothing_and_two_scans_at_once_agree(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "main.tf", BUCKET % "false")
    cache = {"ALEXANDRIA_SCAN_CACHE": str(tmp_path.parent / "cache-of-runs")}
    plain = run(".", "--format", "json", "--no-cache", env=cache)
    assert not list((tmp_path.parent / "cache-of-runs").rglob("results-*"))
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(2) as pool:
        both = list(pool.map(lambda _: run(".", "--format", "json", env=cache), range(4)))
    assert {one.out for one in both} == {plain.out}
    assert list((tmp_path.parent / "cache-of-runs").rglob("results-*"))


@pytest.mark.parametrize("name", ["module-registry.yaml", "nowhere"])
def test_why_a_registry_cannot_be_read_is_seen(library: Path, tmp_path: Path, name: str) -> None:
    write(tmp_path / "outside.yaml", "registry:\n  name: x\nmodules: []\n")
    registry = library / "catalog" / "module-registry.yaml"
    registry.parent.mkdir()
    (library / "modules" / "c" / ".alexandria.yaml").unlink()  # its maturity rests on the registry
    registry.symlink_to(tmp_path / "outside.yaml")
    before = told(scan(options(True)))
    registry.unlink()
    registry.symlink_to(name)
    after = told(scan(options(True)))
    assert after == told(scan(options(False)))
    assert after != before


ROUNDS = """
import sys
from pathlib import Path
from alexandria_scan.catalogue import Selection
from alexandria_scan.report.json_report import render
from alexandria_scan.scan import Options, scan

reports = set()
for _ in range(6):
    reports.add(render(scan(Options(selection=Selection((Path("rules"),)), cache=True))))
    for file in sorted(Path(sys.argv[1]).rglob("*"))[int(sys.argv[2])::5]:
        if file.is_file():
            file.unlink(missing_ok=True)  # as somebody does who tidies up
sys.stdout.write("".join(reports))
"""


def test_two_processes_that_scan_with_one_cache_say_the_same(library: Path) -> None:
    alone = told(scan(options(False)))
    cache = library.parent / "cache"
    both = [
        subprocess.Popen(
            [sys.executable, "-c", ROUNDS, str(cache), which], env=environment(ALEXANDRIA_SCAN_CACHE=str(cache)),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )
        for which in "02"
    ]  # fmt: skip
    assert [one.communicate(timeout=240) for one in both] == [(alone, ""), (alone, "")]
    assert not list(cache.rglob("*.tmp"))
