"""The files of a tree, parsed once for the evaluations that share them: a module's own and those of its callers."""

from __future__ import annotations

from operator import is_

from alexandria_scan.evaluate.declarations import ModuleConfig, declare, parse_file
from alexandria_scan.evaluate.values import Reason
from alexandria_scan.syntax.tree import SyntaxFile

_KEPT = 1_000_000  # bytes of source; their trees take some fifty times as much


class ParsedFiles:
    """Parses files, and keeps the trees of those that were asked for last.

    A file with problems is parsed for each evaluation again: more of them come to light while its expressions are
    read, and an evaluation tells those that it has met itself.
    """

    def __init__(self) -> None:
        self._files: dict[str, SyntaxFile] = {}
        self._configs: dict[str, tuple[list[SyntaxFile], ModuleConfig]] = {}
        self._size = 0

    def file(self, name: str, data: bytes) -> SyntaxFile:
        """The tree of the file that is shown as `name`."""
        known = self._files.pop(name, None)
        if known is not None:
            self._size -= len(known.source.data)
        if known is None or known.problems or known.source.data != data:
            known = parse_file(name, data)
        self._files[name] = known  # as the last one
        self._size += len(known.source.data)
        while self._size > _KEPT:
            oldest = next(iter(self._files))
            self._size -= len(self._files.pop(oldest).source.data)
            self._configs.clear()  # they hold their files
        return known

    def config(self, folder: str, files: list[SyntaxFile], missing: tuple[Reason, ...] = ()) -> ModuleConfig:
        """What the files of the folder declare, apart from those `missing`; nobody may change it."""
        parsed, known = self._configs.get(folder, ((), None))
        if known is None or missing or len(parsed) != len(files) or not all(map(is_, parsed, files)):
            known = declare(folder, files, missing)
            if not missing:
                self._configs[folder] = files, known
        return known
