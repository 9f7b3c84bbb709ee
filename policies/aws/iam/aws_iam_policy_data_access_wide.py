"""Statements of a policy in JSON that allow access to data on every resource."""

from collections.abc import Iterator

from alexandria_scan.sdk import Parameters, Resource, Verdict, fail, listed, unknown

HARMLESS = ("List", "Describe", "GetRandomPassword")


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    document = resource.document("policy")
    if document is None:
        yield unknown("policy is not a policy document in JSON", "correct the policy", at="policy")
        return
    for statement in document.blocks("Statement"):
        if statement.get("Effect") != "Allow" or "*" not in listed(statement.get("Resource")):
            continue
        for action in listed(statement.get("Action")):
            service, _, name = str(action).partition(":")
            if service in param.services and not name.startswith(HARMLESS):
                yield fail(f"a statement allows {action} on every resource", at="policy")
