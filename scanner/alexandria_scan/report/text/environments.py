"""Environments side by side: what holds in which."""

from __future__ import annotations

from rich.cells import cell_len

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.report.environments import EnvironmentTable, environment_tables
from alexandria_scan.report.text.page import BOLD, DIM, STYLES, Page, Part, pad
from alexandria_scan.report.words import count

_WORDS = {"fail": "fails", "unknown": "unknown", "waived": "waived", "pass": "holds", "not_applicable": "n/a"}
_STYLES = {"fail": STYLES["error"], "unknown": STYLES["unknown"], "pass": "green"}


def write(page: Page, result: ScanResult, verbose: bool) -> None:
    """For each root that was evaluated for several environments, a row for each policy whose verdict is not the same
    in all of them; with `verbose`, for every policy."""
    tables = environment_tables(result)
    if tables:
        page.heading("Environments side by side")
    for one in tables:
        _table(page, one, verbose)


def _table(page: Page, table: EnvironmentTable, verbose: bool) -> None:
    shown = sorted((*table.rows, *table.same)) if verbose else table.rows
    columns = [max(len(name), 8) + 2 for name in table.names]
    width = max([cell_len(policy) for policy, _ in shown], default=0) + 2
    narrow = 2 + width + sum(columns) > page.width
    page.blank()
    page.line((table.root or ".", BOLD))
    indent = 4 if narrow else width + 2
    page.line(" " * indent, *[pad(name, column) for name, column in zip(table.names, columns, strict=True)])
    for policy, said in shown:
        if narrow:
            page.line(f"  {policy}")
        parts: list[Part] = ["    " if narrow else f"  {pad(policy, width)}"]
        for verdict, column in zip(said, columns, strict=True):
            parts.append((pad(_WORDS[verdict], column), _STYLES.get(verdict, DIM)))
        page.line(*parts)
    if len(shown) == len(table.rows) and table.same:
        same = f"  {count(len(table.same), 'more policy')} the same in all, {table.failing} of them failing in all"
        page.line((same, DIM))
