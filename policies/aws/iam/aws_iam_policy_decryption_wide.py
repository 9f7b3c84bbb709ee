"""Statements of a policy in JSON that allow decryption with every KMS key."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase

from alexandria_scan.sdk import Block, Parameters, Resource, Verdict, each, fail, listed, not_applicable

DECRYPTING = ("kms:decrypt", "kms:reencryptfrom")
NARROWING = ("kms:resourcealiases", "kms:requestalias", "kms:viaservice", "kms:encryptioncontext", "aws:resourcetag/")
_DEMANDS = re.compile(r"(?i)(?:ForAnyValue:)?(?:String|Arn)(?:Equals|EqualsIgnoreCase|Like)")
_ALL_KEYS = re.compile(r"\*|arn:[^:]*:kms:\*(?::.*:(?:key/)?\*)?")


def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
    documents = resource.policy_documents()
    if not documents:
        yield not_applicable()
    yield from each(documents, lambda document: each(document.statements(), lambda one: _judge(one, param)))


def _judge(statement: Block, param: Parameters) -> Iterator[Verdict]:
    if statement.get("Effect") != "Allow" or not _wide(statement) or (param.conditions_narrow and _narrowed(statement)):
        return
    judged_elsewhere = "*" in listed(statement.get("Resource")) and (
        param.conditions_narrow or not statement.get("Condition")
    )
    for action in listed(statement.get("Action")):
        pattern = str(action).lower().replace("[", "[[]")  # IAM does not tell a from A in actions, and knows * and ?
        if judged_elsewhere and pattern in ("*", "*:*"):
            continue
        if any(fnmatchcase(name, pattern) for name in DECRYPTING):
            yield fail(f"a statement allows {action} with every key", at=statement)


def _wide(statement: Block) -> bool:
    """Whether it is about all keys, or all but some."""
    excepted = listed(statement.get("NotResource"))
    if excepted:
        return not any(_ALL_KEYS.fullmatch(str(name)) for name in excepted)
    return any(name == "*" or str(name).endswith(":key/*") for name in listed(statement.get("Resource")))


def _narrowed(statement: Block) -> bool:
    """Whether a condition demands something: one that excludes, or that holds where nothing is given, does not."""
    conditions = statement.get("Condition")
    return isinstance(conditions, dict) and any(
        key.lower().startswith(NARROWING)
        for test, entries in conditions.items()
        if isinstance(entries, dict) and _DEMANDS.fullmatch(test)
        for key in entries
    )
