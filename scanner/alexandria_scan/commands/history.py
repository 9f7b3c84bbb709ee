"""Earlier results, which a report compares with: the JSON files in the folder of --history."""

from __future__ import annotations

import argparse
from pathlib import Path

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.usage import UsageError


def earlier(given: argparse.Namespace) -> list[tuple[str, ScanResult]]:
    """The results in the folder, by the names of their files. Raises UsageError for what is no result."""
    if given.history is None:
        return []
    folder = Path(given.history)
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == ".json")
    except OSError as error:
        raise UsageError(
            f"{given.history} cannot be read: {error.strerror or error}.", "--history takes a folder of results."
        ) from None
    if not files:
        raise UsageError(f"There is no .json file in {given.history}.", "Put earlier results of --format json there.")
    return [(path.stem, _read(path)) for path in files]


def _read(path: Path) -> ScanResult:
    from alexandria_scan.report.json_report import parse  # most reports are compared with nothing

    try:
        return parse(path.read_bytes())
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.", "--history takes results.") from None
    except ValueError as error:
        raise UsageError(f"{path}: {error}", "--history takes a folder of what --format json wrote.") from None
