"""Whether a trail's selectors take in reading and writing the objects of every bucket."""

import re
from collections.abc import Iterator

from alexandria_scan.sdk import Block, Parameters, Resource, UnknownValue, Verdict, fail, unknown

OBJECT = "AWS::S3::Object"
BOTH = frozenset({"read", "write"})
KINDS = {"All": BOTH, "ReadOnly": frozenset({"read"}), "WriteOnly": frozenset({"write"})}
READ_ONLY = {("true",): frozenset({"read"}), ("false",): frozenset({"write"})}
EVERY_BUCKET = re.compile(r"arn:[\w-]+:s3(:::)?")


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    recorded: set[str] = set()
    open_ = False
    for name, kinds in (("event_selector", _kinds), ("advanced_event_selector", _advanced_kinds)):
        for selector in resource.blocks(name):
            try:
                recorded |= kinds(selector)
            except UnknownValue:
                open_ = True
    missing = [operation for operation in param.operations if operation not in recorded]
    if missing and open_:
        yield unknown("which events a selector takes in")
    elif missing:
        yield fail(f"no selector takes in every {' and every '.join(missing)} of an object")


def _kinds(selector: Block) -> frozenset[str]:
    for data in selector.blocks("data_resource"):
        if data.get("type") == OBJECT and any(EVERY_BUCKET.fullmatch(value) for value in data.get("values", [])):
            return KINDS.get(selector.get("read_write_type", "All"), frozenset())
    return frozenset()


def _advanced_kinds(selector: Block) -> frozenset[str]:
    fields = {field.get("field"): field for field in selector.blocks("field_selector")}
    if fields.keys() - {"eventCategory", "resources.type", "readOnly"} or "resources.type" not in fields:
        return frozenset()
    if OBJECT not in fields["resources.type"].get("equals", []):
        return frozenset()
    if "readOnly" not in fields:
        return BOTH
    return READ_ONLY.get(tuple(fields["readOnly"].get("equals", [])), frozenset())
