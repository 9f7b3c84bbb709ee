"""Looks for the statement that denies everybody everything without TLS."""

from collections.abc import Iterator
from typing import Any

from alexandria_scan.sdk import Block, Parameters, Resource, Statement, UnknownValue, Verdict, any_of, fail, listed

KEY = "aws:securetransport"
OPERATORS = ("bool", "boolifexists")
EVERYTHING = ("*", "s3:*")


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    document = resource.document("policy")
    if document is None or not any_of(document.statements(), _denies):
        yield fail("no statement denies everybody requests without TLS", at="policy")


def _covers(statement: Block, actions: str, resources: str) -> bool:
    """Whether all actions are meant, and not only those on the bucket itself as far as that is known."""
    if not any(str(name).lower() in EVERYTHING for name in listed(statement.get(actions))):
        return False
    try:
        names = [str(name) for name in listed(statement.get(resources))]
    except UnknownValue:
        return True
    return any(name.endswith(("*", ")")) for name in names)  # ")" ends what the document names for what is computed


def _denies(statement: Statement) -> bool:
    return (
        statement.get("Effect") == "Deny"
        and statement.names_everybody()
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
