"""What a format for other systems tells: findings, unknowns and waived findings, one entry for each cause."""

from __future__ import annotations

import msgspec

from alexandria_scan.compliance.causes import Cause, by_cause
from alexandria_scan.compliance.fingerprint import fingerprints
from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.policy.results import SEVERITIES
from alexandria_scan.report.words import count, printable, rank

VERDICTS = ("fail", "unknown", "waived")
KINDS = (*VERDICTS, "known")


class Reported(msgspec.Struct, frozen=True):
    """A cause and its fingerprint, which no other cause in the report has."""

    cause: Cause
    fingerprint: str


def reported(result: ScanResult) -> list[Reported]:
    """Findings, unknowns, what is waived, and findings that the baseline knows; the most severe first in each."""
    causes = by_cause(one for one in result.results if one.verdict in VERDICTS)
    told = [Reported(one, text) for one, text in zip(causes, fingerprints(causes), strict=True)]
    return sorted(told, key=lambda one: (KINDS.index(kind(one.cause)), rank(one.cause.severity)))


def kind(one: Cause) -> str:
    """The verdict, or "known" for a finding that the baseline knows, which fails no scan."""
    return "known" if one.verdict == "fail" and one.baseline == "known" else one.verdict


def sentence(one: Cause) -> str:
    """What is wrong, or why it could not be decided, or why it is waived; on one line."""
    if one.verdict == "unknown":
        decide = f"; {one.decide}" if one.decide else ""
        return printable(f"Unknown: {one.reason or 'the value is not known'}{decide}")
    if one.verdict == "waived":
        return printable(f"Waived: {one.message or one.title} ({one.reason or 'no reason given'})")
    if kind(one) == "known":
        return printable(f"Known to the baseline: {one.message or one.title}")
    return printable(one.message or one.title)


def where(one: Cause) -> str:
    """The address, the number of further instances with this cause, and the environment."""
    more = f" and {count(len(one.addresses) - 1, 'more instance')}" if len(one.addresses) > 1 else ""
    return printable(one.address + more + (f" ({one.environment})" if one.environment else ""))


def severity(text: str) -> str:
    """The severity, "info" for one that is not known: formats have names for these five only."""
    return text if text in SEVERITIES else "info"
