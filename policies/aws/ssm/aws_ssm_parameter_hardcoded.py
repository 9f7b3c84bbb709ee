"""A value that the code knows is a value in the code, unless it is evidently a placeholder."""

from collections.abc import Iterator

from alexandria_scan.sdk import Parameters, Resource, Verdict, fail, is_placeholder


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    for name in ("value", "value_wo", "insecure_value"):
        if not resource.known(name):
            continue
        value = resource.get(name)
        if value and not is_placeholder(str(value), param.placeholder) and resource.from_code(name):
            yield fail(f"the value of {name} is in the code", at=name)
