"""Findings: by module folder, the most severe first, each with source, origin of the value, and fix."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from rich.cells import cell_len

from alexandria_scan.compliance.causes import Cause, by_cause
from alexandria_scan.compliance.result import PolicyInfo, ScanResult
from alexandria_scan.policy.results import Result
from alexandria_scan.report.plain import plain
from alexandria_scan.report.text import excerpt
from alexandria_scan.report.text.page import BOLD, DIM, FRAME, STYLES, Page, Part, pad
from alexandria_scan.report.words import count, rank

FULL = 60  # findings with excerpt, origins and fix; the most severe ones
SHORT = 200  # findings on one line
ALSO = 5  # further places of one policy in one module
FIX_LINES = 4
LABEL = 8
TITLE_WIDTH = 110

Group = list[Cause]
"""One finding, or several of one policy in one module that differ in nothing but the place."""


def write(page: Page, result: ScanResult, verbose: bool) -> None:
    """All findings. Without `verbose` a long list folds: first to one line each, then to a count."""
    findings = sorted(by_cause(one for one in result.results if counts(one)), key=_order)
    groups = [group for one in _modules(findings) for group in _grouped(one)]
    by_weight = sorted(groups, key=lambda group: _order(group[0]))
    full = {id(group) for group in (by_weight if verbose else by_weight[:FULL])}
    short = {id(group) for group in by_weight[FULL : FULL + SHORT]} - full
    hidden = [group for group in groups if id(group) not in full | short]
    if groups:
        page.heading("Findings")
    for module, mine in groupby(groups, key=lambda group: group[0].module):
        here = list(mine)
        shown = [group for group in here if id(group) in full | short]
        if not shown:
            continue
        _module(page, module, [one for group in here for one in group])
        detailed = [group for group in shown if id(group) in full]
        for group in detailed:
            _full(page, group, result.policies.get(group[0].policy), verbose)
        if detailed and len(detailed) < len(here):
            page.blank()
        for group in shown[len(detailed) :]:  # what is printed in full is more severe, so it comes first
            for one in group:
                short_line(page, one, address=False)
        if len(shown) < len(here):
            folded = [one for group in here if id(group) not in full | short for one in group]
            page.line((f"and {_counts(folded)}", DIM))
    if hidden:
        page.blank()
        rest = sum(map(len, hidden))
        where = len({group[0].module for group in hidden})
        text = f"{count(rest, 'more finding')} in {count(where, 'module')} not shown here: -v prints all."
        page.prose(text, BOLD)


def counts(one: Result) -> bool:
    """Whether a result is a finding that is not accepted: what the baseline knows is told apart."""
    return one.verdict == "fail" and one.baseline != "known"


def short_line(page: Page, one: Cause, address: bool = True) -> None:
    """A finding on one line, as compilers write it: place, severity, title, policy, address."""
    page.line(
        f"{_place(page, one)}: ",
        (one.severity, STYLES.get(one.severity, "")),
        f": {one.title} ",
        (f"[{one.policy}]", DIM),
        f" {one.address}{_more(one)}" if address else "",
    )


def place(page: Page, file: str, line: int, column: int = 0) -> str:
    """ "file:line:column", as far as they are known."""
    return page.clean(file) + (f":{line}" if line else "") + (f":{column}" if line and column else "")


def _place(page: Page, one: Cause) -> str:
    return place(page, one.location.file, one.location.line, one.location.column)


def _order(one: Cause) -> tuple[int, str, int, int, str, str]:
    where = one.location
    return (rank(one.severity), where.file, where.line, where.column, one.policy, one.address)


def _modules(findings: Iterable[Cause]) -> list[list[Cause]]:
    """The findings of each module, the module with the worst ones first."""
    modules: dict[str, list[Cause]] = {}
    for one in findings:
        modules.setdefault(one.module, []).append(one)

    def weight(module: str) -> tuple[tuple[int, ...], str]:
        found = Counter(rank(one.severity) for one in modules[module])
        return tuple(-found[number] for number in range(6)), module

    return [modules[module] for module in sorted(modules, key=weight)]


def _grouped(findings: Sequence[Cause]) -> list[Group]:
    """Findings of one policy together, where the source line and the message say all that there is to say."""
    groups: dict[object, Group] = {}
    for one in findings:
        plain = len(one.origin) <= 1 and len(one.addresses) <= 1
        key = (one.policy, one.severity, one.roots, one.environment) if plain else id(one)
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def _counts(findings: Iterable[Cause]) -> str:
    """ "1 critical, 3 high"."""
    found = Counter(one.severity for one in findings)
    return ", ".join(f"{found[severity]} {severity}" for severity in sorted(found, key=rank))


def _module(page: Page, module: str, findings: Sequence[Cause]) -> None:
    page.blank()
    counts, room = _counts(findings), page.width
    name = page.shorten(module or ".", room - cell_len(counts) - 6)
    rule = page.rule * max(2, room - cell_len(name) - cell_len(counts) - 2)
    page.line((name, BOLD), (f" {rule} ", DIM), counts)


def _full(page: Page, group: Group, policy: PolicyInfo | None, verbose: bool) -> None:
    one = group[0]
    style = STYLES.get(one.severity, "")
    margin = " " * excerpt.gutter(one)
    page.blank()
    times = f", {len(group)} times" if len(group) > 1 else ""
    _title(page, one, times, style)
    page.line((f"{margin}--> ", FRAME), _place(page, one))
    message = one.message or ("" if one.excerpt else one.title)
    excerpt.write(page, one, message, style.replace("bold ", ""))
    if not one.excerpt and one.message:
        note(page, margin, "found", one.message)
    for label, text in _notes(page, one, policy, verbose):
        note(page, margin, label, text)
    _origins(page, margin, one)
    _also(page, margin, group[1:], verbose)
    if policy and policy.fix.strip():
        note(page, margin, "fix", _first_lines(page, policy.fix, verbose))
    if policy and verbose:
        for label, text in (("why", policy.why.strip()), ("see", "\n".join(policy.references))):
            if text:
                note(page, margin, label, text)


def _title(page: Page, one: Cause, times: str, style: str) -> None:
    """ "high: Title [policy]", the policy on a line of its own where the title leaves no room."""
    tag = f"{one.severity}: "
    room = min(page.width, TITLE_WIDTH) - cell_len(page.clean(tag))
    *title, last = page.wrap(one.title + times, room)
    policy = page.wrap(f"[{one.policy}]", room)
    lines: list[list[Part]] = [[(line, BOLD)] for line in title]
    if len(policy) == 1 and cell_len(f"{last} {policy[0]}") <= room:
        lines.append([(last, BOLD), (f" {policy[0]}", DIM)])
    else:
        lines.append([(last, BOLD)])
        lines += [[(line, DIM)] for line in policy]
    for number, parts in enumerate(lines):
        page.line((" " * cell_len(tag) if number else tag, style), *parts)


def note(page: Page, margin: str, label: str, text: str) -> None:
    """A line under an excerpt: ` = fix     text`, wrapped under its text."""
    first: list[Part] = [(f"{margin} = ", FRAME), (f"{label:<{LABEL}}", DIM)]
    page.prose(text, first=first, rest=[" " * (len(margin) + 3 + LABEL)])


def _notes(page: Page, one: Cause, policy: PolicyInfo | None, verbose: bool) -> list[tuple[str, str]]:
    notes = [("at", "\n".join(one.addresses) if verbose and one.addresses else one.address + _more(one))]
    if one.roots != (one.module,) or one.environment:
        environment = f" ({one.environment})" if one.environment else ""
        shown_roots = one.roots if verbose else one.roots[:2]
        more_roots = count(len(one.roots) - len(shown_roots), "more root")
        told = ", ".join(root or "." for root in shown_roots) + environment
        notes.append(("in", told + (f" and {more_roots}" if len(shown_roots) < len(one.roots) else "")))
    if one.controls:
        shown = one.controls if verbose else one.controls[:3]
        rest = f" and {len(one.controls) - len(shown)} more" if len(shown) < len(one.controls) else ""
        notes.append(("control", ", ".join(shown) + rest))
    if one.checkov:
        notes.append(("checkov", ", ".join(f"{check} says {verdict}" for check, verdict in one.checkov.items())))
    if one.parameters and verbose:
        values = plain(one.parameters).items()
        notes.append(("with", ", ".join(f"{name} = {json.dumps(value)}" for name, value in values)))
    return notes


def _more(one: Cause) -> str:
    """ " (+3 more instances)", or nothing."""
    others = len(one.addresses) - 1
    return f" (+{count(others, 'more instance')})" if others > 0 else ""


def _origins(page: Page, margin: str, one: Cause) -> None:
    """The way of the value. Each step has its place beside it, or below it where the line is too short; the
    places begin at one column if all of them fit, and the line that the excerpt shows is not named again."""
    texts = [page.clean(step.text.strip()) for step in one.origin]
    before = [(one.location.file, one.location.line), *((step.file, step.line) for step in one.origin)]
    places = [
        place(page, step.file, step.line) if step.file and (step.file, step.line) != last else ""
        for step, last in zip(one.origin, before, strict=False)
    ]
    lead = len(margin) + 3 + LABEL
    arrow = cell_len(page.arrow) + 1
    widths = [cell_len(text) + (arrow if number else 0) for number, text in enumerate(texts)]
    column = max([0, *(width for width, where in zip(widths, places, strict=True) if where)])
    aligned = all(lead + column + 2 + cell_len(where) <= page.width for where in places)
    for number, (text, where, width) in enumerate(zip(texts, places, widths, strict=True)):
        first: list[Part] = [" " * lead, (page.arrow + " ", DIM)]
        if not number:
            first = [(f"{margin} = ", FRAME), (f"{'value':<{LABEL}}", DIM)]
        gap = column - width + 2 if aligned else 2
        if lead + width + gap + cell_len(where) <= page.width:
            page.line(*first, text + " " * gap, (where, DIM))
            continue
        page.prose(text, first=first, rest=[" " * (lead + arrow)])
        if where:
            page.line(" " * (lead + arrow), (where, DIM))


def _also(page: Page, margin: str, others: Sequence[Cause], verbose: bool) -> None:
    """The other places of the same flaw in this module."""
    shown = others if verbose or len(others) <= ALSO + 1 else others[:ALSO]
    places = [_place(page, one) for one in shown]
    texts = [page.clean(one.message or one.address) for one in shown]
    indent = " " * (len(margin) + 3 + LABEL)
    column = max([0, *map(cell_len, places)]) + 2
    beside = len(indent) + column + max([0, *map(cell_len, texts)]) <= page.width
    for number, (where, text) in enumerate(zip(places, texts, strict=True)):
        lead: list[Part] = [indent] if number else [(f"{margin} = ", FRAME), (f"{'also':<{LABEL}}", DIM)]
        if beside:
            page.line(*lead, pad(where, column), (text, DIM))
            continue
        page.line(*lead, where)
        page.prose(text, DIM, first=[indent + "  "], rest=[indent + "  "])
    if len(shown) < len(others):
        page.line(indent, (f"and {len(others) - len(shown)} more", DIM))


def _first_lines(page: Page, text: str, verbose: bool) -> str:
    """The first paragraph of a fix, a few lines of it; all of it with `verbose`."""
    lines = text.strip().split("\n")
    if verbose:
        return "\n".join(lines)
    paragraph = lines[: lines.index("")] if "" in lines else lines
    if not any(line.startswith((" ", "-", "*")) for line in paragraph):
        return " ".join(paragraph)  # prose, whose lines the page breaks anew
    more = len(paragraph) > FIX_LINES
    return "\n".join(paragraph[:FIX_LINES]) + (f" {page.cut}" if more else "")
