"""What a folder held at an earlier commit: read with the plain `git` command into a folder of its own."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

from alexandria_scan.source.git_command import GitError, run_git, said_by

HELP = "A git reference is a branch, a tag or a commit: git:v1.2.0, or git:v1.2.0:modules/vpc for a folder in it."


def repository_of(folder: Path) -> Path:
    """The top of the repository that holds a folder; the folder itself in a bare one. Raises GitError."""
    bare = _git(folder, "rev-parse", "--is-bare-repository").decode().strip() == "true"
    return (
        folder if bare else Path(_git(folder, "rev-parse", "--show-toplevel").decode("utf-8", "surrogateescape")[:-1])
    )


def commit_of(repository: Path, reference: str) -> str:
    """The full name of the commit that a reference means. Raises GitError."""
    if not reference or reference.startswith("-"):
        raise GitError(f"{reference!r} is not a git reference.", HELP)
    try:
        return _git(repository, "rev-parse", "--verify", "--quiet", f"{reference}^{{commit}}").decode().strip()
    except GitError as error:
        raise GitError(
            f"There is no commit {reference!r} in {repository.as_posix()}.",
            "A shallow clone lacks the older ones: git fetch --tags --unshallow brings them.",
        ) from error


def tags_of(repository: Path, commit: str) -> list[str]:
    """The tags that point at a commit, sorted. Raises GitError."""
    return sorted(_git(repository, "tag", "--points-at", commit).decode("utf-8", "replace").split())


def extract(repository: Path, commit: str, into: Path) -> None:
    """Writes all files of a commit into a folder. Links that lead out of it are left out. Raises GitError."""
    archive = _git(repository, "archive", "--format=tar", commit)
    try:
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            for member in tar:
                _extract(tar, member, into)
    except (tarfile.TarError, OSError) as error:
        raise GitError(f"The files of {commit[:12]} cannot be written: {error}.", "Is the disk full?") from None


def _extract(tar: tarfile.TarFile, member: tarfile.TarInfo, into: Path) -> None:
    """One file or folder. Its name may not lead anywhere else, and nothing but plain files and folders is made."""
    target = into / member.name
    if ".." in target.relative_to(into).parts:
        return
    if member.isdir():
        target.mkdir(parents=True, exist_ok=True)
    elif member.isreg():
        target.parent.mkdir(parents=True, exist_ok=True)
        stream = tar.extractfile(member)
        target.write_bytes(stream.read() if stream is not None else b"")
    elif member.issym() and not member.linkname.startswith("/"):
        resolved = (target.parent / member.linkname).resolve()
        if into.resolve() in resolved.parents:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(member.linkname)


def _git(folder: Path, *arguments: str) -> bytes:
    try:
        done = run_git(folder, *arguments)
    except FileNotFoundError:
        raise GitError("There is no git command.", "Install git, or compare two folders.") from None
    except OSError as error:
        raise GitError(f"Git cannot be run: {error.strerror or error}.", HELP) from None
    if done.returncode:
        raise GitError(f"Git cannot read {folder.as_posix()}: {said_by(done)}.", HELP)
    return done.stdout
