"""Statements of a policy in JSON that allow access to data on every resource."""

from collections.abc import Iterator

from alexandria_scan.sdk import Block, Parameters, Resource, Verdict, each, fail, listed, unknown

HARMLESS = ("list", "describe", "getrandompassword")


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    document = resource.document("policy")
    if document is None:
        yield unknown("policy is not a policy document in JSON", "correct the policy", at="policy")
        return
    yield from each(document.blocks("Statement"), lambda statement: _judge(statement, param))


def _judge(statement: Block, param: Parameters) -> Iterator[Verdict]:
    if statement.get("Effect") != "Allow" or "*" not in listed(statement.get("Resource")):
        return
    for action in listed(statement.get("Action")):
        service, _, name = str(action).lower().partition(":")  # IAM does not tell a from A in actions
        if service in param.services and not name.startswith(HARMLESS):
            yield fail(f"a statement allows {action} on every resource", at="policy")
