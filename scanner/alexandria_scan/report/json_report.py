"""The JSON result, version 1: written by `render`, read back by `parse`, described by `schema`.

The document is the ScanResult itself, key by key, after `schema_version`; only the summary has other names
for its numbers. Keys stay in the order in which they are declared, maps are sorted by key, so two runs
over the same input write the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from alexandria_scan.compliance.result import (
    SCHEMA_VERSION,
    BaselineState,
    ClaimResult,
    ControlScore,
    ModuleScore,
    PolicyInfo,
    Scanned,
    ScanResult,
    StandardScore,
    Summary,
    Tool,
)
from alexandria_scan.policy.results import Result
from alexandria_scan.report.json_schema import schema_of
from alexandria_scan.report.plain import json_text, plain
from alexandria_scan.source.problems import Problem

EXIT_STATUSES = range(4)
_PIECE = 1000
_RESULTS = '\n  "results": '
_END = "\n  ]\n}\n"


class _Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Numbers of results by verdict, of problems, and the exit status with the sentence that explains it.
    `fail_on` is the lowest severity that fails the scan, or "never"."""

    passed: int = msgspec.field(name="pass")
    failed: int = msgspec.field(name="fail")
    unknown: int
    not_applicable: int
    waived: int
    problems: int
    exit_status: int
    verdict: str = ""
    fail_on: str = ""


class _Document(msgspec.Struct, frozen=True):
    """What alexandria-scan found, as `--format json` writes it. Paths are relative to the working directory
    of the scan, with "/"; lines and columns count from 1, 0 means that none is known."""

    schema_version: int
    tool: Tool
    scanned: Scanned
    results: tuple[Result, ...]
    problems: tuple[Problem, ...]
    standards: tuple[StandardScore, ...]
    summary: _Summary
    policies: dict[str, PolicyInfo] = {}
    claims: tuple[ClaimResult, ...] = ()
    baseline: BaselineState | None = None
    as_of: str = ""


class _Version(msgspec.Struct):
    schema_version: Any = None


def render(result: ScanResult) -> str:
    """The result as JSON, indented, with a newline at its end."""
    return "".join(pieces(result))


def pieces(result: ScanResult) -> Iterator[str]:
    """What `render` writes, bit by bit: the results on a large plan take many times its size."""
    head, sign, tail = _around(result).partition(f"{_RESULTS}[]")
    yield head
    for start in range(0, len(result.results), _PIECE):
        some = [_result(one) for one in result.results[start : start + _PIECE]]
        text = json_text({"results": some}).removeprefix(f"{{{_RESULTS}[").removesuffix(_END)
        yield f",{text}" if start else f"{_RESULTS}[{text}"
    yield f"\n  ]{tail}" if result.results else sign + tail


def _around(result: ScanResult) -> str:
    """The document without its results."""
    document = _Document(
        SCHEMA_VERSION,
        result.tool,
        result.scanned,
        (),
        result.problems,
        tuple(_standard(one) for one in result.standards),
        _Summary(**{name: getattr(result.summary, name) for name in Summary.__struct_fields__}),
        {id_: _policy(result.policies[id_]) for id_ in sorted(result.policies)},
        result.claims,
        result.baseline,
        result.as_of,
    )
    return json_text(document)


def parse(text: str | bytes) -> ScanResult:
    """The result that `render` wrote. Keys that version 1 does not know are ignored.

    Raises ValueError with a sentence if the text is no JSON, of another version, or of another shape.
    """
    try:
        return _parsed(text)
    except RecursionError:
        raise ValueError("This is not a result of alexandria-scan: it is nested too deeply.") from None


def _parsed(text: str | bytes) -> ScanResult:
    try:
        version = msgspec.json.decode(text, type=_Version).schema_version
    except msgspec.ValidationError as error:
        raise ValueError(f"This is not a result of alexandria-scan: {_sentence(error)}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ValueError(f"This is not JSON: {_sentence(error)}.") from None
    if version is None:
        raise ValueError('This is not a result of alexandria-scan: the key "schema_version" is missing.')
    if version != SCHEMA_VERSION or isinstance(version, bool):
        found = msgspec.json.encode(version).decode()
        raise ValueError(
            f"This result has schema_version {found}; this alexandria-scan reads version {SCHEMA_VERSION}."
        )
    try:
        document = msgspec.json.decode(text, type=_Document)
    except msgspec.ValidationError as error:
        raise ValueError(f"This result does not have the shape of version 1: {_sentence(error)}.") from None
    if document.summary.exit_status not in EXIT_STATUSES:
        raise ValueError(f"This result has the exit status {document.summary.exit_status}, which there is not.")
    return ScanResult(
        document.tool,
        document.scanned,
        document.results,
        document.problems,
        document.standards,
        Summary(**{name: getattr(document.summary, name) for name in Summary.__struct_fields__}),
        document.policies,
        document.claims,
        document.baseline,
        document.as_of,
    )


def schema() -> dict[str, Any]:
    """The JSON Schema of what `render` writes; `reports/schemas/result-1.schema.json` holds it."""
    return schema_of(_Document, "result", SCHEMA_VERSION)


def _sentence(error: Exception) -> str:
    return str(error).rstrip(".").replace("`", '"')


def _result(result: Result) -> Result:
    if not result.parameters:
        return result
    return replace(result, parameters=plain(result.parameters))


def _policy(policy: PolicyInfo) -> PolicyInfo:
    return replace(policy, equivalents=dict(sorted(policy.equivalents.items())))


def _standard(standard: StandardScore) -> StandardScore:
    return replace(
        standard,
        controls=tuple(_control(one) for one in standard.controls),
        sections=dict(sorted(standard.sections.items())),
        modules=tuple(_module(one) for one in standard.modules),
        titles=dict(sorted(standard.titles.items())),
    )


def _control(control: ControlScore) -> ControlScore:
    return replace(control, modules=dict(sorted(control.modules.items())))


def _module(module: ModuleScore) -> ModuleScore:
    return replace(module, sections=dict(sorted(module.sections.items())))
