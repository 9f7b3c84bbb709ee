"""A value that the code knows is a value in the code, unless it is evidently a placeholder."""

import json
import re
from collections.abc import Iterator
from typing import Any

from alexandria_scan.sdk import Parameters, Resource, Verdict, fail


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    for name in ("secret_string", "secret_string_wo", "secret_binary"):
        if not resource.known(name):
            continue
        value = resource.get(name)
        if value and not _placeholder(str(value), param.placeholder) and resource.from_code(name):
            yield fail(f"the value of {name} is in the code", at=name)


def _placeholder(text: str, pattern: str) -> bool:
    """Whether the text is there only to be replaced: JSON is if that is so of all that it holds."""
    try:
        held = list(_leaves(json.loads(text)))
    except (ValueError, RecursionError):
        held = [text]
    return all(re.search(pattern, one) for one in held)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _leaves(one)
    else:
        yield "" if value is None else str(value)
