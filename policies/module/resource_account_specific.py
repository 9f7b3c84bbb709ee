"""Arguments whose value is written in the module and holds an account's number or a zone of one region."""

import re
from collections.abc import Iterator
from typing import Any

from alexandria_scan.sdk import Parameters, Resource, UnknownValue, Verdict, fail

ACCOUNT = re.compile(r"^arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:")
ZONE = re.compile(r"^[a-z]{2}(-gov|-iso[a-z]?)?-[a-z]+-[0-9][a-z]?$")


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    given = set(resource.arguments())
    for name in filter(given.__contains__, param.arguments):
        try:
            values = resource.get(name)
        except UnknownValue:  # what the code does not know is not written in it
            continue
        for value in values if isinstance(values, list) else [values]:
            what = _belongs_to(value)
            if what and resource.from_code(name):
                yield fail(f"{name} belongs to one {what}", at=name)
                break


def _belongs_to(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    if ACCOUNT.match(value):
        return "account"
    return "region" if ZONE.match(value) else None
