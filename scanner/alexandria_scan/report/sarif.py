"""SARIF 2.1.0, for code scanning and editors: findings, unknowns as open results, waived ones with their suppression.

A finding has a fingerprint that stays when lines move. Passes are left out; `json` has them. Problems are
notifications of the invocation, which is not successful if the scan is incomplete.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from alexandria_scan.compliance.causes import Cause
from alexandria_scan.compliance.result import PolicyInfo, ScanResult, StandardScore
from alexandria_scan.policy.results import OriginStep
from alexandria_scan.report.markdown_text import escaped
from alexandria_scan.report.plain import json_text, plain
from alexandria_scan.report.reported import Reported, reported, sentence, severity, where
from alexandria_scan.report.words import printable
from alexandria_scan.source.problems import Problem

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
BASE = "%SRCROOT%"
FINGERPRINT = "alexandriaScan/v1"
INCOMPLETE = 3
_LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note", "info": "note"}
# GitHub shows critical, high, medium and low for these, https://docs.github.com/en/code-security/code-scanning
_SECURITY_SEVERITY = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "3.0"}

Node = dict[str, Any]


def render(result: ScanResult) -> str:
    """The result as a SARIF log with one run."""
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(result)]})


def _run(result: ScanResult) -> Node:
    told = reported(result)
    ids = sorted({one.cause.policy for one in told})
    infos = {one.cause.policy: result.policies.get(one.cause.policy) or _info(one.cause) for one in told}
    driver = {
        "name": printable(result.tool.name),
        "version": printable(result.tool.version),
        "rules": [_rule(id_, infos[id_]) for id_ in ids],
    }
    return {
        "tool": {"driver": driver},
        "invocations": [_invocation(result)],
        "originalUriBaseIds": {BASE: {"description": {"text": "The working directory of the scan."}}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, ids.index(one.cause.policy)) for one in told],
        "properties": {"summary": _numbers(result), "standards": [_standard(one) for one in result.standards]},
    }


def _info(one: Cause) -> PolicyInfo:
    return PolicyInfo(one.title, one.severity, "")


def _rule(id_: str, info: PolicyInfo) -> Node:
    level = severity(info.severity)
    properties: Node = {"tags": ["terraform"], "problem.severity": _problem_severity(level)}
    if info.target.startswith("resource") and level in _SECURITY_SEVERITY:
        properties["tags"] = ["security", "terraform"]
        properties["security-severity"] = _SECURITY_SEVERITY[level]
    made: Node = {
        "id": printable(id_),
        "shortDescription": {"text": printable(info.title)},
        "fullDescription": {"text": _plain_text(info.why) or printable(info.title)},
        "help": {"text": _help_text(info), "markdown": _help_markdown(info)},
        "defaultConfiguration": {"level": _LEVELS[level]},
        "properties": properties,
    }
    link = next((one for one in info.references if _is_link(one)), None)
    return {**made, "helpUri": link} if link else made


def _problem_severity(level: str) -> str:
    return {"error": "error", "warning": "warning"}.get(_LEVELS[level], "recommendation")


def _is_link(text: str) -> bool:
    return text.startswith(("https://", "http://")) and text.isascii() and text.isprintable() and " " not in text


def _plain_text(text: str) -> str:
    """Paragraphs and lines as they are, each of them printable."""
    return "\n".join(printable(line).rstrip() for line in text.strip().splitlines())


def _help_text(info: PolicyInfo) -> str:
    parts = (info.title, info.why, info.fix and f"Fix: {info.fix}", "\n".join(info.references))
    return "\n\n".join(_plain_text(part) for part in parts if part.strip())


def _help_markdown(info: PolicyInfo) -> str:
    parts = [f"**{escaped(info.title)}**"]
    for heading, text in (("", info.why), ("**Fix:** ", info.fix)):
        if text.strip():
            parts.append(heading + "\n".join(escaped(line) for line in text.strip().splitlines()))
    links = [
        f"- <{one}>" if _is_link(one) and not set("<>") & set(one) else f"- {escaped(one)}" for one in info.references
    ]
    return "\n\n".join([*parts, *(["\n".join(links)] if links else [])])


def _result(one: Reported, rule: int) -> Node:
    cause = one.cause
    open_ = cause.verdict == "unknown"
    made: Node = {
        "ruleId": printable(cause.policy),
        "ruleIndex": rule,
        "kind": "open" if open_ else "fail",
        "level": "none" if open_ else _LEVELS[severity(cause.severity)],
        "message": {"text": _no_links(f"{sentence(cause)}\n{where(cause)}")},
        "locations": [_place(cause)],
        "partialFingerprints": {FINGERPRINT: one.fingerprint},
        "suppressions": [_suppression(cause)] if cause.verdict == "waived" else [],
        "properties": _properties(cause),
    }
    if cause.baseline:
        made["baselineState"] = "unchanged" if cause.baseline == "known" else "new"
    steps = [step for step in cause.origin if step.file]
    if steps:
        made["relatedLocations"] = [_related(number, step) for number, step in enumerate(steps)]
    return made


def _no_links(text: str) -> str:
    """SARIF reads [text](target) in a message as a link; what scanned files say must not become one."""
    return text.replace("](", "]\\(") if "](" in text else text


def _properties(cause: Cause) -> Node:
    """What SARIF has no name for, under the names of the JSON result."""
    told: Node = {
        "severity": cause.severity,
        "verdict": cause.verdict,
        "addresses": list(cause.addresses),
        "module": cause.module,
        "roots": list(cause.roots),
        "attribute": cause.attribute,
        "environment": cause.environment,
        "parameters": plain(cause.parameters),
        "controls": list(cause.controls),
        "needs": list(cause.needs),
        "posture": cause.posture,
        "posture_variables": list(cause.posture_variables),
    }
    return {name: _printable(value) for name, value in told.items() if value}


def _printable(node: Any) -> Any:
    if isinstance(node, str):
        return printable(node)
    if isinstance(node, dict):
        return {printable(key): _printable(one) for key, one in node.items()}
    return [_printable(one) for one in node] if isinstance(node, list) else node


def _suppression(cause: Cause) -> Node:
    justification = printable(cause.reason or "no reason given")
    made: Node = {"kind": "external", "status": "accepted", "justification": justification}
    if cause.waiver is not None:
        place = cause.waiver.location
        made["kind"] = "external" if place.file.endswith((".yaml", ".yml")) else "inSource"
        made["location"] = _location(place.file, place.line, place.column)
        made["properties"] = {"owner": printable(cause.waiver.owner), "until": printable(cause.waiver.until)}
    return made


def _location(file: str, line: int, column: int = 0, end: tuple[int, int] = (0, 0)) -> Node:
    """A physical location; `end` is the line and column after its last character, (0, 0) if that is not known."""
    # GitHub requires a region; a finding on a file as a whole is shown at its first line
    region: Node = {"startLine": max(1, line)}
    if line and column:
        region["startColumn"] = column
    if end[0] >= line > 0 and end[1]:
        region |= {"endLine": end[0], "endColumn": end[1]}
    return {"physicalLocation": {"artifactLocation": _artifact(file), "region": region}}


def _place(cause: Cause) -> Node:
    place = cause.location
    made = _location(place.file, place.line, place.column, (place.end_line, place.end_column))
    marked = [line.text for line in cause.excerpt if line.marked]
    if marked:
        made["physicalLocation"]["region"]["snippet"] = {"text": _plain_text("\n".join(marked))}
    return {**made, "logicalLocations": [{"fullyQualifiedName": printable(cause.address)}]}


def _artifact(file: str) -> Node:
    return {"uri": quote(file, errors="replace"), "uriBaseId": BASE}


def _related(number: int, step: OriginStep) -> Node:
    return {
        "id": number,
        **_location(step.file, step.line),
        "message": {"text": _no_links(printable(step.text))},
    }


def _invocation(result: ScanResult) -> Node:
    summary = result.summary
    return {
        "executionSuccessful": summary.exit_status < INCOMPLETE,
        "exitCode": summary.exit_status,
        "exitCodeDescription": printable(summary.verdict),
        "toolExecutionNotifications": [_notification(one) for one in result.problems],
    }


def _notification(problem: Problem) -> Node:
    text = "\n".join(printable(part) for part in (problem.summary, problem.detail, problem.help) if part)
    made: Node = {
        "level": "error" if problem.severity == "error" else "warning",
        "message": {"text": _no_links(text)},
    }
    if problem.file:
        made["locations"] = [_location(problem.file, problem.line, problem.column)]
    return made


def _numbers(result: ScanResult) -> Node:
    told = result.summary
    return {
        "pass": told.passed,
        "fail": told.failed,
        "unknown": told.unknown,
        "not_applicable": told.not_applicable,
        "waived": told.waived,
        "problems": told.problems,
    }


def _standard(one: StandardScore) -> Node:
    return {"name": printable(one.name), "version": printable(one.version), "score": one.score}
