"""Files of other tools: what they prove, and what is said of those that prove nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alexandria_scan.source.evidence_files import NotEvidence, read_benchmark, read_coverage, read_junit

JUNIT = """<?xml version="1.0" encoding="UTF-8"?><testsuites>
<testsuite name="tests/unit/defaults.tftest.hcl" tests="3" skipped="1" failures="1" errors="0">
  <testcase name="defaults" classname="tests/unit/defaults.tftest.hcl"></testcase>
  <testcase name="rejects" classname="tests/unit/defaults.tftest.hcl"><failure message="no"></failure></testcase>
  <testcase name="later" classname="tests/unit/defaults.tftest.hcl"><skipped></skipped></testcase>
</testsuite></testsuites>"""
COBERTURA = """<?xml version="1.0"?>
<!DOCTYPE coverage SYSTEM "http://cobertura.sourceforge.net/xml/coverage-04.dtd">
<coverage line-rate="0.75"><packages><package><classes>
<class filename="vpc/main.tf"><lines><line number="1" hits="2"/><line number="2" hits="0"/></lines></class>
</classes></package></packages></coverage>"""
COVERAGE_JSON = {
    "totals": {"percent_covered": 80.5},
    "files": {"vpc/a.py": {"summary": {"covered_lines": 4, "num_statements": 5}}},
}
LCOV = "TN:\nSF:vpc/main.tf\nDA:1,1\nLF:4\nLH:3\nend_of_record\n"


def written(folder: Path, text: str) -> Path:
    path = folder / "evidence"
    path.write_text(text)
    return path


def test_tests_that_ran(tmp_path: Path) -> None:
    assert [case.failed for case in read_junit(written(tmp_path, JUNIT))] == [False, True]
    assert all("tests/unit/defaults.tftest.hcl" in case.where for case in read_junit(tmp_path / "evidence"))


def test_a_suite_alone_is_a_report(tmp_path: Path) -> None:
    text = '<testsuite name="a"><testcase name="b"><error/></testcase></testsuite>'
    assert [case.failed for case in read_junit(written(tmp_path, text))] == [True]


@pytest.mark.parametrize(
    ("text", "percent", "files"),
    [
        (COBERTURA, 75.0, [("vpc/main.tf", 1, 2)]),
        (json.dumps(COVERAGE_JSON), 80.5, [("vpc/a.py", 4, 5)]),
        (LCOV, None, [("vpc/main.tf", 3, 4)]),
    ],
)
def test_coverage_in_each_form(
    tmp_path: Path, text: str, percent: float | None, files: list[tuple[str, int, int]]
) -> None:
    found = read_coverage(written(tmp_path, text))
    assert found.percent == percent
    assert [(file.name, file.covered, file.lines) for file in found.files] == files


def test_measured_numbers_by_their_names(tmp_path: Path) -> None:
    text = '{"deployment_time_seconds": 300, "ok": true, "cost": {"monthly": 4.5}, "name": "vpc"}'
    assert read_benchmark(written(tmp_path, text)) == {"deployment_time_seconds": 300.0, "cost.monthly": 4.5}


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (read_junit, ""),
        (read_junit, "<coverage/>"),
        (read_junit, "<testsuites>"),
        (read_junit, '<!DOCTYPE x [<!ENTITY a "b">]><testsuites/>'),
        (read_coverage, ""),
        (read_coverage, "<testsuites/>"),
        (read_coverage, '<coverage line-rate="high"/>'),
        (read_coverage, "{}"),
        (read_coverage, '{"totals": []}'),
        (read_coverage, "{"),
        (read_coverage, "hello"),
        (read_coverage, "SF:a\nLF:0\nLH:0\nend_of_record\n"),
        (read_benchmark, "[]"),
        (read_benchmark, "{}"),
        (read_benchmark, "[" * 100_000),
        (read_benchmark, '{"state_size_kb": NaN, "resource_count": -Infinity}'),
        (read_benchmark, f'{{"state_size_kb": 1{"0" * 400}}}'),
        (read_coverage, '{"totals": {"percent_covered": NaN}}'),
        (read_coverage, '<coverage line-rate="nan"/>'),
    ],
)
def test_what_proves_nothing_is_refused_in_a_sentence(tmp_path: Path, read: Callable[[Path], Any], text: str) -> None:
    with pytest.raises(NotEvidence, match="evidence "):
        read(written(tmp_path, text))


@pytest.mark.parametrize("read", [read_junit, read_coverage, read_benchmark])
def test_a_file_that_is_not_there_is_refused(tmp_path: Path, read: Callable[[Path], Any]) -> None:
    with pytest.raises(NotEvidence, match="cannot be read"):
        read(tmp_path / "nothing")
    with pytest.raises(NotEvidence, match="cannot be read"):
        read(tmp_path)
