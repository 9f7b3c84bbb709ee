"""The address that we give to what Checkov judged, and what that is."""

from __future__ import annotations

from functools import cache

from alexandria_scan.checkov.run import Record
from alexandria_scan.evaluate.schema import resource_schema


def address_of(record: Record) -> str:
    """Checkov leaves "data." and the last "module." out, and calls the provider "aws" "aws.default". Its checks on the
    graph do not say what they judged; what is only known as a data source is one."""
    if ".checks.provider." in record.check_class:
        return f"provider.{record.resource.removesuffix('.default')}"
    if ".checks.module." in record.check_class:
        caller, _, name = record.resource.rpartition(".")
        return f"{caller}.module.{name}" if caller else f"module.{name}"
    module, resource = module_and_rest(record.resource)
    type_ = resource.partition(".")[0]
    if ".checks.data." in record.check_class or _only_data(type_):
        return record.resource if type_ == "data" else f"{module}{'.' if module else ''}data.{resource}"
    return record.resource


@cache
def _only_data(type_: str) -> bool:
    return resource_schema("resource", type_) is None and resource_schema("data", type_) is not None


def target_of(address: str) -> tuple[str, str]:
    """The kind and type that policies are matched with: ("resource", "aws_db_instance")."""
    first, _, rest = module_and_rest(address)[1].partition(".")
    if not first:
        return "module_call", address.rpartition(".")[2]
    if first in ("data", "provider"):
        return first, rest.partition(".")[0]
    return "resource", first


def module_and_rest(address: str) -> tuple[str, str]:
    """`module.a["x"].aws_y.z[0]` as `module.a["x"]` and `aws_y.z[0]`."""
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
    return ".".join(parts[: len(parts) - own]), ".".join(parts[len(parts) - own :])
