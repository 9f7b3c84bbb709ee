"""All claims of modules, that of a maturity level among them: held against the ladder with what a scan can see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from alexandria_scan.compliance.evidence import Evidence
from alexandria_scan.compliance.result import ClaimResult, StandardScore
from alexandria_scan.graph.module_facts import ModuleFacts

if TYPE_CHECKING:
    from alexandria_scan.compliance.ladder import Level

DEFAULT_STANDARD = "alexandria-module-standards"


def standard_of(standards: Iterable[StandardScore]) -> StandardScore | None:
    """The standard whose sections the ladder asks for."""
    return next((one for one in standards if one.name == DEFAULT_STANDARD), None)


def all_claims(
    modules: Iterable[ModuleFacts], given: Evidence, ladder: Callable[[], Mapping[str, Level]]
) -> tuple[ClaimResult, ...]:
    """What every module claims, sorted by module and place."""
    found: list[ClaimResult] = []
    for facts in modules:
        own = _measured(facts, given) if facts.claims else []
        own += _maturity(facts, own, given, ladder)
        found += own if facts.whole else map(_undecided, own)
    return tuple(sorted(found, key=_order))


def _measured(facts: ModuleFacts, given: Evidence) -> list[ClaimResult]:
    from alexandria_scan.compliance.claims import judge_claims  # most modules claim nothing

    return judge_claims(facts, given)


def _undecided(claim: ClaimResult) -> ClaimResult:
    """The claim of a module of which not everything could be read: nothing that was measured says enough."""
    detail = "not all files of the module could be read"
    return msgspec.structs.replace(claim, verdict="inconclusive", measured="", detail=detail)


def _order(claim: ClaimResult) -> tuple[object, ...]:
    return (claim.module, claim.location.file, claim.location.line, claim.claim, claim.claimed)


def _maturity(
    facts: ModuleFacts, claims: list[ClaimResult], given: Evidence, ladder: Callable[[], Mapping[str, Level]]
) -> list[ClaimResult]:
    """The claim of a level, if the module makes one: contradicted where a criterion is known not to be met."""
    said = facts.stated.get("maturity")
    standard = standard_of(given.standards)
    if said is None or standard is None:
        return []
    from alexandria_scan.compliance.ladder import LEVELS  # few modules claim a level
    from alexandria_scan.compliance.maturity import judge
    from alexandria_scan.compliance.maturity_case import Case, Handed
    from alexandria_scan.compliance.promotion import INCONCLUSIVE

    if said.value not in LEVELS:
        return []
    case = Case(facts, given, tuple(claims), standard, Handed(), alone=False)
    promotion = judge(case, ladder(), str(said.value))
    missing = [one for one in promotion.missing() if one.id != "no-level-skipped"]
    known = [one for one in missing if one.evidence != INCONCLUSIVE]
    verdict = "contradicted" if known else "inconclusive" if missing else "verified"
    told = [f"{one.level}: {one.title}" for one in known or missing]
    more = f"; and {len(told) - 2} more" if len(told) > 2 else ""
    lacks = "not met" if known else "not known"
    detail = f"{lacks}: {'; '.join(told[:2])}{more}" if told else ""
    if verdict == "inconclusive":  # what a scan says follows from the files alone, so that it can be repeated
        detail += "; alexandria-scan promote decides it, it asks git"
    measured = promotion.earned if not missing or known else ""
    return [ClaimResult(facts.path, "maturity", str(said.value), measured, verdict, said.location, detail)]
