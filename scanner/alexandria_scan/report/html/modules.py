"""Modules: what each is, what was found in it, what it claims, and what its callers can get."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from alexandria_scan.compliance.result import ClaimResult, ModuleScore, ScannedModule, ScanResult
from alexandria_scan.patterns import pattern
from alexandria_scan.policy.results import SEVERITIES, Result
from alexandria_scan.report.html.picture import Picture, module_picture
from alexandria_scan.report.reported import Reported, severity
from alexandria_scan.report.words import rank

CLAIM_VERDICTS = ("contradicted", "inconclusive", "verified")
_KEY = pattern(r'\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]')
POSTURES = ("never", "on request", "by default", "undecided", "always")


class ModuleView(msgspec.Struct, frozen=True):
    """`severities` are the numbers of findings in it, `unknown` that of checks that wait for a value; `scores` are by
    title of the standard."""

    module: ScannedModule
    scores: tuple[tuple[str, ModuleScore], ...]
    severities: tuple[tuple[str, int], ...]
    unknown: int
    picture: Picture | None


class Posture(msgspec.Struct, frozen=True):
    """What callers of one module can get: numbers by kind, and for each policy the inputs that decide."""

    module: str
    numbers: tuple[tuple[str, int], ...]
    rows: tuple[tuple[str, str, str], ...]


def module_views(result: ScanResult, found: Sequence[Reported]) -> list[ModuleView]:
    causes: dict[str, list[Reported]] = {}
    for one in found:
        causes.setdefault(one.cause.module, []).append(one)
    return [_module(result, module, causes.get(module.path, [])) for module in result.scanned.details]


def _module(result: ScanResult, module: ScannedModule, found: Sequence[Reported]) -> ModuleView:
    failed = Counter(severity(one.cause.severity) for one in found if one.cause.verdict == "fail")
    worst: dict[str, str] = {}
    for one in sorted(found, key=lambda one: (one.cause.verdict != "fail", rank(one.cause.severity))):
        if one.cause.verdict in ("fail", "unknown"):
            state = severity(one.cause.severity) if one.cause.verdict == "fail" else "unknown"
            worst.setdefault(_block(one.cause), state)
    scores = tuple(
        (f"{standard.title or standard.name} {standard.version}".strip(), score)
        for standard in result.standards
        for score in standard.modules
        if score.module == module.path
    )
    return ModuleView(
        module,
        scores,
        tuple((name, failed[name]) for name in SEVERITIES if failed[name]),
        sum(one.cause.verdict == "unknown" for one in found),
        module_picture(module, worst),
    )


def _block(one: Result) -> str:
    """The address of the resource's block in its own module: without the calls that led there, and without keys."""
    return ".".join(_KEY.sub("", one.address).split(".")[-2:])


def claims_by_module(result: ScanResult) -> dict[str, list[ClaimResult]]:
    """The claims of each module, the contradicted ones first."""
    modules: dict[str, list[ClaimResult]] = {}
    for one in result.claims:
        modules.setdefault(one.module, []).append(one)
    for claims in modules.values():
        claims.sort(key=lambda one: (_place(one.verdict, CLAIM_VERDICTS), one.location.line, one.claim, one.claimed))
    return dict(sorted(modules.items()))


def postures(result: ScanResult) -> list[Posture]:
    """What can be turned off or on, and what cannot."""
    modules: dict[str, list[Result]] = {}
    for one in result.results:
        if one.posture and one.root == one.module:
            modules.setdefault(one.module, []).append(one)
    return [_posture(module, found) for module, found in sorted(modules.items())]


def _posture(module: str, found: Sequence[Result]) -> Posture:
    numbers = Counter(one.posture for one in found)
    kinds = sorted(numbers, key=lambda kind: (_place(kind, POSTURES), kind))
    rows = {(one.posture, one.policy, ", ".join(one.posture_variables)) for one in found if one.posture != "always"}
    return Posture(
        module,
        tuple((kind, numbers[kind]) for kind in kinds),
        tuple(sorted(rows, key=lambda row: (_place(row[0], POSTURES), *row))),
    )


def _place(text: str, order: Sequence[str]) -> int:
    return order.index(text) if text in order else len(order)
