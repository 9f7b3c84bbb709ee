"""Tries the hook with the real pre-commit on scratch repositories. Needs a package index and git: `make hook`.

pre-commit clones the hook's repository, builds it and installs it, as it would for anybody. So that this shows what is
being worked on, the hook's repository is a copy of the checkout's files, not its last commit.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCRATCH = {
    "GIT_AUTHOR_NAME": "scratch", "GIT_AUTHOR_EMAIL": "scratch@example.com",
    "GIT_COMMITTER_NAME": "scratch", "GIT_COMMITTER_EMAIL": "scratch@example.com",
    "GIT_CONFIG_GLOBAL": os.devnull,
}  # fmt: skip
CONFIG = """\
repos:
  - repo: {hook}
    rev: {commit}
    hooks:
      - id: alexandria-scan
        args: [{arguments}]
        verbose: true
"""
CACHE = """\
resource "aws_elasticache_replication_group" "this" {
  replication_group_id       = var.name
  description                = "Sessions"
  node_type                  = "cache.t4g.small"
  at_rest_encryption_enabled = true
}
"""
NAME = 'variable "name" {\n  type        = string\n  description = "What it is called"\n}\n'
MODULES, CALLED_BY_ROOT, TIMES = 160, 4, 7
BAD = """\
resource "aws_rds_cluster" "main" {
  engine            = "aurora-postgresql"
  storage_encrypted = false
}
"""
GOOD = ROOT / "fixtures" / "modules" / "us-15-03"


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="alexandria-scan-hook-") as name:
        folder = Path(name)
        pre_commit = _pre_commit(folder / "venv")
        hook = _hook_repository(folder / "hook")
        work = folder / "work"
        work.mkdir()
        git(work, "init", "--quiet")
        commit = git(hook, "rev-parse", "HEAD").stdout.strip()
        arguments = "modules, --fail-on, high"
        (work / ".pre-commit-config.yaml").write_text(CONFIG.format(hook=hook, commit=commit, arguments=arguments))
        os.environ["PRE_COMMIT_HOME"] = str(folder / "cache")
        run(work, pre_commit, "install")

        bad = work / "modules" / "bad" / "main.tf"
        bad.parent.mkdir(parents=True)
        bad.write_text(BAD)
        git(work, "add", "--all")
        done = git(work, "commit", "--quiet", "--message", "bad module", check=False)
        _expect(done, "Failed", done.returncode != 0 and "aws_rds_cluster_unencrypted" in done.stdout + done.stderr)

        bad.unlink()
        shutil.copytree(GOOD, work / "modules" / "good")
        git(work, "add", "--all")
        done = git(work, "commit", "--quiet", "--message", "good module", check=False)
        _expect(done, "Passed", done.returncode == 0)

        (work / "notes.txt").write_text("nothing about Terraform\n")
        git(work, "add", "--all")
        done = git(work, "commit", "--quiet", "--message", "notes", check=False)
        _expect(done, "Skipped", done.returncode == 0)
        _library(folder / "library", pre_commit, CONFIG.format(hook=hook, commit=commit, arguments="--fail-on, never"))
    print("The hook refuses a bad module, lets a good one pass, is skipped where nothing of it changed,")
    print("and in a library scans the module that was touched, and its callers.")
    return 0


def _library(work: Path, pre_commit: Path, config: str) -> None:
    """A repository of 200 modules, 40 of them roots that call four each: a commit to one module scans two."""
    for number in range(MODULES):
        module = work / "modules" / f"cache-{number:03}"
        module.mkdir(parents=True)
        (module / "main.tf").write_text(CACHE)
        (module / "variables.tf").write_text(NAME)
    for number in range(MODULES // CALLED_BY_ROOT):
        root = work / "environments" / f"root-{number:02}"
        root.mkdir(parents=True)
        called = range(number * CALLED_BY_ROOT, (number + 1) * CALLED_BY_ROOT)
        calls = [f'module "m{n}" {{\n  source = "../../modules/cache-{n:03}"\n  name   = "n"\n}}\n' for n in called]
        (root / "main.tf").write_text('provider "aws" {\n  region = "eu-central-1"\n}\n\n' + "\n".join(calls))
    (work / ".pre-commit-config.yaml").write_text(config)
    git(work, "init", "--quiet")
    git(work, "add", "--all")
    git(work, "commit", "--quiet", "--message", "library")
    run(work, pre_commit, "install")

    touched = work / "modules" / "cache-017" / "main.tf"
    touched.write_text(CACHE.replace("Sessions", "Sessions of the shop"))
    git(work, "add", "--all")
    done = git(work, "commit", "--quiet", "--message", "one module", check=False)
    output = done.stdout + done.stderr
    print(output)
    if "Only what 1 file touches: 2 of 200 modules." not in output or "environments/root-04" not in output:
        sys.exit("pre-commit should have scanned modules/cache-017 and environments/root-04, and nothing else")
    _measured(work, touched)


def _measured(work: Path, touched: Path) -> None:
    """Prints what the hook's own command takes when warm, beside an empty run of its Python."""
    program = next((work.parent / "cache").glob("repo*/py_env-*/bin/alexandria-scan"))
    ours: list[str | Path] = [program, touched.relative_to(work), "--fail-on", "never"]
    warm, bare = _fastest(work, *ours), _fastest(work, program.with_name("python"), "-c", "pass")
    print(f"One module of 200 touched, warm: {warm:.0f} ms, {warm - bare:.0f} ms of them beyond starting Python.")


def _fastest(work: Path, *command: str | Path) -> float:
    """The shortest of several runs, in milliseconds."""
    times = []
    for _ in range(TIMES):
        started = time.perf_counter()
        run(work, *command)
        times.append(time.perf_counter() - started)
    return min(times) * 1000


def _pre_commit(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    run(
        folder,
        folder / "bin" / "python",
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--quiet",
        "install",
        "pre-commit",
    )
    return folder / "bin" / "pre-commit"


def _hook_repository(folder: Path) -> Path:
    """A repository with what the checkout holds now, committed or not."""
    listed = git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "the checkout")
    return folder


def _expect(done: subprocess.CompletedProcess[str], word: str, holds: bool) -> None:
    output = done.stdout + done.stderr
    print(output)
    if not holds or f"{word}\n" not in output.replace("(no files to check)", ""):
        sys.exit(f"pre-commit should have said {word}; exit status {done.returncode}")


def git(folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return run(folder, "git", *arguments, check=check)


def run(folder: Path, *command: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **SCRATCH}, text=True, capture_output=True, check=False
    )
    if check and done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done


if __name__ == "__main__":
    sys.exit(main())
