"""The files of a tree, parsed once for the evaluations that share them: a module's own and those of its callers."""

from __future__ import annotations

from operator import is_

from alexandria_scan.evaluate.declarations import ModuleConfig, declare, parse_file
from alexandria_scan.evaluate.values import Reason
from alexandria_scan.syntax.tree import SyntaxFile

_KEPT = 400_000  # bytes of source; their trees take some two hundred times as much


class ParsedFiles:
    """Parses files, and keeps the trees of the first that are asked for: those of a whole large library would be too
    much, and to exchange them would help nobody, as all folders are read before the first is judged.

    A file with problems is parsed for each evaluation again: more of them come to light while its expressions are
    read, and an evaluation tells those that it has met itself.
    """

    def __init__(self) -> None:
        self._files: dict[str, tuple[bytes, SyntaxFile]] = {}
        self._configs: dict[str, tuple[list[SyntaxFile], ModuleConfig]] = {}
        self._left = _KEPT

    def file(self, name: str, data: bytes) -> SyntaxFile:
        """The tree of the file that is shown as `name`."""
        if name in self._files:
            known_data, known = self._files[name]
            if known_data == data and not known.problems:
                return known
            del self._files[name]
            self._left += len(known_data)
        parsed = parse_file(name, data)
        if len(data) <= self._left:
            self._left -= len(data)
            self._files[name] = data, parsed
        return parsed

    def config(self, folder: str, files: list[SyntaxFile], missing: tuple[Reason, ...] = ()) -> ModuleConfig:
        """What the files of the folder declare, apart from those `missing`; nobody may change it."""
        if missing or any(self._files.get(file.source.name, (b"", None))[1] is not file for file in files):
            return declare(folder, files, missing)  # to keep it would be to keep these files
        parsed, known = self._configs.get(folder, ((), None))
        if known is None or len(parsed) != len(files) or not all(map(is_, parsed, files)):
            known = declare(folder, files, missing)
            self._configs[folder] = files, known
        return known
