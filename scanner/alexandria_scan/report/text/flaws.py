"""Flaws: the findings of one policy at one place as one, whichever roots show them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from alexandria_scan.compliance.causes import Cause, by_cause
from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.policy.results import Result
from alexandria_scan.report.words import rank


class Flaw(msgspec.Struct, frozen=True):
    """`causes` are of one policy at one place: several where roots pass different values. `also` are other places that
    differ in nothing but the place. Each cause is a finding, so the numbers of a report add up."""

    causes: tuple[Cause, ...]
    also: tuple[Cause, ...] = ()

    @property
    def first(self) -> Cause:
        return self.causes[0]

    @property
    def findings(self) -> tuple[Cause, ...]:
        return self.causes + self.also


def counts(one: Result) -> bool:
    """Whether a result is a finding that is not accepted: what the baseline knows is told apart."""
    return one.verdict == "fail" and one.baseline != "known"


def flaws(result: ScanResult) -> list[list[Flaw]]:
    """The flaws of each module, the most severe first; the module with the worst ones first."""
    modules: dict[str, dict[object, list[Cause]]] = {}
    for one in by_cause(one for one in result.results if counts(one)):
        places = modules.setdefault(one.module, {})
        places.setdefault((one.policy, one.severity, one.title, one.location), []).append(one)
    found = {module: _grouped(places.values()) for module, places in modules.items()}
    return [found[module] for module in sorted(found, key=lambda module: (_weight(found[module]), module))]


def together(flaw: Flaw) -> Cause:
    """The causes at the flaw's place as one, with the addresses, roots and controls of all."""
    if len(flaw.causes) == 1:
        return flaw.first
    return replace(
        flaw.first,
        addresses=_all(one.addresses for one in flaw.causes),
        roots=_all(one.roots for one in flaw.causes),
        controls=_all(one.controls for one in flaw.causes),
    )


def order(flaw: Flaw) -> tuple[int, str, int, int, str, str]:
    """Sort key: the most severe first, then by place."""
    one, where = flaw.first, flaw.first.location
    return (rank(one.severity), where.file, where.line, where.column, one.policy, one.address)


def severities(findings: Iterable[Result]) -> str:
    """ "1 critical, 3 high"."""
    found = Counter(one.severity for one in findings)
    return ", ".join(f"{found[severity]} {severity}" for severity in sorted(found, key=rank))


def _all(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for group in groups for one in group))


def _weight(found: Sequence[Flaw]) -> tuple[int, ...]:
    numbers = Counter(rank(one.severity) for flaw in found for one in flaw.findings)
    return tuple(-numbers[number] for number in range(6))


def _grouped(places: Iterable[list[Cause]]) -> list[Flaw]:
    """Places of one policy together, where the source line and the message say all that there is to say."""
    groups: dict[object, list[Flaw]] = {}
    for flaw in sorted((Flaw(tuple(causes)) for causes in places), key=order):
        one = flaw.first
        plain = len(flaw.causes) == 1 and len(one.origin) <= 1 and len(one.addresses) <= 1
        key = (one.policy, one.severity, one.roots, one.environment) if plain else id(flaw)
        groups.setdefault(key, []).append(flaw)
    return [Flaw(first.causes, tuple(one.first for one in rest)) for first, *rest in groups.values()]
