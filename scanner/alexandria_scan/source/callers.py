"""Which module folders a change touches, and which others call them: found in the bytes of the files, unparsed.

What looks like a call and is none (in a comment, say) makes a scan larger than it had to be, never smaller.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import msgspec

from alexandria_scan.patterns import pattern
from alexandria_scan.source.folders import CONFIG_SUFFIXES, EXAMPLE_FOLDERS, VARIABLE_SUFFIXES

_SOURCE = pattern(rb"""\bsource"?\s*[=:]\s*"(\.\.?/[^"\n]*)\"""")
# Files that only the module which they lie in is judged by: no caller gets anything else because of them.
_OWN = (*VARIABLE_SUFFIXES, ".md", ".tftest.hcl", ".tofutest.hcl", ".lock.hcl", ".go", ".py", ".yaml", ".yml")
_LICENSE = pattern(r"licen[cs]e", re.IGNORECASE)
_SHORTEST_NAME = 4


class Touched(msgspec.Struct, frozen=True):
    """`scanned` are the folders to scan, and `known` those that must be known beside them to tell a library module from
    a root. `idle` are the files that touch no module. `limit` tells of it in a report."""

    scanned: frozenset[Path] = frozenset()
    known: frozenset[Path] = frozenset()
    idle: tuple[Path, ...] = ()
    limit: str = ""

    def below(self, top: Path) -> list[Path]:
        return sorted(path for path in self.scanned | self.known if path == top or top in path.parents)


def touched_by(files: Iterable[Path], tops: Iterable[Path], folders_below: Callable[[Path], list[Path]]) -> Touched:
    """The modules below `tops` (folders) that the files, there or deleted, touch, and all that call these."""
    modules = _Modules(folder for top in tops for folder in folders_below(top))
    changed: set[Path] = set()
    judged: set[Path] = set()
    idle = []
    given = sorted({Path(os.path.realpath(file.parent), file.name) for file in files})
    for file in given:
        here, there = modules.touched(file)
        changed |= here
        judged |= there
        if not here and not there:
            idle.append(file)
    scanned = modules.with_callers(changed) | judged
    limit = _told(len(given), len(scanned), len(modules.texts))
    return Touched(modules.named(scanned), modules.named(modules.context(scanned)), tuple(idle), limit)


def _told(files: int, scanned: int, modules: int) -> str:
    what = f"{files} file{'' if files == 1 else 's'} touch{'es' if files == 1 else ''}"
    if scanned:
        return f"Only what {what}: {scanned} of {modules} modules."
    return f"Nothing was scanned: {what} no module." if files else "Nothing was scanned: nothing has changed."


class _Modules:
    """The text of each module folder, and who calls whom. Paths are compared with their links resolved."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self.shown = {Path(os.path.realpath(folder)): folder for folder in folders}
        self.texts = {folder: _text(folder) for folder in self.shown}
        self.callers: dict[Path, set[Path]] = {}
        for folder, text in self.texts.items():
            for target in _called(folder, text):
                self.callers.setdefault(target, set()).add(folder)

    def named(self, folders: Iterable[Path]) -> frozenset[Path]:
        """The folders as they were given."""
        return frozenset(self.shown[folder] for folder in folders)

    def touched(self, file: Path) -> tuple[set[Path], set[Path]]:
        """The folders whose evaluation a file can change, and those that are only judged by it."""
        if _LICENSE.match(file.name):
            return set(), {folder for folder in self.texts if folder == file.parent or file.parent in folder.parents}
        if file.name.endswith(CONFIG_SUFFIXES):
            return {file.parent} & (self.texts.keys() | self.callers.keys()), self._around(file.parent)
        around = self._around(file.parent)
        if file.name.endswith(_OWN):
            return self._naming(file), around
        return self._naming(file) | around, set()

    def _around(self, folder: Path) -> set[Path]:
        """The module that a folder belongs to; an example belongs to the module above it as well."""
        found: set[Path] = set()
        for path in (folder, *folder.parents):
            if path in self.texts:
                found.add(path)
                if not {path.name, path.parent.name} & EXAMPLE_FOLDERS:
                    break
        return found

    def _naming(self, file: Path) -> set[Path]:
        """The modules that name a file in their text, which may read it from wherever it is."""
        name = os.fsencode(file.name)
        if len(name) < _SHORTEST_NAME or file.name.endswith((*VARIABLE_SUFFIXES, ".md")):
            return set()
        return {folder for folder, text in self.texts.items() if name in text}

    def with_callers(self, folders: Iterable[Path]) -> set[Path]:
        waiting, found = list(folders), set()
        while waiting:
            folder = waiting.pop()
            if folder not in found:
                found.add(folder)
                waiting += self.callers.get(folder, ())
        return found & self.texts.keys()

    def context(self, scanned: Iterable[Path]) -> set[Path]:
        """The callers of the folders, and the module that a submodule lies in with its callers."""
        found: set[Path] = set()
        for folder in scanned:
            while True:
                found |= self.callers.get(folder, set())
                if folder.parent.name != "modules" or folder.parent.parent not in self.texts:
                    break
                folder = folder.parent.parent
                found.add(folder)
        return found


def called_from(folder: Path) -> set[Path]:
    """The folders that the module in a folder calls by their paths."""
    return set(_called(folder, _text(folder)))


def _called(folder: Path, text: bytes) -> Iterator[Path]:
    for source in _SOURCE.findall(text):
        yield Path(os.path.normpath(folder / os.fsdecode(source)))


def _text(folder: Path) -> bytes:
    parts = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.name.endswith(CONFIG_SUFFIXES) and entry.is_file():
                    with open(entry.path, "rb") as file:  # noqa: PTH123 (hot path)
                        parts.append(file.read())
    except OSError:
        return b""  # the scan of the folder says so
    return b"\n".join(parts)
