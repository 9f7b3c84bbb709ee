"""The modules below a folder as a comparison sees them: told apart by an outline, and opened one at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from msgspec.structs import replace

from alexandria_scan.compliance.difference.contents import Contents, are_closed, contents_of
from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.folders import Outline, classify, local_targets, outline
from alexandria_scan.evaluate.parsed_files import ParsedFiles
from alexandria_scan.graph.interface import Interface, interface_of
from alexandria_scan.source.folders import SourceTree, boundary_of
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.tree import Location


class ModuleTree:
    """The modules below a folder, examples and tests left out: `modules` has the folder of each by its path below the
    top. `partial` are those of which not all configuration could be read, as far as they were opened."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.partial: set[str] = set()
        self._source, self._parsed = SourceTree(boundary_of(top)), ParsedFiles()
        self._problems: dict[tuple[str, int, int, str, str], Problem] = {}
        self._outlines: dict[Path, Outline | None] = {}
        self._contents: dict[Path, Contents] = {}
        found = {path: one for path in self._source.module_folders(top) if (one := self._outline(path)) is not None}
        folders = classify(self._source, found, top)
        self._left_out = {folder.outline.folder for folder in folders if folder.kind == "example"}
        self.modules = {self.relative(folder.path): folder.path for folder in folders if folder.kind != "example"}

    def _outline(self, folder: Path) -> Outline | None:
        """The outline of a folder; None if it holds no configuration."""
        if folder not in self._outlines:
            evaluation = Evaluation(self._source, parsed=self._parsed)
            config = evaluation.config(folder)
            self._outlines[folder] = outline(config) if config is not None else None
            self._problems |= evaluation.problems
        return self._outlines[folder]

    def relative(self, path: Path | str) -> str:
        """A path as the evaluation shows it, or an absolute one, below the top."""
        return Path(os.path.relpath(Path(path).absolute(), self.top)).as_posix()

    def place(self, location: Location | None) -> Location | None:
        """The location with its file below the top, cut down to its first line."""
        if location is None:
            return None
        line, column = location.line, location.column
        return Location(self.relative(location.file), line, column, line, column)

    def start(self, path: str) -> Location:
        """Where a module begins."""
        names = self._source.folder(self.modules[path]).config_files
        return Location((Path(path) / names[0]).as_posix() if names else path)

    def contents(self, path: str) -> tuple[dict[str, bytes], bool]:
        """The digest of every file in the folder of a module and in those of the modules that it calls, by name below
        the top; and whether nothing else can count for the module."""
        waiting, seen = [self.modules[path]], dict[Path, Contents]()
        found: dict[str, bytes] = {}
        while waiting:
            folder = waiting.pop()
            if folder not in seen:
                here = seen[folder] = self._contents_of(folder)
                base = Path(self.relative(folder))
                found |= {(base / name).as_posix(): digest for name, digest in here.digests.items()}
                one = self._outline(folder)
                waiting += local_targets(folder, one) if one is not None else ()
        return found, are_closed(seen.values())

    def _contents_of(self, folder: Path) -> Contents:
        if folder not in self._contents:
            self._contents[folder] = contents_of(folder)
        return self._contents[folder]

    @contextmanager
    def opened(self, path: str) -> Iterator[Interface | None]:
        """The interface of a module for as long as it is needed; None if its folder has gone since it was found."""
        evaluation = Evaluation(self._source, parsed=self._parsed)
        evaluation.lenient = True
        try:
            interface = interface_of(evaluation, self.modules[path])
            if interface is not None and any(module.config.unread for module in interface.module.tree()):
                self.partial.add(path)
            yield interface
            evaluation.add_syntax_problems()
            self._problems |= evaluation.problems
        finally:
            evaluation.release()

    def problems(self) -> list[Problem]:
        """What could not be read, or be understood in the modules that were opened."""
        return [
            replace(one, file=self.relative(one.file))
            for one in self._problems.values()
            if one.severity == "error" and not {one.file, Path(one.file).parent.as_posix()} & self._left_out
        ]

    def is_compared(self, name: str) -> bool:
        """Whether a file below the top lies in a module, and in none of its examples."""
        folders = {folder.as_posix() for folder in Path(name).parents}
        left_out = {self.relative(folder) for folder in self._left_out}
        return bool(folders & self.modules.keys()) and not folders & left_out


def is_unchanged(old: ModuleTree, new: ModuleTree, path: str) -> bool:
    """Whether a module of both trees, and all that it depends on, is the same."""
    (before, old_closed), (after, new_closed) = old.contents(path), new.contents(path)
    return old_closed and new_closed and before == after
