"""Statements that allow everybody something, in JSON or in an aws_iam_policy_document."""

from collections.abc import Iterator

from alexandria_scan.sdk import Block, Parameters, Resource, UnknownValue, Verdict, fail, listed, not_applicable

TLS = "aws:securetransport"


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    name = "assume_role_policy" if resource.type == "aws_iam_role" else "policy"
    if resource.known(name) and resource.get(name) is None:
        yield not_applicable()
        return
    try:
        document = resource.document(name)
    except UnknownValue:
        documents = resource.referenced("data.aws_iam_policy_document", name)
        open_ = any(_open(statement) for document in documents for statement in document.blocks("statement"))
    else:
        open_ = document is not None and any(map(_open_json, document.blocks("Statement")))
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


def _open_json(statement: Block) -> bool:
    if statement.get("Effect") != "Allow":
        return False
    condition = statement.get("Condition") or {}
    keys = [key.lower() for entries in condition.values() if isinstance(entries, dict) for key in entries]
    if any(key != TLS for key in keys):
        return False
    principal = statement.get("Principal")
    return principal == "*" or (isinstance(principal, dict) and "*" in listed(principal.get("AWS")))
