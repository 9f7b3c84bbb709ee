"""Findings under the policy that found them, and unknowns under the value that is missing."""

from __future__ import annotations

import json
from collections.abc import Sequence

import msgspec

from alexandria_scan.compliance.causes import Cause
from alexandria_scan.compliance.fingerprint import LENGTH
from alexandria_scan.compliance.result import PolicyInfo, ScanResult
from alexandria_scan.report.plain import plain
from alexandria_scan.report.reported import Reported, severity
from alexandria_scan.report.words import rank

_NAMED = 12  # digits of a fingerprint in the name of a finding
_LONG = 60  # characters of the value of a parameter
_NOTHING = PolicyInfo("", "", "")


def anchor(found: Reported) -> str:
    """The name of a finding in the page, which links use: the same as long as the finding has its fingerprint."""
    return f"f{found.fingerprint[:_NAMED]}{found.fingerprint[LENGTH:]}"


class Group(msgspec.Struct, frozen=True):
    """What one policy found at one severity."""

    policy: str
    title: str
    severity: str
    why: tuple[str, ...]
    fix: tuple[str, ...]
    info: PolicyInfo
    controls: tuple[str, ...]
    findings: tuple[Reported, ...]


class UnknownGroup(msgspec.Struct, frozen=True):
    """The checks that wait for one missing value, and what would decide them."""

    reason: str
    decide: str
    findings: tuple[Reported, ...]


def finding_groups(result: ScanResult, found: Sequence[Reported]) -> list[Group]:
    """The most severe first, then what occurs most."""
    groups: dict[tuple[str, str], list[Reported]] = {}
    for one in found:
        groups.setdefault((one.cause.severity, one.cause.policy), []).append(one)
    made = [_group(result, *key, ones) for key, ones in groups.items()]
    return sorted(made, key=lambda one: (rank(one.severity), -len(one.findings), one.policy))


def _group(result: ScanResult, severity_: str, policy: str, found: list[Reported]) -> Group:
    info = result.policies.get(policy, _NOTHING)
    controls = dict.fromkeys(control for one in found for control in one.cause.controls)
    return Group(
        policy,
        info.title or found[0].cause.title,
        severity(severity_),
        paragraphs(info.why),
        paragraphs(info.fix),
        info,
        tuple(controls),
        tuple(found),
    )


def paragraphs(text: str) -> tuple[str, ...]:
    """The paragraphs of a text, which empty lines part."""
    return tuple(" ".join(part.split()) for part in text.split("\n\n") if part.strip())


def unknown_groups(found: Sequence[Reported]) -> list[UnknownGroup]:
    """The value that most checks wait for comes first."""
    groups: dict[tuple[str, str], list[Reported]] = {}
    for one in found:
        groups.setdefault((one.cause.reason, one.cause.decide), []).append(one)
    order = sorted(groups, key=lambda key: (-len(groups[key]), key))
    return [UnknownGroup(*key, tuple(groups[key])) for key in order]


def parameters(cause: Cause) -> list[tuple[str, str]]:
    """The names and values of the parameters by which a policy judged; of a long table of values only its beginning."""
    texts = {name: json.dumps(value, ensure_ascii=False) for name, value in plain(cause.parameters).items()}
    return [(name, text if len(text) <= _LONG else f"{text[:_LONG]}…") for name, text in texts.items()]
