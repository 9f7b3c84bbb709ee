"""Statements of a policy in JSON that allow access to data on every resource."""

from collections.abc import Iterator

from alexandria_scan.sdk import Block, Parameters, Resource, Verdict, each, fail, listed, not_applicable

HARMLESS = ("list", "describe", "getrandompassword")


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    documents = resource.policy_documents()
    if not documents:
        yield not_applicable()
    yield from each(documents, lambda document: each(document.statements(), lambda one: _judge(one, param)))


def _judge(statement: Block, param: Parameters) -> Iterator[Verdict]:
    if statement.get("Effect") != "Allow" or "*" not in listed(statement.get("Resource")):
        return
    for action in listed(statement.get("Action")):
        service, _, name = str(action).lower().partition(":")  # IAM does not tell a from A in actions
        if service in param.services and not name.startswith(HARMLESS):
            yield fail(f"a statement allows {action} on every resource", at=statement)
