"""Statements of a policy in JSON that allow every action on every resource without a condition that limits them."""

import json
from collections.abc import Iterator

from alexandria_scan.sdk import Block, Parameters, Resource, Verdict, each, fail, listed, unknown


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    if resource.type == "aws_iam_role":
        yield from each(resource.blocks("inline_policy"), lambda block: _inline(resource, block))
        return
    document = resource.document("policy")
    if document is None:
        yield unknown("policy is not a policy document in JSON", "correct the policy", at="policy")
        return
    yield from _statements(resource, document, "policy")


def _inline(resource: Resource, block: Block) -> Iterator[Verdict]:
    if not block.known("policy") and resource.referenced("data.aws_iam_policy_document"):
        return  # judged there
    try:
        content = json.loads(block.get("policy", "{}"))
    except ValueError:
        yield unknown("policy is not a policy document in JSON", "correct the policy", at=block)
        return
    yield from _statements(resource, Block(content, block.path), block)


def _statements(resource: Resource, document: Block, at: str | Block) -> Iterator[Verdict]:
    yield from each(document.blocks("Statement"), lambda statement: _judge(resource, statement, at))


def _judge(resource: Resource, statement: Block, at: str | Block) -> Iterator[Verdict]:
    if statement.get("Effect") != "Allow":
        return
    everything = _all(statement, "Action", ("*", "*:*")) and _all(statement, "Resource", ("*",))
    if everything and not _limited(resource, statement):
        yield fail('a statement allows "*" on "*"', at=at)


def _all(statement: Block, name: str, words: tuple[str, ...]) -> bool:
    return any(word in listed(statement.get(name)) for word in words)


def _limited(resource: Resource, statement: Block) -> bool:
    """Whether a condition asks for more than TLS or an address that everybody has."""
    conditions = statement.get("Condition")
    return isinstance(conditions, dict) and any(
        key.lower() != "aws:securetransport"
        and not (test.lower().startswith("ipaddress") and resource.open_to_world(listed(values)))
        for test, entries in conditions.items()
        if isinstance(entries, dict)
        for key, values in entries.items()
    )
