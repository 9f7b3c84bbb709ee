"""Findings of a large library: by module, the worst first, a line for each policy; what does not fit is counted."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len

from alexandria_scan.report.text.flaws import Flaw, severities
from alexandria_scan.report.text.page import BOLD, DIM, STYLES, Page, pad
from alexandria_scan.report.words import count

LINES = 90  # of policies, over all modules
POLICIES = 8  # in one module
MODULES = 30  # that are named
SEVERITY = 10


def write(page: Page, modules: Sequence[Sequence[Flaw]]) -> None:
    """The modules with a line for each of their policies, as long as there is room; then with their numbers only."""
    room, detailed = LINES, True
    for mine in modules[:MODULES]:
        findings = [one for flaw in mine for one in flaw.findings]
        if detailed:
            page.blank()
        detailed = room > 0
        heading(page, mine[0].first.module, severities(findings))
        if detailed:
            room -= policies(page, mine, POLICIES)
    if len(modules) > MODULES:
        rest = [one for mine in modules[MODULES:] for flaw in mine for one in flaw.findings]
        page.line((f"and {count(len(modules) - MODULES, 'more module')}: {severities(rest)}", DIM))


def heading(page: Page, module: str, remark: str) -> None:
    """The module and its numbers, with a rule between them."""
    name = page.shorten(module or ".", page.width - cell_len(remark) - 6)
    rule = page.rule * max(2, page.width - cell_len(name) - cell_len(remark) - 2)
    page.line((name, BOLD), (f" {rule} ", DIM), remark)


def policies(page: Page, mine: Sequence[Flaw], most: int) -> int:
    """A line for each policy of a module: severity, policy, how often, first place. Returns the number of lines."""
    found: dict[tuple[str, str], list[Flaw]] = {}
    for flaw in mine:
        found.setdefault((flaw.first.severity, flaw.first.policy), []).append(flaw)
    groups = list(found.items())
    shown = groups if len(groups) <= most + 1 else groups[:most]
    numbers = [sum(len(flaw.findings) for flaw in ones) for _, ones in shown]
    names = [
        page.clean(policy) + (f" ({number})" if number > 1 else "")
        for ((_, policy), _), number in zip(shown, numbers, strict=True)
    ]
    column = min(max(map(cell_len, names)), max(40, page.width - SEVERITY - 24))
    for name, ((severity, _), ones) in zip(names, shown, strict=True):
        lead = 2 + SEVERITY + max(cell_len(name), column) + 2
        where = page.shorten(_place(ones[0]), page.width - lead) if page.width - lead >= 12 else ""
        page.line(
            "  ", (pad(page.clean(severity), SEVERITY), STYLES.get(severity, "")), pad(name, column + 2), (where, DIM)
        )
    if len(shown) < len(groups):
        rest = [one for _, ones in groups[len(shown) :] for flaw in ones for one in flaw.findings]
        page.line(
            (
                "  " + pad("", SEVERITY) + f"and {count(len(groups) - len(shown), 'more policy')}: {severities(rest)}",
                DIM,
            )
        )
    return len(shown) + (len(shown) < len(groups))


def _place(flaw: Flaw) -> str:
    """The first place, below the module where it lies in it."""
    where = flaw.first.location
    return where.file.removeprefix(f"{flaw.first.module}/") + (f":{where.line}" if where.line else "")
