"""What the files of a module hold, and whether it could mean anything else than what they say."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Iterator
from pathlib import Path

import msgspec

from alexandria_scan.patterns import pattern
from alexandria_scan.source.folders import CONFIG_SUFFIXES

_SOURCE = pattern(rb"""\bsource"?\s*[=:]\s*"[^"\n]*\"""")  # a module that is called is looked at itself
_READS = pattern(rb"\b(?:file\w*|templatefile)\s*\(")
_LEAVES = pattern(rb"(?<!\.)\.\.(?!\.)|\b(?:dirname|abspath|pathexpand)\b")
_LEFT_OUT = {".git", ".terraform"}  # no part of what the module is


class Contents(msgspec.Struct, frozen=True):
    """The digests of the files in and below a folder, by their names below it. `whole` is false if one of them cannot
    be read, or if what the module calls lies in a hidden folder; `reads` says that the module reads files, `leaves`
    that something in the folder leads out of it, such as a path that it gives to a module that it calls."""

    digests: dict[str, bytes]
    whole: bool
    reads: bool
    leaves: bool


def contents_of(folder: Path) -> Contents:
    digests: dict[str, bytes] = {}
    whole, reads, leaves = True, False, False
    for path in _files_and_links(folder):
        if path.is_dir():
            leaves = True
            continue
        data = _data(path)
        digests[path.relative_to(folder).as_posix()] = b"" if data is None else hashlib.sha256(data).digest()
        whole = whole and data is not None
        if data is not None and path.suffix != ".md":
            own = path.parent == folder and path.name.endswith(CONFIG_SUFFIXES)
            reads = reads or (own and _READS.search(data) is not None)
            leaves = leaves or _LEAVES.search(_SOURCE.sub(b"", data)) is not None
    manifest = folder / ".terraform" / "modules" / "modules.json"  # what it lists lies in a hidden folder
    return Contents(digests, whole and not manifest.exists(), reads, leaves)


def are_closed(folders: Collection[Contents]) -> bool:
    """Whether nothing but what lies in these folders can count for the modules in them, which call each other: one
    may read a file by a path that another one gives it."""
    may_leave = any(one.reads for one in folders) and any(one.leaves for one in folders)
    return all(one.whole for one in folders) and not may_leave


def _files_and_links(folder: Path) -> Iterator[Path]:
    """The files below a folder, and the links to folders, behind which nothing is looked for."""
    for directory, names, files in os.walk(folder):
        names[:] = [name for name in names if name not in _LEFT_OUT]
        yield from (link for name in names if (link := Path(directory, name)).is_symlink())
        yield from (Path(directory, name) for name in files)


def _data(file: Path) -> bytes | None:
    try:
        return file.read_bytes() if file.is_file() else None
    except OSError:  # reading it as part of the module says so
        return None
