"""Which backup selections take a resource: by its ARN or by its tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from alexandria_scan.evaluate.values import OpenTuple, Reason, Unknown, Value
from alexandria_scan.graph.model import exists_with
from alexandria_scan.sdk import Block, Other, UnknownValue

if TYPE_CHECKING:
    from alexandria_scan.policy.scopes import NodeScope

SELECTION = "aws_backup_selection"
_SERVICES = {
    "aws_db_instance": "rds",
    "aws_dynamodb_table": "dynamodb",
    "aws_efs_file_system": "elasticfilesystem",
    "aws_rds_cluster": "rds",
}
"""What stands in the third place of the ARN."""


def backup_selections(scope: NodeScope) -> Value:
    """The selections of a root that take the resource, as a list that is open where one may.

    One takes what its `resources` name, and what has one of its tags:
    https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
    """
    found: list[Any] = []
    reasons: dict[Reason, None] = dict.fromkeys(scope.graph.unseen(scope.node.address))
    for node in _candidates(scope):
        view = scope.surroundings.view(node)
        try:
            if not _takes(Other(view, ()), scope):
                continue
        except UnknownValue as missing:
            reasons.update(dict.fromkeys(missing.reasons))
            continue
        if exists_with(scope.node, node):
            found.append(view)
        else:
            reasons.update(dict.fromkeys(node.repetition.reasons))
    return OpenTuple(found, Unknown(reasons=tuple(reasons)), len(found)) if reasons else tuple(found)


class _Selections:
    """The selections of a root by what they may take: addresses that they name, tags that they ask for, anything."""

    def __init__(self, scope: NodeScope) -> None:
        self.nodes = scope.graph.of("resource", SELECTION)
        self.named: dict[str, list[int]] = {}
        self.tagged: dict[tuple[str, str], list[int]] = {}
        self.any: list[int] = []
        for number, node in enumerate(self.nodes):
            try:
                self._add(number, Other(scope.surroundings.view(node), ()))
            except UnknownValue:
                self.any.append(number)

    def _add(self, number: int, selection: Other) -> None:
        tags = [(str(tag.get("key")), str(tag.get("value"))) for tag in selection.blocks("selection_tag")]
        if selection.blocks("condition") or _patterns(selection):
            self.any.append(number)
            return
        for address in selection.node.referenced("resources").addresses:
            self.named.setdefault(address, []).append(number)
        for tag in tags:
            self.tagged.setdefault(tag, []).append(number)


def _candidates(scope: NodeScope) -> list[Any]:
    """The selections that may take the resource, in their order."""
    selections = scope.surroundings.kept.get(_Selections)
    if selections is None:
        selections = scope.surroundings.kept[_Selections] = _Selections(scope)
    try:
        sets = [tags for tags in _tags(scope) if isinstance(tags, dict)]
        own = {(key, str(value)) for tags in sets for key, value in tags.items()}
    except UnknownValue:
        own = set(selections.tagged)
    found = {*selections.any, *selections.named.get(scope.node.address, ())}
    found.update(number for tag in own for number in selections.tagged.get(tag, ()))
    return [selections.nodes[number] for number in sorted(found)]


def _takes(selection: Other, scope: NodeScope) -> bool:
    """Whether the selection takes the resource. Raises UnknownValue."""
    conditional = bool(selection.blocks("condition"))
    named = scope.node.address in selection.node.referenced("resources").addresses
    if named and not conditional:
        return True
    unread: UnknownValue | None = None
    for tag in selection.blocks("selection_tag"):
        try:
            if _has_tag(scope, tag.get("key"), tag.get("value")) and not conditional:
                return True
        except UnknownValue as missing:
            unread = missing
    if unread is not None:
        raise unread
    if named or (conditional and not selection.known("resources")) or any(map(_may_be(scope), _patterns(selection))):
        raise UnknownValue((_open(selection),), None)
    return False


def _has_tag(scope: NodeScope, key: str, value: str) -> bool:
    for tags in _tags(scope):
        if isinstance(tags, dict) and key in tags:
            return bool(tags[key] == value)
    return False


def _tags(scope: NodeScope) -> Iterator[Any]:
    """The resource's own tags, then those that its provider adds. Raises UnknownValue."""
    yield Block(scope.attrs, ()).get("tags")
    yield Block({"tags": scope.node.default_tags()}, ()).get("tags")


def _patterns(selection: Other) -> list[str]:
    try:
        return [arn for arn in selection.get("resources", []) if "*" in arn]
    except UnknownValue as missing:
        if selection.node.referenced("resources").addresses:  # of other resources
            return []
        raise missing from None


def _may_be(scope: NodeScope) -> Any:
    service = _SERVICES.get(scope.node.type)

    def may_be(pattern: str) -> bool:
        parts = pattern.split(":")
        return len(parts) < 3 or service is None or parts[2] in (service, "*")

    return may_be


def _open(selection: Other) -> Reason:
    return Reason(f"whether {selection.address} takes it, by pattern or under a condition,", "is not in the code")
