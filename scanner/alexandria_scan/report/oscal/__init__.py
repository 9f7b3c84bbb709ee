"""OSCAL assessment results 1.1.2, which other tools for audits read: https://pages.nist.gov/OSCAL/.

The moment that OSCAL wants in many places is the beginning of the day that `--as-of` names, in UTC. Without one it is
the beginning of 1970, and a remark says so: no clock is in the document, so the same result gives the same bytes.
Every UUID is made from what it names (version 5).
"""

from __future__ import annotations

import msgspec

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.report.oscal import controls, observations, risks
from alexandria_scan.report.oscal.parts import Node, Setting, filled, markup, props, subject, uuid_of
from alexandria_scan.report.plain import json_text
from alexandria_scan.report.reported import reported
from alexandria_scan.report.words import count

OSCAL_VERSION = "1.1.2"
NO_DAY = "1970-01-01"
_INCOMPLETE = 3


def render(result: ScanResult) -> str:
    """The result as a document with `assessment-results`, as JSON with a newline at its end."""
    setting = Setting(f"{result.as_of or NO_DAY}T00:00:00Z", uuid_of("tool", result.tool.name, result.tool.version))
    plan = uuid_of("plan", result.tool.version, *(f"{one.name} {one.version}" for one in result.standards))
    told = _result(result, setting)
    content: Node = {
        "metadata": _metadata(result, setting),
        "import-ap": {"href": f"#{plan}"},
        "results": [told],
        "back-matter": {"resources": [_plan(result, plan)]},
    }
    document = {"uuid": uuid_of("document", msgspec.json.encode(told).decode("utf-8", "replace")), **content}
    return json_text({"assessment-results": document})


def _metadata(result: ScanResult, setting: Setting) -> Node:
    undated = "No day was given with --as-of, so every moment in this document is the beginning of 1970."
    return filled(
        {
            "title": markup(f"Compliance of Terraform modules, as {result.tool.name} found it", "Compliance"),
            "last-modified": setting.moment,
            "version": result.as_of or "undated",
            "oscal-version": OSCAL_VERSION,
            "remarks": "" if result.as_of else undated,
        }
    )


def _plan(result: ScanResult, uuid: str) -> Node:
    standards = ", ".join(f"{one.title or one.name} {one.version}".strip() for one in result.standards)
    told = f"Each policy of {result.tool.name} {result.tool.version} on the source or the plan of each module"
    return {
        "uuid": uuid,
        "title": "What was assessed, and how",
        "description": markup(f"{told}; scored: {standards or 'no standard'}.", "-"),
    }


def _result(result: ScanResult, setting: Setting) -> Node:
    told = reported(result)
    observed = observations.observations(result, told, setting)
    endangered = risks.risks(result, told, setting)
    numbers = result.summary
    return filled(
        {
            "uuid": uuid_of("result", *(one["uuid"] for one in observed)),
            "title": "Scan of Terraform modules",
            "description": markup(numbers.verdict, "A scan without a verdict."),
            "start": setting.moment,
            "props": props(
                {
                    "exit-status": numbers.exit_status,
                    "fail-on": numbers.fail_on,
                    "checks-passed": numbers.passed,
                    "checks-failed": numbers.failed,
                    "checks-unknown": numbers.unknown,
                    "checks-not-applicable": numbers.not_applicable,
                    "checks-waived": numbers.waived,
                    "problems": numbers.problems,
                }
            ),
            "local-definitions": _local(result, setting),
            "reviewed-controls": controls.reviewed(result),
            "attestations": controls.not_testable(result),
            "observations": observed,
            "risks": endangered,
            "findings": controls.findings(result, told, observed, setting),
            "remarks": _remarks(result),
        }
    )


def _local(result: ScanResult, setting: Setting) -> Node:
    """The modules as components, and this program as the one that assesses."""
    details = {one.path: one for one in result.scanned.details}
    modules = {*result.scanned.modules, *result.scanned.plans}
    modules |= {path for one in result.results for path in (one.module, one.root)}
    made = []
    for path in sorted(modules):
        detail = details.get(path)
        told: dict[str, str | int | float | None] = {}
        if detail is not None:
            told = {"kind": detail.kind, "files": detail.files, "resources": detail.resources}
        made.append(
            filled(
                {
                    "uuid": subject(path)["subject-uuid"],
                    "type": "software",
                    "title": markup(path, "."),
                    "description": "A plan of Terraform." if path in result.scanned.plans else "A Terraform module.",
                    "props": props(told),
                    "status": {"state": "other", "remarks": "Source is assessed, not what runs."},
                }
            )
        )
    tool = {
        "uuid": setting.tool,
        "type": "software",
        "title": markup(f"{result.tool.name} {result.tool.version}", "-"),
        "description": "Evaluates Terraform and runs policies on it, without credentials or state.",
        "status": {"state": "operational"},
    }
    platform = {
        "uuid": uuid_of("platform", setting.tool),
        "title": "Static analysis",
        "uses-components": [{"component-uuid": setting.tool}],
    }
    return filled({"components": made, "assessment-assets": {"components": [tool], "assessment-platforms": [platform]}})


def _remarks(result: ScanResult) -> str:
    parts = [result.scanned.limit]
    if result.summary.exit_status == _INCOMPLETE:
        parts.append(f"The scan is incomplete: {count(result.summary.problems, 'problem')}.")
    return markup(" ".join(part for part in parts if part), "")
