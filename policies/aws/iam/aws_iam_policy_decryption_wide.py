"""Statements of a policy in JSON that allow decryption with every KMS key."""

from collections.abc import Iterator
from fnmatch import fnmatchcase

from alexandria_scan.sdk import Block, Parameters, Resource, Verdict, each, fail, listed, not_applicable

DECRYPTING = ("kms:decrypt", "kms:reencryptfrom")
NARROWING = ("kms:resourcealiases", "kms:requestalias", "kms:viaservice", "kms:encryptioncontext", "aws:resourcetag/")


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    documents = resource.policy_documents()
    if not documents:
        yield not_applicable()
    yield from each(documents, lambda document: each(document.statements(), _judge))


def _judge(statement: Block) -> Iterator[Verdict]:
    if statement.get("Effect") != "Allow" or _narrowed(statement):
        return
    resources = listed(statement.get("Resource"))
    if not any(name == "*" or str(name).endswith(":key/*") for name in resources):
        return
    for action in listed(statement.get("Action")):
        pattern = str(action).lower()  # IAM does not tell a from A in actions
        if pattern != "*" and any(fnmatchcase(name, pattern) for name in DECRYPTING):
            yield fail(f"a statement allows {action} with every key", at=statement)


def _narrowed(statement: Block) -> bool:
    conditions = statement.get("Condition")
    return isinstance(conditions, dict) and any(
        key.lower().startswith(NARROWING)
        for entries in conditions.values()
        if isinstance(entries, dict)
        for key in entries
    )
