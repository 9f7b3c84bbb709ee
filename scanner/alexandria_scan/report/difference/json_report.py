"""A comparison as JSON, version 1: written by `render`, described by `schema`."""

from __future__ import annotations

from typing import Any

import msgspec

from alexandria_scan.compliance.difference.result import (
    DIFF_SCHEMA_VERSION,
    Difference,
    DiffSummary,
    ModuleDifference,
    Side,
    Weakened,
)
from alexandria_scan.report.json_schema import schema_of
from alexandria_scan.report.plain import json_text
from alexandria_scan.source.problems import Problem


class _Document(msgspec.Struct, frozen=True):
    """What alexandria-scan diff found, as `--format json` writes it. Paths of modules and files are below the two
    folders that were compared, with "/"; lines count from 1."""

    schema_version: int
    old: Side
    new: Side
    modules: tuple[ModuleDifference, ...]
    weakened: tuple[Weakened, ...]
    problems: tuple[Problem, ...]
    summary: DiffSummary


def render(result: Difference) -> str:
    """The comparison as JSON, indented, with a newline at its end. The same comparison gives the same bytes."""
    fields = {name: getattr(result, name) for name in Difference.__struct_fields__}
    return json_text(_Document(DIFF_SCHEMA_VERSION, **fields))


def schema() -> dict[str, Any]:
    """The JSON Schema of what `render` writes; `reports/schemas/difference-1.schema.json` holds it."""
    return schema_of(_Document, "difference", DIFF_SCHEMA_VERSION)
