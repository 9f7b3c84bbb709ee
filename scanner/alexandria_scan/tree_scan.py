"""The scan of many module folders: each is judged for itself, here or in another process, or was judged before."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from alexandria_scan.catalogue import Catalogue, Selection, load_catalogue
from alexandria_scan.evaluate.folders import FoundFolder, classify
from alexandria_scan.evaluate.garbage import Garbage
from alexandria_scan.graph.library import Libraries
from alexandria_scan.graph.library_nodes import graphs_of_libraries
from alexandria_scan.graph.model import Graph
from alexandria_scan.module_scan import HALVES, WHOLE, Part, Settings, scan_module
from alexandria_scan.outcome import Outcome, joined, packed, unpacked
from alexandria_scan.policy.excerpt import excerpts
from alexandria_scan.result_cache import ResultCache
from alexandria_scan.source.disk import Answers, content_digest
from alexandria_scan.source.exclusion import exclusion
from alexandria_scan.tree_facts import FolderFacts, TreeFacts
from alexandria_scan.workers import spread

Progress = Callable[[str, int, int], None]
_WORTH_HALVING = 50_000  # bytes of configuration; with fewer, another process takes as long as it saves


class _Half(msgspec.Struct):
    """What a part of a folder's scan came to in another process, as bytes, and what it asked of the file system."""

    outcome: bytes
    said: dict[str, str]
    steady: bool


class Judges(msgspec.Struct, frozen=True):
    """What the folders of a tree are judged by: a catalogue, which was loaded for `selection` and `with_checkov`."""

    catalogue: Catalogue
    settings: Settings
    selection: Selection
    with_checkov: bool = False

    def __reduce__(self) -> tuple[object, ...]:
        return _judges, (self.settings, self.selection, self.with_checkov)

    def cache(self, tree: ResultCache, excludes: bool) -> ResultCache:
        """The part of what is kept about a tree that was judged so; options that do not count are left out."""
        config = msgspec.structs.replace(
            self.settings.config,
            paths=(), waivers=(), waivers_in_modules=False, fail_on=None, baseline=None, outputs=(),
        )  # fmt: skip
        given = {name: value for name, value in sorted(os.environ.items()) if name.startswith("TF_VAR_")}
        try:
            state = self.catalogue.state()
        except OSError:
            return ResultCache()
        return tree.within(
            state, msgspec.structs.replace(self.settings, config=config), given, self.selection, excludes
        )


def _judges(settings: Settings, selection: Selection, with_checkov: bool) -> Judges:
    """The same in another process."""
    return Judges(load_catalogue(selection, settings.config, with_checkov), settings, selection, with_checkov)


class TreeScan:
    """The scan of those `folders` in a tree that are `wanted`; `facts` are those of more, which tell their kinds. It
    can be sent to another process, which makes its own of what this one was made of."""

    def __init__(
        self,
        tree: TreeFacts,
        facts: Mapping[Path, FolderFacts],
        wanted: frozenset[Path],
        top: Path,
        judges: Judges,
    ) -> None:
        source, config = tree.source, judges.settings.config
        self._made_of = (tree, facts, wanted, top, judges)
        self._garbage = Garbage()
        self._tree, self._judges = tree, judges
        outlines = {path: one.outline for path, one in facts.items() if one.outline is not None}
        self.folders: list[FoundFolder] = [one for one in classify(source, outlines, top) if one.path in wanted]
        self._libraries = Libraries(source, self.folders, top, tree.recall)
        self._excluded = exclusion(config.file, config.exclude, top)
        self._cache = judges.cache(tree.cache, self._excluded is not None)

    def __reduce__(self) -> tuple[object, ...]:
        return TreeScan, self._made_of

    def outcomes(self, jobs: int, progress: Progress | None) -> list[Outcome]:
        """What each folder comes to, in their order; whatever the cache holds and how many processes there are."""
        found: dict[int, Outcome] = {}

        def take(number: int, outcome: Outcome) -> None:
            if progress is not None:
                progress(self.folders[number].outline.folder, len(found), len(self.folders))
            found[number] = outcome

        for number in range(len(self.folders)) if self._cache.keeps else ():
            known = self._cache.find(self._about(number), self._tree.source.disk, Outcome)
            if known is not None:
                take(number, known)
        missing = [number for number in range(len(self.folders)) if number not in found]
        if len(missing) <= jobs:
            if sum(self.folders[number].outline.size for number in missing) >= _WORTH_HALVING:
                self._in_halves(missing, jobs, take)
        else:
            spread(
                missing,
                jobs,
                self.judged,
                lambda number, data: take(number, unpacked(data, Outcome)),
                lambda number: take(number, self._judge(number)),
            )
        for number in missing:
            if number not in found:
                take(number, self._judge(number))
        return [found[number] for number in range(len(self.folders))]

    def _in_halves(self, missing: list[int], jobs: int, take: Callable[[int, Outcome], None]) -> None:
        """Judges folders that are too few to keep the processes busy, each of them in two halves."""
        halves: dict[int, tuple[Outcome, Answers]] = {}

        def add(half: int, outcome: Outcome, answers: Answers) -> None:
            halves[half] = outcome, answers
            number = half // 2
            if 2 * number in halves and 2 * number + 1 in halves:
                (one, asked), (other, also_asked) = halves.pop(2 * number), halves.pop(2 * number + 1)
                whole = joined(one, other)
                if whole.whole:  # else a limit cut it short, and where it does so depends on all of the folder
                    asked.add(also_asked)
                    self._keep(number, asked, whole)
                    take(number, whole)

        def sent(half: int, data: bytes) -> None:
            there = unpacked(data, _Half)
            add(half, unpacked(there.outcome, Outcome), Answers(there.said, there.steady))

        def here(half: int) -> None:
            add(half, *self._scanned(half // 2, HALVES[half % 2]))

        spread([2 * number + half for number in missing for half in (0, 1)], jobs, self.half_judged, sent, here)

    def half_judged(self, half: int) -> bytes | None:
        """What one half of a folder comes to as bytes, None if it cannot be written so."""
        outcome, answers = self._scanned(half // 2, HALVES[half % 2])
        data = packed(outcome)
        return None if data is None else packed(_Half(data, answers.said, answers.steady))

    def judged(self, number: int) -> bytes | None:
        """What a folder comes to as bytes, None if it cannot be written so."""
        outcome, answers = self._scanned(number)
        return self._keep(number, answers, outcome) if self._cache.keeps else packed(outcome)

    def _judge(self, number: int) -> Outcome:
        outcome, answers = self._scanned(number)
        self._keep(number, answers, outcome)
        return outcome

    def _scanned(self, number: int, part: Part = WHOLE) -> tuple[Outcome, Answers]:
        """What a folder comes to, or the part of it that `scan_module` is asked for; and what was asked for that."""
        self._garbage.left_by_one()
        disk, folder, answers = self._tree.source.disk, self.folders[number], Answers()
        disk.answers = answers if self._cache.keeps else None
        try:
            outcome = scan_module(
                self._tree.source,
                self._libraries,
                folder,
                self._judges.settings,
                self._judges.catalogue,
                self._excluded,
                self._tree.parsed,
                part,
            )
        finally:
            disk.answers = None
        return outcome, answers

    def _keep(self, number: int, answers: Answers, outcome: Outcome) -> bytes | None:
        return self._kept(self._about(number), answers, outcome) if self._cache.keeps else None

    def _kept(self, about: tuple[object, ...], answers: Answers, outcome: Outcome) -> bytes | None:
        """The outcome as bytes; the cache keeps them unless a second scan might find otherwise."""
        data = packed(outcome)
        if data is not None and outcome.whole and not outcome.failures:
            self._cache.keep(about, answers, data)
        return data

    def _about(self, number: int) -> tuple[object, ...]:
        """What counts for one folder beside the files that its scan asks for."""
        folder = self.folders[number]
        return str(folder.path), folder.kind, folder.called, self._libraries.concerning(folder.path)

    def of_libraries(self) -> Iterator[Outcome]:
        """What the registries in the tree come to."""
        disk = self._tree.source.disk
        for graph in graphs_of_libraries(self._libraries):
            if not self._cache.keeps:
                yield self._judge_library(graph)
                continue
            about = ("library", graph.root, repr(graph.nodes), self._texts())
            known = self._cache.find(about, disk, Outcome)
            if known is None:
                known = self._judge_library(graph)
                self._kept(about, Answers(), known)
            yield known

    def _judge_library(self, graph: Graph) -> Outcome:
        return Outcome(*self._judges.catalogue.engine.judge(graph, excerpts(self._libraries.texts, {})))

    def _texts(self) -> list[tuple[str, str]]:
        """All that a finding on a registry may show."""
        return [(name, content_digest(text.data)) for name, text in self._libraries.texts.items()]
