"""What was observed: each finding, unknown and waived finding; what holds, by control and module; problems."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.policy.results import Result
from alexandria_scan.report.oscal.parts import Node, Setting, filled, href, markup, props, subjects, uuid_of
from alexandria_scan.report.reported import Reported, kind, sentence, where
from alexandria_scan.report.words import count, listed
from alexandria_scan.source.problems import Problem

LINES = 12  # of one file that the evidence for what holds names


def observations(result: ScanResult, told: Sequence[Reported], setting: Setting) -> list[Node]:
    """The causes as `reported` sorts them, then what holds, then problems."""
    made = [_cause(one, setting) for one in told]
    made += [_holding(*group, ones, setting) for group, ones in held(result.results).items()]
    return made + [_problem(one, setting) for one in result.problems]


def of_cause(one: Reported) -> str:
    """The UUID of the observation of a cause."""
    return uuid_of("observation", one.cause.verdict, one.fingerprint)


def of_holding(control: str, module: str) -> str:
    """The UUID of the observation that checks of a control hold in a module."""
    return uuid_of("holds", control, module)


def held(results: Iterable[Result]) -> dict[tuple[str, str], list[Result]]:
    """The passed checks by control and evaluated module; those that count for no control under ""."""
    groups: dict[tuple[str, str], list[Result]] = {}
    for one in results:
        if one.verdict == "pass":
            for control in one.controls or ("",):
                groups.setdefault((control, one.root), []).append(one)
    return dict(sorted(groups.items()))


def _cause(one: Reported, setting: Setting) -> Node:
    cause = one.cause
    place = cause.location
    evidence = [{"href": href(place.file, place.line), "description": markup(where(cause), "-")}] if place.file else []
    evidence += [
        {"href": href(step.file, step.line), "description": markup(f"The value comes from: {step.text}", "-")}
        for step in cause.origin
        if step.file
    ]
    return filled(
        {
            "uuid": of_cause(one),
            "title": markup(cause.title, "-"),
            "description": markup(sentence(cause), "-"),
            "props": props(
                {
                    "verdict": cause.verdict,
                    "policy": cause.policy,
                    "severity": cause.severity,
                    "address": cause.address,
                    "attribute": cause.attribute,
                    "instances": len(cause.addresses),
                    "environment": cause.environment,
                    "baseline": cause.baseline,
                    "fingerprint": one.fingerprint,
                }
            ),
            "methods": ["TEST"],
            "types": ["finding" if kind(cause) == "fail" else "control-objective"],
            "origins": setting.origins,
            "subjects": subjects((cause.module, *cause.roots)),
            "relevant-evidence": evidence,
            "collected": setting.moment,
        }
    )


def _holding(control: str, module: str, ones: Sequence[Result], setting: Setting) -> Node:
    policies = sorted({one.policy for one in ones})
    files: dict[str, set[int]] = {}
    for one in ones:
        if one.location.file:
            files.setdefault(one.location.file, set()).add(one.location.line)
    return filled(
        {
            "uuid": of_holding(control, module),
            "title": markup(f"{control or 'Policies of no control'} in {module or '.'}: what holds", "-"),
            "description": markup(f"{count(len(ones), 'check')} of {listed(policies)}: passed.", "-"),
            "props": props({"verdict": "pass", "checks": len(ones)}),
            "methods": ["TEST"],
            "types": ["control-objective"],
            "origins": setting.origins,
            "subjects": subjects([module]),
            "relevant-evidence": [_read(file, sorted(lines - {0})) for file, lines in sorted(files.items())],
            "collected": setting.moment,
        }
    )


def _read(file: str, lines: Sequence[int]) -> Node:
    if not lines:
        return {"href": href(file), "description": "The file as a whole."}
    more = f" and {len(lines) - LINES} more" if len(lines) > LINES else ""
    word = "Line" if len(lines) == 1 else "Lines"
    return {"href": href(file, lines[0]), "description": f"{word} {', '.join(map(str, lines[:LINES]))}{more}."}


def _problem(one: Problem, setting: Setting) -> Node:
    evidence = [{"href": href(one.file, one.line), "description": "Where it is."}] if one.file else []
    return filled(
        {
            "uuid": uuid_of("problem", one.file, str(one.line), str(one.column), one.summary, one.detail),
            "title": markup(one.summary, "A problem"),
            "description": markup(" ".join(part for part in (one.detail, one.help) if part), "Not read as it should."),
            "props": props({"verdict": "problem", "severity": one.severity}),
            "methods": ["TEST"],
            "types": ["discovery"],
            "origins": setting.origins,
            "relevant-evidence": evidence,
            "collected": setting.moment,
        }
    )
