"""Claimed against measured: what modules say of themselves, and what is so."""

from __future__ import annotations

from collections import Counter

from rich.cells import cell_len

from alexandria_scan.compliance.result import ClaimResult, ScanResult
from alexandria_scan.report.text.page import BOLD, DIM, Page, Part, pad
from alexandria_scan.report.words import count

VERDICTS = ("contradicted", "inconclusive", "verified")
STYLES = {"contradicted": "red", "inconclusive": "magenta", "verified": "green"}
ROWS = 30  # of claims that are contradicted; more of them fold to their names
FILES = 10  # whose claims are named
WIDEST_CLAIM, WIDEST_CLAIMED = 32, 34


def write(page: Page, result: ScanResult, verbose: bool) -> None:
    """The claims that are contradicted, by file; with `verbose` all of them."""
    if not result.claims:
        return
    shown = [one for one in result.claims if verbose or one.verdict == "contradicted"]
    page.heading("Claimed against measured")
    numbers = Counter(one.verdict for one in result.claims)
    parts: list[Part] = [(f"{numbers[name]:,} {name}", STYLES[name]) for name in VERDICTS if numbers[name]]
    page.items(parts)
    files: dict[str, list[ClaimResult]] = {}
    for one in shown:
        files.setdefault(one.location.file, []).append(one)
    if not verbose and len(shown) > ROWS:
        _folded(page, files)
        return
    for file, claims in files.items():
        page.blank()
        page.line((page.clean(file), BOLD))
        _table(page, claims, verbose)


def _folded(page: Page, files: dict[str, list[ClaimResult]]) -> None:
    """The contradicted claims of each file by name, the file with the most first."""
    ranked = sorted(files.items(), key=lambda item: (-len(item[1]), item[0]))
    shown = ranked if len(ranked) <= FILES + 1 else ranked[:FILES]
    page.blank()
    for file, claims in shown:
        names = Counter(_named(one) for one in claims)
        told = ", ".join(name + (f" ({number})" if number > 1 else "") for name, number in names.items())
        page.line((page.shorten(file, page.width), BOLD))
        page.prose(told, DIM, first=[f"  {len(claims)} contradicted: "], rest=["    "])
    rest = sum(len(claims) for _, claims in ranked[len(shown) :])
    page.blank()
    more = (
        f"and {count(rest, 'more contradicted claim')} in {count(len(ranked) - len(shown), 'file')}: " if rest else ""
    )
    page.line((f"{more}-v tells what was measured.", DIM))


def _table(page: Page, claims: list[ClaimResult], verbose: bool) -> None:
    """Line, claim, what is claimed, what was measured; with a verdict for each where not all are contradicted."""
    line = max(len(str(one.location.line)) for one in claims)
    least = min(page.width // 4, 22)
    name = min(max(cell_len(_named(one)) for one in claims), max(least, min(WIDEST_CLAIM, page.width // 3)))
    claimed = min(max(cell_len(page.clean(one.claimed)) for one in claims), min(WIDEST_CLAIMED, page.width // 4))
    for one in sorted(claims, key=lambda one: (one.location.line, one.claim, one.claimed, one.module)):
        detail = f" ({one.detail})" if one.detail else ""
        measured = f"{one.measured}{detail}" if one.measured else one.detail
        if verbose:
            measured = f"{one.verdict}: {measured}" if measured else one.verdict
        lead = 2 + line + 2 + name + 2 + claimed + 2
        room = max(16, page.width - lead)
        cells = (page.wrap(_named(one), name), page.wrap(one.claimed, claimed), page.wrap(measured, room))
        for row in range(max(map(len, cells))):
            texts = [cell[row] if row < len(cell) else "" for cell in cells]
            number = pad(str(one.location.line) if not row else "", line, right=True)
            page.line(f"  {number}  {pad(texts[0], name)}  {pad(texts[1], claimed)}  ", (texts[2], STYLES[one.verdict]))


def _named(one: ClaimResult) -> str:
    """The claim; in a file that is about many modules with the module's name."""
    own = one.location.file.rpartition("/")[0] == one.module.removesuffix(".")
    return one.claim if own else f"{one.module.rpartition('/')[2]}: {one.claim}"
