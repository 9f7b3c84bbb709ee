"""What git knows of a folder: its tags, and since when each version stands in a CHANGELOG."""

from __future__ import annotations

import subprocess
from pathlib import Path

import msgspec

from alexandria_scan.patterns import pattern
from alexandria_scan.source.git_command import run_git

TIMEOUT_SECONDS = 60
_TAG_LINE = "%(refname:short)%09%(creatordate:short)"
_VERSION = pattern(r"\+#{1,3}[ \t]+\[?v?(\d+\.\d+\.\d+[^\]\s,:;()]*)")


class Tag(msgspec.Struct, frozen=True):
    """A tag with the day on which it was made. `merged`: what is checked out comes after it."""

    name: str
    date: str
    merged: bool = True


class History(msgspec.Struct, frozen=True):
    """`versions` has for each CHANGELOG (an absolute path) the day on which each version was first committed. `note`
    says why there is no history, or why it is not whole; "" otherwise."""

    top: Path | None = None
    tags: tuple[Tag, ...] = ()
    versions: dict[Path, dict[str, str]] = {}
    note: str = ""


def read_history(folder: Path) -> History:
    """The history of the repository that holds a folder, as far as it is about the folder. Raises nothing: without git,
    or outside of a repository, the history is empty and says so."""
    try:
        top_text, shallow = _git(folder, "rev-parse", "--show-toplevel", "--is-shallow-repository").splitlines()[:2]
        top = Path(top_text)
        tags = _tags(_git(folder, "for-each-ref", "refs/tags", f"--format={_TAG_LINE}"), _merged(folder))
        versions = _versions(top, _changes(folder))
    except FileNotFoundError:
        return History(note="git is not installed")
    except subprocess.TimeoutExpired:
        return History(note=f"git took longer than {TIMEOUT_SECONDS} seconds")
    except subprocess.CalledProcessError as error:
        return History(note=_said(error))
    except (OSError, ValueError):
        return History(note="git cannot be run here")
    note = "the clone is shallow, so the history is not whole" if shallow == "true" else ""
    return History(top, tags, versions, note)


def _git(folder: Path, *arguments: str) -> str:
    done = run_git(folder, *arguments, timeout=TIMEOUT_SECONDS, fetch=False)
    done.check_returncode()
    return done.stdout.decode("utf-8", "replace")


def _changes(folder: Path) -> str:
    """Every change of a CHANGELOG below the folder, oldest first; nothing in a repository without a commit."""
    try:
        return _git(
            folder, "log", "--reverse", "--format=%x01%cs", "--patch", "--unified=0", "--no-color", "--no-ext-diff",
            "--no-textconv", "--no-renames", "--", ":(glob,icase)**/CHANGELOG.md",
        )  # fmt: skip
    except subprocess.CalledProcessError:
        return ""


def _said(error: subprocess.CalledProcessError) -> str:
    text = error.stderr.decode("utf-8", "replace") if error.stderr else ""
    if "not a git repository" in text:
        return "the folder is in no git repository"
    if "dubious ownership" in text:
        return "git refuses the repository, as somebody else owns it"
    return "git cannot read the repository"


def _merged(folder: Path) -> set[str]:
    """The names of the tags that what is checked out comes after; none in a repository without a commit."""
    try:
        return set(_git(folder, "for-each-ref", "refs/tags", "--merged=HEAD", "--format=%(refname:short)").splitlines())
    except subprocess.CalledProcessError:
        return set()


def _tags(text: str, merged: set[str]) -> tuple[Tag, ...]:
    pairs = (line.partition("\t") for line in text.splitlines())
    return tuple(Tag(name, date, name in merged) for name, _, date in pairs if date)


def _versions(top: Path, text: str) -> dict[Path, dict[str, str]]:
    found: dict[Path, dict[str, str]] = {}
    date, file = "", top
    for line in text.splitlines():
        if line.startswith("\x01"):
            date = line[1:]
        elif line.startswith("+++ b/"):
            file = top / line[6:].rstrip("\t")
        else:
            match = _VERSION.match(line)
            if match is not None:
                found.setdefault(file, {}).setdefault(match[1], date)
    return found
