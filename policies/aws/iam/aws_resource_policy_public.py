"""Statements that allow everybody something, in JSON or in an aws_iam_policy_document."""

import json
from collections.abc import Iterator
from typing import Any

from alexandria_scan.sdk import Block, Parameters, Resource, Verdict, fail, not_applicable

TLS = "aws:securetransport"


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    name = "assume_role_policy" if resource.type == "aws_iam_role" else "policy"
    if resource.known(name):
        if resource.get(name) is None:
            yield not_applicable()
            return
        open_ = any(_open_json(statement) for statement in _statements(resource.get(name)))
    else:
        documents = resource.referenced("data.aws_iam_policy_document", name)
        open_ = any(_open(statement) for document in documents for statement in document.blocks("statement"))
    if open_:
        yield fail("a statement allows the principal * without narrowing it down", at=name)


def _open(statement: Block) -> bool:
    if statement.get("effect", "Allow") != "Allow":
        return False
    if any(str(condition.get("variable", "")).lower() != TLS for condition in statement.blocks("condition")):
        return False
    return any(
        principal.get("type") in ("*", "AWS") and "*" in principal.get("identifiers", [])
        for principal in statement.blocks("principals")
    )


def _statements(text: Any) -> list[Any]:
    try:
        document = json.loads(text)
    except (TypeError, ValueError):
        return []
    return _listed(document.get("Statement")) if isinstance(document, dict) else []


def _open_json(statement: Any) -> bool:
    if not isinstance(statement, dict) or statement.get("Effect") != "Allow":
        return False
    condition = statement.get("Condition") or {}
    keys = [key.lower() for entries in condition.values() if isinstance(entries, dict) for key in entries]
    if any(key != TLS for key in keys):
        return False
    principal = statement.get("Principal")
    return principal == "*" or (isinstance(principal, dict) and "*" in _listed(principal.get("AWS")))


def _listed(value: Any) -> list[Any]:
    return [] if value is None else value if isinstance(value, list) else [value]
