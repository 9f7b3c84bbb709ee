"""Controls: which were reviewed, what was found of each, and what nobody can tell from source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from alexandria_scan.compliance.result import ControlScore, ScanResult, StandardScore
from alexandria_scan.policy.results import VerdictName
from alexandria_scan.report.oscal.observations import of_cause, of_holding
from alexandria_scan.report.oscal.parts import NAMESPACE, Node, Setting, filled, markup, props, token, uuid_of
from alexandria_scan.report.oscal.risks import of_cause_risk
from alexandria_scan.report.reported import Reported
from alexandria_scan.report.words import count, listed

_WORDS: dict[VerdictName, str] = {
    "fail": "fails",
    "unknown": "could not be decided",
    "waived": "is waived",
    "pass": "holds",
}
_REASON = {"pass": "pass", "fail": "fail"}  # OSCAL has one more word: other


def reviewed(result: ScanResult) -> Node:
    """A selection of controls for each standard: those with policies; the others are excluded.

    A selection has to include something: where there is nothing to name, it is all but what is excluded.
    """
    selections = [_selection(one) for one in result.standards]
    return {
        "control-selections": selections
        or [{"description": "No standard was scored: these are the policies themselves.", "include-all": {}}]
    }


def _selection(standard: StandardScore) -> Node:
    tested = [{"control-id": token(one.id)} for one in standard.controls if one.policies]
    others = [{"control-id": token(one.id)} for one in standard.controls if not one.policies]
    absent = [one.id for one in standard.controls if one.policies and one.verdict == "not_applicable"]
    made = filled(
        {
            "description": markup(f"{standard.title or standard.name} {standard.version}".strip(), "-"),
            "props": props({"standard": standard.name, "version": standard.version, "score": standard.score}),
            "include-controls": tested,
            "exclude-controls": others,
            "remarks": markup(f"Not applicable, as nothing was scanned that it is about: {listed(absent)}.", "")
            if absent
            else "",
        }
    )
    return made if tested else {**made, "include-all": {}}


def not_testable(result: ScanResult) -> list[Node]:
    """What no static tool can test: a part for each control that says so, or that has no policy."""
    parts = [
        filled(
            {
                "uuid": uuid_of("not-testable", _name(standard, control)),
                "name": "not-testable",
                "ns": NAMESPACE,
                "title": markup(f"{control.id} {control.title}", "-"),
                "props": props({"standard": standard.name, "version": standard.version, "control": control.id}),
                "prose": markup(control.not_testable, "No policy tests this control."),
            }
        )
        for standard in result.standards
        for control in standard.controls
        if control.not_testable or not control.policies
    ]
    return [{"parts": parts}] if parts else []


def findings(result: ScanResult, told: Sequence[Reported], observed: Iterable[Node], setting: Setting) -> list[Node]:
    """A finding for each control that applied somewhere, with the observations that it rests on and its risks."""
    by_control: dict[str, list[Reported]] = {}
    for one in told:
        for name in one.cause.controls:
            by_control.setdefault(name, []).append(one)
    known = {one["uuid"] for one in observed}
    return [
        _finding(standard, control, by_control.get(_name(standard, control), []), known, setting)
        for standard in result.standards
        for control in standard.controls
        if control.modules
    ]


def _name(standard: StandardScore, control: ControlScore) -> str:
    return f"{standard.name}-{standard.version}/{control.id}"


def _finding(
    standard: StandardScore, control: ControlScore, causes: Sequence[Reported], known: set[str], setting: Setting
) -> Node:
    name = _name(standard, control)
    numbers = Counter(control.modules.values())
    told = [f"{_WORDS[verdict]} in {count(numbers[verdict], 'module')}" for verdict in _WORDS if numbers[verdict]]
    holding = [uuid for uuid in (of_holding(name, module) for module in control.modules) if uuid in known]
    return filled(
        {
            "uuid": uuid_of("finding", name),
            "title": markup(f"{control.id} {control.title}", "-"),
            "description": markup(f"It {listed(told)}.", "-"),
            "props": props(
                {
                    "standard": standard.name,
                    "version": standard.version,
                    "control": control.id,
                    "level": control.level,
                    "verdict": control.verdict,
                    **{f"modules-{verdict}": numbers[verdict] or None for verdict in _WORDS},
                }
            ),
            "origins": setting.origins,
            "target": {
                "type": "objective-id",
                "target-id": token(control.id),
                "title": markup(control.title, "-"),
                "status": filled(
                    {
                        "state": "satisfied" if control.verdict == "pass" else "not-satisfied",
                        "reason": _REASON.get(control.verdict, "other"),
                        "remarks": "" if control.verdict == "pass" else markup(f"It {listed(told)}.", "-"),
                    }
                ),
            },
            "related-observations": [{"observation-uuid": one} for one in [*map(of_cause, causes), *holding]],
            "related-risks": [{"risk-uuid": of_cause_risk(one)} for one in causes],
            "remarks": markup(control.not_testable and f"No static tool can test: {control.not_testable}", ""),
        }
    )
