"""What a caller of each library module can get: always, by default, on request, never."""

from __future__ import annotations

from collections import Counter

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.policy.results import Result
from alexandria_scan.report.text.page import BOLD, DIM, Page, pad
from alexandria_scan.report.words import count

KINDS = ("always", "by default", "on request", "never", "undecided")
_MEANING = {
    "by default": "a caller can turn it off with",
    "on request": "a caller can turn it on with",
    "undecided": "it depends on",
}
SHOWN = 6


def write(page: Page, result: ScanResult, verbose: bool) -> None:
    """A line of numbers for each module, and what can be turned off or on, and with which input."""
    modules: dict[str, list[Result]] = {}
    for one in result.results:
        if one.posture and one.root == one.module:
            modules.setdefault(one.module, []).append(one)
    if not modules:
        return
    page.heading("What a caller can get", "policies on the resources of library modules")
    for module, found in sorted(modules.items()):
        numbers = Counter(one.posture for one in found)
        page.blank()
        page.line((module or ".", BOLD))
        told = ", ".join(f"{numbers[kind]} {kind}" for kind in KINDS if numbers[kind])
        page.prose(told, first=["  "], rest=["  "])
        for kind in ("never", "on request", "by default", "undecided"):
            _list(page, kind, [one for one in found if one.posture == kind], verbose)


def _list(page: Page, kind: str, found: list[Result], verbose: bool) -> None:
    lines = sorted({(one.policy, ", ".join(one.posture_variables)) for one in found})
    shown = lines if verbose or len(lines) <= SHOWN + 1 else lines[:SHOWN]
    for policy, variables in shown:
        why = f": {_MEANING[kind]} {variables}" if variables and kind in _MEANING else ""
        page.prose(f"{policy}{why}", first=["  ", (pad(kind, 12), DIM)], rest=[" " * 16])
    if len(shown) < len(lines):
        page.line(" " * 14, (f"and {count(len(lines) - len(shown), 'more policy')}", DIM))
