"""Two trees of modules compared: modules are matched by their path below the tree's top."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import msgspec
from msgspec.structs import replace

from alexandria_scan.compliance.difference.addresses import changed_addresses
from alexandria_scan.compliance.difference.change import Change, change_order
from alexandria_scan.compliance.difference.code import changed_code
from alexandria_scan.compliance.difference.inputs import changed_inputs
from alexandria_scan.compliance.difference.outputs import changed_outputs
from alexandria_scan.compliance.difference.requirements import changed_requirements
from alexandria_scan.compliance.difference.result import Bump, ModuleDifference
from alexandria_scan.compliance.difference.versions import bump_made, called_for, is_enough
from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.folders import classify, outlines
from alexandria_scan.graph.interface import Interface, interface_of
from alexandria_scan.graph.semantic_version import Version
from alexandria_scan.source.folders import SourceTree, boundary_of
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.tree import Location


class ModuleTree:
    """The modules below a folder, examples and tests left out."""

    def __init__(self, top: Path) -> None:
        self.top = top
        source = SourceTree(boundary_of(self.top))
        self.evaluation = Evaluation(source)
        self.evaluation.lenient = True
        folders = classify(source, outlines(self.evaluation, source.module_folders(self.top)), self.top)
        self._calls = {folder.path: folder.calls for folder in folders}
        self._left_out = {folder.outline.folder for folder in folders if folder.kind == "example"}
        self.interfaces: dict[str, Interface] = {}
        for folder in folders:
            interface = interface_of(self.evaluation, folder.path) if folder.kind != "example" else None
            if interface is not None:
                self.interfaces[self.relative(folder.path)] = interface

    def relative(self, path: Path | str) -> str:
        """A path as the evaluation shows it, or an absolute one, below the top."""
        return Path(os.path.relpath(Path(path).absolute(), self.top)).as_posix()

    def place(self, location: Location | None) -> Location | None:
        """The location with its file below the top, cut down to its first line."""
        if location is None:
            return None
        line, column = location.line, location.column
        return Location(self.relative(location.file), line, column, line, column)

    def contents(self, path: str) -> dict[str, bytes]:
        """The digest of every file in the folder of a module, and in those of the modules that it calls."""
        waiting, seen = [self.interfaces[path].folder], set[Path]()
        found: dict[str, bytes] = {}
        while waiting:
            folder = waiting.pop()
            if folder not in seen:
                seen.add(folder)
                found |= {self.relative(file): _digest(file) for file in _files(folder)}
                waiting += self._calls.get(folder, ())
        return found

    def problems(self) -> list[Problem]:
        """What could not be read or understood in the modules."""
        self.evaluation.add_syntax_problems()
        return [
            replace(one, file=self.relative(one.file))
            for one in self.evaluation.problems.values()
            if one.severity == "error" and not {one.file, Path(one.file).parent.as_posix()} & self._left_out
        ]

    def is_compared(self, name: str) -> bool:
        """Whether a file below the top lies in a module, and in none of its examples."""
        folders = {folder.as_posix() for folder in Path(name).parents}
        left_out = {self.relative(folder) for folder in self._left_out}
        return bool(folders & self.interfaces.keys()) and not folders & left_out

    def is_whole(self, path: str) -> bool:
        """Whether all configuration files of a module, and of those that it calls, could be read."""
        return _is_whole(self.interfaces[path])


def _files(folder: Path) -> Iterator[Path]:
    """The files below a folder; hidden folders (`.terraform`, `.git`) and links are left out."""
    for directory, names, files in os.walk(folder):
        names[:] = [name for name in names if not name.startswith(".")]
        yield from (Path(directory, name) for name in files)


def _digest(file: Path) -> bytes:
    try:
        return hashlib.sha256(file.read_bytes()).digest() if file.is_file() else b""
    except OSError:  # reading it as part of the module says so
        return b""


class Versions(msgspec.Struct, frozen=True):
    """The versions of a module before and after, None where they are not known, and where they stand."""

    old: Version | None = None
    new: Version | None = None
    source: str = ""


def compare(old: ModuleTree, new: ModuleTree, versions: dict[str, Versions]) -> list[ModuleDifference]:
    """Every module of either tree, sorted by path. `versions` has each of them."""
    found = []
    for path in sorted(old.interfaces.keys() | new.interfaces.keys()):
        before, after = old.interfaces.get(path), new.interfaces.get(path)
        if before is not None and after is not None:
            changes = sorted((_placed(one, old, new) for one in _changes(before, after)), key=change_order)
            found.append(difference_of(path, "changed" if changes else "same", changes, versions[path]))
        elif before is not None:
            location = old.place(_first(before))
            gone = Change("major", "module_removed", path, "is removed", location)
            found.append(difference_of(path, "removed", [gone], versions[path]))
        elif after is not None:
            location = new.place(_first(after))
            came = Change("minor", "module_added", path, "is new", None, location)
            found.append(difference_of(path, "added", [came], versions[path]))
    return found


def _changes(before: Interface, after: Interface) -> list[Change]:
    found = (
        *changed_inputs(before, after),
        *changed_outputs(before, after),
        *changed_requirements(before, after),
        *changed_addresses(before, after),
        *changed_code(before, after),
    )
    old_whole, new_whole = _is_whole(before), _is_whole(after)
    return list(dict.fromkeys(_as_far_as_read(one, old_whole, new_whole) for one in found))


def _as_far_as_read(change: Change, old_whole: bool, new_whole: bool) -> Change:
    """What stands on one side only may stand in what could not be read of the other."""
    if change.new is None and not new_whole:
        return replace(change, effect="unknown", message="is not in what could be read of the new version")
    if change.old is None and not old_whole:
        return replace(change, effect="unknown", message="is not in what could be read of the old version")
    return change


def _is_whole(interface: Interface) -> bool:
    return not any(module.config.unread for module in interface.module.tree())


def _placed(change: Change, old: ModuleTree, new: ModuleTree) -> Change:
    return replace(change, old=old.place(change.old), new=new.place(change.new))


def _first(interface: Interface) -> Location:
    files = interface.module.config.files
    return Location(files[0].source.name if files else interface.module.config.folder)


def difference_of(path: str, status: str, changes: list[Change], versions: Versions) -> ModuleDifference:
    """The changes of one module with the bump that they call for."""
    called = called_for(changes, versions.old)
    if versions.old is None or versions.new is None:
        made, enough = "", called == "none" or status == "added"
    else:
        made = bump_made(versions.old, versions.new)
        enough = is_enough(made, called)
    before, after = (str(one) if one is not None else "" for one in (versions.old, versions.new))
    return ModuleDifference(path, status, tuple(changes), Bump(called, made, before, after, versions.source, enough))
