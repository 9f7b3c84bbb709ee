"""Risks: what fails is open, what is unknown is investigated, what is waived is an approved deviation."""

from __future__ import annotations

from collections.abc import Sequence

from alexandria_scan.compliance.causes import Cause
from alexandria_scan.compliance.result import PolicyInfo, ScanResult
from alexandria_scan.report.oscal.observations import of_cause
from alexandria_scan.report.oscal.parts import NAMESPACE, Node, Setting, filled, href, markup, props, uuid_of
from alexandria_scan.report.reported import Reported, sentence, severity

_STATUS = {"fail": "open", "unknown": "investigating", "waived": "deviation-approved"}


def risks(result: ScanResult, told: Sequence[Reported], setting: Setting) -> list[Node]:
    """A risk for each cause, in their order."""
    return [_risk(one, result.policies.get(one.cause.policy), setting) for one in told]


def of_cause_risk(one: Reported) -> str:
    """The UUID of the risk of a cause."""
    return uuid_of("risk", one.cause.verdict, one.fingerprint)


def _risk(one: Reported, policy: PolicyInfo | None, setting: Setting) -> Node:
    cause = one.cause
    until = cause.waiver.until if cause.waiver is not None else ""
    return filled(
        {
            "uuid": of_cause_risk(one),
            "title": markup(cause.title, "-"),
            "description": markup(sentence(cause), "-"),
            "statement": _text(policy.why if policy else "") or markup(cause.title, "-"),
            "props": _acceptance(cause),
            "links": _waiver_link(cause),
            "status": _STATUS[cause.verdict],
            "origins": setting.origins,
            "characterizations": [
                {
                    "origin": setting.origins[0],
                    "facets": [{"name": "severity", "system": NAMESPACE, "value": severity(cause.severity)}],
                }
            ],
            "deadline": f"{until}T23:59:59Z" if until else "",
            "remediations": _remediations(one, policy),
            "related-observations": [{"observation-uuid": of_cause(one)}],
        }
    )


def _acceptance(cause: Cause) -> list[Node]:
    told = {"policy": cause.policy, "baseline": cause.baseline}
    if cause.verdict == "waived":
        told["waiver-reason"] = cause.waiver.reason if cause.waiver is not None else cause.reason
    if cause.waiver is not None:
        told |= {
            "waiver-owner": cause.waiver.owner,
            "waiver-until": cause.waiver.until,
            "without-waiver": cause.waiver.verdict,
        }
    return props(told)


def _waiver_link(cause: Cause) -> list[Node]:
    if cause.waiver is None or not cause.waiver.location.file:
        return []
    place = cause.waiver.location
    return [{"href": href(place.file, place.line), "rel": "waiver", "text": "Where it is accepted"}]


def _remediations(one: Reported, policy: PolicyInfo | None) -> list[Node]:
    """The policy's fix; for an unknown what would decide it."""
    unknown = one.cause.verdict == "unknown"
    told = markup(one.cause.decide, "") if unknown else _text(policy.fix if policy else "")
    if not told:
        return []
    return [
        {
            "uuid": uuid_of("remediation", one.cause.verdict, one.fingerprint),
            "lifecycle": "recommendation",
            "title": "What would decide it" if unknown else "Fix",
            "description": told,
        }
    ]


def _text(text: str) -> str:
    """Paragraphs of a policy, each of their lines as it is."""
    return "\n".join(markup(line, "") for line in text.strip().splitlines())
