"""A value that the code knows is a value in the code, unless it is there only to be replaced."""

from collections.abc import Iterator

from alexandria_scan.sdk import Parameters, Resource, Verdict, fail, is_placeholder, is_secret, unknown


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    for name in ("value", "value_wo", "insecure_value"):
        if not resource.known(name):
            continue
        value = resource.get(name)
        if value and not is_placeholder(str(value), param.placeholder) and resource.from_code(name):
            yield from _judge(resource, name, str(value))


def _judge(resource: Resource, name: str, value: str) -> Iterator[Verdict]:
    """With ignore_changes the secret is put in elsewhere: then only what cannot be a stand-in is one for certain."""
    secret = is_secret(value) if resource.ignores_changes(name) else True
    if secret:
        yield fail(f"{name} is written in the code", at=name)
    elif secret is None:
        reason = f"whether {name} is there only to be replaced (ignore_changes covers it)"
        yield unknown(reason, "write a placeholder such as CHANGE_ME", at=name)
