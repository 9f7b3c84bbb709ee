"""Looks for the statement that denies requests without TLS, in JSON or in an aws_iam_policy_document."""

from collections.abc import Iterator
from typing import Any

from alexandria_scan.sdk import Block, Parameters, Resource, UnknownValue, Verdict, fail, listed, unknown

KEY = "aws:securetransport"


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    try:
        document = resource.document("policy")
    except UnknownValue:
        documents = resource.referenced("data.aws_iam_policy_document", "policy")
    else:
        if document is None or not any(map(_json_denies, document.blocks("Statement"))):
            yield fail("no statement denies requests without TLS", at="policy")
        return
    if any(_denies(statement) for document in documents for statement in document.blocks("statement")):
        return
    merged = ("source_policy_documents", "override_policy_documents")
    if any(document.get(name) for document in documents for name in merged):
        yield unknown("what the merged policy documents say", "write the statement in this document", at="policy")
        return
    yield fail("no statement denies requests without TLS", at="policy")


def _denies(statement: Block) -> bool:
    if statement.get("effect") != "Deny":
        return False
    return any(
        str(condition.get("variable", "")).lower() == KEY and "false" in condition.get("values", [])
        for condition in statement.blocks("condition")
    )


def _json_denies(statement: Block) -> bool:
    return statement.get("Effect") == "Deny" and _refuses_http(statement.get("Condition"))


def _refuses_http(condition: Any) -> bool:
    if not isinstance(condition, dict):
        return False
    return any(
        key.lower() == KEY and "false" in [str(item).lower() for item in listed(value)]
        for operator, keys in condition.items()
        if operator in ("Bool", "BoolIfExists") and isinstance(keys, dict)
        for key, value in keys.items()
    )
