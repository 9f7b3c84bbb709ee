"""Looks for what keeps clients without TLS out: a denial for everybody, or a condition in all that is allowed."""

from collections.abc import Iterator
from typing import Any

from alexandria_scan.sdk import Block, Parameters, Resource, Statement, Verdict, any_of, fail, listed

KEY = "aws:securetransport"
EVERYTHING = ("*", "elasticfilesystem:*", "elasticfilesystem:client*", "elasticfilesystem:clientmount")


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    document = resource.document("policy")
    statements = document.statements() if document is not None else ()
    if not any_of(statements, _denies) and (document is None or any_of(statements, _allows_plaintext)):
        yield fail("clients are let in without TLS", at="policy")


def _denies(statement: Statement) -> bool:
    return (
        statement.get("Effect") == "Deny"
        and statement.names_everybody()
        and any(str(action).lower() in EVERYTHING for action in listed(statement.get("Action")))
        and _asks(statement.get("Condition"), ("bool", "boolifexists"), "false")
    )


def _allows_plaintext(statement: Block) -> bool:
    return statement.get("Effect") == "Allow" and not _asks(statement.get("Condition"), ("bool",), "true")


def _asks(condition: Any, operators: tuple[str, ...], wanted: str) -> bool:
    if not isinstance(condition, dict):
        return False
    return any(
        key.lower() == KEY and [str(item).lower() for item in listed(value)] == [wanted]
        for operator, keys in condition.items()
        if operator.lower() in operators and isinstance(keys, dict)
        for key, value in keys.items()
    )
