"""alexandria-scan PATH..."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from alexandria_scan.catalogue import Selection
from alexandria_scan.commands.output import deliver, outputs_of
from alexandria_scan.config import Config, find_config, load_config
from alexandria_scan.scan import Options, scan
from alexandria_scan.usage import UsageError


def run_scan(given: argparse.Namespace) -> int:
    outputs = outputs_of(given)
    watched = sys.stderr is not None and sys.stderr.isatty()
    progress = _Progress() if watched and not given.quiet else None
    try:
        result = scan(options_of(given), progress)
    finally:
        if progress is not None:
            progress.clear()
    return deliver(result, given, outputs)


def options_of(given: argparse.Namespace) -> Options:
    """The command line over the configuration file. Raises UsageError and PolicyError."""
    config = config_of(given.config, given.paths[0])
    return Options(
        paths=tuple(given.paths),
        selection=Selection(
            tuple(Path(folder) for folder in given.policies),
            tuple(given.policy),
            tuple(given.standard),
            not given.no_python_policies,
        ),
        config=config,
        inputs=given.inputs or (),
        environment=given.environment,
        workspace=given.workspace or os.environ.get("TF_WORKSPACE", "default"),
        fail_on=given.fail_on or config.fail_on or "low",
        allow_incomplete=given.allow_incomplete,
        source=given.source,
        posture=given.posture,
    )


def config_of(named: str | None, path: str) -> Config:
    """The configuration file that is named, else the one for a path. Raises UsageError and PolicyError."""
    if named:
        file = Path(named)
        if not file.is_file():
            raise UsageError(f"{named} does not exist.", "--config takes a configuration file.")
        return load_config(file)
    start = Path(path) if path != "-" else Path.cwd()
    found = find_config(start) if start.exists() else None
    return load_config(found) if found is not None else Config()


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
