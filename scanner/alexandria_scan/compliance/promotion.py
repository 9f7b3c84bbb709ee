"""The result of a promotion: which level each module claims, which it earns, and what is missing for the next."""

from __future__ import annotations

import msgspec

from alexandria_scan.syntax.tree import Location

PROMOTION_VERSION = 1
VERIFIED, ATTESTED, CONTRADICTED, INCONCLUSIVE = "verified", "attested", "contradicted", "inconclusive"


class CriterionResult(msgspec.Struct, frozen=True):
    """One criterion. `evidence` is "verified" (computed, whether it is met or not), "attested" (only the metadata says
    so), "contradicted" (the metadata says one thing, the code another) or "inconclusive" (nothing says anything).
    `next` is what to do where it is not met."""

    id: str
    level: str
    title: str
    met: bool
    evidence: str
    detail: str
    location: Location | None = None
    next: str = ""


class ModulePromotion(msgspec.Struct, frozen=True):
    """`claimed` is the level that the module says it has, `earned` the highest of which every criterion up to it is
    met, `to` the level that was asked for; `met` says whether that is earned. `service_level` goes with what is
    earned. `demoted`: it earns less than it claims."""

    module: str
    name: str
    version: str | None
    claimed: str | None
    earned: str
    to: str
    met: bool
    demoted: bool
    service_level: str
    criteria: tuple[CriterionResult, ...]

    def missing(self) -> list[CriterionResult]:
        return [one for one in self.criteria if not one.met]


class Promotion(msgspec.Struct, frozen=True):
    """`notes` say what evidence could not be had. `asked` is the level given with --to, None if each module was held
    against the next one."""

    as_of: str
    verified_only: bool
    asked: str | None
    modules: tuple[ModulePromotion, ...]
    notes: tuple[str, ...]
    exit_status: int
    verdict: str
