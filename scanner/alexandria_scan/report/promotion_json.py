"""A promotion as JSON, version 1: written by `render`, described by `schema`."""

from __future__ import annotations

from typing import Any

import msgspec

from alexandria_scan.compliance.promotion import PROMOTION_VERSION, ModulePromotion, Promotion
from alexandria_scan.report.json_schema import schema_of
from alexandria_scan.report.plain import json_text


class _Document(msgspec.Struct, frozen=True):
    """What alexandria-scan promote found, as `--format json` writes it. Paths are relative to the working directory,
    with "/"; lines count from 1."""

    schema_version: int
    as_of: str
    verified_only: bool
    asked: str | None
    modules: tuple[ModulePromotion, ...]
    notes: tuple[str, ...]
    exit_status: int
    verdict: str


def render(promotion: Promotion) -> str:
    """The promotion as JSON, indented, with a newline at its end."""
    fields = {name: getattr(promotion, name) for name in Promotion.__struct_fields__}
    return json_text(_Document(PROMOTION_VERSION, **fields))


def schema() -> dict[str, Any]:
    """The JSON Schema of what `render` writes; `reports/schemas/promotion-1.schema.json` holds it."""
    return schema_of(_Document, "promotion", PROMOTION_VERSION)
