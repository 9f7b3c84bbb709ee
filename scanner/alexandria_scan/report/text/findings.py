"""Findings: by module folder, the most severe first, each with source, origin of the value, and fix."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich.cells import cell_len

from alexandria_scan.compliance.causes import Cause
from alexandria_scan.compliance.result import PolicyInfo, ScanResult
from alexandria_scan.policy.results import OriginStep
from alexandria_scan.report.plain import plain
from alexandria_scan.report.text import excerpt, folded
from alexandria_scan.report.text.flaws import Flaw, order, severities, together
from alexandria_scan.report.text.page import BOLD, DIM, FRAME, STYLES, Page, Part, pad
from alexandria_scan.report.words import count

FULL = 30  # findings with excerpt, origins and fix; the most severe ones
FEW_MODULES = 5  # of which findings are told in full; those of more modules fold
POLICIES = 20  # on a line each, of a module whose most severe findings are told in full
ALSO = 5  # further places of one policy in one module
ROOTS = 3  # that pass a value of their own to one place
FIX_LINES = 4
LABEL = 8
TITLE_WIDTH = 110


def write(page: Page, result: ScanResult, modules: Sequence[Sequence[Flaw]], verbose: bool) -> None:
    """All findings. Without `verbose` a long list folds: those of many modules to a line for each policy."""
    every = sorted((flaw for mine in modules for flaw in mine), key=order)
    if not every:
        return
    page.heading("Findings")
    if not verbose and len(every) > FULL and len(modules) > FEW_MODULES:
        folded.write(page, modules)
        hidden = True
    else:
        shown = every if verbose else every[:FULL]
        for mine in modules:
            _module(page, result, mine, {id(flaw) for flaw in shown}, verbose)
        hidden = len(shown) < len(every)
    if hidden:
        page.blank()
        page.prose("-v prints every finding with its source and fix, -q each on one line.", BOLD)


def _module(page: Page, result: ScanResult, mine: Sequence[Flaw], shown: set[int], verbose: bool) -> None:
    """The findings of a module: those in `shown` in full, the others on a line for each policy."""
    page.blank()
    folded.heading(page, mine[0].first.module, severities(one for flaw in mine for one in flaw.findings))
    for flaw in mine:
        if id(flaw) in shown:
            _full(page, flaw, result.policies.get(flaw.first.policy), verbose)
    rest = [flaw for flaw in mine if id(flaw) not in shown]
    if rest:
        if len(rest) < len(mine):
            page.blank()
        folded.policies(page, rest, POLICIES)


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


def _full(page: Page, flaw: Flaw, policy: PolicyInfo | None, verbose: bool) -> None:
    one = together(flaw)
    style = STYLES.get(one.severity, "")
    margin = " " * excerpt.gutter(one)
    page.blank()
    times = f", {len(flaw.findings)} times" if len(flaw.findings) > 1 else ""
    _title(page, one, times, style)
    page.line((f"{margin}--> ", FRAME), _place(page, one))
    message = one.message or ("" if one.excerpt else one.title)
    excerpt.write(page, one, message, style.replace("bold ", ""))
    if not one.excerpt and one.message:
        note(page, margin, "found", one.message)
    for label, text in _notes(one, len(flaw.causes) == 1, verbose):
        note(page, margin, label, text)
    _origins(page, margin, flaw.causes, verbose)
    _also(page, margin, flaw.also, verbose)
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


def _notes(one: Cause, alone: bool, verbose: bool) -> list[tuple[str, str]]:
    """What is said of a flaw as a whole; the roots if they all pass the same value, else `_origins` tells them."""
    notes = [("at", "\n".join(one.addresses) if verbose and one.addresses else one.address + _more(one))]
    if alone and (one.roots != (one.module,) or one.environment):
        notes.append(("in", _roots(one, verbose)))
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


def _roots(one: Cause, verbose: bool) -> str:
    shown = one.roots if verbose else one.roots[:2]
    told = ", ".join(root or "." for root in shown) + (f" ({one.environment})" if one.environment else "")
    return told + (f" and {count(len(one.roots) - len(shown), 'more root')}" if len(shown) < len(one.roots) else "")


def _more(one: Cause) -> str:
    """ " (+3 more instances)", or nothing."""
    others = len(one.addresses) - 1
    return f" (+{count(others, 'more instance')})" if others > 0 else ""


def _origins(page: Page, margin: str, causes: Sequence[Cause], verbose: bool) -> None:
    """The way of the value: what all roots share of it, then for each root its own part."""
    first = causes[0]
    shared = 0
    while all(one.origin[shared : shared + 1] == first.origin[shared : shared + 1] != () for one in causes):
        shared += 1
    _chain(page, margin, "value", first.origin[:shared], (first.location.file, first.location.line))
    if len(causes) == 1:
        return
    shown = causes if verbose or len(causes) <= ROOTS + 1 else causes[:ROOTS]
    last = first.origin[shared - 1] if shared else None
    for one in shown:
        message = f": {one.message}" if one.message != first.message else ""
        note(page, margin, "in", _roots(one, verbose) + message)
        _chain(page, margin, "", one.origin[shared:], (last.file, last.line) if last else ("", 0))
    if len(shown) < len(causes):
        roots = {root for one in causes[len(shown) :] for root in one.roots}
        page.line(" " * (len(margin) + 3 + LABEL), (f"and {count(len(roots), 'more root')}", DIM))


def _chain(page: Page, margin: str, label: str, steps: Sequence[OriginStep], before: tuple[str, int]) -> None:
    """Steps, the first of them behind the label if there is one. Each has its place beside it, or below it where the
    line is too short; the places begin at one column if all of them fit, and a line that was named just `before`,
    as that of the excerpt, is not named again."""
    texts = [page.clean(step.text.strip()) for step in steps]
    named = [before, *((step.file, step.line) for step in steps)]
    places = [
        place(page, step.file, step.line) if step.file and (step.file, step.line) != last else ""
        for step, last in zip(steps, named, strict=False)
    ]
    lead = len(margin) + 3 + LABEL
    arrow = cell_len(page.arrow) + 1
    widths = [cell_len(text) + (arrow if number or not label else 0) for number, text in enumerate(texts)]
    column = max([0, *(width for width, where in zip(widths, places, strict=True) if where)])
    aligned = all(lead + column + 2 + cell_len(where) <= page.width for where in places)
    for number, (text, where, width) in enumerate(zip(texts, places, widths, strict=True)):
        first: list[Part] = [" " * lead, (page.arrow + " ", DIM)]
        if label and not number:
            first = [(f"{margin} = ", FRAME), (f"{label:<{LABEL}}", DIM)]
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
