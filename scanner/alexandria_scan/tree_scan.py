"""The scan of many module folders: each is judged for itself, here or in another process, or was judged before."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from alexandria_scan.catalogue import Catalogue
from alexandria_scan.evaluate.folders import ModuleFolder
from alexandria_scan.graph.library import Libraries
from alexandria_scan.module_scan import Settings, scan_module
from alexandria_scan.outcome import Outcome, packed, unpacked
from alexandria_scan.program import program_state
from alexandria_scan.result_cache import ResultCache, cache_folder
from alexandria_scan.source.disk import Answers
from alexandria_scan.source.exclusion import Exclusion
from alexandria_scan.source.folders import SourceTree
from alexandria_scan.workers import spread

Progress = Callable[[str, int, int], None]
_FOLDERS_WORTH_A_PROCESS = 8  # with fewer, starting it and compiling the policies in it takes longer


class TreeScan(msgspec.Struct, frozen=True):
    """The folders of one tree, and what they are judged by."""

    source: SourceTree
    libraries: Libraries
    folders: list[ModuleFolder]
    settings: Settings
    catalogue: Catalogue
    excluded: Exclusion | None

    def outcomes(self, cache: ResultCache, jobs: int, progress: Progress | None) -> list[Outcome]:
        """What each folder comes to, in their order; whatever the cache holds and how many processes there are."""
        found: dict[int, Outcome] = {}

        def take(number: int, outcome: Outcome) -> None:
            if progress is not None:
                progress(self.folders[number].config.folder, len(found), len(self.folders))
            found[number] = outcome

        for number in range(len(self.folders)):
            known = cache.find(self._about(number), self.source.disk)
            if known is not None:
                take(number, known)
        missing = [number for number in range(len(self.folders)) if number not in found]
        jobs = min(jobs, len(missing) // _FOLDERS_WORTH_A_PROCESS)
        if jobs > 1:
            spread(
                missing,
                jobs,
                lambda number: self._judged(number, cache)[1],
                lambda number, data: take(number, unpacked(data)),
            )
        for number in missing:
            if number not in found:
                take(number, self._judged(number, cache)[0])
        return [found[number] for number in range(len(self.folders))]

    def _judged(self, number: int, cache: ResultCache) -> tuple[Outcome, bytes | None]:
        """What a folder comes to, and the same as bytes if it can be written so; then the cache keeps it."""
        disk = self.source.disk
        about = self._about(number)
        disk.answers = answers = Answers()
        try:
            outcome = scan_module(
                self.source, self.libraries, self.folders[number], self.settings, self.catalogue, self.excluded
            )
        finally:
            disk.answers = None
        data = packed(outcome)
        if data is not None:
            cache.keep(about, answers, outcome, data)
        return outcome, data

    def _about(self, number: int) -> tuple[object, ...]:
        """What counts for one folder beside the files that its scan asks for."""
        folder = self.folders[number]
        return str(folder.path), folder.kind, folder.called, self.libraries.concerning(folder)


def cache_for(settings: Settings, catalogue: Catalogue, others: tuple[object, ...]) -> ResultCache:
    """The cache for a scan; what its options are not about is left out of the keys."""
    config = msgspec.structs.replace(
        settings.config, paths=(), waivers=(), waivers_in_modules=False, fail_on=None, baseline=None, outputs=()
    )
    given = {name: value for name, value in sorted(os.environ.items()) if name.startswith("TF_VAR_")}
    try:
        setting = (
            program_state(),
            catalogue.state(),
            msgspec.structs.replace(settings, config=config),
            given,
            str(Path.cwd()),
        )
    except OSError:
        return ResultCache(None, ())
    return ResultCache(cache_folder(), (*setting, *others))
