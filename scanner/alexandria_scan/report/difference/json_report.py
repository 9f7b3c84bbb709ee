"""A comparison as JSON, version 1: the Difference itself, key by key, after `schema_version`."""

from __future__ import annotations

import msgspec

from alexandria_scan.compliance.difference.result import DIFF_SCHEMA_VERSION, Difference
from alexandria_scan.report.plain import json_text


def render(result: Difference) -> str:
    """The comparison as JSON, indented, with a newline at its end. The same comparison gives the same bytes."""
    return json_text({"schema_version": DIFF_SCHEMA_VERSION, **msgspec.to_builtins(result)})
