"""alexandria-scan baseline PATH...: writes down today's findings, so that a scan fails on new ones only."""

from __future__ import annotations

import argparse
from pathlib import Path

from alexandria_scan.acceptance import read_entries
from alexandria_scan.commands.output import write
from alexandria_scan.commands.scan import options_of, scanned
from alexandria_scan.commands.scope import config_of
from alexandria_scan.compliance.baseline import entries_of, joined, shrunk, written
from alexandria_scan.compliance.causes import by_cause
from alexandria_scan.compliance.places import seen_from
from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.compliance.verdict import INCOMPLETE
from alexandria_scan.config import BASELINE_NAME, Config
from alexandria_scan.report.words import count
from alexandria_scan.source.folders import boundary_of
from alexandria_scan.usage import UsageError


def run_baseline(given: argparse.Namespace) -> int:
    """Writes the file and says what became of it. A file that is there only gets shorter, unless --add is given."""
    config = config_of(given)
    options = options_of(given, config, baseline_exists=False)
    file = options.acceptance.baseline or _new_file(given, config, options.paths)
    result = scanned(options, given)
    shown = seen_from(Path())(str(file))
    if result.summary.exit_status == INCOMPLETE:
        raise UsageError(
            f"{shown} was not written: {result.summary.verdict}",
            "Scan the same paths to see the problems; --allow-incomplete writes it all the same.",
        )
    asked = tuple(f"{one.name}-{one.version}" for one in result.standards if given.standard or config.standards)
    found = entries_of(result.results, file.parent, asked, options.acceptance.environment)
    known = read_entries(file) if options.acceptance.baseline is not None else []
    fixed = result.baseline.fixed if result.baseline is not None else ()
    entries = shrunk(known, fixed)
    if given.add or options.acceptance.baseline is None:
        entries = joined(entries, found)
    write(file, (written(entries),))
    print(_said(shown, given.add, result))
    return 0


def _new_file(given: argparse.Namespace, config: Config, paths: tuple[str, ...]) -> Path:
    if given.baseline:
        return Path(given.baseline)
    if config.baseline is not None:
        return config.baseline
    if config.file is not None:
        return config.file.parent / BASELINE_NAME
    first = Path(paths[0]) if paths[0] != "-" else Path.cwd()
    return boundary_of(first if first.is_dir() else first.parent) / BASELINE_NAME


def _said(shown: str, added: bool, result: ScanResult) -> str:
    """How many findings the file knows now, in a sentence or two."""
    state = result.baseline
    if state is None:
        total = len(by_cause(one for one in result.results if one.verdict == "fail"))
        return f"{shown}: {count(total, 'finding')} known. Commit it, and a scan fails on others only."
    total = state.known + (state.new if added else 0)
    fixed = sum(entry.count for entry in state.fixed)
    parts = [
        f"{number:,} {what}" for number, what in ((state.new * added, "added"), (fixed, "fixed and removed")) if number
    ]
    text = f"{shown}: {count(total, 'finding')} known, {', '.join(parts) if parts else 'as before'}."
    if state.new and not added:
        text += f" {count(state.new, 'new finding')} not added: --add does that."
    return text
