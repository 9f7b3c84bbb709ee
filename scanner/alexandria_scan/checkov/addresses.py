"""The address that we give to what Checkov judged."""

from __future__ import annotations

from alexandria_scan.checkov.run import Record


def address_of(record: Record) -> str:
    """Checkov leaves "data." out, and calls the provider "aws" "aws.default"."""
    if ".checks.provider." in record.check_class:
        return f"provider.{record.resource.removesuffix('.default')}"
    if ".checks.data." in record.check_class:
        module, resource = _split(record.resource)
        return record.resource if resource.startswith("data.") else f"{module}data.{resource}"
    return record.resource


def _split(address: str) -> tuple[str, str]:
    """The module's path with its last dot, and the rest: a resource is a type, a name and perhaps a key."""
    parts, depth = [""], 0
    for character in address:
        depth += (character == "[") - (character == "]")
        if character == "." and not depth:
            parts.append("")
        else:
            parts[-1] += character
    own = len(parts)
    while own >= 2 and parts[len(parts) - own] == "module":
        own -= 2
    module = ".".join(parts[: len(parts) - own])
    return (f"{module}." if module else ""), ".".join(parts[len(parts) - own :])
