"""Whether a KMS key that is named is the customer's, or one that AWS manages in the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.types import BOOL
from alexandria_scan.evaluate.values import Reason, Unknown, Value, opened
from alexandria_scan.graph.model import Graph
from alexandria_scan.patterns import pattern

if TYPE_CHECKING:
    from alexandria_scan.policy.scopes import Surroundings

_OF_AWS = "alias/aws/"  # which no alias of a customer may begin with
_NAMES_A_KEY = pattern(r":(?:key|alias)/.")
_LOOKED_UP_BY = {"aws_kms_alias": "name", "aws_kms_key": "key_id"}
_FOUND_AS = {"aws_kms_alias": ("target_key_arn", "target_key_id"), "aws_kms_key": ("arn", "id")}


def customer_key(surroundings: Surroundings, arguments: list[Value]) -> Value:
    """Whether an argument that takes a key is given one that is not AWS's: by its id, ARN or alias.

    A key that a data source finds is what it is looked up by. What a provider computes is a key of one's own.
    """
    if len(arguments) != 1:
        raise EvalError("Error in function call", "customer_key takes the value of an argument.")
    key, _ = opened(arguments[0])
    wanted, seen = key, set[Reason]()
    while type(wanted) is Unknown and seen.isdisjoint(wanted.reasons):
        found = _looked_up_by(surroundings.graph, wanted)
        if found is None:
            break
        seen.update(wanted.reasons)
        wanted, _ = opened(found)
    own = _is_own(wanted)
    if own is True and isinstance(wanted, str):
        return wanted not in _found_of_aws(surroundings)
    if own is not None:
        return own
    # Where no more is known, a key that is given is one's own.
    return True if wanted.not_null and not seen else wanted.as_type(BOOL, True)


def _is_own(key: Value) -> bool | None:
    """Whether it is a key of the customer; None if what is known of the text does not tell."""
    if type(key) is not Unknown:
        return isinstance(key, str) and key != "" and not _is_of_aws(key)
    if _is_of_aws(key.prefix) or _is_of_aws(key.suffix):
        return False
    other_alias = key.prefix.startswith("alias/") and not _OF_AWS.startswith(key.prefix)
    return True if key.computed or other_alias or _NAMES_A_KEY.search(key.suffix) else None


def _is_of_aws(key: str) -> bool:
    return key.startswith(_OF_AWS) or f":{_OF_AWS}" in key


def _looked_up_by(graph: Graph, key: Unknown) -> Value:
    """What the data source is asked for whose attribute is the key; None if it comes from elsewhere."""
    if not key.unquoted or key.prefix or key.suffix or len(key.reasons) != 1:
        return None
    node = graph.resource(key.reasons[0].subject.rpartition(".")[0])
    name = _LOOKED_UP_BY.get(node.type) if node is not None and node.kind == "data" else None
    return None if node is None or name is None else node.attribute(name)


def _found_of_aws(surroundings: Surroundings) -> set[str]:
    """The keys of AWS that data sources have found, as a plan has them: their ARNs and ids no longer tell whose they
    are."""
    found: set[str] | None = surroundings.kept.get(_found_of_aws)
    if found is None:
        found = surroundings.kept[_found_of_aws] = set()
        for type_, names in _FOUND_AS.items():
            for node in surroundings.graph.of("data", type_):
                by, manager = opened(node.attribute(_LOOKED_UP_BY[type_]))[0], node.attribute("key_manager")
                if manager == "AWS" or (isinstance(by, str) and (_is_of_aws(by) or by in found)):
                    values = (opened(node.attribute(name))[0] for name in names)
                    found.update(value for value in values if isinstance(value, str) and value)
    return found
