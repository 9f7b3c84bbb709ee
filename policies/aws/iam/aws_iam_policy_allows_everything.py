"""Statements of a policy in JSON that allow every action on every resource without a condition."""

from collections.abc import Iterator

from alexandria_scan.sdk import Parameters, Resource, Verdict, fail, listed, unknown


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    document = resource.document("policy")
    if document is None:
        yield unknown("policy is not a policy document in JSON", "correct the policy", at="policy")
        return
    for statement in document.blocks("Statement"):
        everything = "*" in listed(statement.get("Action")) and "*" in listed(statement.get("Resource"))
        if everything and statement.get("Effect") == "Allow" and not statement.get("Condition"):
            yield fail('a statement allows "*" on "*"', at="policy")
