"""Next: the few things to do that bring the most."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from alexandria_scan.compliance.causes import by_cause
from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.patterns import pattern
from alexandria_scan.report.text.flaws import Flaw
from alexandria_scan.report.text.page import STYLES, Page, Part
from alexandria_scan.report.words import count, ended, rank

STEPS = 5
FEWEST = 3  # below that the findings themselves say what to do
# How much one module with a finding of a severity weighs. Nothing but the order follows from these numbers.
_WEIGHTS = {"critical": 100, "high": 20, "medium": 4, "low": 1}
_SENTENCE = pattern(r"(?<=[.!?])\s+(?=[A-Z])")


class _Step(msgspec.Struct, frozen=True):
    kind: str
    style: str
    what: str
    about: str
    where: str = ""


def write(page: Page, result: ScanResult, modules: Sequence[Sequence[Flaw]]) -> None:
    """A line for each step: problems first, then the fixes that weigh the most, then the largest unknown."""
    before, after = _problems(result), _unknowns(result)
    steps = [*before, *_fixes(result, modules, STEPS - len(before) - len(after)), *after]
    if len(steps) < FEWEST:
        return
    page.heading("Next", "what brings the most")
    for number, step in enumerate(steps, 1):
        lead: list[Part] = [f"{number}. ", (page.clean(step.kind), step.style), " "]
        page.prose(f"{ended(step.what)} {step.about}", first=lead, rest=["   "])
        if step.where:
            page.line(f"   {step.where}")


def _fixes(result: ScanResult, modules: Sequence[Sequence[Flaw]], most: int) -> list[_Step]:
    """The fixes of the policies that weigh the most by severity and number of modules, the most severe first."""
    found: dict[tuple[str, str], list[Flaw]] = {}
    for flaw in (flaw for mine in modules for flaw in mine):
        found.setdefault((flaw.first.severity, flaw.first.policy), []).append(flaw)
    ranked = []
    for (severity, policy), flaws in found.items():
        where = {flaw.first.module for flaw in flaws}
        if severity not in _WEIGHTS:
            continue
        info = result.policies.get(policy)
        fix = _SENTENCE.split(" ".join(info.fix.split()))[0] if info else ""
        number = sum(len(flaw.findings) for flaw in flaws)
        about = f"[{policy}]" + (f" {count(number, 'finding')}" if number > 1 else "")
        about += f" in {count(len(where), 'module')}" if len(where) > 1 else ""
        step = _Step(f"{severity}:", STYLES.get(severity, ""), fix or flaws[0].first.title, about)
        ranked.append((-_WEIGHTS[severity] * len(where), rank(severity), policy, step))
    chosen = sorted(ranked, key=lambda one: one[:3])[:most]
    return [step for *_, step in sorted(chosen, key=lambda one: one[1])]


def _problems(result: ScanResult) -> list[_Step]:
    errors = sorted(one for one in result.problems if one.severity == "error")
    if not errors:
        return []
    one = errors[0]
    more = f"; and {count(len(errors) - 1, 'more error')}" if len(errors) > 1 else ""
    where = f"{one.file}:{one.line}" if one.line else one.file
    return [_Step("error:", STYLES["error"], one.summary + more, "What it hides is not judged.", where)]


def _unknowns(result: ScanResult) -> list[_Step]:
    waiting: dict[str, int] = {}
    for one in by_cause(one for one in result.results if one.verdict == "unknown"):
        if one.decide:
            waiting[one.decide] = waiting.get(one.decide, 0) + 1
    if not waiting:
        return []
    decide = min(waiting, key=lambda text: (-waiting[text], text))
    what = decide[0].upper() + decide[1:]
    return [_Step("unknown:", STYLES["unknown"], what, f"It decides {count(waiting[decide], 'check')}.")]
