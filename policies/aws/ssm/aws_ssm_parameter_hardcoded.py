"""A value that the code knows is a value in the code, unless it is there only to be replaced."""

from collections.abc import Iterator

from alexandria_scan.sdk import Parameters, Resource, Verdict, kept_secret


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    for name in ("value", "value_wo", "insecure_value"):
        yield from kept_secret(resource, name, param.placeholder)
