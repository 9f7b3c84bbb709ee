"""What `terraform fmt` formats beside the configuration of a module: values of variables, tests, and mocks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.graph.file_node import file_node
from alexandria_scan.graph.model import SimpleNode
from alexandria_scan.source.disk import NOTHING
from alexandria_scan.source.folders import FORMATTED_SUFFIXES, SKIPPED, Unreadable
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.parse import parse

_HELP = "The rest of the scan does not need the file; terraform fmt cannot read it either."
_DEPTH = 4  # how far below a module its files may stand


def files_beside(evaluation: Evaluation, path: Path) -> Iterator[SimpleNode]:
    """A node of kind `file` for each such file in a module's folder, and in the folders below it that are no modules
    themselves. What they hold is not among the texts that findings show: it may be secret, and who declares so is not
    known."""
    shown = evaluation.source.shown(path)
    for name, purpose in _found(evaluation, path, "", _DEPTH):
        file_name = evaluation.source.shown(path / name)
        if evaluation.source.disk.kind(path / name) == NOTHING:  # a link; who reads it says so
            continue
        try:
            file = parse(file_name, evaluation.source.read(path / name))
        except Unreadable as error:
            evaluation.add(Problem(file_name, 0, 0, "File cannot be read", str(error)))
            continue
        for found in file.problems:
            evaluation.add(Problem(file_name, found.line, found.column, found.summary, found.detail, "warning", _HELP))
        if not file.problems:
            yield file_node(file, shown, name, purpose)


def _found(evaluation: Evaluation, path: Path, below: str, depth: int) -> Iterator[tuple[str, str]]:
    """The paths of the files below a module, and what each is for."""
    for name, is_folder in evaluation.source.entries(path / below):
        if is_folder:
            if depth > 0 and _belongs(evaluation, path / below / name):
                yield from _found(evaluation, path, f"{below}{name}/", depth - 1)
        elif not name.startswith("."):
            for suffix, purpose in FORMATTED_SUFFIXES.items():
                if name.endswith(suffix):
                    yield f"{below}{name}", purpose


def _belongs(evaluation: Evaluation, folder: Path) -> bool:
    """Whether a folder below a module belongs to it: it is no link, not hidden, and holds no configuration itself."""
    if folder.name.startswith(".") or folder.name in SKIPPED or evaluation.source.disk.is_link(folder):
        return False
    try:
        return not evaluation.source.folder(folder).config_files
    except Unreadable:
        return False
