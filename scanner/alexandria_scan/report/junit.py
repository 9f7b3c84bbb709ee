"""JUnit XML, for CI systems that show tests: a suite for each module, in it a case for each policy.

A case fails if a finding reaches the severity that fails the scan, and is skipped if what it has is unknown or waived.
Problems are errors of a suite of their own. The shape is that of Jenkins' junit-10.xsd; there are no times in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape, quoteattr

import msgspec

from alexandria_scan.compliance.causes import Cause, by_cause
from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.compliance.verdict import reaches
from alexandria_scan.policy.results import Result
from alexandria_scan.report.reported import VERDICTS, kind, sentence, where
from alexandria_scan.report.words import count, listed, printable, rank
from alexandria_scan.source.problems import Problem

_DEFAULT = "info"  # for results that do not say which severity fails
_PROBLEMS = "problems"


class _Case(msgspec.Struct, frozen=True):
    """One policy in one module. `outcome` is "pass", "failure", "skipped" or "error"; `text` says the details."""

    name: str
    outcome: str = "pass"
    message: str = ""
    text: str = ""


def render(result: ScanResult) -> str:
    """The result as XML, with a newline at its end."""
    fail_on = result.summary.fail_on or _DEFAULT
    modules: dict[str, dict[str, list[Result]]] = {}
    for one in result.results:
        if one.verdict != "not_applicable":
            modules.setdefault(one.module, {}).setdefault(one.policy, []).append(one)
    suites = [
        (module or ".", [_case(policies[policy], fail_on) for policy in sorted(policies)])
        for module, policies in sorted(modules.items())
    ]
    if result.problems:
        suites.append((_PROBLEMS, [_problem(one) for one in result.problems]))
    cases = [case for _, listed_ in suites for case in listed_]
    numbers = f'tests="{len(cases)}" failures="{_number(cases, "failure")}" errors="{_number(cases, "error")}"'
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f"<testsuites name={_attribute(result.tool.name)} {numbers}>"]
    for name, listed_ in suites:
        lines += _suite(name, listed_)
    return "\n".join([*lines, "</testsuites>"]) + "\n"


def _case(results: Sequence[Result], fail_on: str) -> _Case:
    """The results of one policy in one module as a test case; findings below `fail_on`, and those that the
    baseline knows, are told and do not fail."""
    name = f"{results[0].title} [{results[0].policy}]"
    told = sorted(
        by_cause(one for one in results if one.verdict in VERDICTS), key=lambda one: VERDICTS.index(one.verdict)
    )
    found = [one for one in told if kind(one) == "fail"]
    text = "\n\n".join(_details(one) for one in told)
    if any(reaches(one.severity, fail_on) for one in found):
        worst = min((one.severity for one in found), key=rank)
        return _Case(name, "failure", f"{worst}: {_message(found)}", text)
    open_ = [one for one in told if kind(one) in ("unknown", "waived")]
    if open_ and not found:
        return _Case(name, "skipped", _message(open_), text)
    return _Case(name, text=text)


def _message(causes: Sequence[Cause]) -> str:
    first = sentence(causes[0])
    return first if len(causes) == 1 else f"{first} (and {count(len(causes) - 1, 'more place')})"


def _details(one: Cause) -> str:
    place = one.location
    lines = [
        f"{one.severity}: {sentence(one)}",
        f"at {place.file}:{place.line}" if place.line else f"at {place.file}",
        where(one),
        *(f"  ← {step.text.strip()}" + (f" ({step.file}:{step.line})" if step.file else "") for step in one.origin),
    ]
    if one.controls:
        lines.append(f"controls: {listed(one.controls)}")
    return "\n".join(printable(line) for line in lines)


def _problem(one: Problem) -> _Case:
    place = f"{one.file}:{one.line}" if one.line else one.file
    text = "\n".join(printable(part) for part in (place, one.detail, one.help) if part)
    name = f"{place}: {one.summary}" if place else one.summary
    if one.severity == "error":
        return _Case(name, "error", one.summary, text)
    return _Case(name, text=f"{printable(one.severity)}: {printable(one.summary)}\n{text}")


def _suite(name: str, cases: Sequence[_Case]) -> Iterable[str]:
    numbers = " ".join(
        f'{key}="{value}"'
        for key, value in (
            ("tests", len(cases)),
            ("failures", _number(cases, "failure")),
            ("errors", _number(cases, "error")),
            ("skipped", _number(cases, "skipped")),
        )
    )
    yield f"  <testsuite name={_attribute(name)} {numbers}>"
    for case in cases:
        head = f"    <testcase classname={_attribute(name)} name={_attribute(case.name)}"
        if case.outcome == "pass":
            yield f"{head}><system-out>{escape(case.text)}</system-out></testcase>" if case.text else f"{head}/>"
            continue
        body = f"<{case.outcome} message={_attribute(case.message)}>{escape(case.text)}</{case.outcome}>"
        yield f"{head}>{body}</testcase>"
    yield "  </testsuite>"


def _number(cases: Iterable[_Case], outcome: str) -> int:
    return sum(case.outcome == outcome for case in cases)


def _attribute(text: str) -> str:
    return quoteattr(printable(text))
