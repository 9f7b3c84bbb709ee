"""A key that the code knows is a key in the code. Inputs without a value and what other providers give are fine."""

from collections.abc import Iterator

from alexandria_scan.sdk import Parameters, Resource, Verdict, fail

SECRETS = ("access_key", "secret_key", "token", "password", "api_key", "api_token", "client_secret")


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    for name in SECRETS:
        if resource.known(name) and resource.get(name):
            yield fail(f"the value of {name} is in the code", at=name)
