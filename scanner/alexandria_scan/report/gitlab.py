"""GitLab's Code Quality report: a list of findings, unknowns, waived findings and problems, for merge requests.

The fields are those of https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format; GitLab shows what
is new against the target branch, by fingerprint.
"""

from __future__ import annotations

import hashlib
from typing import Any

from alexandria_scan.compliance.fingerprint import LENGTH
from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.report.plain import json_text
from alexandria_scan.report.reported import Reported, reported, sentence, severity, where
from alexandria_scan.report.words import ended, printable
from alexandria_scan.source.problems import Problem

PROBLEM = "alexandria-scan-problem"
_SEVERITIES = {"critical": "blocker", "high": "critical", "medium": "major", "low": "minor", "info": "info"}


def render(result: ScanResult) -> str:
    """The result as a JSON array. What is unknown or waived has the severity "info" and says so."""
    numbered = _numbered(result.problems)
    return json_text([*(_entry(one) for one in reported(result)), *(_problem(*one) for one in numbered)])


def _entry(one: Reported) -> dict[str, Any]:
    cause = one.cause
    level = _SEVERITIES[severity(cause.severity)] if cause.verdict == "fail" else "info"
    description = f"{printable(cause.title)}: {sentence(cause)} [{where(cause)}]"
    return _issue(description, cause.policy, one.fingerprint, level, cause.location.file, cause.location.line)


def _numbered(problems: tuple[Problem, ...]) -> list[tuple[Problem, int]]:
    """Each problem with how many came before that differ from it in nothing but the line."""
    seen: dict[tuple[str, ...], int] = {}
    numbered = []
    for one in problems:
        key = (one.file, one.summary, one.detail)
        numbered.append((one, seen.get(key, 0)))
        seen[key] = seen.get(key, 0) + 1
    return numbered


def _problem(one: Problem, before: int) -> dict[str, Any]:
    text = "\0".join((one.file, one.summary, one.detail, str(before)))
    fingerprint = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:LENGTH]
    level = "critical" if one.severity == "error" else "minor"
    parts = [ended(one.summary), ended(one.detail), ended(one.help)]
    description = " ".join(printable(part) for part in parts if part)
    return _issue(description, PROBLEM, fingerprint, level, one.file or ".", one.line)


def _issue(description: str, check: str, fingerprint: str, level: str, file: str, line: int) -> dict[str, Any]:
    return {
        "description": description,
        "check_name": printable(check),
        "fingerprint": fingerprint,
        "severity": level,
        "location": {"path": printable(file), "lines": {"begin": max(1, line)}},
    }
