"""alexandria-scan promote MODULE: which level of the maturity ladder a module earns, and what it lacks for the next."""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import msgspec

from alexandria_scan.acceptance import AcceptanceOptions
from alexandria_scan.catalogue import Selection
from alexandria_scan.commands.output import page_options, print_report
from alexandria_scan.commands.scope import config_for
from alexandria_scan.compliance.difference.earlier import EarlierVersions
from alexandria_scan.compliance.ladder import BESIDE, LEVELS
from alexandria_scan.compliance.maturity import judge
from alexandria_scan.compliance.maturity_case import Case, Handed
from alexandria_scan.compliance.maturity_claim import DEFAULT_STANDARD, standard_of
from alexandria_scan.compliance.promotion import ModulePromotion, Promotion
from alexandria_scan.compliance.result import ClaimResult
from alexandria_scan.graph.module_facts import ModuleFacts
from alexandria_scan.scan import Examination, Options, examine
from alexandria_scan.source.evidence_files import NotEvidence, read_benchmark, read_coverage, read_junit
from alexandria_scan.source.git_history import History, read_history
from alexandria_scan.usage import UsageError

Content = TypeVar("Content")


def run_promote(given: argparse.Namespace) -> int:
    """Prints the promotion. Raises UsageError and PolicyError."""
    promotion = promote(given, _day(given.as_of), _checked_level(given.to))
    if given.format == "json":
        from alexandria_scan.report.promotion_json import render as render_json

        print_report((render_json(promotion),), "json")
    else:
        from alexandria_scan.report.text.promotion import render

        page = render(promotion, verbose=given.verbose, **page_options(given.color, given.width))
        print_report((page,), "text")
    return promotion.exit_status


def promote(given: argparse.Namespace, as_of: datetime.date, to: str | None) -> Promotion:
    """Every module of the library below the path, or the one module that lies there."""
    path = Path(given.path)
    if not path.is_dir():
        raise UsageError(f"{given.path} is not a folder.", "promote takes the folder of a module or of a library.")
    history = read_history(path)
    with EarlierVersions(history.top or path) as earlier:
        handed = Handed(
            _read(given.junit, read_junit),
            _read(given.coverage, read_coverage),
            _read(given.benchmark, read_benchmark),
            as_of,
            history,
            earlier,
        )
        return _judged(given, path, handed, as_of, to)


def _judged(given: argparse.Namespace, path: Path, handed: Handed, as_of: datetime.date, to: str | None) -> Promotion:
    selection = Selection(
        tuple(Path(folder) for folder in given.policies), (), (DEFAULT_STANDARD,), not given.no_python_policies
    )
    # A policy that is disabled would find nothing, and a level is earned by what the module is.
    config = msgspec.structs.replace(config_for(given.config, path), disable=())
    acceptance = AcceptanceOptions(config, as_of.isoformat())
    examined = examine(Options(paths=(given.path,), selection=selection, config=config, acceptance=acceptance))
    own = [one for one in examined.facts if one.folder == path.absolute()]
    facts = own or examined.facts
    if not facts:
        raise UsageError(
            f"There is no module of a library in {given.path}.",
            "A root that configures providers, or an example, has no maturity; give the folder of a module.",
        )
    alone = len(facts) == 1
    ladder = examined.catalogue.ladder
    modules = tuple(
        judge(case, ladder, to, given.verified_only)
        for case in _cases(examined, sorted(facts, key=lambda one: one.path), handed, alone)
    )
    failing = [one for one in modules if _fails(one, alone, to)]
    return Promotion(
        as_of=as_of.isoformat(),
        verified_only=given.verified_only,
        asked=to,
        modules=modules,
        notes=tuple(_notes(handed.history, examined)),
        exit_status=1 if failing else 0,
        verdict=_verdict(modules, failing, alone, to),
    )


def _cases(examined: Examination, modules: list[ModuleFacts], handed: Handed, alone: bool) -> Iterator[Case]:
    claims: dict[str, list[ClaimResult]] = {}
    for claim in examined.result.claims:
        claims.setdefault(claim.module, []).append(claim)
    standard = standard_of(examined.result.standards)
    for facts in modules:
        yield Case(facts, examined.evidence, tuple(claims.get(facts.path, ())), standard, handed, alone)


def _fails(module: ModulePromotion, alone: bool, to: str | None) -> bool:
    """A level that was asked for has to be earned; a library without one has to be what it claims."""
    return not module.met if alone or to is not None else module.demoted


def _verdict(modules: tuple[ModulePromotion, ...], failing: list[ModulePromotion], alone: bool, to: str | None) -> str:
    if alone:
        (one,) = modules
        missing = len(one.missing())
        if one.met:
            return f"{one.name} earns {one.to}."
        lacks = f"{missing} criteri{'on is' if missing == 1 else 'a are'} not met"
        return f"{one.name} does not earn {one.to}: {lacks}."
    what = f"earn{'s' * (len(failing) == 1)} {to}" if to is not None else "less than they claim"
    if not failing:
        return f"Every module earns {to if to is not None else 'what it claims'}."
    number = f"{len(failing)} of {len(modules)} modules"
    return f"{number} do not earn {to}." if to is not None else f"{number} earn {what}."


def _notes(history: History, examined: Examination) -> list[str]:
    notes = [f"No evidence from git: {history.note}."] if history.note and not history.top else []
    notes += [f"Git: {history.note}."] if history.note and history.top else []
    errors = [one for one in examined.result.problems if one.severity == "error"]
    if errors:
        first = errors[0]
        place = f"{first.file}:{first.line}" if first.line else first.file
        notes.append(f"{len(errors)} problem{'' if len(errors) == 1 else 's'} of the scan; {place}: {first.summary}.")
    return notes


def _day(text: str | None) -> datetime.date:
    return datetime.date.fromisoformat(text) if text else datetime.datetime.now(datetime.timezone.utc).date()


def _checked_level(text: str | None) -> str | None:
    known = (*LEVELS[1:], *BESIDE)
    if text is None or text in known:
        return text
    if text == LEVELS[0]:
        raise UsageError("Every module is at least experimental.", f"Levels to promote to: {', '.join(known)}.")
    raise UsageError(f"There is no level {text!r}.", f"Levels to promote to: {', '.join(known)}.")


def _read(name: str | None, read: Callable[[Path], Content]) -> Content | None:
    if name is None:
        return None
    try:
        return read(Path(name))
    except NotEvidence as error:
        raise UsageError(f"{error}.", "Check the file that was handed in.") from None
