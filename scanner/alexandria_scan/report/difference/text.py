"""A comparison for a terminal or a log: what breaks callers first, then what somebody has to look at, then the rest."""

from __future__ import annotations

from alexandria_scan.compliance.difference.change import Change
from alexandria_scan.compliance.difference.result import Difference, ModuleDifference, Weakened
from alexandria_scan.report.difference.words import (
    TITLES,
    bump_sentence,
    change_text,
    common_bump,
    name_of,
    repeated,
)
from alexandria_scan.report.text.page import BOLD, DIM, STYLES, Page
from alexandria_scan.report.words import count, listed
from alexandria_scan.terminal import terminal_width

FOLDED, NAMED = 8, 6
STYLE = {"major": "bold red", "unknown": STYLES["unknown"], "minor": "green", "patch": DIM}


def render(
    result: Difference, *, width: int | None = None, color: bool = False, unicode: bool = True, verbose: bool = False
) -> str:
    """The comparison as text, with a line end at its end. `verbose` folds nothing."""
    page = Page(width or terminal_width(), unicode)
    _headline(page, result)
    shared = common_bump(result)
    if shared is not None:
        page.prose(bump_sentence(shared))
    alike = repeated(result)
    for paths, changes in alike.items():
        page.heading(f"In {count(len(paths), 'module')}")
        page.prose(_named(paths, verbose), DIM, first=["  "], rest=["  "])
        _effects(page, list(changes), verbose)
    several = {change_text(change) for changes in alike.values() for change in changes}
    for module in result.modules:
        own = [change for change in module.changes if change_text(change) not in several]
        if own:
            _module(page, module, own, shared is None, len(result.modules) > 1, verbose)
    _weakened(page, result.weakened, verbose)
    _problems(page, result)
    page.blank()
    style = {0: "bold green", 1: "bold red"}.get(result.summary.exit_status, "bold yellow")
    page.prose(f"{result.summary.verdict} Exit status {result.summary.exit_status}.", style)
    return page.text(color)


def _headline(page: Page, result: Difference) -> None:
    old, new = (f"{side.label} ({side.commit[:7]})" if side.commit else side.label for side in (result.old, result.new))
    same = sum(module.status == "same" for module in result.modules)
    what = count(len(result.modules), "module")
    page.prose(f"Compared {new} with {old}: {what}{f', {same:,} of them the same' if same else ''}.", BOLD)
    numbers = result.summary
    page.items(
        [
            (f"{number:,} {name}", style)
            for number, name, style in (
                (numbers.major, "breaking", STYLE["major"]),
                (numbers.unknown, "to look at", STYLE["unknown"]),
                (numbers.minor, "new", STYLE["minor"]),
                (numbers.patch, "other", ""),
                (numbers.weakened, "weaker", "yellow"),
            )
            if number
        ]
    )


def _named(paths: tuple[str, ...], verbose: bool) -> str:
    names = [name_of(path) for path in paths]
    if verbose or len(names) <= NAMED + 1:
        return listed(names)
    return listed([*names[:NAMED], f"{len(names) - NAMED:,} more"])


def _module(
    page: Page, module: ModuleDifference, changes: list[Change], with_bump: bool, several: bool, verbose: bool
) -> None:
    if several:
        page.heading(name_of(module.path), "" if module.status == "changed" else module.status)
    if with_bump:
        page.prose(bump_sentence(module.bump))
    _effects(page, changes, verbose)


def _effects(page: Page, changes: list[Change], verbose: bool) -> None:
    for effect, title in TITLES.items():
        found = [change for change in changes if change.effect == effect]
        if found:
            page.blank()
            page.line((title, STYLE[effect]))
            _changes(page, found, verbose or effect in ("major", "unknown"))


def _changes(page: Page, changes: list[Change], whole: bool) -> None:
    shown = changes if whole or len(changes) <= FOLDED + 1 else changes[:FOLDED]
    for change in shown:
        page.prose(f"{change.subject} {change.message}", first=["  "], rest=["      "])
        place = _place(page, change)
        if place and change.effect in ("major", "unknown"):
            page.line((f"      {place}", DIM))
    if len(shown) < len(changes):
        page.line((f"  {page.cut} {len(changes) - len(shown):,} more, with --verbose", DIM))


def _place(page: Page, change: Change) -> str:
    """Where to look: in the new version, and in the old one where it stood elsewhere or is gone."""
    old, new = (
        None if one is None else f"{one.file}:{one.line}" if one.line else one.file for one in (change.old, change.new)
    )
    if old is None or old == new:
        return new or ""
    return f"{new}{page.dot}was {old}" if new is not None else f"was {old}"


def _weakened(page: Page, weaker: tuple[Weakened, ...], verbose: bool) -> None:
    if not weaker:
        return
    page.heading("Weaker than before", "with the defaults")
    shown = weaker if verbose else weaker[: FOLDED * 2]
    for one in shown:
        where = f"{name_of(one.module)}: " if one.module != "." else ""
        title = f"{where}{one.title} [{one.policy}]"
        page.prose(title, first=["  ", (one.severity, STYLES.get(one.severity, "")), " "], rest=["      "])
        subject = f"{one.address}: " if one.address else ""
        page.prose(f"{subject}{one.message}", DIM, first=["      "], rest=["      "])
        if one.controls:
            page.prose(f"control {listed(one.controls)}", DIM, first=["      "], rest=["      "])
    if len(shown) < len(weaker):
        page.line((f"  {page.cut} {len(weaker) - len(shown):,} more, with --verbose", DIM))


def _problems(page: Page, result: Difference) -> None:
    if not result.problems:
        return
    page.heading("Problems")
    for problem in result.problems:
        place = f"{problem.file}:{problem.line}" if problem.line else problem.file
        page.prose(f"{place}: {problem.summary}: {problem.detail}".rstrip(": "), first=["  "], rest=["      "])
        if problem.help:
            page.prose(problem.help, DIM, first=["      "], rest=["      "])
