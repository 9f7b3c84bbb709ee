"""Runs the real Checkov in a process of its own, and reads what it reports."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from alexandria_scan.usage import UsageError

# Nothing is downloaded, and findings do not make the exit status: one that is not 0 is a failure to run.
_OPTIONS = ("--output", "json", "--compact", "--skip-download", "--soft-fail")


class CheckovFailed(Exception):
    """Checkov ended with an error, or what it printed is not its report. The text is a sentence."""


class Outcome(msgspec.Struct, frozen=True):
    """`result` is PASSED, FAILED or SKIPPED; `suppress_comment` why it was skipped; `evaluated_keys` what was read."""

    result: str
    suppress_comment: str | None = None
    evaluated_keys: tuple[str, ...] = ()


class Record(msgspec.Struct, frozen=True):
    """One check on one resource. `resource` is its address without "data."; lines count from 1. `caller_file_path` is
    the file of the module call, below the scanned folder."""

    check_id: str
    check_name: str
    check_result: Outcome
    resource: str
    file_abs_path: str = ""
    file_line_range: tuple[int, ...] = ()
    severity: str | None = None
    guideline: str | None = None
    check_class: str = ""
    caller_file_path: str | None = None


class _Results(msgspec.Struct, frozen=True):
    passed_checks: tuple[Record, ...] = ()
    failed_checks: tuple[Record, ...] = ()
    skipped_checks: tuple[Record, ...] = ()
    parsing_errors: tuple[str, ...] = ()


class _Report(msgspec.Struct, frozen=True):
    """Where Checkov finds nothing to check, there are no `results`."""

    results: _Results = _Results()


class Checked(msgspec.Struct, frozen=True):
    """What Checkov says on a folder or plan. `unreadable` are the paths of files that it could not parse."""

    records: tuple[Record, ...]
    unreadable: tuple[str, ...] = ()


def checkov_command() -> str:
    """The program, from this environment or from PATH. Raises UsageError if it is not installed."""
    beside = Path(sys.executable).parent
    found = shutil.which("checkov", path=f"{beside}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        raise UsageError("Checkov is not installed.", "Install it with: pip install 'alexandria-scan[checkov]'")
    return found


def run_checkov(path: Path, checks: Sequence[str] = (), external: Path | None = None) -> Checked:
    """Checkov's checks, or those named, on a folder of source or on a plan in JSON. Raises UsageError, CheckovFailed.

    `external` is a folder of custom checks. Checkov takes a configuration file from the scanned folder, which may name
    Python code to load, only where its argument is `--directory PATH`: as one word, it does not look there.
    """
    path = path.absolute()
    kind, place = ("terraform", "directory") if path.is_dir() else ("terraform_plan", "file")
    command = [checkov_command(), f"--{place}={path}", "--framework", kind, *_OPTIONS]
    if checks:
        command.append(f"--check={','.join(checks)}")
    if external is not None:
        command.append(f"--external-checks-dir={external.absolute()}")
    with tempfile.TemporaryDirectory(prefix="alexandria-scan-checkov-") as empty:
        try:
            done = subprocess.run(command, cwd=empty, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        except OSError as error:
            raise CheckovFailed(f"{command[0]} cannot be started: {error.strerror or error}.") from None
    if done.returncode:
        raise CheckovFailed(f"It ended with exit status {done.returncode}{_last_line(done.stderr)}.")
    return _read(done.stdout)


def _read(output: bytes) -> Checked:
    try:
        decoded: Any = msgspec.json.decode(output)
        report = msgspec.convert(decoded, _Report)
    except msgspec.MsgspecError as error:
        raise CheckovFailed(f"What it printed is not the report that is expected of it: {error}.") from None
    found = report.results
    return Checked((*found.passed_checks, *found.failed_checks, *found.skipped_checks), found.parsing_errors)


def _last_line(errors: bytes) -> str:
    lines = errors.decode("utf-8", "replace").strip().splitlines()
    return f": {lines[-1].strip()[:200].rstrip('.')}" if lines else ""
