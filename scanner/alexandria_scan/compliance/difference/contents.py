"""What the files of a module hold, and whether it could mean anything else than what they say."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from alexandria_scan.source.folders import CONFIG_SUFFIXES

_SOURCE = re.compile(rb"""\bsource"?\s*[=:]\s*"[^"\n]*\"""")  # a module that is called is looked at itself
_READS = re.compile(rb"\b(?:file\w*|templatefile)\s*\(")
_LEAVES = re.compile(rb"(?<!\.)\.\.(?!\.)|\b(?:dirname|abspath|pathexpand)\b")


class Contents(msgspec.Struct, frozen=True):
    """The digests of the files in and below a folder, by their names below it. `closed` is false if one of them cannot
    be read, or if the module may read files that are not among them."""

    digests: dict[str, bytes]
    closed: bool


def contents_of(folder: Path) -> Contents:
    digests: dict[str, bytes] = {}
    whole, reads, leaves = True, False, False
    for file in _files(folder):
        data = _data(file)
        digests[file.relative_to(folder).as_posix()] = b"" if data is None else hashlib.sha256(data).digest()
        whole = whole and data is not None
        if data is not None and file.suffix != ".md":
            own = file.parent == folder and file.name.endswith(CONFIG_SUFFIXES)
            reads = reads or (own and _READS.search(data) is not None)
            leaves = leaves or _LEAVES.search(_SOURCE.sub(b"", data)) is not None
    manifest = folder / ".terraform" / "modules" / "modules.json"  # what it lists lies in a hidden folder
    return Contents(digests, whole and not (reads and leaves) and not manifest.exists())


def _files(folder: Path) -> Iterator[Path]:
    """The files below a folder; hidden folders (`.terraform`, `.git`) and folders behind links are left out."""
    for directory, names, files in os.walk(folder):
        names[:] = [name for name in names if not name.startswith(".")]
        yield from (Path(directory, name) for name in files)


def _data(file: Path) -> bytes | None:
    try:
        return file.read_bytes() if file.is_file() else None
    except OSError:  # reading it as part of the module says so
        return None
