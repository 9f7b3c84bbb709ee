"""The scoreboard: modules against standards, the worst first."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor

from rich.cells import cell_len

from alexandria_scan.compliance.result import ModuleScore, ScanResult, StandardScore
from alexandria_scan.report.text.page import BOLD, DIM, Page, Part, pad
from alexandria_scan.report.words import count, listed

ROWS = 12  # of modules that need work, before the rest is only counted
BAR = 12
NUMBERS = (5, 8, 9)  # cells of the columns score, failed and unknown, the gap before them included
NARROWEST_NAME = 24


def write(page: Page, result: ScanResult, verbose: bool) -> None:
    """A table for as many standards as fit side by side, and a next one for the others."""
    standards = [one for one in result.standards if one.modules]
    if not standards:
        return
    waived = sum(module.must_waived for one in standards for module in one.modules)
    page.heading("Scoreboard", "MUST controls that hold" + (f"; {waived} waived, which do not" if waived else ""))
    failing = {one.module for one in result.results if one.verdict == "fail"}
    beside = max(1, (page.width - NARROWEST_NAME) // (sum(NUMBERS) + 3))
    for start in range(0, len(standards), beside):
        page.blank()
        _table(page, standards[start : start + beside], failing, verbose)
    for standard in standards:
        _sections(page, standard, many=len(standards) > 1)


def percent(score: float | None, none: str) -> str:
    """ "71 %"; rounded down, so that only a full score reads 100 %."""
    return none if score is None else f"{floor(score)} %"


def _table(page: Page, standards: Sequence[StandardScore], failing: set[str], verbose: bool) -> None:
    scores = [{one.module: one for one in standard.modules} for standard in standards]
    rows = sorted({module for score in scores for module in score}, key=lambda module: _worst(module, scores))
    busy = [name for name in rows if name in failing or any(_open(score.get(name)) for score in scores)]
    shown = rows if verbose or len(rows) <= ROWS else busy[:ROWS]
    names = [page.clean(module or ".") for module in shown] + ["all modules"]
    bar = BAR + 1
    if page.width - len(standards) * (sum(NUMBERS) + 3 + bar) < NARROWEST_NAME + 6:
        bar = 0
    cell = sum(NUMBERS) + bar
    name = min(max(map(cell_len, names)), page.width - len(standards) * (cell + 3))
    _header(page, standards, name, cell)
    for module in shown:
        parts: list[Part] = [pad(page.shorten(module or ".", name), name)]
        for score in scores:
            parts += ["   ", *_numbers(page, score.get(module), bar)]
        page.line(*parts)
    if len(shown) < len(rows):
        _rest(page, len(rows) - len(shown), len(busy) - len(shown))
    if len(rows) > 1:
        parts = [(pad("all modules", name), BOLD)]
        for standard in standards:
            parts += ["   ", *_numbers(page, _total(standard), bar)]
        page.line(*parts)


def _header(page: Page, standards: Sequence[StandardScore], name: int, cell: int) -> None:
    titles = [page.wrap(f"{one.title or one.name} {one.version}".strip(), cell) for one in standards]
    height = max(map(len, titles))
    for number in range(height):
        parts: list[Part] = [" " * name]
        for title in titles:
            at = number - (height - len(title))
            parts += ["   ", pad(title[at] if at >= 0 else "", cell)]
        page.line(*parts)
    _, failed, unknown = NUMBERS
    columns = pad("score", cell - failed - unknown, right=True)
    columns += pad("failed", failed, right=True) + pad("unknown", unknown, right=True)
    page.line((pad("module", name) + ("   " + columns) * len(standards), DIM))


def _numbers(page: Page, score: ModuleScore | None, bar: int) -> list[Part]:
    """The cells of one module under one standard: bar, percentage, MUST controls failed and unknown."""
    widths = NUMBERS
    if score is None or score.score is None:
        dashes = pad(page.none, bar + widths[0], right=True) + pad(page.none, widths[1], right=True)
        if score and score.unknown:
            return [(dashes, DIM), _number(score.unknown, widths[2], "magenta")]
        return [(dashes + pad(page.none, widths[2], right=True), DIM)]
    style = "green" if score.score >= 100 else "red" if score.must_failed else "yellow"
    filled = floor(max(0.0, min(score.score, 100.0)) * BAR / 100)
    parts: list[Part] = []
    if bar:
        parts = [(page.full * filled, style), (page.empty * (BAR - filled) + " ", DIM)]
    return [
        *parts,
        (pad(percent(score.score, page.none), widths[0], right=True), style),
        _number(score.must_failed, widths[1], "red"),
        _number(score.unknown, widths[2], "magenta"),
    ]


def _number(number: int, width: int, style: str) -> Part:
    return pad(str(number), width, right=True), style if number else DIM


def _rest(page: Page, modules: int, busy: int) -> None:
    """ "and 12 more modules without findings"."""
    clean = modules - busy
    kinds = [f"{busy} with findings or unknowns"] * bool(busy) + [f"{clean} without findings"] * bool(clean)
    if len(kinds) == 1:
        kinds = [kinds[0].partition(" ")[2]]
        page.line((f"and {count(modules, 'more module')} {kinds[0]}", DIM))
    else:
        page.line((f"and {count(modules, 'more module')}: {listed(kinds)}", DIM))


def _sections(page: Page, standard: StandardScore, many: bool) -> None:
    """The sections of a standard that are not complete, the worst first."""
    scored = [(score, name) for name, score in standard.sections.items() if score is not None]
    short = sorted((score, name) for score, name in scored if score < 100)
    if not short:
        return
    parts = [f"{name} {percent(score, page.none)}" for score, name in short]
    if len(scored) > len(short):
        parts.append("the others 100 %" if len(scored) - len(short) > 1 else "the other 100 %")
    page.blank()
    title = f"{standard.title or standard.name} by section: " if many else "By section: "
    page.prose(title + ", ".join(parts), DIM)


def _total(standard: StandardScore) -> ModuleScore:
    modules = standard.modules
    failed, unknown = sum(one.must_failed for one in modules), sum(one.unknown for one in modules)
    return ModuleScore("", standard.score, 0, 0, unknown, failed)


def _open(score: ModuleScore | None) -> bool:
    return score is not None and bool(score.must_failed or score.unknown)


def _worst(module: str, scores: Sequence[dict[str, ModuleScore]]) -> tuple[float, int, int, str]:
    """Sort key: the lowest score first, then the most failures, then the most unknowns."""
    mine = [score[module] for score in scores if module in score]
    known = [one.score for one in mine if one.score is not None]
    failed, unknown = sum(one.must_failed for one in mine), sum(one.unknown for one in mine)
    return (min(known, default=101.0), -failed, -unknown, module)
