"""A key that the code knows is a key in the code. Inputs without a value and what other providers give are fine."""

import re
from collections.abc import Iterator

from alexandria_scan.sdk import Parameters, Resource, Verdict, fail, listed, not_applicable

SECRETS = ("access_key", "secret_key", "token", "password", "api_key", "api_token", "client_secret")
_OWN_MACHINE = re.compile(r"https?://(?:localhost|127\.0\.0\.1|\[::1\]|host\.docker\.internal|localstack)(?:[:/]|$)")


_STANDS_FOR_A_KEY = re.compile(r"(?i)(?:mock|fake|dummy|test|example|foo|bar|an?|my|access|secret|key|id|token|[-_ ])+")


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    named = [name for name in SECRETS if resource.known(name) and resource.get(name)]
    real = [name for name in named if not _is_placeholder(resource, name)]
    if named and (not real or _is_emulated(resource)):
        yield not_applicable()
        return
    for name in real:
        yield fail(f"{name} is written in the code", at=name)


def _is_placeholder(resource: Resource, name: str) -> bool:
    """Whether it is what tests write for a key of AWS, which has no words: the provider never gets as far as AWS."""
    return resource.get("name") == "aws" and bool(_STANDS_FOR_A_KEY.fullmatch(str(resource.get(name))))


def _is_emulated(resource: Resource) -> bool:
    """Whether every endpoint is one of an emulator on one's own machine, such as LocalStack: it takes any key."""
    if not resource.known("endpoints"):
        return False
    urls = [str(url) for block in listed(resource.get("endpoints")) for url in block.values() if url is not None]
    return bool(urls) and all(_OWN_MACHINE.match(url) for url in urls)
