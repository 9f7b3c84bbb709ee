"""alexandria-scan PATH..."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from importlib import import_module
from pathlib import Path

from alexandria_scan.catalogue import Selection
from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.config import Config, find_config, load_config
from alexandria_scan.report import FORMATS
from alexandria_scan.scan import Options, scan
from alexandria_scan.usage import UsageError


def run_scan(given: argparse.Namespace) -> int:
    outputs = [_output(text) for text in given.output]
    gc.freeze()  # nothing made by a scan is garbage before its end
    gc.disable()
    watched = sys.stderr is not None and sys.stderr.isatty()
    progress = _Progress() if watched and not given.quiet else None
    try:
        result = scan(options_of(given), progress)
    finally:
        if progress is not None:
            progress.clear()
    for format_, path in outputs:
        _write(path, render(format_, result, given, sys_stdout=False))
    _print(render(given.format, result, given, sys_stdout=True))
    return result.summary.exit_status


def options_of(given: argparse.Namespace) -> Options:
    """The command line over the configuration file. Raises UsageError and PolicyError."""
    config = _config(given)
    if given.with_checkov and given.policy:
        raise UsageError("--with-checkov runs all of Checkov's checks, --policy one of ours.", "Leave one of them out.")
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
        with_checkov=given.with_checkov,
    )


def _config(given: argparse.Namespace) -> Config:
    if given.config:
        path = Path(given.config)
        if not path.is_file():
            raise UsageError(f"{given.config} does not exist.", "--config takes a configuration file.")
        return load_config(path)
    start = Path(given.paths[0]) if given.paths[0] != "-" else Path.cwd()
    found = find_config(start) if start.exists() else None
    return load_config(found) if found is not None else Config()


def _output(text: str) -> tuple[str, Path]:
    format_, sign, path = text.partition("=")
    if not sign or not path:
        raise UsageError(f"--output takes FORMAT=FILE, not {text!r}.", "For example --output json=scan.json")
    if format_ not in FORMATS:
        raise UsageError(f"There is no format {format_!r}.", f"Known formats: {', '.join(sorted(FORMATS))}.")
    return format_, Path(path)


def render(format_: str, result: ScanResult, given: argparse.Namespace, sys_stdout: bool) -> str:
    module = import_module(FORMATS[format_])
    if format_ != "text":
        text: str = module.render(result)
        return text
    terminal = sys_stdout and sys.stdout is not None and sys.stdout.isatty()
    if given.color == "auto":
        color = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    else:
        color = given.color == "always" and sys_stdout
    width = given.width if given.width else None if terminal else _columns()
    unicode = not sys_stdout or _can_encode()
    page: str = module.render(
        result, width=width, color=bool(color), verbose=given.verbose, quiet=given.quiet, unicode=unicode
    )
    return page


def _columns() -> int:
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdigit() and int(columns) else 100


def _can_encode() -> bool:
    try:
        "─│╭→←✓".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError, AttributeError):
        return False
    return True


def _print(text: str) -> None:
    if sys.stdout is None:
        raise UsageError("Standard output is closed.", "Use --output to write to a file.")
    data = text.encode(sys.stdout.encoding or "utf-8", "backslashreplace")
    try:
        sys.stdout.buffer.write(data if data.endswith(b"\n") else data + b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise UsageError(f"Standard output cannot be written: {error.strerror or error}.") from None


def _write(path: Path, text: str) -> None:
    """Writes a report whole or not at all."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UsageError(f"{path} cannot be written: {error.strerror or error}.") from None


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
