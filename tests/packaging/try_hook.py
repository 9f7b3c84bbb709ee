"""Tries the hook with the real pre-commit on a scratch repository. Needs a package index and git: `make hook`.

pre-commit clones the hook's repository, builds it and installs it, as it would for anybody. So that this shows what is
being worked on, the hook's repository is a copy of the checkout's files, not its last commit.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
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
        args: [modules, --fail-on, high]
"""
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
        (work / ".pre-commit-config.yaml").write_text(CONFIG.format(hook=hook, commit=commit))
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
    print("The hook refuses a bad module, lets a good one pass, and is skipped where no Terraform file changed.")
    return 0


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
