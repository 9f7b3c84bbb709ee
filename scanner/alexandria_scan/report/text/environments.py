"""Environments side by side: what holds in which."""

from __future__ import annotations

from rich.cells import cell_len

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.policy.results import Result
from alexandria_scan.report.text.page import BOLD, DIM, STYLES, Page, Part, pad
from alexandria_scan.report.words import count

_WORDS = {"fail": "fails", "unknown": "unknown", "waived": "waived", "pass": "holds", "not_applicable": "-"}
_WORST = ("fail", "unknown", "waived", "pass", "not_applicable")
_STYLES = {"fail": STYLES["error"], "unknown": STYLES["unknown"], "pass": "green"}


def write(page: Page, result: ScanResult, verbose: bool) -> None:
    """For each root that was evaluated for several environments, a row for each policy whose verdict is not the same
    in all of them; with `verbose`, for every policy."""
    roots: dict[str, dict[str, list[Result]]] = {}
    for one in result.results:
        if one.environment:
            roots.setdefault(one.root, {}).setdefault(one.environment, []).append(one)
    compared = {root: found for root, found in roots.items() if len(found) > 1}
    if compared:
        page.heading("Environments side by side")
    for root, found in sorted(compared.items()):
        _table(page, root, found, verbose)


def _table(page: Page, root: str, found: dict[str, list[Result]], verbose: bool) -> None:
    names = sorted(found)
    verdicts = {name: _by_policy(found[name]) for name in names}
    policies = sorted(set().union(*verdicts.values()))
    rows = [(policy, [verdicts[name].get(policy, "not_applicable") for name in names]) for policy in policies]
    shown = [row for row in rows if verbose or len(set(row[1])) > 1]
    failing = sum(set(said) == {"fail"} for _, said in rows)
    width = max([cell_len(policy) for policy, _ in shown], default=0) + 2
    columns = [max(len(name), 8) + 2 for name in names]
    page.blank()
    page.line((root or ".", BOLD))
    page.line(" " * (width + 2), *[pad(name, column) for name, column in zip(names, columns, strict=True)])
    for policy, said in shown:
        parts: list[Part] = [f"  {pad(policy, width)}"]
        for verdict, column in zip(said, columns, strict=True):
            parts.append((pad(_WORDS[verdict], column), _STYLES.get(verdict, DIM)))
        page.line(*parts)
    if len(shown) < len(rows):
        same = f"  {count(len(rows) - len(shown), 'more policy')} the same in all, {failing} of them failing in all"
        page.line((same, DIM))


def _by_policy(results: list[Result]) -> dict[str, str]:
    worst: dict[str, str] = {}
    for one in results:
        before = worst.get(one.policy)
        if before is None or _WORST.index(one.verdict) < _WORST.index(before):
            worst[one.policy] = one.verdict
    return worst
