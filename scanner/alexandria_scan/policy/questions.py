"""The functions of a condition that ask about a node and the graph around it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.operators import equal
from alexandria_scan.evaluate.secret_names import names_a_secret
from alexandria_scan.evaluate.types import BOOL
from alexandria_scan.evaluate.values import (
    OpenTuple,
    Reason,
    Unknown,
    Value,
    collect_reasons,
    opened,
)
from alexandria_scan.graph.model import View, exists_with
from alexandria_scan.policy.lookup import own_names

if TYPE_CHECKING:
    from alexandria_scan.policy.scopes import NodeScope

_GROUPS = ("_parameter_group", "_option_group")
_SERVICES_OWN = ("default.", "default:")
"""What the names of the groups begin with that AWS makes for each family; nobody else's can."""


class NodeView(View):
    """Another resource as a policy sees it."""

    __slots__ = ("scope",)

    def __init__(self, scope: NodeScope) -> None:
        super().__init__(lambda name: scope.meta if name == "meta" else scope.effective(name))
        self.scope = scope


def document(scope: NodeScope, arguments: list[Value]) -> Value:
    from alexandria_scan.policy import documents

    return documents.document(scope, arguments)


def policy_documents(scope: NodeScope) -> Value:
    from alexandria_scan.policy import documents

    return documents.policy_documents(scope)


def overriding_sids(scope: NodeScope) -> Value:
    from alexandria_scan.policy import documents

    return documents.overriding_sids(scope)


def is_set(scope: NodeScope, arguments: list[Value]) -> Value:
    """Whether an argument is given, by its name; unknown where its value could be null."""
    (name,) = _texts("is_set", arguments, 1, 1)
    value, _ = opened(scope.given(name))
    if type(value) is Unknown:
        return True if value.computed or value.not_null or value.unquoted else value.as_type(BOOL, True)
    if isinstance(value, OpenTuple) and len(value) == 1:
        return value.unknown.as_type(BOOL, True)
    return value is not None


def referenced(scope: NodeScope, arguments: list[Value]) -> Value:
    """The resources of a type that the node refers to: all, or those that one argument names.

    A third argument, another resource, is asked in the node's place.
    """
    if len(arguments) == 3 and isinstance(arguments[2], NodeView):
        return referenced(arguments[2].scope, arguments[:2])
    texts = _texts("referenced", arguments, 1, 2)
    type_, attribute = texts[0], texts[1] if len(texts) > 1 else None
    references = scope.node.referenced(attribute)
    found = _of_type(scope, references.addresses, type_)
    if attribute is None and scope.graph.unread:
        return OpenTuple(found, Unknown(reasons=scope.graph.unread), len(found))
    if found or attribute is None:
        return found
    value, _ = opened(scope.node.attribute(attribute))
    if value is None or value == ():
        return ()
    if isinstance(value, str):
        named = scope.surroundings.named(type_, value)
        if named or (type_.endswith(_GROUPS) and value.startswith(_SERVICES_OWN)):
            return tuple(map(scope.surroundings.view, named))
    reason = Reason(
        f"the {type_} that {attribute} names",
        "is not in the scanned code",
        "scan the plan, or the code that declares it",
    )
    return Unknown(reasons=(value.reasons if type(value) is Unknown and value.reasons else (reason,)))


def _of_type(scope: NodeScope, addresses: tuple[str, ...], type_: str) -> tuple[Value, ...]:
    kind, plain = ("data", type_[5:]) if type_.startswith("data.") else ("resource", type_)
    nodes = [scope.graph.resource(address) for address in addresses]
    return tuple(
        scope.surroundings.view(node) for node in nodes if node is not None and (node.kind, node.type) == (kind, plain)
    )


def referencing(scope: NodeScope, arguments: list[Value]) -> Value:
    """The resources of a type that refer to the node: all, or those that do in one argument.

    A third argument, another resource, is asked in the node's place.
    """
    if len(arguments) == 3 and isinstance(arguments[2], NodeView):
        return referencing(arguments[2].scope, arguments[:2])
    texts = _texts("referencing", arguments, 1, 2)
    nodes = scope.graph.referrers(scope.node.address, *texts)
    if len(texts) > 1:
        table = scope.surroundings.index(texts[0], (texts[1],))
        named = [node for name in own_names(scope.node) for node in table.find([name]).nodes]
        nodes = [*nodes, *(node for node in named if node not in nodes)]  # the list is the graph's
    return _views(scope, nodes, (), scope.graph.unseen(scope.node.address))


def resources(scope: NodeScope, arguments: list[Value]) -> Value:
    """All resources of a type, or those whose arguments have the given values: a null names none."""
    type_, wanted = arguments[0] if arguments else None, opened(arguments[1])[0] if len(arguments) > 1 else {}
    if len(arguments) > 2 or not isinstance(type_, str) or not isinstance(wanted, dict):
        raise EvalError("Error in function call", "resources takes a type, and an object of paths and values.")
    if not wanted:
        return _views(scope, scope.graph.of("resource", type_), (), scope.graph.unseen())
    values = {path: opened(value)[0] for path, value in sorted(wanted.items())}
    known = {path: value for path, value in values.items() if type(value) is not Unknown}
    found = scope.surroundings.index(type_, tuple(known)).find(known.values())
    unseen = scope.graph.unseen(scope.node.address)  # whoever names it has been handed it
    if len(known) == len(values):
        return _views(scope, found.nodes, found.open, unseen)
    if not found.nodes and not found.open and not unseen:
        return ()
    return OpenTuple((), Unknown(reasons=collect_reasons(*values.values())))


def possible(scope: NodeScope, arguments: list[Value]) -> Value:
    """All resources of a type, also those of which it is not known whether they are there."""
    (type_,) = _texts("possible", arguments, 1, 1)
    return tuple(map(scope.surroundings.view, scope.graph.of("resource", type_)))


def _views(scope: NodeScope, nodes: Iterable[Any], open_: tuple[Reason, ...], unseen: tuple[Reason, ...]) -> Value:
    """The nodes as a list, which is open where it is not known how many there are (`count = var.x ? 1 : 0`)."""
    views, symbolic = [], []
    for node in nodes:
        if node.repetition is not None:
            symbolic.append(node.repetition)
        if exists_with(scope.node, node):
            views.append(scope.surroundings.view(node))
    if not symbolic and not open_ and not unseen:
        return tuple(views)
    reasons = dict.fromkeys((*collect_reasons(*symbolic), *open_, *unseen))
    return OpenTuple(views, Unknown(reasons=tuple(reasons)), len(views))


def backup_selections(scope: NodeScope, arguments: list[Value]) -> Value:
    from alexandria_scan.policy import backup

    return backup.backup_selections(scope)


def open_to_world(arguments: list[Value]) -> Value:
    from alexandria_scan.policy import networks

    return networks.open_to_world(arguments)


def customer_key(scope: NodeScope, arguments: list[Value]) -> Value:
    from alexandria_scan.policy import keys

    return keys.customer_key(scope.surroundings, arguments)


def prefix_length(arguments: list[Value]) -> Value:
    from alexandria_scan.policy import networks

    return networks.prefix_length(arguments)


def issensitive(scope: NodeScope, arguments: list[Value]) -> Value:
    """Terraform's, but what AWS computes is not sensitive where the provider's schema does not say so."""
    from alexandria_scan.evaluate.functions.call import call

    result = call("issensitive", arguments, scope.context)
    bare, _ = opened(result)
    if type(bare) is Unknown and bare.reasons and not any(map(_may_be_secret, bare.reasons)):
        return False
    return result


def carries_secret(scope: NodeScope, arguments: list[Value]) -> Value:
    """Whether the value of an argument is sensitive. Where it is not known, what it is written to be made of tells."""
    (name,) = _texts("carries_secret", arguments, 1, 1)
    said = issensitive(scope, [scope.effective(name)])
    if type(opened(said)[0]) is Unknown:
        parts = scope.node.made_of(name) if scope.node.kind == "resource" else None
        if parts is not None and not any(_is_secret(type_, [attribute]) for type_, attribute in parts):
            return False
    return said


def _may_be_secret(reason: Reason) -> bool:
    """Whether the value that is missing could be a secret; of other providers no schema here tells which are."""
    from alexandria_scan.evaluate.address import AddressError, parse_address

    try:
        address = parse_address(reason.subject)
    except AddressError:
        return True
    path = [step for step in address.steps if isinstance(step, str)]
    if reason.kind != "computed" or address.kind != "managed" or not path:
        return True
    return _is_secret(address.type, path)


def _is_secret(type_: str, path: list[str]) -> bool:
    """Whether the attribute of a resource could be a secret."""
    from alexandria_scan.evaluate.schema import is_hidden, resource_schema

    if not type_.startswith("aws_") or resource_schema("resource", type_) is None:
        return True
    return names_a_secret(path[-1]) or is_hidden("resource", type_, path)


def contains(scope: NodeScope, arguments: list[Value]) -> Value:
    """Terraform's, but one element that is surely there decides."""
    from alexandria_scan.evaluate.functions.call import call

    if len(arguments) == 2:
        items, _ = opened(arguments[0])
        if type(items) is Unknown and any(opened(equal(item, arguments[1]))[0] is True for item in items.members):
            return True
    return call("contains", arguments, scope.context)


def _texts(name: str, arguments: list[Value], least: int, most: int) -> list[str]:
    if not least <= len(arguments) <= most or not all(isinstance(item, str) for item in arguments):
        raise EvalError("Error in function call", f"{name} takes {least} to {most} texts.")
    return arguments
