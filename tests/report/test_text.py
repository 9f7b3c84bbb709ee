"""The terminal report: what it looks like, what folds, and what no scanned text can do to it.

The expected reports are in snapshots/. After a change that is meant:
`UPDATE_SNAPSHOTS=1 pytest tests/report`, and read the difference.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from rich.cells import cell_len

from alexandria_scan.compliance.result import ScanResult, Summary
from alexandria_scan.policy.results import ExcerptLine, OriginStep, Result
from alexandria_scan.report import words
from alexandria_scan.report.text import render
from alexandria_scan.report.text.page import Page
from alexandria_scan.report.words import count, listed, printable
from alexandria_scan.source.problems import Problem
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


def test_the_mark_of_a_place_that_only_begins_a_line_is_under_its_whole_text() -> None:
    assert one_line('  dynamic "replica" {', 3, 4) == ['  dynamic "replica" {', "  ^^^^^^^^^^^^^^^^^^^ it is wrong"]
    assert one_line("  id: vpc-basic ", 3, 3)[1] == "  ^^^^^^^^^^^^^ it is wrong"
    assert one_line("  a=1", 4, 5)[1] == "   ^ it is wrong"


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
    assert text.count("\n") < 250
    assert "and 288 more modules: 188 with findings or unknowns and 100 without findings\n" in text
    assert text.count("  --> modules/") == 0
    module = "modules/team-00/service-068"
    assert (
        f"{module} ──────────────── 1 critical, 4 high, 2 medium, 1 low\n"
        "  critical  aws_security_group_open_ingress             main.tf:15\n"
    ) in text
    assert "and 170 more modules: 170 critical, 680 high, 340 medium, 170 low\n" in text
    assert "-v prints every finding with its source and fix, -q each on one line.\n" in text
    assert "-v prints all, with the reasons and addresses.\n" in text


def of_module(number: int, module: str) -> Result:
    """A finding on line `number` of a module."""
    return sample.result(
        "aws_security_group_open_ingress", module, f"aws_security_group.n{number}",
        Location(f"{module}/main.tf", number, 3, number, 20), message=f"port {number} is open",
        origin=(OriginStep("a", 1, "a"), OriginStep("b", 2, "b")),
        lines=sample.excerpt(number, "  ingress {", number),
    )  # fmt: skip


def found(*results: Result) -> ScanResult:
    summary = Summary(0, len(results), 0, 0, 0, 0, 1)
    return replace(sample.clean(), results=results, standards=(), summary=summary, policies=sample.POLICIES)


def test_a_single_module_is_told_in_detail_and_the_rest_of_it_by_policy() -> None:
    text = render(found(*(of_module(number, "m") for number in range(1, 41))), width=80)
    assert text.count("  --> m/main.tf:") == 30
    assert "\n  critical  aws_security_group_open_ingress (10)  main.tf:31\n" in text
    assert text.count("aws_security_group_open_ingress") == 31


def test_many_modules_fold_only_when_there_is_much_to_tell() -> None:
    few = found(*(of_module(1, f"m{number}") for number in range(10)))
    assert render(few, width=80).count("  --> m") == 10
    much = found(*(of_module(1, f"m{number:02}") for number in range(31)))
    assert render(much, width=80).count("  --> m") == 0
    assert "and 1 more module: 1 critical\n" in render(much, width=80)


def seen_from(root: str, days: int, message: str = "kept too short") -> Result:
    """One place of a module, to which each root passes a number of its own."""
    return sample.result(
        "aws_rds_cluster_backup_retention_short", sample.AURORA, "module.db.aws_rds_cluster.this",
        Location(f"{sample.AURORA}/main.tf", 44, 3, 44, 30), message=message, root=root, environment=root,
        origin=(
            OriginStep(f"{sample.AURORA}/main.tf", 44, "backup_retention_period = var.days"),
            OriginStep(f"{root}/main.tf", 9, f"days = {days}"),
        ),
        lines=sample.excerpt(44, "  backup_retention_period = var.days", 44),
        controls=(f"std-1.0/{root}",),
    )  # fmt: skip


def test_a_flaw_that_several_roots_show_is_told_once_with_the_way_of_each_value() -> None:
    lines = render(found(seen_from("dev", 1), seen_from("prod", 7, "kept for 7 days")), width=100).splitlines()
    at = next(number for number, line in enumerate(lines) if line.startswith("medium: "))
    assert lines[at] == "medium: Aurora cluster keeps its backups for too few days, 2 times"
    assert [line.strip() for line in lines].count("--> modules/rds-aurora-advanced/main.tf:44:3") == 1
    told = lines.index("   = value   backup_retention_period = var.days")
    assert lines[told - 1 : told + 5] == [
        "   = control std-1.0/dev, std-1.0/prod",
        "   = value   backup_retention_period = var.days",
        "   = in      dev (dev)",
        "             ← days = 1  dev/main.tf:9",
        "   = in      prod (prod): kept for 7 days",
        "             ← days = 7  prod/main.tf:9",
    ]


def test_many_roots_of_one_flaw_fold_and_verbose_tells_them_all() -> None:
    result = found(*(seen_from(f"root{number}", number) for number in range(6)))
    assert render(result, width=100).count("   = in      root") == 3
    assert "             and 3 more roots\n" in render(result, width=100)
    assert render(result, width=100, verbose=True).count("   = in      root") == 6


def test_quiet_tells_a_flaw_that_several_roots_show_once() -> None:
    lines = render(found(seen_from("dev", 1), seen_from("prod", 7)), width=100, quiet=True).splitlines()
    assert len(lines) == 2


def test_an_address_that_two_roots_have_is_named_once() -> None:
    place = Location("m/main.tf", 3, 1, 3, 9)
    of_both = [
        sample.result(
            "aws_thing_open", "m", "module.a.aws_thing.this", place, verdict="unknown", reason="var.a has no value",
            decide="set var.a", root=root, origin=(OriginStep(f"{root}/main.tf", 1, "a = var.a"),),
        )
        for root in ("one", "two")
    ]  # fmt: skip
    text = render(replace(found(*of_both), summary=Summary(0, 0, 2, 0, 0, 0, 0)), width=100)
    assert text.count("module.a.aws_thing.this") == 1
    assert "2 checks could not be decided" in text


def test_a_problem_that_is_seen_from_several_roots_is_told_once() -> None:
    def problem(detail: str) -> Problem:
        return Problem("m/main.tf", 7, 3, "Invalid for_each argument", detail, help="Use a map.")

    seen = (problem("No map."), *(problem(f"No map. (in module.x of r{number})") for number in range(6)))
    result = replace(sample.clean(), problems=seen, summary=Summary(0, 0, 0, 0, 0, 7, 3))
    text = render(result, width=100)
    assert text.count("  --> m/main.tf:7:3") == 1
    assert "   = in    module.x of r0; module.x of r1; module.x of r2 and 3 more\n" in text
    assert "Problems  7 errors\n" in text
    assert render(result, width=160, verbose=True).count("module.x of r") == 6


def test_what_to_do_next_is_chosen_by_severity_and_modules_and_told_by_severity() -> None:
    low = [replace(one, module=f"m{number}") for one in (of_module(1, "m"),) for number in range(150)]
    low = [replace(one, policy="variable_without_description", severity="low") for one in low]
    high = replace(of_module(2, "m"), policy="aws_rds_cluster_unencrypted", severity="high")
    info = [replace(of_module(3, f"i{n}"), policy="a_trifle", severity="info") for n in range(90)]
    text = render(found(*low, high, of_module(4, "m"), *info), width=100)
    next_ = text[text.index("Next") : text.index("Findings")]
    assert next_.splitlines()[2:] == [
        "1. critical: Name the security groups or the CIDR blocks of the callers instead of 0.0.0.0/0.",
        "   [aws_security_group_open_ingress]",
        "2. high: Set storage_encrypted = true. [aws_rds_cluster_unencrypted]",
        "3. low: Say in `description` what the value does, its unit, and what happens without it.",
        "   [variable_without_description] 150 findings in 150 modules",
        "",
    ]


def test_two_findings_say_themselves_what_to_do() -> None:
    assert "Next" not in render(found(of_module(1, "m"), seen_from("prod", 7)), width=80)


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


def calls_to_render(modules: int) -> int:
    """How many functions are called for a report on so many modules."""
    result = sample.large(modules)
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(counted)
    try:
        render(result, width=120, color=True)
    finally:
        sys.setprofile(None)
    return count


def test_twice_the_modules_are_twice_the_work() -> None:
    calls_to_render(150)  # imports, and what is kept
    assert calls_to_render(300) < 2.2 * calls_to_render(150)


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


def test_no_character_that_a_terminal_would_obey_is_printed() -> None:
    """Alone, and beside one that is no ASCII: Python holds some of them for printable."""
    every = map(chr, range(sys.maxunicode + 1))
    obeyed = [one for one in every if words._UNPRINTABLE.search(one)]
    assert len(obeyed) > 5000
    assert not [one for one in obeyed if one in printable(one) or one in printable(f"\u00e9{one}")]


def test_examples_alone_are_not_called_modules() -> None:
    result = sample.library()
    details = tuple(replace(one, kind="example") for one in result.scanned.details)
    shown = render(replace(result, scanned=replace(result.scanned, details=details)), width=80)
    assert shown.startswith("Scanned 5 examples, 37 files, ")
