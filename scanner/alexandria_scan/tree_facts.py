"""What a scan must know of every folder before it judges one: read from the files, or kept from a scan before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

from alexandria_scan.acceptance import KeptComment, comments_of
from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.folders import Outline, outline
from alexandria_scan.evaluate.parsed_files import ParsedFiles
from alexandria_scan.graph.metadata_entry import Reading
from alexandria_scan.module_scan import shown, terraform_files
from alexandria_scan.outcome import packed
from alexandria_scan.policy.redact import redacted
from alexandria_scan.result_cache import ResultCache, cache_of
from alexandria_scan.source.disk import Answers, content_digest
from alexandria_scan.source.folders import SourceTree
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.tree import SourceText


class FolderFacts(msgspec.Struct):
    """What the files of a folder say by themselves, with no secret in it. `outline` is None if the folder holds no
    configuration, or cannot be read; `files` are those that were read."""

    outline: Outline | None = None
    problems: list[Problem] = []
    comments: list[KeptComment] = []
    files: list[str] = []


class TreeFacts:
    """The facts of the folders of a tree. `parsed` holds files that had to be parsed for them. `cache` is what was kept
    about the tree."""

    def __init__(self, source: SourceTree, use_cache: bool) -> None:
        self.source = source
        self.cache = cache_of(source.boundary) if use_cache else ResultCache()
        self.parsed = ParsedFiles()
        self._use_cache = use_cache

    def __reduce__(self) -> tuple[object, ...]:
        """The same for another process, which has nothing parsed."""
        return _tree_facts, (self.source.boundary, self.source.registries, self._use_cache)

    def of(self, folder: Path) -> FolderFacts:
        if not self.cache.keeps:
            return self._read(folder)
        disk, about = self.source.disk, ("folder", str(folder))
        known = self.cache.find(about, disk, FolderFacts)
        if known is not None:
            return known
        disk.answers = answers = Answers()
        try:
            found = self._read(folder)
        finally:
            disk.answers = None
        data = packed(found)
        if data is not None:
            self.cache.keep(about, answers, data)
        return found

    def _read(self, folder: Path) -> FolderFacts:
        evaluation = Evaluation(SourceTree(self.source.boundary, self.source.disk), parsed=self.parsed)
        config = evaluation.config(folder)
        return FolderFacts(
            outline(config) if config is not None else None,
            [shown(problem, evaluation) for problem in evaluation.problems.values()],
            comments_of(evaluation),
            sorted(map(str, terraform_files(evaluation.source))),
        )

    def recall(self, kind: str, text: SourceText, read: Callable[[], Reading]) -> Reading:
        """What a document says; one that seems to hold a secret is read each time."""
        if not self.cache.keeps:
            return read()
        about = (kind, text.name, content_digest(text.data))
        known = self.cache.find(about, self.source.disk, Reading)
        if known is not None:
            return known
        found = read()
        data = packed(found)
        if data is not None and not _holds_secret(text):
            self.cache.keep(about, Answers(), data)
        return found


def _tree_facts(boundary: Path, registries: list[Path], use_cache: bool) -> TreeFacts:
    source = SourceTree(boundary)
    source.registries = registries
    return TreeFacts(source, use_cache)


def _holds_secret(text: SourceText) -> bool:
    lines = text.data.decode("utf-8", "replace")
    return redacted(lines) != lines
