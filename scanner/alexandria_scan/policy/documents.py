"""Policy documents of IAM, in every form that Terraform has for them, as the object that their JSON says."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from alexandria_scan.evaluate.errors import EvalError, FunctionError
from alexandria_scan.evaluate.values import OpenTuple, Reason, Unknown, Value, collect_reasons, mark, opened
from alexandria_scan.graph.model import part_of

if TYPE_CHECKING:
    from alexandria_scan.policy.scopes import NodeScope

DATA = "aws_iam_policy_document"
_MERGED_BEFORE = "source_policy_documents"
_MERGED_AFTER = "override_policy_documents"
_NAMES = {
    "sid": "Sid", "actions": "Action", "not_actions": "NotAction", "resources": "Resource",
    "not_resources": "NotResource",
}  # fmt: skip


def document(scope: NodeScope, arguments: list[Value]) -> Value:
    """What the JSON in an argument says, as far as it is known; null if it is absent or no JSON.

    Of a `data.aws_iam_policy_document` that the argument names it is what that comes to, with all that it merges.
    """
    if len(arguments) != 1 or not isinstance(arguments[0], str):
        raise EvalError("Error in function call", "document takes the name of an argument.")
    name = arguments[0]
    value = scope.attrs.attribute(name)
    declared = _declared(scope, name, value)
    return _decoded(value) if declared is None else {"Statement": _opened(_statements(declared))}


def policy_documents(scope: NodeScope) -> Value:
    """The policies in JSON that a node holds, each with the `path` to it and what it says, its `document`: in `policy`,
    in its inline_policy blocks, and what an aws_iam_policy_document merges. One that is declared as an
    aws_iam_policy_document is left out: that is a node of its own."""
    if scope.node.kind == "data":
        return tuple(
            {"path": (name,), "document": {"Statement": _opened(statements)}}
            for name, statements in _merged(scope)
            if name and statements
        )
    found: list[tuple[tuple[str | int, ...], Value]] = [(("policy",), scope.attrs.attribute("policy"))]
    for index, block in enumerate(_items(scope.attrs.attribute("inline_policy"))):
        found.append((("inline_policy", index, "policy"), part_of(block, "policy")))
    return tuple(
        {"path": path, "document": _decoded(value)}
        for path, value in found
        if value is not None and _declared(scope, str(path[0]), value) is None
    )


def overriding_sids(scope: NodeScope) -> Value:
    """The sids of what an aws_iam_policy_document merges last: a statement of its own with one of them is replaced."""
    own = frozenset({scope.node.address})
    merged = [opened(statement)[0] for _, found in _texts(scope, _MERGED_AFTER, own) for statement in found]
    sids = [one.get("Sid") if isinstance(one, dict) else one for one in merged if not isinstance(one, str)]
    return _opened(sid for sid in sids if type(opened(sid)[0]) in (str, Unknown))


def _decoded(value: Value) -> Value:
    from alexandria_scan.evaluate.functions import json_codec

    value, marks = opened(value)
    if type(value) is Unknown:
        return mark(Unknown(reasons=value.reasons) if value.encodes is None else value.encodes, marks)
    if not isinstance(value, str):
        return None
    try:
        return mark(json_codec.decode(value), marks)
    except FunctionError:
        return None


def _declared(scope: NodeScope, attribute: str, value: Value) -> NodeScope | None:
    """The aws_iam_policy_document whose JSON the value is: in a plan it may be known, in source it is not."""
    value, _ = opened(value)
    if type(value) is Unknown and value.encodes is not None:
        return None
    addresses = scope.node.referenced(attribute).addresses
    nodes = {address: scope.graph.resource(address) for address in addresses}
    declared = {address: node for address, node in nodes.items() if node is not None and node.type == DATA}
    if type(value) is Unknown:
        subjects = {reason.subject for reason in value.reasons}
        whole = value.prefix == "{" and not value.suffix.strip()  # and nothing that one is only a part of
        said = [
            node
            for address, node in declared.items()
            if whole and set() < subjects <= {f"{address}.json", f"{address}.minified_json"}
        ]
        if (
            not said
            and len(declared) == len(addresses)
            and all(name.startswith(scope.node.address) for name in subjects)
        ):
            said = list(declared.values())  # a plan without its source does not say more
    else:
        said = [node for node in declared.values() if value is not None and opened(node.attribute("json"))[0] == value]
    return scope.surroundings.view(said[0]).scope if len(said) == 1 else None


def _statements(scope: NodeScope, within: frozenset[str] = frozenset()) -> list[Value]:
    """All statements of an aws_iam_policy_document that is merged `within` others."""
    address: str = scope.node.address
    if address in within:  # which Terraform refuses
        return [Unknown(reasons=(Reason(address, "merges itself", "take it out of the documents that it merges"),))]
    inner = within | {address}
    return [statement for _, statements in _merged(scope, inner) for statement in statements]


def _merged(scope: NodeScope, within: frozenset[str] | None = None) -> list[tuple[str, list[Value]]]:
    """What an aws_iam_policy_document consists of, by the argument that it comes from ("" for its own statements).

    A statement takes the place of an earlier one with the same sid. With `within`, the documents that are being read,
    what it merges of others that are declared counts, too.
    """
    parts = [
        *_texts(scope, _MERGED_BEFORE, within),
        ("", [_statement(block) for block in _items(scope.attrs.attribute("statement"))]),
        *_texts(scope, _MERGED_AFTER, within),
    ]
    taken: set[str] = set()
    found: list[tuple[str, list[Value]]] = []
    for name, statements in reversed(parts):
        found.insert(0, (name, [statement for statement in statements if _sid(statement) not in taken]))
        taken |= {sid for statement in statements if (sid := _sid(statement))}
    return found


def _texts(scope: NodeScope, name: str, within: frozenset[str] | None) -> list[tuple[str, list[Value]]]:
    found: list[tuple[str, list[Value]]] = []
    for text in _items(scope.attrs.attribute(name)):
        other = _declared(scope, name, text)
        if other is None:
            content = opened(_decoded(text))[0]
            if isinstance(content, dict):
                content = content.get("Statement")
            elif type(content) is not Unknown:
                content = Unknown(reasons=(Reason(name, "is no policy document in JSON", "correct the policy"),))
            found.append((name, _items(content)))
        elif within is not None:
            found.append((name, _statements(other, within)))
    return found


def _items(value: Value) -> list[Value]:
    """The elements of a list, or the one thing that stands for a list of it; an unknown one where there may be more."""
    value, marks = opened(value)
    if value is None:
        return []
    if type(value) is Unknown and value.members:
        value = value.members if value.sealed else OpenTuple(value.members, _rest(value))
    if not isinstance(value, tuple):
        return [mark(value, marks)]
    return [*(mark(item, marks) for item in value), *([value.unknown] if isinstance(value, OpenTuple) else [])]


def _rest(value: Unknown) -> Unknown:
    """What may be in a list beside its members, for the reasons that are not theirs."""
    theirs = collect_reasons(*value.members)
    return Unknown(reasons=tuple(reason for reason in value.reasons if reason not in theirs) or value.reasons)


def _opened(statements: Iterable[Value]) -> Value:
    """Statements as a list; one of which nothing is known may be any number of them."""
    items = list(statements)
    unknown = [item for item in items if type(opened(item)[0]) is Unknown]
    known = tuple(item for item in items if type(opened(item)[0]) is not Unknown)
    return OpenTuple(known, Unknown(reasons=collect_reasons(*unknown)), len(known)) if unknown else known


def _sid(statement: Value) -> str | None:
    content = opened(statement)[0]
    sid = opened(content.get("Sid"))[0] if isinstance(content, dict) else None
    return sid if isinstance(sid, str) and sid else None


def _statement(block: Value) -> Value:
    """A statement block as its JSON."""
    if type(block) is Unknown:
        return block
    said = {theirs: part_of(block, ours) for ours, theirs in _NAMES.items()}
    said["Principal"] = _principals(part_of(block, "principals"))
    said["NotPrincipal"] = _principals(part_of(block, "not_principals"))
    said["Condition"] = _conditions(part_of(block, "condition"))
    effect = part_of(block, "effect")
    return {"Effect": "Allow" if effect is None else effect, **{k: v for k, v in said.items() if v is not None}}


def _principals(blocks: Value) -> Value:
    found: dict[str, tuple[Value, ...]] = {}
    for block in _items(blocks):
        type_ = opened(part_of(block, "type"))[0]
        if type(type_) is Unknown:
            return type_
        found[type_] = (*found.get(type_, ()), *_items(part_of(block, "identifiers")))
    return "*" if "*" in found else found or None


def _conditions(blocks: Value) -> Value:
    """Conditions by test and variable; the provider puts the values of those that have both in common together."""
    found: dict[str, dict[str, Value]] = {}
    for block in _items(blocks):
        if type(block) is Unknown:
            return block
        test, variable = (opened(part_of(block, name))[0] for name in ("test", "variable"))
        if type(test) is Unknown or type(variable) is Unknown:
            return Unknown(reasons=collect_reasons(test, variable))
        values, same = part_of(block, "values"), found.setdefault(test, {})
        same[variable] = _opened([*_items(same[variable]), *_items(values)]) if variable in same else values
    return found or None
