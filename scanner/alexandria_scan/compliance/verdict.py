"""The verdict on a scan: the numbers, the sentence, the exit status."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from alexandria_scan.compliance.causes import by_cause
from alexandria_scan.compliance.result import Scanned, Summary
from alexandria_scan.policy.results import SEVERITIES, Result
from alexandria_scan.source.problems import Problem

CLEAN, FINDINGS, USAGE, INCOMPLETE = 0, 1, 2, 3


def summarize(
    results: Iterable[Result],
    problems: Iterable[Problem],
    fail_on: str,
    allow_incomplete: bool,
    scanned: Scanned | None = None,
) -> Summary:
    """`fail_on` is the lowest severity that makes the scan fail, or "never". What the baseline knows does not."""
    listed = list(results)
    counts = Counter(result.verdict for result in listed)
    found = list(problems)
    errors = sum(problem.severity == "error" for problem in found)
    causes = by_cause(result for result in listed if result.verdict in ("fail", "unknown"))
    known = sum(cause.baseline == "known" for cause in causes)
    told = Counter(cause.verdict for cause in causes if cause.baseline != "known")
    failing = sum(
        cause.verdict == "fail" and cause.baseline != "known" and reaches(cause.severity, fail_on) for cause in causes
    )
    waived = len(by_cause(result for result in listed if result.verdict == "waived"))
    accepted = ", ".join(f"{number} {name}" for number, name in ((waived, "waived"), (known, "known")) if number)
    if errors and not allow_incomplete:
        status = INCOMPLETE
    else:
        status = FINDINGS if failing else CLEAN
    if scanned is not None and scanned.plans and not (scanned.resources or scanned.modules or listed or found):
        has = "The plan has" if len(scanned.plans) == 1 else "The plans have"
        sentence = f"{has} no resources to judge: none will be left in the state."
    else:
        sentence = _sentence(told["fail"], failing, told["unknown"], errors, fail_on, accepted)
    return Summary(
        counts["pass"], counts["fail"], counts["unknown"], counts["not_applicable"], counts["waived"],
        len(found), status, sentence, fail_on,
    )  # fmt: skip


def reaches(severity: str, fail_on: str) -> bool:
    """Whether a finding of this severity makes a scan with this `fail_on` fail."""
    known = severity if severity in SEVERITIES else SEVERITIES[-1]  # a saved result may hold any text
    return fail_on in SEVERITIES and SEVERITIES.index(known) <= SEVERITIES.index(fail_on)


def _sentence(failed: int, failing: int, unknown: int, errors: int, fail_on: str, accepted: str) -> str:
    findings = f"{failed} finding{'' if failed == 1 else 's'}"
    if failed > failing and fail_on != "never":
        findings += f", {failing} of them at or above {fail_on}" if failing else f", none at or above {fail_on}"
    if accepted:
        findings += f"; accepted: {accepted}"
    if errors:
        return f"Incomplete: {errors} problem{'' if errors == 1 else 's'}, and {findings}."
    if failed and fail_on == "never":
        return f"Not compliant, and nothing was to fail the scan: {findings}."
    if failed:
        return f"Not compliant: {findings}." if failing else f"Compliant: {findings}."
    if unknown:
        no_finding = f"No finding but what is accepted ({accepted})" if accepted else "No finding"
        return f"{no_finding}, but {unknown} check{'' if unknown == 1 else 's'} could not be decided."
    if accepted:
        return f"Nothing found but what is accepted: {accepted}."
    return "Compliant: every policy that applies holds."
