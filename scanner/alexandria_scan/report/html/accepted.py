"""What is accepted: waivers with owner and expiry, and what of a baseline is fixed."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from alexandria_scan.compliance.result import BaselineEntry, ScanResult
from alexandria_scan.policy.results import Waiver
from alexandria_scan.report.reported import Reported


class Accepted(msgspec.Struct, frozen=True):
    """A waiver and the findings that it accepts; a result that another program wrote may give a reason alone.
    `expired`: its last day is before the day of the result."""

    reason: str
    waiver: Waiver | None
    expired: bool
    findings: tuple[Reported, ...]


def waived_findings(result: ScanResult, found: Sequence[Reported]) -> list[Accepted]:
    """The waivers that are in use; those that end first come first, those without an end last."""
    groups: dict[tuple[str, Waiver | None], list[Reported]] = {}
    for one in found:
        waiver = replace(one.cause.waiver, verdict="fail") if one.cause.waiver else None
        groups.setdefault((waiver.reason if waiver else one.cause.reason, waiver), []).append(one)
    made = [
        Accepted(reason, waiver, bool(waiver and waiver.until and result.as_of > waiver.until), tuple(ones))
        for (reason, waiver), ones in groups.items()
    ]
    return sorted(made, key=_end)


def _end(one: Accepted) -> tuple[bool, str, str, str]:
    until = one.waiver.until if one.waiver else ""
    return (not until, until, one.reason, one.findings[0].fingerprint)


def fixed_by_module(result: ScanResult) -> dict[str, list[BaselineEntry]]:
    """What the baseline knows and is there no more."""
    modules: dict[str, list[BaselineEntry]] = {}
    for entry in sorted(result.baseline.fixed) if result.baseline is not None else ():
        modules.setdefault(entry.module, []).append(entry)
    return modules
