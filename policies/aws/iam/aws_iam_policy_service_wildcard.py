"""Statements of a policy in JSON that allow every action of a service."""

from collections.abc import Iterator

from alexandria_scan.sdk import Block, Parameters, Resource, Verdict, each, fail, listed, not_applicable


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    documents = resource.policy_documents()
    if not documents:
        yield not_applicable()
    yield from each(documents, lambda document: each(document.statements(), _judge))


def _judge(statement: Block) -> Iterator[Verdict]:
    if statement.get("Effect") != "Allow":
        return
    if statement.get("NotAction") is not None:
        yield fail("a statement allows all but its NotAction", at=statement)
    for action in listed(statement.get("Action")):
        service, _, name = str(action).partition(":")
        if name == "*" and service != "*":  # which means everything and is judged as that
            yield fail(f"a statement allows {action}", at=statement)
