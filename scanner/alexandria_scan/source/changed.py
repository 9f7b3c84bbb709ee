"""Which files differ from a commit, as git says."""

from __future__ import annotations

import os
from pathlib import Path

from alexandria_scan.source.git_command import GitError, run_git, said_by


def changed_since(reference: str, folder: Path) -> list[Path]:
    """The files of the repository around `folder` that are not as they were where `reference` and HEAD parted: changed,
    added (also those that git does not know yet) and deleted ones. Raises GitError."""
    top = Path(_git(folder, "rev-parse", "--show-toplevel").rstrip("\n"))
    commit = _commit(top, reference)
    try:
        base = _git(top, "merge-base", commit, "HEAD").strip()
    except GitError:
        raise GitError(
            f"{reference} and HEAD have no commit in common.",
            "In a shallow clone, fetch more of the history: git fetch --unshallow (fetch-depth: 0 in GitHub Actions).",
        ) from None
    names = _git(top, "diff", "--name-only", "--no-renames", "--no-ext-diff", "-z", base, "--").split("\0")
    names += _git(top, "ls-files", "--others", "--exclude-standard", "-z").split("\0")
    return sorted({top / name for name in names if name})


def _commit(top: Path, reference: str) -> str:
    try:
        return _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{reference}^{{commit}}").strip()
    except GitError:
        raise GitError(
            f"Git knows no commit {reference!r}.", "Fetch it, or name another: --changed-since origin/main."
        ) from None


def _git(folder: Path, *arguments: str) -> str:
    try:
        done = run_git(folder, *arguments)
    except OSError as error:
        raise GitError(f"Git cannot be run: {error.strerror or error}.", "Install git, or name the files.") from None
    if done.returncode:
        raise GitError(f"Git cannot tell what changed: {said_by(done)}.", "Run it in a clone, or name the files.")
    return os.fsdecode(done.stdout)
