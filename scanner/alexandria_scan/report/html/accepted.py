"""What is accepted: waivers with owner and expiry, and what of a baseline is fixed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from alexandria_scan.compliance.result import BaselineEntry, ScanResult
from alexandria_scan.report.reported import Reported
from alexandria_scan.syntax.tree import Location


class Accepted(msgspec.Struct, frozen=True):
    """A waiver and the findings that it accepts. `expired`: its last day is before the day of the result."""

    reason: str
    owner: str
    until: str
    expired: bool
    written: Location | None
    findings: tuple[Reported, ...]


def waived_findings(result: ScanResult, found: Sequence[Reported]) -> list[Accepted]:
    """The waivers that are in use; those that end first come first, those without an end last."""
    groups: dict[tuple[str, str, str, Location | None], list[Reported]] = {}
    for one in found:
        waiver = one.cause.waiver
        known = (waiver.reason, waiver.owner, waiver.until, waiver.location) if waiver else None
        groups.setdefault(known or (one.cause.reason, "", "", None), []).append(one)
    made = [
        Accepted(reason, owner, until, bool(until and result.as_of > until), written, tuple(ones))
        for (reason, owner, until, written), ones in groups.items()
    ]
    return sorted(made, key=lambda one: (not one.until, one.until, one.owner, one.reason, one.findings[0].fingerprint))


def fixed_by_module(result: ScanResult) -> dict[str, list[BaselineEntry]]:
    """What the baseline knows and is there no more."""
    modules: dict[str, list[BaselineEntry]] = {}
    for entry in sorted(result.baseline.fixed) if result.baseline is not None else ():
        modules.setdefault(entry.module, []).append(entry)
    return modules
