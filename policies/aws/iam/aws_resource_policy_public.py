"""Statements that allow everybody something."""

from collections.abc import Iterator
from typing import Any

from alexandria_scan.sdk import Parameters, Resource, Statement, Verdict, any_of, fail, listed, not_applicable

TLS = "aws:securetransport"
SOURCE = "aws:sourceip"


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    name = "assume_role_policy" if resource.type == "aws_iam_role" else "policy"
    if resource.known(name) and resource.get(name) is None:
        yield not_applicable()
        return
    document = resource.document(name)
    open_ = document is not None and any_of(document.statements(), lambda statement: _open(resource, statement))
    if open_:
        yield fail("a statement allows the principal * without narrowing it down", at=name)


def _open(resource: Resource, statement: Statement) -> bool:
    if statement.get("Effect") != "Allow":
        return False
    if not statement.names_everybody() and statement.get("NotPrincipal") is None:
        return False
    conditions = statement.get("Condition")
    return not isinstance(conditions, dict) or not any(
        _narrows(resource, test, key, values)
        for test, entries in conditions.items()
        if isinstance(entries, dict)
        for key, values in entries.items()
    )


def _narrows(resource: Resource, test: str, key: str, values: Any) -> bool:
    """Whether a condition leaves strangers out: TLS does not, nor do addresses that are all there are.

    A test for what is not admits all others, and like IfExists and ForAllValues who has no such key at all:
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
    """
    operator = test.lower()
    if "not" in operator or operator.endswith("ifexists") or operator.startswith("forallvalues:"):
        return False
    if key.lower() == SOURCE:
        return not resource.open_to_world(listed(values))
    return key.lower() != TLS
