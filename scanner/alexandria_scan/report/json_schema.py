"""The JSON Schema of a document that we write, made from the types that write it: it cannot say anything else."""

from __future__ import annotations

from typing import Any

import msgspec


def schema_of(document: type[msgspec.Struct], name: str, version: int) -> dict[str, Any]:
    """The schema of what a document is written as; `reports/schemas/NAME-VERSION.schema.json` holds it.

    A reader forgives a missing key that has a default; a writer never leaves one out, so the schema requires them all.
    """
    made = msgspec.json.schema(document, ref_template="#/$defs/{name}")
    definitions: dict[str, Any] = {key.lstrip("_"): one for key, one in made["$defs"].items()}
    for one in definitions.values():
        if "properties" in one:
            one["required"] = list(one["properties"])
            for shape in one["properties"].values():
                shape.pop("default", None)
    root = definitions.pop(document.__name__.lstrip("_"))
    root["properties"]["schema_version"] = {"const": version}
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:alexandria-scan:{name}:{version}",
        **root,
        "title": f"alexandria-scan {name}, version {version}",
        "$defs": dict(sorted(definitions.items())),
    }
    return {key: _public(one) for key, one in head.items()}


def _public(node: Any) -> Any:
    """The schema with references to private names (`_Summary`) under their public ones, on one line each."""
    if isinstance(node, dict):
        return {key: _public(one) for key, one in node.items()}
    if isinstance(node, list):
        return [_public(one) for one in node]
    return " ".join(node.replace("#/$defs/_", "#/$defs/").split()) if isinstance(node, str) else node
