"""Statements of a policy in JSON that allow every action on every resource without a condition."""

import json
from collections.abc import Iterator
from typing import Any

from alexandria_scan.sdk import Parameters, Resource, Verdict, fail, unknown


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    try:
        document = json.loads(resource.get("policy", "{}"))
    except ValueError:
        document = None
    if not isinstance(document, dict):
        yield unknown("policy is not a policy document in JSON", "correct the policy", at="policy")
        return
    for statement in _listed(document.get("Statement")):
        if not isinstance(statement, dict):
            continue
        everything = "*" in _listed(statement.get("Action")) and "*" in _listed(statement.get("Resource"))
        if everything and statement.get("Effect") == "Allow" and not statement.get("Condition"):
            yield fail('a statement allows "*" on "*"', at="policy")


def _listed(value: Any) -> list[Any]:
    """IAM takes one thing for a list of it."""
    return [] if value is None else value if isinstance(value, list) else [value]
