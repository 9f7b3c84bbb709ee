"""A value that the code knows is a value in the code."""

from collections.abc import Iterator

from alexandria_scan.sdk import Parameters, Resource, Verdict, fail


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    for name in ("secret_string", "secret_string_wo", "secret_binary"):
        if resource.known(name) and resource.get(name) and resource.from_code(name):
            yield fail(f"the value of {name} is in the code", at=name)
