"""A promotion as JSON, version 1: the Promotion itself after `schema_version`."""

from __future__ import annotations

from typing import Any

import msgspec

from alexandria_scan.compliance.promotion import PROMOTION_VERSION, Promotion


def render(promotion: Promotion) -> str:
    """The promotion as JSON, indented, with a newline at its end."""
    document: dict[str, Any] = {"schema_version": PROMOTION_VERSION, **msgspec.to_builtins(promotion)}
    text = msgspec.json.encode(_encodable(document))
    return msgspec.json.format(text, indent=2).decode() + "\n"


def _encodable(node: Any) -> Any:
    """The document with a question mark for each byte of a name that is not UTF-8."""
    if isinstance(node, str):
        return node.encode("utf-8", "replace").decode()
    if isinstance(node, dict):
        return {key: _encodable(one) for key, one in node.items()}
    return [_encodable(one) for one in node] if isinstance(node, (list, tuple)) else node
