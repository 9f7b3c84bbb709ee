"""Finds the resources of a type by the values of their arguments, at a cost that does not grow with their number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

import msgspec

from alexandria_scan.evaluate.values import MAX_REASONS, Reason, Unknown, Value, is_number, opened

Read = Callable[[Any, str], Value]
_Key = tuple[Any, ...]
_NAMES = ("name", "identifier", "id", "bucket", "cluster_identifier", "replication_group_id")


class Matches(msgspec.Struct, frozen=True):
    """`nodes` have the values that were asked for. `open` are reasons why others might have them, too."""

    nodes: tuple[Any, ...]
    open: tuple[Reason, ...]


class Index:
    """The nodes by what stands at some paths: `("metric_name", "dimensions.DBInstanceIdentifier")`."""

    def __init__(self, nodes: Iterable[Any], paths: tuple[str, ...], read: Read) -> None:
        self._known: dict[_Key, list[Any]] = {}
        self._open: dict[tuple[bool, ...], dict[_Key, dict[Reason, None]]] = {}
        for node in nodes:
            self._add(node, [value_at(node, path, read) for path in paths])

    def _add(self, node: Any, values: list[Value]) -> None:
        unknown = tuple(type(value) is Unknown for value in values)
        key = tuple(value.prefix if type(value) is Unknown else _comparable(value) for value in values)
        if None in key:
            return
        if not any(unknown):
            self._known.setdefault(key, []).append(node)
            return
        reasons = self._open.setdefault(unknown, {}).setdefault(key, {})
        for value in values:
            if type(value) is Unknown and len(reasons) < MAX_REASONS:
                reasons.update(dict.fromkeys(value.reasons))

    def find(self, values: Iterable[Value]) -> Matches:
        """What has these values, which are known."""
        found = [_comparable(value) for value in values]
        wanted = tuple(value for value in found if value is not None)
        if len(wanted) < len(found):
            return Matches((), ())
        reasons: dict[Reason, None] = {}
        for unknown, groups in self._open.items():
            pairs = zip(unknown, wanted, strict=True)
            for key in product(*(_beginnings(value) if open_ else (value,) for open_, value in pairs)):
                reasons.update(groups.get(key, {}))
        return Matches(tuple(self._known.get(wanted, ())), tuple(reasons)[:MAX_REASONS])


def value_at(node: Any, path: str, read: Read) -> Value:
    """The value without marks at a path of names, null where there is none."""
    first, *rest = path.split(".")
    value, _ = opened(read(node, first))
    for name in rest:
        if not isinstance(value, dict):
            break
        value, _ = opened(value.get(name))
    return value


def own_names(node: Any) -> list[str]:
    """The names by which another resource may mean this one without referring to it."""
    own = (value_at(node, name, lambda node, name: node.attribute(name)) for name in _NAMES)
    return list(dict.fromkeys(value for value in own if isinstance(value, str) and value))


def _comparable(value: Value) -> tuple[str, Value] | None:
    """A text, number or bool so that only what Terraform holds equal is equal; None for everything else."""
    if isinstance(value, bool):
        return "bool", value
    if is_number(value):
        return "number", value
    return ("string", value) if isinstance(value, str) else None


def _beginnings(value: tuple[str, Value]) -> Iterable[str]:
    """The prefixes that an unknown text may have which turns out to be the value."""
    kind, text = value
    return [text[:length] for length in range(len(text) + 1)] if kind == "string" else [""]
