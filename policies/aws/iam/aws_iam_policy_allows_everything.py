"""Statements of a policy in JSON that allow every action on every resource without a condition."""

from collections.abc import Iterator
from typing import Any

from alexandria_scan.sdk import Parameters, Resource, Verdict, fail, unknown


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    document = resource.document("policy")
    if document is None:
        yield unknown("policy is not a policy document in JSON", "correct the policy", at="policy")
        return
    for statement in document.blocks("Statement"):
        everything = "*" in _listed(statement.get("Action")) and "*" in _listed(statement.get("Resource"))
        if everything and statement.get("Effect") == "Allow" and not statement.get("Condition"):
            yield fail('a statement allows "*" on "*"', at="policy")


def _listed(value: Any) -> list[Any]:
    """IAM takes one thing for a list of it."""
    return [] if value is None else value if isinstance(value, list) else [value]
