"""What differs from a commit: as git says it, with what it does not know yet."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from alexandria_scan.source.changed import changed_since
from alexandria_scan.source.git_command import GitError

IDENTITY = {
    "GIT_AUTHOR_NAME": "scratch", "GIT_AUTHOR_EMAIL": "scratch@example.com", "GIT_COMMITTER_NAME": "scratch",
    "GIT_COMMITTER_EMAIL": "scratch@example.com", "GIT_CONFIG_GLOBAL": os.devnull,
}  # fmt: skip


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, env={**os.environ, **IDENTITY}, check=True, capture_output=True)


def commit(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / name).write_text(text)
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "x")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    top = tmp_path / "repository"
    (top / "sub").mkdir(parents=True)
    git(top, "init", "--quiet", "--initial-branch", "main")
    commit(top, a="1", b="1", c="1")
    return top


def names(folder: Path, reference: str) -> list[str]:
    return [path.name for path in changed_since(reference, folder)]


def test_changed_added_deleted_and_untracked(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "-b", "topic")
    commit(repository, a="2")
    (repository / "b").unlink()
    (repository / "new é.tf").write_text("")
    assert names(repository, "main") == ["a", "b", "new é.tf"]
    assert names(repository / "sub", "main") == ["a", "b", "new é.tf"]
    assert names(repository, "HEAD") == ["b", "new é.tf"]


def test_what_happened_on_the_other_branch_since_is_not_ours(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "-b", "topic")
    commit(repository, a="2")
    git(repository, "checkout", "--quiet", "main")
    commit(repository, c="2")
    git(repository, "checkout", "--quiet", "topic")
    assert names(repository, "main") == ["a"]


@pytest.mark.parametrize("reference", ["nowhere", "--output=x", "", "main:a"])
def test_a_reference_that_is_no_commit(repository: Path, reference: str) -> None:
    with pytest.raises(GitError, match="knows no commit"):
        changed_since(reference, repository)
    assert not (repository / "x").exists()


def test_histories_without_a_common_commit(repository: Path) -> None:
    git(repository, "checkout", "--quiet", "--orphan", "other")
    commit(repository, a="3")
    with pytest.raises(GitError, match="no commit in common") as raised:
        changed_since("main", repository)
    assert "fetch" in raised.value.help


def test_a_folder_without_a_repository(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="not a git repository"):
        changed_since("main", tmp_path)


def test_no_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(GitError, match="Git cannot be run"):
        changed_since("main", repository)


def test_neither_a_program_of_the_repository_nor_a_git_that_runs_this_has_a_say(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch '{tmp_path}/ran'\n")
    program.chmod(0o755)
    git(repository, "config", "core.fsmonitor", str(program))
    monkeypatch.setenv("GIT_DIR", str(tmp_path))
    (repository / "b").write_text("2")
    assert names(repository, "main") == ["b"]
    assert not (tmp_path / "ran").exists()
