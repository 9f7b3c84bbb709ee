"""The terminal report: what it looks like, what folds, and what no scanned text can do to it.

The expected reports are in snapshots/. After a change that is meant:
`UPDATE_SNAPSHOTS=1 pytest tests/report`, and read the difference.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from alexandria_scan.compliance.result import ScanResult, Summary
from alexandria_scan.policy.results import ExcerptLine, Result
from alexandria_scan.report.text import render
from alexandria_scan.report.text.page import Page
from alexandria_scan.report.words import count, listed
from alexandria_scan.syntax.tree import Location
from tests.report import sample

SNAPSHOTS = Path(__file__).parent / "snapshots"
CASES: dict[str, tuple[ScanResult, dict[str, Any]]] = {
    "library-80": (sample.library(), {"width": 80}),
    "library-160": (sample.library(), {"width": 160}),
    "library-ascii": (sample.library(), {"width": 100, "unicode": False}),
    "library-verbose": (sample.library(), {"width": 100, "verbose": True}),
    "library-quiet": (sample.library(), {"width": 80, "quiet": True}),
    "library-color": (sample.library(), {"width": 80, "color": True}),
    "accepted-80": (sample.accepted(), {"width": 80}),
    "accepted-160": (sample.accepted(), {"width": 160}),
    "accepted-verbose": (sample.accepted(), {"width": 100, "verbose": True}),
    "clean": (sample.clean(), {"width": 80}),
    "hostile": (sample.hostile(), {"width": 80}),
}
SGR = re.compile("\x1b\\[[0-9;]*m")


@pytest.mark.parametrize("name", CASES)
def test_snapshot(name: str) -> None:
    result, options = CASES[name]
    made = render(result, **options).encode()
    expected = SNAPSHOTS / f"{name}.txt"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        expected.write_bytes(made)
    assert made.decode() == expected.read_bytes().decode()


@pytest.mark.parametrize(
    ("name", "width"),
    [*((name, n) for name in ("library", "accepted", "clean") for n in (40, 60, 80, 120, 160)), ("hostile", 80)],
)
def test_lines_keep_to_the_width(name: str, width: int) -> None:
    """All but places, which are never broken, so that an editor can follow them."""
    for line in render(getattr(sample, name)(), width=width, color=False).splitlines():
        assert cell_len(line) <= width or re.search(r":\d+$|\.json$", line), line
        assert line == line.rstrip()


def test_places_are_never_broken() -> None:
    text = render(sample.library(), width=40, color=False)
    assert "--> " + sample.LEGACY + "/network.tf:10:3\n" in text
    assert "environments/production/production.tfvars:3\n" in text


def test_colour_changes_nothing_but_colour() -> None:
    plain = render(sample.library(), width=80, color=False)
    coloured = render(sample.library(), width=80, color=True)
    assert "\x1b" not in plain
    assert SGR.sub("", coloured) == plain


def test_ascii_is_ascii() -> None:
    for result in (sample.library(), sample.hostile(), sample.large(20)):
        assert render(result, width=80, color=False, unicode=False).isascii()
        assert render(result, width=80, color=False, unicode=False, verbose=True).isascii()


@pytest.mark.parametrize("options", [{}, {"verbose": True}, {"quiet": True}, {"unicode": False}])
def test_scanned_text_cannot_reach_the_terminal(options: dict[str, bool]) -> None:
    text = render(sample.hostile(), width=80, color=False, **options)
    assert "[bold red]x[/]" in text  # markup is only text
    strange = {char for char in text if not char.isprintable() and char != "\n"}
    assert not strange
    assert all(mark not in text for mark in "\u202e\u2066\u200b\udcff")
    coloured = render(sample.hostile(), width=80, color=True, **options)
    assert SGR.sub("", coloured) == text  # the only escape sequences are our own colours


def test_quiet_is_one_line_a_finding() -> None:
    lines = render(sample.library(), width=80, color=False, quiet=True).splitlines()
    assert len(lines) == 12 + 2 + 1
    assert lines[-1] == "Incomplete: 1 file did not parse, and 12 findings. Exit status 3."
    assert render(sample.clean(), width=80, color=False, quiet=True).count("\n") == 1


@pytest.mark.parametrize(
    ("summary", "sentence"),
    [
        (Summary(3, 0, 1, 0, 0, 0, 0), "Clean: 3 passed, 0 findings, 1 check undecided. Exit status 0."),
        (Summary(3, 1, 0, 0, 0, 0, 1), "Not compliant: 1 finding, 0 checks undecided. Exit status 1."),
        (Summary(0, 0, 0, 0, 0, 1, 2), "Nothing was judged: 1 problem. Exit status 2."),
        (
            Summary(0, 2, 0, 0, 0, 1, 3),
            "Incomplete: 1 problem, 2 findings in what could be judged. Exit status 3.",
        ),
        (Summary(0, 2, 0, 0, 0, 1, 3, "As told"), "As told. Exit status 3."),
    ],
)
def test_closing_line(summary: Summary, sentence: str) -> None:
    result = replace(sample.clean(), summary=summary)
    text = render(result, width=100, color=False)
    assert text.endswith(f"\n\n{sentence}\n")


def one_line(text: str, column: int, end: int, width: int = 80, message: str = "it is wrong") -> list[str]:
    """The marked line of an excerpt and the line under it."""
    finding = Result(
        "some_policy",
        "Something is wrong",
        "high",
        "fail",
        "aws_thing.this",
        ("aws_thing.this",),
        "m",
        "m",
        Location("m/main.tf", 7, column, 7, end),
        message=message,
        excerpt=(ExcerptLine(7, text, True),),
    )
    result = replace(sample.clean(), results=(finding,), standards=(), summary=Summary(0, 1, 0, 0, 0, 0, 1))
    lines = render(result, width=width, color=False).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith(" 7 │"))
    return [line[5:] for line in lines[at : at + 2]]


def test_the_mark_is_under_what_it_means() -> None:
    assert one_line("  a = false", 7, 12) == ["  a = false", "      ^^^^^ it is wrong"]


def test_the_mark_after_tabs_wide_and_strange_characters() -> None:
    assert one_line("\ta = false", 6, 11) == ["    a = false", "        ^^^^^ it is wrong"]
    assert one_line("日本 = x", 6, 7) == ["日本 = x", "       ^ it is wrong"]
    assert one_line("\x1bk = x", 6, 7) == ["\N{REPLACEMENT CHARACTER}k = x", "     ^ it is wrong"]


def test_a_long_line_is_cut_around_its_mark() -> None:
    line, mark = one_line("a = " + "b" * 100 + " target " + "c" * 100, 106, 112, width=60)
    assert cell_len(line) <= 55
    assert line.startswith("…") and line.endswith("…")
    assert line[mark.index("^") : mark.rindex("^") + 1] == "target"


def test_a_column_beyond_the_line_does_no_harm() -> None:
    assert one_line("x", 90, 95)[1].strip() == "^ it is wrong"
    assert one_line("", 1, 1) == ["", "^ it is wrong"]


def test_a_message_that_is_too_long_goes_below_the_mark() -> None:
    _, mark = one_line("  a = false", 7, 12, message="it is very wrong indeed " * 5)
    assert mark == "      ^^^^^"


def test_long_lists_fold() -> None:
    text = render(sample.large(), width=80, color=False)
    assert text.count("\n") < 2000
    assert "and 288 more modules: 188 with findings or unknowns and 100 without findings\n" in text
    assert text.count("  --> modules/") == 60
    module = "modules/team-05/service-022"
    assert (
        f"{module} ──────────────── 1 critical, 4 high, 2 medium, 1 low\n"
        f"{module}/main.tf:15:3: critical: Security group lets the whole internet in "
        "[aws_security_group_open_ingress]\n"
        "and 4 high, 2 medium, 1 low\n\n"
    ) in text
    assert "more findings in 200 modules not shown here: -v prints all." in text
    assert "more reasons for 153 checks: -v prints all." in text


def test_verbose_folds_nothing() -> None:
    text = render(sample.large(60), width=80, color=False, verbose=True)
    assert "more" not in text
    assert text.count("  --> modules/") == 40 * 8


def test_a_clean_library_is_short() -> None:
    text = render(sample.large(12, findings=0), width=80, color=False)
    assert "Findings" not in text
    assert render(sample.clean(), width=80, color=False).count("\n") == 4


def test_modules_without_findings_are_only_counted() -> None:
    text = render(sample.large(15), width=80, color=False)
    assert "and 5 more modules without findings\n" in text


def test_three_hundred_modules_are_fast() -> None:
    result = sample.large(300)
    start = time.perf_counter()
    render(result, width=120, color=True)
    assert time.perf_counter() - start < 1.5


def test_the_order_of_results_does_not_matter() -> None:
    result = sample.library()
    turned = replace(result, results=result.results[::-1], problems=result.problems[::-1])
    assert render(turned, width=80, color=False) == render(result, width=80, color=False)


def test_a_score_is_never_rounded_up() -> None:
    result = sample.clean()
    standard = result.standards[0]
    module = replace(standard.modules[0], score=99.9, must_failed=1)
    almost = replace(result, standards=(replace(standard, score=99.9, modules=(module,)),))
    text = render(almost, width=80, color=False)
    assert "100 %" not in text and "99 %" in text
    assert "█" * 12 not in text


def test_rich_is_imported_with_the_text_report_only() -> None:
    code = (
        "import sys, importlib, alexandria_scan.report as report\n"
        "for name in set(report.FORMATS) - {'text'}:\n"
        "    importlib.import_module(report.FORMATS[name])\n"
        "assert not any(name.partition('.')[0] == 'rich' for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_words() -> None:
    assert [count(1, "file"), count(2, "library"), count(12345, "check")] == [
        "1 file",
        "2 libraries",
        "12,345 checks",
    ]
    assert [listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    page = Page(80, True)
    assert page.wrap('module.a["x"].aws_rds_cluster.main', 20) == ['module.a["x"].', "aws_rds_cluster.main"]
    assert page.shorten("modules/data/rds-aurora-advanced", 24) == "…/rds-aurora-advanced"
