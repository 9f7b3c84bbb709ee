"""Looks for the statement that denies everybody everything without TLS, in JSON or in an aws_iam_policy_document."""

from collections.abc import Iterator
from typing import Any

from alexandria_scan.sdk import (
    Block,
    Parameters,
    Resource,
    UnknownValue,
    Verdict,
    any_of,
    fail,
    listed,
    unknown,
)

KEY = "aws:securetransport"
OPERATORS = ("bool", "boolifexists")
EVERYTHING = ("*", "s3:*")


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    try:
        document = resource.document("policy")
    except UnknownValue:
        documents = resource.referenced("data.aws_iam_policy_document", "policy")
    else:
        if document is None or not any_of(document.blocks("Statement"), _json_denies):
            yield fail("no statement denies everybody requests without TLS", at="policy")
        return
    if any_of([statement for document in documents for statement in document.blocks("statement")], _denies):
        return
    merged = ("source_policy_documents", "override_policy_documents")
    if any(document.get(name) for document in documents for name in merged):
        yield unknown("what the merged policy documents say", "write the statement in this document", at="policy")
        return
    yield fail("no statement denies everybody requests without TLS", at="policy")


def _denies(statement: Block) -> bool:
    return (
        statement.get("effect") == "Deny"
        and any_of(statement.blocks("principals"), _is_everybody)
        and _covers(statement, "actions", "resources")
        and any_of(statement.blocks("condition"), _is_about_http)
    )


def _is_everybody(principal: Block) -> bool:
    return principal.get("type") in ("*", "AWS") and "*" in principal.get("identifiers", [])


def _is_about_http(condition: Block) -> bool:
    return (
        str(condition.get("test", "")).lower() in OPERATORS
        and str(condition.get("variable", "")).lower() == KEY
        and "false" in condition.get("values", [])
    )


def _covers(statement: Block, actions: str, resources: str) -> bool:
    """Whether all actions are meant, and not only those on the bucket itself as far as that is known."""
    if not any(str(name).lower() in EVERYTHING for name in listed(statement.get(actions))):
        return False
    try:
        names = [str(name) for name in listed(statement.get(resources))]
    except UnknownValue:
        return True
    return any(name.endswith(("*", ")")) for name in names)  # ")" ends what the document names for what is computed


def _json_denies(statement: Block) -> bool:
    principal = statement.get("Principal")
    everybody = principal == "*" or (isinstance(principal, dict) and "*" in listed(principal.get("AWS")))
    return (
        statement.get("Effect") == "Deny"
        and everybody
        and _covers(statement, "Action", "Resource")
        and _refuses_http(statement.get("Condition"))
    )


def _refuses_http(condition: Any) -> bool:
    if not isinstance(condition, dict):
        return False
    return any(
        key.lower() == KEY and "false" in [str(item).lower() for item in listed(value)]
        for operator, keys in condition.items()
        if operator.lower() in OPERATORS and isinstance(keys, dict)
        for key, value in keys.items()
    )
