"""What is accepted: waivers with their reasons; the baseline, what it knows and what is fixed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.cells import cell_len

from alexandria_scan.compliance.causes import Cause, by_cause
from alexandria_scan.compliance.result import BaselineEntry, BaselineState, ScanResult
from alexandria_scan.report.text.findings import place, short_line
from alexandria_scan.report.text.page import BOLD, DIM, FRAME, Page
from alexandria_scan.report.words import count

WAIVERS = 6
CHECKS = 3
FIXED = 8
KNOWN_MODULES = 5


def write(page: Page, result: ScanResult, verbose: bool) -> None:
    """Waived findings under the reason of their waiver, and the state of the baseline. Without `verbose` only so many
    of them that one sees what they are about."""
    _waivers(page, by_cause(one for one in result.results if one.verdict == "waived"), verbose)
    if result.baseline is not None:
        _baseline(page, result, result.baseline, verbose)


def _waivers(page: Page, waived: Sequence[Cause], verbose: bool) -> None:
    if not waived:
        return
    groups: dict[tuple[str, str, int], list[Cause]] = {}
    for one in waived:
        written = one.waiver.location if one.waiver is not None else one.location
        groups.setdefault((one.reason, written.file, written.line), []).append(one)
    page.heading("Waived", count(len(waived), "finding"))
    order = sorted(groups, key=lambda key: (-len(groups[key]), key))
    shown = order if verbose or len(order) <= WAIVERS + 1 else order[:WAIVERS]
    for reason, file, line in shown:
        page.prose(reason or "no reason given", BOLD)
        page.line(("  --> ", FRAME), place(page, file, line))
        _checks(page, groups[reason, file, line], verbose)
        page.blank()
    if len(shown) < len(order):
        rest = sum(len(groups[key]) for key in order[len(shown) :])
        waivers = count(len(order) - len(shown), "more waiver")
        page.line((f"and {waivers} of {count(rest, 'finding')}: -v prints all.", DIM))


def _checks(page: Page, checks: Sequence[Cause], verbose: bool) -> None:
    """What a waiver is about: a line for each policy and place, or two where one is too short."""
    places: dict[tuple[str, str], list[Cause]] = {}
    for one in checks:
        places.setdefault((place(page, one.location.file, one.location.line), one.policy), []).append(one)
    shown = list(places.items()) if verbose or len(places) <= CHECKS + 1 else list(places.items())[:CHECKS]
    for (where, policy), ones in shown:
        addresses = sum(len(one.addresses) for one in ones)
        others = f" (+{count(addresses - 1, 'more instance')})" if addresses > 1 else ""
        text = f"{policy} {ones[0].address}{others}"
        if 8 + cell_len(where) + cell_len(page.clean(text)) <= page.width:
            page.line(f"      {where}: ", (text, DIM))
        else:
            page.line(f"      {where}")
            page.prose(text, DIM, first=["        "], rest=["          "])
    if len(shown) < len(places):
        page.line((f"      and {len(places) - len(shown)} more", DIM))


def _baseline(page: Page, result: ScanResult, state: BaselineState, verbose: bool) -> None:
    """New findings stand among the findings; known ones are only counted, unless everything is asked for."""
    fixed = sum(entry.count for entry in state.fixed)
    page.heading("Baseline", f"{state.new:,} new, {state.known:,} known, {fixed:,} fixed")
    page.prose(f"in {state.file}", DIM)
    known = by_cause(one for one in result.results if one.baseline == "known")
    if verbose:
        for one in known:
            short_line(page, one)
    elif known:
        modules = Counter(one.module or "." for one in known).most_common()
        shown = modules if len(modules) <= KNOWN_MODULES + 1 else modules[:KNOWN_MODULES]
        told = ", ".join(f"{number:,} in {module}" for module, number in shown)
        rest = f" and {count(len(modules) - len(shown), 'more module')}" if len(shown) < len(modules) else ""
        page.prose(f"Known: {told}{rest}; -v lists them.")
    if state.fixed:
        page.blank()
        page.prose("Fixed; alexandria-scan baseline takes them out:")
        _fixed(page, state.fixed, verbose)


def _fixed(page: Page, entries: Sequence[BaselineEntry], verbose: bool) -> None:
    shown = entries if verbose or len(entries) <= FIXED + 1 else entries[:FIXED]
    for entry in shown:
        times = f", {entry.count} times" if entry.count > 1 else ""
        text = f"{entry.module}: {entry.policy} {entry.address}{times}"
        page.prose(text, DIM, first=["  "], rest=["    "])
    if len(shown) < len(entries):
        page.line((f"  and {len(entries) - len(shown):,} more", DIM))
