"""The claim of a maturity level, held against the ladder with what a scan alone can see."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from alexandria_scan.compliance.claims import Evidence
from alexandria_scan.compliance.ladder import LEVELS, Level
from alexandria_scan.compliance.maturity import judge
from alexandria_scan.compliance.maturity_case import Case, Handed
from alexandria_scan.compliance.promotion import INCONCLUSIVE
from alexandria_scan.compliance.result import ClaimResult, StandardScore
from alexandria_scan.graph.module_facts import ModuleFacts

DEFAULT_STANDARD = "alexandria-module-standards"


def standard_of(standards: Iterable[StandardScore]) -> StandardScore | None:
    """The standard whose sections the ladder asks for."""
    return next((one for one in standards if one.name == DEFAULT_STANDARD), None)


def maturity_claim(
    facts: ModuleFacts, claims: list[ClaimResult], given: Evidence, ladder: Callable[[], Mapping[str, Level]]
) -> list[ClaimResult]:
    """The claim, if the module makes one: contradicted where a criterion is known not to be met."""
    said = facts.stated.get("maturity")
    standard = standard_of(given.standards)
    if said is None or said.value not in LEVELS or standard is None:
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
    measured = promotion.earned if not missing or known else ""
    return [ClaimResult(facts.path, "maturity", str(said.value), measured, verdict, said.location, detail)]
