"""Makes the compact provider schema beside this file from `terraform providers schema -json`.

    python build.py SCHEMA.json VERSION NAME     writes NAME.schema, with what NAME.hidden.yaml says is not shown, and
                                                 the blocks that NAME.computed.yaml says the provider fills

One line a type, sorted: `resource TYPE<tab>JSON`. The JSON is {"a": {name: [type, flags]},
"b": {name: [nesting, JSON, flags]}}; flags: r required, o optional, c computed, s sensitive, w write-only,
d deprecated, h hidden.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

_FLAGS = {
    "required": "r", "optional": "o", "computed": "c", "sensitive": "s", "write_only": "w", "deprecated": "d",
}  # fmt: skip
_KINDS = {
    "resource_schemas": "resource",
    "data_source_schemas": "data",
    "ephemeral_resource_schemas": "ephemeral",
}


def compact(block: dict[str, Any]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    attributes = {}
    for name, attribute in sorted(block.get("attributes", {}).items()):
        flags = "".join(flag for key, flag in _FLAGS.items() if attribute.get(key))
        if "nested_type" in attribute:
            nested = attribute["nested_type"]
            attributes[name] = [["nested", nested["nesting_mode"], compact(nested)], flags]
        else:
            attributes[name] = [attribute["type"], flags]
    if attributes:
        result["a"] = attributes
    blocks = {
        name: [nested["nesting_mode"], compact(nested["block"])]
        for name, nested in sorted(block.get("block_types", {}).items())
    }
    if blocks:
        result["b"] = blocks
    return result


def beside(file: str) -> dict[str, list[str]]:
    """The lines `TYPE: [NAME, NAME]` of a file beside this one, if it is there: a small part of YAML."""
    path = Path(__file__).with_name(file)
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    lines = (line.partition(": ") for line in text.splitlines() if not line.startswith("#"))
    return {type_: names.strip("[]").split(", ") for type_, _, names in lines}


def hide(block: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """The resource's block with the flag for what is not shown."""
    for name in names:
        block["a"][name][1] += "h"
    return block


def fill(block: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """The resource's block with the flag for the blocks that the provider fills."""
    for name in names:
        block["b"][name].append("c")
    return block


def main(source: str, version: str, name: str) -> None:
    schemas = json.loads(Path(source).read_text(encoding="utf-8"))["provider_schemas"]
    (provider, schema), *_ = schemas.items()
    hidden, computed = (beside(f"{name}.{what}.yaml") for what in ("hidden", "computed"))
    lines: list[tuple[str, str]] = []
    for key, kind in _KINDS.items():
        for type_, entry in sorted(schema.get(key, {}).items()):
            block = compact(entry["block"])
            if kind == "resource":
                block = fill(hide(block, hidden.get(type_, [])), computed.get(type_, []))
            text = json.dumps(block, separators=(",", ":"))
            lines.append((f"{kind} {type_}", text))
    if "provider" in schema:
        text = json.dumps(compact(schema["provider"].get("block", {})), separators=(",", ":"))
        lines.append((f"provider {name}", text))
    found = [f"# {provider} {version}", *("\t".join(line) for line in sorted(lines))]
    Path(__file__).with_name(f"{name}.schema").write_text("\n".join(found) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
