"""Statements of a policy in JSON that allow every action on every resource without a condition that limits them."""

from collections.abc import Iterator

from alexandria_scan.sdk import Block, Parameters, Resource, Verdict, each, fail, listed, not_applicable


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    documents = resource.policy_documents()
    if not documents:
        yield not_applicable()
    yield from each(documents, lambda document: each(document.statements(), lambda one: _judge(resource, one)))


def _judge(resource: Resource, statement: Block) -> Iterator[Verdict]:
    if statement.get("Effect") != "Allow":
        return
    everything = _all(statement, "Action", ("*", "*:*")) and _all(statement, "Resource", ("*",))
    if everything and not _limited(resource, statement):
        yield fail('a statement allows "*" on "*"', at=statement)


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
