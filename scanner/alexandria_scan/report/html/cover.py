"""What comes first: the verdict, and the numbers that it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from alexandria_scan.compliance.causes import Cause
from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.policy.results import SEVERITIES
from alexandria_scan.report.reported import severity
from alexandria_scan.report.words import ended

_STATES = {0: ("pass", "Compliant"), 1: ("fail", "Not compliant")}


class Cover(msgspec.Struct, frozen=True):
    """`state` is "pass", "fail" or "incomplete", `word` the same for people; `severities` the number of findings at
    each, `reaching` those at which a finding fails the scan."""

    state: str
    word: str
    sentence: str
    findings: int
    unknown: int
    waived: int
    severities: tuple[tuple[str, int], ...]
    environments: tuple[str, ...]
    kinds: tuple[tuple[str, int], ...]


def cover(result: ScanResult, causes: Sequence[Cause]) -> Cover:
    state, word = _STATES.get(result.summary.exit_status, ("incomplete", "Incomplete"))
    verdicts = Counter(one.verdict for one in causes)
    found = Counter(severity(one.severity) for one in causes if one.verdict == "fail")
    return Cover(
        state,
        word,
        _sentence(word, result.summary.verdict),
        verdicts["fail"],
        verdicts["unknown"],
        verdicts["waived"],
        tuple((name, found[name]) for name in SEVERITIES),
        tuple(sorted({one.environment for one in result.results if one.environment})),
        tuple(sorted(Counter(one.kind for one in result.scanned.details).items())),
    )


def _sentence(word: str, verdict: str) -> str:
    """The sentence of the verdict without the word that stands above it."""
    rest = verdict.removeprefix(f"{word}: ")
    return ended(rest[:1].upper() + rest[1:])
