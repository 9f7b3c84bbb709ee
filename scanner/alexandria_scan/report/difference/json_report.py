"""A comparison as JSON, version 1: the Difference itself, key by key, after `schema_version`."""

from __future__ import annotations

from typing import Any

import msgspec

from alexandria_scan.compliance.difference.result import DIFF_SCHEMA_VERSION, Difference
from alexandria_scan.report.json_report import encodable


def render(result: Difference) -> str:
    """The comparison as JSON, indented, with a newline at its end. The same comparison gives the same bytes."""
    document: dict[str, Any] = {"schema_version": DIFF_SCHEMA_VERSION, **msgspec.to_builtins(result)}
    data = msgspec.json.encode(encodable(document))
    return msgspec.json.format(data, indent=2).decode() + "\n"
