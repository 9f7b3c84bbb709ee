"""alexandria-scan PATH..."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from alexandria_scan import __version__
from alexandria_scan.acceptance import AcceptanceOptions
from alexandria_scan.catalogue import Selection
from alexandria_scan.commands.output import deliver, outputs_of, print_report
from alexandria_scan.commands.scope import config_of, scope_of, workspace_of
from alexandria_scan.compliance.result import Scanned, ScanResult, Summary, Tool
from alexandria_scan.config import Config, find_baseline, place_in
from alexandria_scan.policy.environments import canonical
from alexandria_scan.scan import Options, scan
from alexandria_scan.usage import UsageError
from alexandria_scan.workers import cores

if TYPE_CHECKING:
    from alexandria_scan.source.callers import Touched


def run_scan(given: argparse.Namespace) -> int:
    config = config_of(given)
    outputs = outputs_of(given, config)
    if given.show_config:
        from alexandria_scan.commands.show_config import shown

        baseline = baseline_of(given, config, tuple(given.paths) or (".",), must_exist=False)
        print_report((shown(given, config, baseline),), "text")
        return 0
    return deliver(scanned(options_of(given, config), given), given, outputs)


def scanned(options: Options, given: argparse.Namespace) -> ScanResult:
    """The result of a scan, with its progress on standard error."""
    touched = options.touched
    if touched is not None and not touched.scanned and all(map(os.path.isdir, options.paths)):
        return _untouched(touched, options.acceptance.as_of)
    watched = sys.stderr is not None and sys.stderr.isatty()
    progress = _Progress() if watched and not given.quiet else None
    try:
        return scan(options, progress)
    finally:
        if progress is not None:
            progress.clear()


def _untouched(touched: Touched, as_of: str) -> ScanResult:
    """The result where no module is touched."""
    return ScanResult(
        tool=Tool("alexandria-scan", __version__),
        scanned=Scanned((), 0, 0, (), limit=touched.limit),
        results=(),
        problems=(),
        standards=(),
        summary=Summary(0, 0, 0, 0, 0, 0, 0, touched.limit),
        as_of=as_of,
    )


def options_of(given: argparse.Namespace, config: Config, baseline_exists: bool = True) -> Options:
    """The command line over the configuration file. Raises UsageError and PolicyError."""
    if given.with_checkov and given.policy:
        raise UsageError("--with-checkov runs all of Checkov's checks, --policy one of ours.", "Leave one of them out.")
    paths, touched = scope_of(given, config)
    return Options(
        paths=paths,
        selection=Selection(
            tuple(Path(folder) for folder in given.policies),
            tuple(given.policy),
            tuple(given.standard),
            not given.no_python_policies,
        ),
        config=config,
        inputs=given.inputs or (),
        environment=given.environment,
        workspace=workspace_of(given),
        fail_on=given.fail_on or config.fail_on or "low",
        allow_incomplete=given.allow_incomplete,
        source=given.source,
        posture=given.posture,
        acceptance=AcceptanceOptions(
            config,
            given.as_of or "",
            baseline_of(given, config, paths, baseline_exists),
            touched is None and not given.policy and _is_whole(config, paths),
            tuple(Path(path) for path in paths),
            canonical(given.environment) or "",
        ),
        touched=touched,
        with_checkov=given.with_checkov,
        cache=not given.no_cache,
        jobs=given.jobs or cores(),
    )


def baseline_of(
    given: argparse.Namespace, config: Config, paths: tuple[str, ...], must_exist: bool = True
) -> Path | None:
    """The baseline in force: the one that is named, else the one that is found. Raises UsageError."""
    if given.no_baseline:
        return None
    named = Path(given.baseline) if given.baseline else config.baseline
    if named is not None:
        if named.is_file():
            return named
        if not must_exist:
            return None
        where = "" if given.baseline else place_in(config, "baseline")
        raise UsageError(f"{where}{named.as_posix()} does not exist.", "Make it with: alexandria-scan baseline PATH.")
    return find_baseline(config.file.parent if config.file is not None else _first(paths))


def _first(paths: tuple[str, ...]) -> Path:
    return Path.cwd() if paths[0] == "-" else Path(paths[0])


def _is_whole(config: Config, paths: tuple[str, ...]) -> bool:
    """Whether the paths hold all that the configuration file is about."""
    if config.file is None:
        return True
    about = [Path(os.path.realpath(path)) for path in config.paths or (config.file.parent,)]
    tops = [Path(os.path.realpath(path)) for path in paths]
    return all(any(path == top or top in path.parents for top in tops) for path in about)


class _Progress:
    """One line on standard error that says which module is being scanned, on scans that take a while."""

    def __init__(self) -> None:
        import time

        self._clock = time.monotonic
        self._start = self._last = time.monotonic()
        self._shown = False

    def __call__(self, module: str, number: int, total: int) -> None:
        now = self._clock()
        if now - self._start < 0.5 or now - self._last < 0.1:
            return
        self._last, self._shown = now, True
        text = f"scanning {number + 1}/{total} {module}"
        sys.stderr.write(f"\r\x1b[K{text[:78]}")
        sys.stderr.flush()

    def clear(self) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
