"""What git knows of a folder, and what is said where it knows nothing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from alexandria_scan.source.git_history import Tag, read_history


def git(folder: Path, *arguments: str, day: str = "2026-01-01") -> None:
    settings = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    settings |= {"GIT_COMMITTER_DATE": f"{day}T12:00:00Z", "GIT_AUTHOR_DATE": f"{day}T12:00:00Z"}
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *who, *arguments], cwd=folder, env=settings, check=True, capture_output=True)


def release(folder: Path, version: str, day: str) -> None:
    """A commit that puts a version on top of the CHANGELOG."""
    path = folder / "CHANGELOG.md"
    before = path.read_text() if path.exists() else ""
    path.write_text(f"## [{version}] - {day}\n\n{before}")
    git(folder, "add", ".", day=day)
    git(folder, "commit", "-m", version, day=day)


def test_tags_and_the_day_on_which_each_version_was_committed(tmp_path: Path) -> None:
    git(tmp_path, "init")
    release(tmp_path, "0.1.0", "2026-01-01")
    release(tmp_path, "1.0.0-beta.1", "2026-02-01")
    git(tmp_path, "tag", "v1.0.0-beta.1", day="2026-02-01")
    git(tmp_path, "tag", "-a", "-m", "one", "v1.0.0", day="2026-03-05")
    found = read_history(tmp_path)
    assert found.note == ""
    assert found.top is not None
    assert found.tags == (Tag("v1.0.0", "2026-03-05"), Tag("v1.0.0-beta.1", "2026-02-01"))
    assert found.versions == {found.top / "CHANGELOG.md": {"0.1.0": "2026-01-01", "1.0.0-beta.1": "2026-02-01"}}


def test_a_repository_without_a_commit_has_no_versions(tmp_path: Path) -> None:
    git(tmp_path, "init")
    found = read_history(tmp_path)
    assert (found.note, found.tags, found.versions) == ("", (), {})


def test_outside_of_a_repository_it_says_so(tmp_path: Path) -> None:
    assert read_history(tmp_path).note == "the folder is in no git repository"


def test_without_git_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert read_history(tmp_path).note == "git is not installed"


def test_a_shallow_clone_says_so(tmp_path: Path) -> None:
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    origin.mkdir()
    git(origin, "init")
    release(origin, "0.1.0", "2026-01-01")
    release(origin, "0.2.0", "2026-02-01")
    git(tmp_path, "clone", "--depth", "1", origin.as_uri(), str(clone))
    assert read_history(clone).note == "the clone is shallow, so the history is not whole"


def test_nothing_that_the_repository_names_is_run(tmp_path: Path) -> None:
    git(tmp_path, "init")
    mark = tmp_path / "mark"
    script = tmp_path / "run.sh"
    script.write_text(f"#!/bin/sh\ntouch {mark}\n")
    script.chmod(0o755)
    release(tmp_path, "0.1.0", "2026-01-01")
    for name in ("core.fsmonitor", "diff.external", "core.pager", "gpg.program"):
        git(tmp_path, "config", name, str(script))
    mark.unlink(missing_ok=True)
    (tmp_path / ".gitattributes").write_text("*.md diff=own\n")
    git(tmp_path, "config", "diff.own.textconv", str(script))
    assert read_history(tmp_path).versions
    assert not mark.exists()


def test_a_git_that_runs_this_does_not_lead_it_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
    git(tmp_path, "init")
    release(tmp_path, "0.1.0", "2026-01-01")
    assert list(read_history(tmp_path).versions.values()) == [{"0.1.0": "2026-01-01"}]
