"""Reports on their way out: rendered in the formats that were asked for, to files and to standard output."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.config import Config
from alexandria_scan.report import FORMATS
from alexandria_scan.source.disk import real_path
from alexandria_scan.usage import UsageError

SUMMARY = "GITHUB_STEP_SUMMARY"  # the file that GitHub shows as the summary of a job's step
SUMMARY_LIMIT = 1_000_000  # bytes; GitHub takes 1 MiB from a step, other programs write to it as well


def outputs_of(given: argparse.Namespace, config: Config | None = None) -> list[tuple[str, Path]]:
    """The formats and files that --output names, else those of the configuration file. Raises UsageError."""
    outputs = [_output(text) for text in given.output] or _configured(config)
    if given.history is not None and "html" not in (given.format, *(format_ for format_, _ in outputs)):
        raise UsageError(
            "--history is for the report in html, and none is asked for.", "Add --format html, or --output html=FILE."
        )
    paths = [path.absolute() for _, path in outputs]
    for _, path in outputs:
        if paths.count(path.absolute()) > 1:
            raise UsageError(f"Two reports would be written to {path}.", "Give each --output a file of its own.")
    return outputs


def _output(text: str) -> tuple[str, Path]:
    format_, sign, path = text.partition("=")
    if not sign or not path:
        raise UsageError(f"--output takes FORMAT=FILE, not {text!r}.", "For example --output json=scan.json")
    if format_ not in FORMATS:
        raise UsageError(f"There is no format {format_!r}.", f"Known formats: {', '.join(sorted(FORMATS))}.")
    return format_, Path(path)


def _configured(config: Config | None) -> list[tuple[str, Path]]:
    if config is None or config.file is None:
        return []
    for format_, _ in config.outputs:
        if format_ not in FORMATS:
            from alexandria_scan.policy.yaml_file import YamlFile  # to name the line

            line = YamlFile(config.file, config.file.as_posix()).line("outputs", format_)
            known = f"Known formats: {', '.join(sorted(FORMATS))}."
            raise UsageError(f"{config.file.as_posix()}:{line}: there is no format {format_!r}.", known)
    return list(config.outputs)


def deliver(result: ScanResult, given: argparse.Namespace, outputs: list[tuple[str, Path]]) -> int:
    """Writes the files, then prints. Returns the exit status of the result.

    In the format `github` a summary is added to the file that GitHub names in the environment. Whoever reads our
    output may stop reading: that changes nothing about the result. Raises UsageError for what cannot be written.
    """
    for format_, path in outputs:
        write(path, render(format_, result, given, sys_stdout=False))
    if "github" in (given.format, *(format_ for format_, _ in outputs)) and os.environ.get(SUMMARY):
        from alexandria_scan.report.markdown import render as summary

        _append(Path(os.environ[SUMMARY]), summary(result, SUMMARY_LIMIT))
    print_report(render(given.format, result, given, sys_stdout=True), given.format)
    return result.summary.exit_status


def render(format_: str, result: ScanResult, given: argparse.Namespace, sys_stdout: bool) -> Iterable[str]:
    """A report, in pieces where it may be larger than memory should hold twice."""
    module = import_module(FORMATS[format_])
    if format_ == "html":
        from alexandria_scan.commands.history import earlier

        return (module.render(result, earlier(given)),)
    if format_ == "json":
        pieces: Iterable[str] = module.pieces(result)
        return pieces
    if format_ != "text":
        return (module.render(result),)
    options = page_options(given.color, given.width, sys_stdout)
    return (module.render(result, verbose=given.verbose, quiet=given.quiet, **options),)


def page_options(asked: str, columns: int | None, sys_stdout: bool = True) -> dict[str, Any]:
    """Width, colour and letters of a text report: as asked for, else as the terminal or log can show."""
    terminal = sys_stdout and sys.stdout is not None and sys.stdout.isatty()
    if asked == "auto":
        color = terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    else:
        color = asked == "always" and sys_stdout
    width = columns if columns else None if terminal else _columns()
    return {"width": width, "color": bool(color), "unicode": not sys_stdout or _can_encode()}


def _columns() -> int:
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdigit() and int(columns) else 100


def _can_encode() -> bool:
    try:
        "─│╭→←✓".encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError, AttributeError):
        return False
    return True


def print_report(pieces: Iterable[str], format_: str) -> None:
    """Prints a report: text in the encoding of the terminal, other formats in UTF-8, which is part of them."""
    if sys.stdout is None:
        raise UsageError("Standard output is closed.", "Use --output to write to a file.")
    encoding = (sys.stdout.encoding or "utf-8") if format_ == "text" else "utf-8"
    last = ""
    try:
        for last in pieces:
            sys.stdout.buffer.write(last.encode(encoding, "backslashreplace"))
        sys.stdout.buffer.write(b"" if last.endswith("\n") else b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is left to flush at exit
    except OSError as error:
        raise UsageError(f"Standard output cannot be written: {error.strerror or error}.") from None


def write(path: Path, pieces: Iterable[str]) -> None:
    """Writes a report whole or not at all; into a link's target, and straight into what is no file (/dev/stdout)."""
    target = real_path(path)
    if target is None:
        raise UsageError(f"{path} is a link that leads in a circle.", "Name a file that can be written.")
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        if target.exists() and not target.is_file():
            _fill(target, pieces)
            return
        _fill(temporary, pieces)
        temporary.replace(target)
    except OSError as error:
        raise UsageError(
            f"{path} cannot be written: {error.strerror or error}.",
            "Name a file in a folder that is there and writable.",
        ) from None
    finally:
        _forget(temporary)


def _fill(path: Path, pieces: Iterable[str]) -> None:
    with path.open("wb") as file:
        file.writelines(piece.encode("utf-8", "backslashreplace") for piece in pieces)


def _append(path: Path, text: str) -> None:
    try:
        with path.open("ab") as file:
            file.write(text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise UsageError(f"{path}, which {SUMMARY} names, cannot be written: {error.strerror or error}.") from None


def _forget(temporary: Path) -> None:
    try:
        temporary.unlink(missing_ok=True)
    except OSError:
        return  # its folder cannot be written or is none, so there is no such file
