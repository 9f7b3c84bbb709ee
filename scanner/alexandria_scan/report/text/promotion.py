"""A promotion for a terminal: one module criterion by criterion, a library as a table."""

from __future__ import annotations

from collections import Counter

from rich.cells import cell_len

from alexandria_scan.compliance.ladder import BESIDE, LEVELS
from alexandria_scan.compliance.promotion import VERIFIED, CriterionResult, ModulePromotion, Promotion
from alexandria_scan.report.text.page import BOLD, DIM, Page, Part, pad
from alexandria_scan.report.words import count, listed
from alexandria_scan.terminal import terminal_width

STYLES = {"verified": "green", "attested": "cyan", "contradicted": "red", "inconclusive": "magenta"}
_COLUMNS = (13, 13, 13)


def render(
    promotion: Promotion, *, width: int | None = None, color: bool = False, verbose: bool = False, unicode: bool = True
) -> str:
    """The promotion as text, with a line end at its end. `verbose` lists what is met, too."""
    page = Page(width or terminal_width(), unicode)
    if len(promotion.modules) == 1:
        _module(page, promotion.modules[0], verbose)
    else:
        _library(page, promotion)
        if verbose:
            for one in promotion.modules:
                page.blank()
                _module(page, one, verbose)
    page.blank()
    for note in promotion.notes:
        page.prose(note, DIM)
    counted = "counting verified evidence only" if promotion.verified_only else "verified and attested evidence counts"
    page.line((f"As of {promotion.as_of}; {counted}.", DIM))
    style = "bold red" if promotion.exit_status else "bold green"
    page.prose(f"{promotion.verdict} Exit status {promotion.exit_status}.", style)
    return page.text(color)


def _module(page: Page, one: ModulePromotion, verbose: bool) -> None:
    version = f" {one.version}" if one.version else ""
    page.line((f"{one.name}{version}", BOLD), (f"  {one.module}", DIM))
    claims = f"claims {one.claimed}" if one.claimed else "claims no level"
    earned = ("bold red" if one.demoted else "bold green", f"earns {one.earned}")
    page.items([claims, (earned[1], earned[0]), f"held against {one.to}", f"service level {one.service_level}"])
    if one.demoted and one.claimed not in BESIDE:
        page.prose(f"It claims {one.claimed}, and what it shows is worth {one.earned}.", "red")
    levels = list(dict.fromkeys(criterion.level for criterion in one.criteria))
    for level in levels:
        criteria = [criterion for criterion in one.criteria if criterion.level == level]
        met = [criterion for criterion in criteria if criterion.met]
        page.blank()
        numbers = Counter(criterion.evidence for criterion in met)
        told = listed([f"{numbers[name]} {name}" for name in STYLES if numbers[name]])
        remark = f"{len(met)} of {len(criteria)} met" + (f": {told}" if told else "")
        page.line((pad(level, 14), BOLD), (remark, "green" if len(met) == len(criteria) else ""))
        for criterion in criteria:
            if verbose or level == one.to or not criterion.met:
                _criterion(page, criterion)


def _criterion(page: Page, one: CriterionResult) -> None:
    mark: Part = ("+ " if one.met else "- ", "green" if one.met else "bold red")
    evidence, style = one.evidence, STYLES[one.evidence]
    if one.evidence == VERIFIED and not one.met:
        evidence, style = "not met", "red"
    page.prose(one.title, first=["  ", mark, (pad(evidence, 14), style)], rest=[" " * 18])
    place = f"{one.location.file}:{one.location.line}" if one.location is not None and one.location.line else ""
    if one.detail:
        page.prose(one.detail, DIM, first=[" " * 18], rest=[" " * 18])
    if place:
        page.line(" " * 18, (page.clean(place), DIM))
    if one.next:
        page.prose(one.next, first=[" " * 16, ("> " if not page.unicode else "→ ", BOLD)], rest=[" " * 18])


def _library(page: Page, promotion: Promotion) -> None:
    """A row a module, those that earn less than they claim first, with what each lacks under it."""
    rows = sorted(promotion.modules, key=lambda one: (not one.demoted, one.met, one.module))
    numbers = Counter(one.earned for one in rows)
    told = listed([f"{numbers[name]} {name}" for name in (*LEVELS[::-1], *BESIDE) if numbers[name]])
    page.prose(f"{count(len(rows), 'module')} by what they earn: {told}.", BOLD)
    page.blank()
    room = page.width - sum(_COLUMNS) - len("  missing")
    name = min(max(cell_len(page.clean(one.module or ".")) for one in rows), room)
    heads = [pad(text, width) for text, width in zip(("claims", "earns", "next"), _COLUMNS, strict=True)]
    page.line((f"{pad('module', name)}  {''.join(heads)}missing", DIM))
    for one in rows:
        missing = one.missing()
        page.line(
            pad(page.shorten(one.module or ".", name), name), "  ",
            pad(one.claimed or page.none, _COLUMNS[0]),
            (pad(one.earned, _COLUMNS[1]), "red" if one.demoted else "green"),
            pad(one.to, _COLUMNS[2]),
            (str(len(missing)) if missing else "nothing", "" if missing else "green"),
        )  # fmt: skip
        if missing:
            page.prose("; ".join(_lacking(criterion) for criterion in missing), DIM, first=["    "], rest=["    "])


def _lacking(one: CriterionResult) -> str:
    return f"{one.title} ({one.evidence})" if one.evidence != VERIFIED else one.title
