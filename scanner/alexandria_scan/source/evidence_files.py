"""Files that other tools write and that prove something: results of tests, coverage, measurements."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec

MAX_BYTES = 64 * 1024 * 1024


class NotEvidence(ValueError):
    """The file cannot be read, or is of another form: a sentence that says so."""


class RanTest(msgspec.Struct, frozen=True):
    """One test that ran. `where` is everything that tells of its place: suite, class, file and its own name."""

    where: str
    failed: bool


class CoveredFile(msgspec.Struct, frozen=True):
    name: str
    covered: int
    lines: int


class Coverage(msgspec.Struct, frozen=True):
    """`percent` is the whole, where the file says it; else it follows from `files`."""

    files: tuple[CoveredFile, ...]
    percent: float | None = None


def read_junit(path: Path) -> tuple[RanTest, ...]:
    """The tests of a JUnit report; those that were skipped did not run. Raises NotEvidence."""
    root = _xml(path, "a JUnit report")
    if root.tag not in ("testsuites", "testsuite"):
        raise NotEvidence(f"{path} is no JUnit report: its root is <{root.tag[:40]}>")
    found = []
    for suite in root.iter("testsuite"):
        for case in suite.findall("testcase"):
            if case.find("skipped") is None:
                names = (suite.get("name"), case.get("classname"), case.get("file"), case.get("name"))
                failed = case.find("failure") is not None or case.find("error") is not None
                found.append(RanTest(" ".join(name for name in names if name), failed))
    return tuple(found)


def read_coverage(path: Path) -> Coverage:
    """A coverage report: Cobertura XML, JSON of coverage.py, or lcov. Raises NotEvidence."""
    data = _bytes(path)
    start = data.lstrip()[:1]
    if start == b"<":
        return _cobertura(path)
    if start == b"{":
        return _coverage_json(path, _json(path))
    return _lcov(path, data.decode("utf-8", "replace").splitlines())


def read_benchmark(path: Path) -> dict[str, float]:
    """Measured numbers by name, a JSON object; nested ones by their dotted names. Raises NotEvidence."""
    data = _json(path)
    if not isinstance(data, dict):
        raise NotEvidence(f"{path} holds no JSON object of measured numbers")
    found = dict(_numbers(data, ""))
    if not found:
        raise NotEvidence(f"{path} holds no number")
    return found


def _numbers(data: dict[str, Any], prefix: str) -> Iterable[tuple[str, float]]:
    for name, value in data.items():
        if isinstance(value, dict) and prefix.count(".") < 5:
            yield from _numbers(value, f"{prefix}{name}.")
        elif _is_number(value):
            yield f"{prefix}{name}", float(value)


def _is_number(value: Any) -> bool:
    """A number that can be compared: not true, not NaN (which Python reads), and not beyond every float."""
    if isinstance(value, int):
        return not isinstance(value, bool) and abs(value) < 10**18
    return isinstance(value, float) and math.isfinite(value)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise NotEvidence(f"{path} is larger than {MAX_BYTES // 1024 // 1024} MB")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        if isinstance(error, NotEvidence):
            raise
        raise NotEvidence(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from None


def _xml(path: Path, what: str) -> ElementTree.Element:
    data = _bytes(path)
    if b"<!ENTITY" in data:
        raise NotEvidence(f"{path} declares entities, which no report needs")
    try:
        return ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise NotEvidence(f"{path} is not {what}: {error}") from None


def _json(path: Path) -> Any:
    try:
        return json.loads(_bytes(path))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NotEvidence(f"{path} is not JSON: {error}") from None


def _cobertura(path: Path) -> Coverage:
    root = _xml(path, "a coverage report")
    if root.tag != "coverage":
        raise NotEvidence(f"{path} is no Cobertura report: its root is <{root.tag[:40]}>")
    files = []
    for one in root.iter("class"):
        lines = one.findall("lines/line")
        hit = sum(line.get("hits", "0") != "0" for line in lines)
        files.append(CoveredFile(one.get("filename", ""), hit, len(lines)))
    try:
        rate = root.get("line-rate")
        percent = None if rate is None else 100 * float(rate)
    except ValueError:
        percent = math.nan
    if percent is not None and not math.isfinite(percent):
        raise NotEvidence(f"{path} has a line-rate that is no number") from None
    return _checked(path, Coverage(tuple(files), percent))


def _coverage_json(path: Path, data: Any) -> Coverage:
    totals = data.get("totals") if isinstance(data, dict) else None
    percent: Any = totals.get("percent_covered") if isinstance(totals, dict) else None
    if not _is_number(percent):
        raise NotEvidence(f"{path} is no report of coverage.py: it has no totals.percent_covered")
    entries = data.get("files")
    files = []
    for name, entry in entries.items() if isinstance(entries, dict) else ():
        summary = entry.get("summary") if isinstance(entry, dict) else None
        if isinstance(summary, dict):
            covered, lines = summary.get("covered_lines"), summary.get("num_statements")
            if isinstance(covered, int) and isinstance(lines, int):
                files.append(CoveredFile(name, covered, lines))
    return _checked(path, Coverage(tuple(files), float(percent)))


def _lcov(path: Path, lines: list[str]) -> Coverage:
    files = []
    name, covered, found = "", 0, 0
    for line in lines:
        key, _, value = line.strip().partition(":")
        if key == "SF":
            name, covered, found = value, 0, 0
        elif key in ("LH", "LF") and value.isdigit():
            covered, found = (int(value), found) if key == "LH" else (covered, int(value))
        elif key == "end_of_record":
            files.append(CoveredFile(name, covered, found))
    if not files:
        raise NotEvidence(f"{path} is neither Cobertura XML, nor JSON of coverage.py, nor lcov")
    return _checked(path, Coverage(tuple(files)))


def _checked(path: Path, coverage: Coverage) -> Coverage:
    if coverage.percent is None and not sum(file.lines for file in coverage.files):
        raise NotEvidence(f"{path} covers no line")
    return coverage
