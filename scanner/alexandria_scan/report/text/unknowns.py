"""Unknowns, by what would decide them; problems."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from msgspec.structs import replace
from rich.cells import cell_len

from alexandria_scan.compliance.causes import Cause, by_cause
from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.patterns import pattern
from alexandria_scan.policy.results import Result
from alexandria_scan.report.text.findings import place
from alexandria_scan.report.text.page import BOLD, DIM, FRAME, STYLES, Page, Part, pad
from alexandria_scan.report.words import count
from alexandria_scan.source.problems import Problem

FOLD = 30  # checks, more than which are told by what would decide them
GROUPS = 8
CHECKS = 5
NAMED = 4  # policies of a folded group
PROBLEMS = 20
PLACES = 3  # from which a problem is seen
_SEEN_FROM = pattern(r"(.*) \(in (.+)\)", re.DOTALL)


def write(page: Page, result: ScanResult, verbose: bool) -> None:
    """What could not be decided: a group for each missing value, the one that blocks the most first."""
    unknown = by_cause(one for one in result.results if one.verdict == "unknown")
    if not unknown:
        return
    page.heading("Unknown", f"{count(len(unknown), 'check')} could not be decided")
    if not verbose and len(unknown) > FOLD:
        _folded(page, unknown)
        return
    groups: dict[tuple[str, str], list[Cause]] = {}
    for one in unknown:
        groups.setdefault((one.reason, one.decide), []).append(one)
    order = sorted(groups, key=lambda key: (-len(groups[key]), key))
    shown = order if verbose or len(order) <= GROUPS + 1 else order[:GROUPS]
    for key in shown:
        _group(page, *key, groups[key], verbose)
        page.blank()
    if len(shown) < len(order):
        checks = sum(len(groups[key]) for key in order[len(shown) :])
        more = count(len(order) - len(shown), "more reason")
        page.line((f"and {more} for {count(checks, 'check')}: -v prints all.", DIM))


def _folded(page: Page, unknown: Sequence[Cause]) -> None:
    """What would decide them, with the policies that wait for it: two lines for each."""
    groups: dict[str, list[Cause]] = {}
    for one in unknown:
        groups.setdefault(one.decide or one.reason, []).append(one)
    order = sorted(groups, key=lambda text: (-len(groups[text]), text))
    shown = order if len(order) <= GROUPS + 1 else order[:GROUPS]
    for text in shown:
        ones = groups[text]
        modules = count(len({one.module for one in ones}), "module")
        page.prose(f"{text or 'The value is not known'}: {count(len(ones), 'check')} in {modules}", STYLES["unknown"])
        policies = sorted({one.policy for one in ones})
        told = policies if len(policies) <= NAMED + 1 else policies[:NAMED]
        more = f" and {count(len(policies) - len(told), 'more policy')}" if len(told) < len(policies) else ""
        page.prose(", ".join(told) + more, DIM, first=["    "], rest=["    "])
    page.blank()
    checks = sum(len(groups[text]) for text in order[len(shown) :])
    rest = f"and {len(order) - len(shown)} more, for {count(checks, 'check')}: " if checks else ""
    page.line((f"{rest}-v prints all, with the reasons and addresses.", DIM))


def _group(page: Page, reason: str, decide: str, checks: Sequence[Result], verbose: bool) -> None:
    """The missing value, what would decide it, and the policies and addresses that wait for it."""
    modules = {one.module for one in checks}
    page.prose(reason or "The value is not known", STYLES["unknown"])
    if decide:
        arrow = "→ " if page.unicode else "-> "
        page.prose(decide, first=["  ", (arrow, DIM)], rest=["  " + " " * len(arrow)])
    if len(modules) == 1:
        page.prose(f"in {next(iter(modules)) or '.'}", DIM, first=["    "], rest=["    "])
    ordered = sorted(checks, key=_order)
    by_policy = [(policy, list(ones)) for policy, ones in groupby(ordered, key=lambda one: one.policy)]
    shown = by_policy if verbose or len(by_policy) <= CHECKS + 1 else by_policy[:CHECKS]
    names = [page.clean(policy) for policy, _ in shown]
    texts = [_addresses(ones, verbose, len(modules) > 1) for _, ones in shown]
    column = max(map(cell_len, names)) + 2
    widest = max(cell_len(page.clean(text)) for text in texts)
    beside = column < page.width // 3 or 4 + column + widest <= page.width
    for name, text in zip(names, texts, strict=True):
        if beside:
            page.prose(text, DIM, first=["    " + pad(name, column)], rest=[" " * (column + 4)])
            continue
        page.prose(name, first=["    "], rest=["    "])
        page.prose(text, DIM, first=["      "], rest=["      "])
    if len(shown) < len(by_policy):
        page.line((f"    and {count(len(by_policy) - len(shown), 'more policy')}", DIM))


def _order(one: Result) -> tuple[str, str, str, int, str]:
    return (one.policy, one.module, one.location.file, one.location.line, one.address)


def _addresses(checks: Sequence[Result], verbose: bool, with_module: bool) -> str:
    """The first few addresses, with their modules where there are several; all of them if `verbose`."""
    named = (
        f"{one.module or '.'} {address}" if with_module else address
        for one in checks
        for address in one.addresses or (one.address,)
    )
    addresses = list(dict.fromkeys(named))  # an address in two roots is one to the reader
    shown = addresses if verbose or len(addresses) <= 3 else addresses[:2]
    more = len(addresses) - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more else "")


def write_problems(page: Page, result: ScanResult, verbose: bool) -> None:
    """What could not be read, resolved or run: place, sentence, help; once for all roots from which it is seen."""
    if not result.problems:
        return
    seen: dict[Problem, list[str]] = {}
    problems = sorted(result.problems, key=lambda one: (one.severity != "error", one))
    for one in problems:
        match = _SEEN_FROM.fullmatch(one.detail)
        alone = replace(one, detail=match.group(1)) if match else one
        seen.setdefault(alone, []).extend(match.groups()[1:] if match else ())
    severities = Counter(one.severity for one in problems)
    page.heading("Problems", ", ".join(count(number, page.clean(name)) for name, number in severities.items()))
    shown = list(seen) if verbose or len(seen) <= PROBLEMS + 1 else list(seen)[:PROBLEMS]
    for one in shown:
        _problem(page, one, seen[one], verbose)
    if len(shown) < len(seen):
        page.blank()
        page.line((f"and {count(len(seen) - len(shown), 'more problem')}: -v prints all.", DIM))


def _problem(page: Page, one: Problem, places: Sequence[str], verbose: bool) -> None:
    """A problem, and the calls that show it where its own module is not what it is seen from alone."""
    indent = " " * (len(one.severity) + 2)
    page.blank()
    page.prose(one.summary, BOLD, first=[(f"{one.severity}: ", STYLES.get(one.severity, ""))], rest=[indent])
    if one.file:
        page.line(("  --> ", FRAME), place(page, one.file, one.line, one.column))
    shown = places if verbose or len(places) <= PLACES + 1 else places[:PLACES]
    more = f" and {len(places) - len(shown)} more" if len(shown) < len(places) else ""
    for label, text in (("", one.detail), ("in    ", "; ".join(shown) + more), ("help  ", one.help)):
        if text:
            lead: list[Part] = [("   = ", FRAME), (label, DIM)]
            page.prose(text, first=lead, rest=[" " * (5 + len(label))])
