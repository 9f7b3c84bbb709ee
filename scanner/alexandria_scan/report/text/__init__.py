"""The report for a terminal or a log: what an owner wants to know first comes first.

Nothing else in the package imports rich, so this module is imported only when it is to be printed.
"""

from __future__ import annotations

from collections import Counter

from alexandria_scan.compliance.causes import by_cause
from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.report.text import (
    accepted,
    claims,
    environments,
    findings,
    flaws,
    next_steps,
    posture,
    scoreboard,
    unknowns,
)
from alexandria_scan.report.text.page import BOLD, STYLES, Page, Part
from alexandria_scan.report.words import count, ended, listed, rank, switched_off
from alexandria_scan.terminal import terminal_width

KINDS = ("root", "library", "submodule", "example")


def render(
    result: ScanResult,
    *,
    width: int | None = None,
    color: bool = False,
    verbose: bool = False,
    quiet: bool = False,
    unicode: bool = True,
) -> str:
    """The report as text, with a line end at its end.

    `width` is in cells, None asks the terminal. Lines keep to it, except for places (`file:line:column`),
    which are never broken, so that an editor or terminal can follow them. `verbose` folds nothing and adds
    why, references, parameters and what the baseline knows. `quiet` writes a line for each finding and problem, and the
    verdict. Without `unicode` the report is ASCII.
    """
    page = Page(width or terminal_width(), unicode)
    if quiet:
        _quiet(page, result)
    else:
        found = flaws.flaws(result)
        _headline(page, result)
        next_steps.write(page, result, found)
        if verbose or not _spotless(result):
            scoreboard.write(page, result, verbose)
        claims.write(page, result, verbose)
        findings.write(page, result, found, verbose)
        environments.write(page, result, verbose)
        posture.write(page, result, verbose)
        unknowns.write(page, result, verbose)
        accepted.write(page, result, verbose)
        unknowns.write_problems(page, result, verbose)
        page.blank()
    _closing(page, result)
    return page.text(color)


def _headline(page: Page, result: ScanResult) -> None:
    """What was scanned, and how far it complies: one sentence, and the numbers under it."""
    scanned = result.scanned
    if scanned.limit and not scanned.modules and not scanned.plans:
        return
    kinds = Counter(one.kind for one in scanned.details)
    modules = count(len(scanned.modules), "example" if list(kinds) == ["example"] else "module")
    if len(kinds) > 1:
        modules += f" ({', '.join(count(kinds[name], name) for name in KINDS if kinds[name])})"
    what = [modules, count(scanned.files, "file"), count(scanned.resources, "resource")]
    if not scanned.modules and scanned.plans:
        what = what[2:]
    if scanned.plans:
        what.append(count(len(scanned.plans), "plan"))
    page.prose(f"Scanned {listed(what)}.", BOLD)
    if scanned.limit:
        page.prose(scanned.limit)
    scores = [(one.score, one.title or one.name) for one in result.standards if one.score is not None]
    if scores:
        told = [f"{scoreboard.percent(score, '')} of {title}" for score, title in scores]
        if len(told) > 3:
            worst = min(range(len(scores)), key=lambda number: scores[number][0])
            told = [f"{len(told)} standards, the lowest at {told[worst]}"]
        page.prose(f"Complies with {listed(told)}.")
    for note in switched_off(result.standards):
        page.prose(note)
    _numbers(page, result)
    if result.baseline is not None:
        state, fixed = result.baseline, sum(entry.count for entry in result.baseline.fixed)
        page.prose(f"Against the baseline: {state.new:,} new, {state.known:,} known, {fixed:,} fixed.")


def _spotless(result: ScanResult) -> bool:
    """Nothing to tell but the verdict."""
    numbers = result.summary
    return not (numbers.failed or numbers.unknown or numbers.waived or numbers.problems) and all(
        one.score is None or one.score >= 100 for one in result.standards
    )


def _numbers(page: Page, result: ScanResult) -> None:
    summary = result.summary
    causes = by_cause(one for one in result.results if one.verdict in ("fail", "unknown"))
    found = Counter(one.severity for one in causes if flaws.counts(one))
    waived = len(by_cause(one for one in result.results if one.verdict == "waived"))
    unknown = sum(one.verdict == "unknown" for one in causes)
    parts: list[Part] = []
    for severity in sorted(found, key=rank):
        parts.append((f"{found[severity]:,} {page.clean(severity)}", STYLES.get(severity, "")))
    numbers = (
        (unknown, "unknown", STYLES["unknown"]),
        (summary.problems, "problem" if summary.problems == 1 else "problems", STYLES["error"]),
        (waived, "waived", ""),
        (result.baseline.known if result.baseline is not None else 0, "known", ""),
        (summary.passed, "passed", "green"),
    )
    for number, name, style in numbers:
        if number:
            parts.append((f"{number:,} {name}", style))
    if not _spotless(result):
        page.items(parts)


def _quiet(page: Page, result: ScanResult) -> None:
    every = (flaw for mine in flaws.flaws(result) for flaw in mine)
    found = [one for flaw in every for one in (flaws.together(flaw), *flaw.also)]
    found.sort(key=lambda one: (one.location.file, one.location.line, rank(one.severity), one.policy))
    for one in found:
        findings.short_line(page, one)
    for problem in sorted(result.problems):
        where = findings.place(page, problem.file, problem.line, problem.column)
        style = STYLES.get(problem.severity, "")
        page.line(f"{where}: " if where else "", (problem.severity, style), f": {problem.summary}")


def _closing(page: Page, result: ScanResult) -> None:
    """The verdict in one sentence, and the exit status that says the same to a program."""
    summary = result.summary
    verdict = ended(summary.verdict.strip() or _verdict(result))
    style = {0: "bold green", 1: "bold red"}.get(summary.exit_status, "bold yellow")
    page.prose(f"{verdict} Exit status {summary.exit_status}.", style)


def _verdict(result: ScanResult) -> str:
    summary = result.summary
    found, unknown = count(summary.failed, "finding"), f"{count(summary.unknown, 'check')} undecided"
    if summary.exit_status == 0:
        return f"Clean: {summary.passed:,} passed, {found}, {unknown}"
    if summary.exit_status == 1:
        return f"Not compliant: {found}, {unknown}"
    if summary.exit_status == 3:
        return f"Incomplete: {count(summary.problems, 'problem')}, {found} in what could be judged"
    return f"Nothing was judged: {count(summary.problems, 'problem')}"
