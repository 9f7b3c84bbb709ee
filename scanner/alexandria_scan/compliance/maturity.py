"""Which level of the maturity ladder a module earns. No level is skipped."""

from __future__ import annotations

from collections.abc import Mapping

from alexandria_scan.compliance.ladder import BESIDE, LEVELS, Criterion, Level
from alexandria_scan.compliance.maturity_case import Case, inconclusive
from alexandria_scan.compliance.maturity_measures import MEASURES, OF_CODE
from alexandria_scan.compliance.promotion import ATTESTED, VERIFIED, CriterionResult, ModulePromotion
from alexandria_scan.graph.semantic_version import maturity_of


def judge(case: Case, ladder: Mapping[str, Level], to: str | None, verified_only: bool = False) -> ModulePromotion:
    """One module against the level `to`. Without one, it is held against the level that it claims while it earns less,
    then against the next one; in a library against the next one after the one that it earns."""
    said = case.facts.text("maturity")
    version = case.facts.text("version")
    claimed = said or (maturity_of(version) if version is not None else None)
    results = {name: _criteria(case, level, verified_only) for name, level in ladder.items()}
    earned = _earned(results, ladder)
    beside = to if to in BESIDE else claimed if to is None and claimed in BESIDE else None
    if beside is not None:
        return _beside(case, claimed, earned, beside, results[beside], ladder)
    at = LEVELS.index(claimed) if claimed in LEVELS else 0
    demoted = LEVELS.index(earned) < at
    target = to or (LEVELS[at] if demoted and case.alone else _next(earned if demoted or not case.alone else claimed))
    criteria = [
        one for level in LEVELS[: LEVELS.index(target) + 1] for one in _counting(results, ladder, level, target)
    ]
    skipped = _skipped(case, claimed, target)
    if skipped is not None:
        criteria.append(skipped)
    return ModulePromotion(
        module=case.facts.path,
        name=case.facts.name,
        version=version,
        claimed=claimed,
        earned=earned,
        to=target,
        met=all(one.met for one in criteria),
        demoted=demoted,
        service_level=ladder[earned].service_level,
        criteria=tuple(criteria),
    )


def _beside(
    case: Case, claimed: str | None, earned: str, level: str, criteria: list[CriterionResult],
    ladder: Mapping[str, Level],
) -> ModulePromotion:  # fmt: skip
    """A module that is deprecated or archived: that is another thing than how mature it was."""
    met = all(one.met for one in criteria)
    return ModulePromotion(
        case.facts.path, case.facts.name, case.facts.text("version"), claimed, level if met else earned, level, met,
        claimed == level and not met, ladder[level if met else earned].service_level, tuple(criteria),
    )  # fmt: skip


def _next(claimed: str | None) -> str:
    at = LEVELS.index(claimed) if claimed in LEVELS else 0
    return LEVELS[min(at + 1, len(LEVELS) - 1)]


def _criteria(case: Case, level: Level, verified_only: bool) -> list[CriterionResult]:
    return [_criterion(case, level.name, one, verified_only) for one in level.criteria]


def _criterion(case: Case, level: str, criterion: Criterion, verified_only: bool) -> CriterionResult:
    outcome = MEASURES[criterion.kind](case, criterion.parameters)
    if outcome.met and not case.facts.whole and criterion.kind in OF_CODE:
        outcome = inconclusive(f"not all files of the module could be read; of what could: {outcome.detail}")
    counts = (VERIFIED,) if verified_only else (VERIFIED, ATTESTED)
    met = outcome.met and outcome.evidence in counts
    return CriterionResult(
        criterion.id, level, criterion.title, met, outcome.evidence, outcome.detail, outcome.location,
        "" if met else criterion.next,
    )  # fmt: skip


def _counting(
    results: Mapping[str, list[CriterionResult]], ladder: Mapping[str, Level], level: str, target: str
) -> list[CriterionResult]:
    """The criteria of a level that count for a target above it, or the same."""
    pairs = zip(ladder[level].criteria, results[level], strict=True)
    return [result for criterion, result in pairs if level == target or not criterion.only_here]


def _earned(results: Mapping[str, list[CriterionResult]], ladder: Mapping[str, Level]) -> str:
    """The highest level that is earned with all below it; every module is at least experimental."""
    for number in range(len(LEVELS) - 1, 0, -1):
        target = LEVELS[number]
        below = LEVELS[: number + 1]
        if all(one.met for level in below for one in _counting(results, ladder, level, target)):
            return target
    return LEVELS[0]


def _skipped(case: Case, claimed: str | None, target: str) -> CriterionResult | None:
    at = LEVELS.index(claimed) if claimed in LEVELS else 0
    between = LEVELS[at + 1 : LEVELS.index(target)]
    if not between:
        return None
    said = case.stated("maturity")
    place = said.location if said is not None else None
    detail = f"the module is {claimed or LEVELS[0]}, and {' and '.join(between)} come{'s' * (len(between) == 1)} first"
    following = f"alexandria-scan promote {case.facts.path} --to {between[0]}"
    return CriterionResult("no-level-skipped", target, "No level is skipped", False, VERIFIED, detail, place, following)
