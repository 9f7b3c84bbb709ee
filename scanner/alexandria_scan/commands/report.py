"""alexandria-scan report RESULT.json..."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from msgspec.structs import replace

from alexandria_scan.commands.output import deliver, outputs_of
from alexandria_scan.compliance.below import below
from alexandria_scan.compliance.merge import judged, merge
from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.patterns import pattern
from alexandria_scan.report.json_report import parse
from alexandria_scan.usage import UsageError

_NAMED = pattern(r"([\w][\w.-]*)=(.+)", re.DOTALL)


def run_report(given: argparse.Namespace) -> int:
    """Reports on saved results, several of them as one. Raises UsageError for what is no result."""
    outputs = outputs_of(given)
    results = [(text, _read(text)) for text in given.results]
    if len(results) > 1:
        try:
            result = merge(results, given.fail_on)
        except ValueError as error:
            raise UsageError(str(error), "If they are of two repositories, name these: NAME=FILE NAME=FILE.") from None
    else:
        ((_, result),) = results
        result = judged(result, given.fail_on) if given.fail_on else result
    return deliver(_dated(result, given.as_of), given, outputs)


def _dated(result: ScanResult, day: str | None) -> ScanResult:
    """The result with the day that was asked for. Raises UsageError if it is of another day."""
    if day and result.as_of not in ("", day):
        raise UsageError(f"The result is of {result.as_of}, not of {day}.", "Leave --as-of out, or scan again.")
    return replace(result, as_of=day) if day else result


def _read(text: str) -> ScanResult:
    """The result in a file, or on standard input; below NAME/ if it is given as NAME=FILE."""
    named = _NAMED.fullmatch(text) if not Path(text).exists() else None
    name, path = named.groups() if named else ("", text)
    data = _bytes(path)
    try:
        result = parse(data)
    except ValueError as error:
        raise UsageError(f"{path}: {error}", "report takes what --format json wrote.") from None
    return below(result, name) if name else result


def _bytes(path: str) -> bytes:
    if path == "-":
        if sys.stdin is None:
            raise UsageError("Standard input is closed.", "Pipe a result into it, or give a file.")
        return sys.stdin.buffer.read()
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.", "report takes saved results.") from None
