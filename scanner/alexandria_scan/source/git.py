"""What a folder held at an earlier commit: read with the plain `git` command into a folder of its own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from alexandria_scan.source.git_command import GitError, run_git, said_by

_LINK = b"120000"
_NOWHERE = ".git/lacking"
_SUGGESTED = 3
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
            _tags_like(repository, reference)
            or "A shallow clone lacks the older ones: git fetch --tags --unshallow brings them.",
        ) from error


def _tags_like(repository: Path, reference: str) -> str:
    """Which tags of single modules end in what was asked for, as `vpc-basic/v1.2.3` does in `v1.2.3`, in a sentence."""
    tags = _git(repository, "tag", "--list").decode("utf-8", "replace").splitlines()
    found = [repr(tag) for tag in sorted(tags) if tag.endswith(f"/{reference}")]
    if not found:
        return ""
    more = f" and {len(found) - _SUGGESTED} more" if len(found) > _SUGGESTED else ""
    return f"Modules have tags of their own here: {', '.join(found[:_SUGGESTED])}{more}."


def tags_of(repository: Path, commit: str) -> list[str]:
    """The tags that point at a commit, sorted. Raises GitError."""
    return sorted(_git(repository, "tag", "--points-at", commit).decode("utf-8", "replace").split())


def below(repository: Path, folder: Path) -> Path:
    """The folder from the top of its repository; a bare one has nothing but its top."""
    resolved, top = folder.resolve(), repository.resolve()
    return resolved.relative_to(top) if (top / ".git").exists() else Path()


class CheckedOut(NamedTuple):
    """The top of a repository as it was at a commit. `lacking` are the paths below it whose content the repository
    lacks, as a partial clone may: each is a link that leads nowhere, so that it is there and cannot be read."""

    top: Path
    lacking: tuple[Path, ...] = ()


def checked_out(repository: Path, commit: str, temporary: Path, folder: Path = Path()) -> CheckedOut:
    """The repository as it was at a commit, or one folder of it, inside a temporary folder. Raises GitError."""
    base = temporary.resolve() / repository.name  # names of folders are judged, too
    base.mkdir(exist_ok=True)
    lacking = extract(repository, commit, base, folder)
    (base / ".git").mkdir(exist_ok=True)  # how far may be read: the repository's top
    return CheckedOut(base, lacking)


def extract(repository: Path, commit: str, into: Path, folder: Path = Path()) -> tuple[Path, ...]:
    """Writes all files of a commit, or of one folder of it, into a folder, as they are committed: `git archive` would
    leave out what the attribute export-ignore names. Links that lead out of where they are written are left out, and
    what is there already is written anew. Returns the paths of those whose content is lacking. Raises GitError."""
    entries = list(_entries(repository, commit, folder))
    contents = _contents(repository, commit, entries)
    lacking = []
    try:
        for entry, data in zip(entries, contents, strict=True):
            if data is not None and not entry.is_link:
                entry.written(into, data)
        links = [
            (entry, os.fsdecode(data))
            for entry, data in zip(entries, contents, strict=True)
            if data is not None and entry.is_link
        ]
        for entry, to in links:  # once no file can be written through one
            entry.linked(into, to)
        for entry, _ in links:  # once it shows where each of them leads, as a link may lead through another
            entry.kept_inside(into)
        for entry, data in zip(entries, contents, strict=True):
            if data is None:
                entry.linked(into, _NOWHERE)
                lacking.append(entry.path)
    except (OSError, ValueError) as error:
        raise GitError(f"The files of {commit[:12]} cannot be written: {error}.", "Is the disk full?") from None
    return tuple(sorted(lacking))


class _Entry(NamedTuple):
    """A file or a link of a commit."""

    mode: bytes
    object: bytes
    path: Path

    @property
    def is_link(self) -> bool:
        return self.mode == _LINK

    def written(self, into: Path, data: bytes) -> None:
        target = into / self.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)

    def linked(self, into: Path, to: str) -> None:
        target = into / self.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.symlink_to(to)

    def kept_inside(self, into: Path) -> None:
        """Removes the link if it leads out of the folder."""
        target = into / self.path
        led = Path(os.path.realpath(target))  # Path.resolve raises where links go round in a circle
        if os.path.isabs(os.readlink(target)) or into.resolve() not in led.parents:  # noqa: PTH115, PTH117 (of any text)
            target.unlink()


def _entries(repository: Path, commit: str, folder: Path) -> Iterator[_Entry]:
    """The files and links of a commit below a folder. A path may not lead anywhere else, nor into git's own folder."""
    below_it = ("--", folder.as_posix()) if folder.parts else ()
    for line in _git(repository, "ls-tree", "-r", "-z", "--full-tree", commit, *below_it).split(b"\0"):
        about, _, name = line.partition(b"\t")
        mode, _, rest = about.partition(b" ")
        path = Path(os.fsdecode(name))
        own = path.is_absolute() or any(part == ".." or part.lower() == ".git" for part in path.parts)
        if rest.startswith(b"blob ") and not own:
            yield _Entry(mode, rest.removeprefix(b"blob "), path)


def _contents(repository: Path, commit: str, entries: list[_Entry]) -> list[bytes | None]:
    """What the files and links hold, in their order; None for what the repository lacks. Raises GitError."""
    try:
        return _answers(repository, entries)
    except GitError:  # a partial clone that cannot fetch what it lacks gives up altogether
        lacking = _lacking(repository, commit)
        if not lacking:
            raise
    here = [entry for entry in entries if entry.object not in lacking]
    found = dict(zip((entry.object for entry in here), _answers(repository, here), strict=True))
    return [found.get(entry.object) for entry in entries]


def _answers(repository: Path, entries: list[_Entry]) -> list[bytes | None]:
    answer = _git(repository, "cat-file", "--batch", given=b"".join(one.object + b"\n" for one in entries))
    found: list[bytes | None] = []
    at = 0
    for entry in entries:
        head, end = answer[at : answer.find(b"\n", at)].split(), answer.find(b"\n", at) + 1
        if len(head) != 3 or head[0] != entry.object:
            found.append(None)
            at = end
            continue
        size = int(head[2])
        found.append(answer[end : end + size])
        at = end + size + 1
    return found


def _lacking(repository: Path, commit: str) -> frozenset[bytes]:
    """The objects of a commit that the repository lacks, without an attempt to fetch them. Raises GitError."""
    listed = _git(repository, "rev-list", "--objects", "--missing=print", "--no-walk", commit)
    return frozenset(line[1:] for line in listed.splitlines() if line.startswith(b"?"))


def _git(folder: Path, *arguments: str, given: bytes | None = None) -> bytes:
    try:
        done = run_git(folder, *arguments, given=given)
    except FileNotFoundError:
        raise GitError("There is no git command.", "Install git, or compare two folders.") from None
    except OSError as error:
        raise GitError(f"Git cannot be run: {error.strerror or error}.", HELP) from None
    if done.returncode:
        raise GitError(f"Git cannot read {folder.as_posix()}: {said_by(done)}.", HELP)
    return done.stdout
