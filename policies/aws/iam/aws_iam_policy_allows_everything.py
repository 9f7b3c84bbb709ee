"""Statements of a policy in JSON that allow every action on every resource without a condition that limits them."""

from collections.abc import Iterator

from alexandria_scan.sdk import Block, Parameters, Resource, Verdict, fail, listed, unknown


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    document = resource.document("policy")
    if document is None:
        yield unknown("policy is not a policy document in JSON", "correct the policy", at="policy")
        return
    for statement in document.blocks("Statement"):
        everything = "*" in listed(statement.get("Action")) and "*" in listed(statement.get("Resource"))
        if everything and statement.get("Effect") == "Allow" and not _limited(resource, statement):
            yield fail('a statement allows "*" on "*"', at="policy")


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
