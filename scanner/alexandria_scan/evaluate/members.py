"""The elements that a sequence surely has although the rest of it is not known.

They ride on the Unknown that stands for the sequence, so no plan ever shows them; policies ask for them, because one
open address in `concat(["0.0.0.0/0"], var.more)` decides whatever the others are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.types import DYNAMIC, STRING, CollectionType, ListType, SetType
from alexandria_scan.evaluate.values import MAX_MEMBERS, ListVal, Marked, Unknown, Value, unmark


def members_of(value: Value) -> tuple[Value, ...]:
    """What is surely in a sequence: all of a known one, the members of an unknown one."""
    bare, _ = unmark(value)
    if type(bare) is Unknown:
        members: tuple[Value, ...] = bare.members
        return members
    return tuple(bare) if isinstance(bare, tuple) else ()


def _all_of(arguments: list[Value]) -> Iterator[Value]:
    for argument in arguments:
        yield from members_of(argument)


def _concatenated(arguments: list[Value]) -> Iterator[Value]:
    """Of lists and tuples, but of lists only texts: a number in them becomes a text if another list has texts."""
    for argument in arguments:
        bare, _ = unmark(argument)
        yield from filter(_is_text, bare) if isinstance(bare, ListVal) else members_of(argument)


def _is_text(value: Value) -> bool:
    return isinstance(unmark(value)[0], str)


def _flat(arguments: Iterable[Value]) -> Iterator[Value]:
    for argument in arguments:
        for item in members_of(argument):
            bare, _ = unmark(item)
            if isinstance(bare, tuple) or type(bare) is Unknown:
                yield from _flat([bare])  # an unknown may be a sequence or an element: it is not surely in the result
            else:
                yield item


def _texts(arguments: list[Value]) -> Iterator[Value]:
    """Of `compact`."""
    return filter(_is_filled, members_of(arguments[0]))


def _is_filled(value: Value) -> bool:
    """Whether it surely is a text and not an empty one."""
    bare, _ = unmark(value)
    return bare.surely_text if type(bare) is Unknown else isinstance(bare, str) and bare != ""


def _sealed(name: str, arguments: list[Value], kept: Unknown) -> bool:
    """Whether nothing is in the result of `compact` but what is kept: it is sure of each text if it is left out."""
    bare, _ = unmark(arguments[0])
    return (
        name == "compact"
        and isinstance(bare, tuple)
        and all(type(unmark(item)[0]) is not Unknown or _is_filled(item) for item in bare)
        and len(kept.members) == sum(map(_is_filled, bare))
    )


def _first(arguments: list[Value]) -> tuple[Value, ...]:
    """Of `coalesce`: the first argument that is not a bare null; what has members is none."""
    given = [argument for argument in arguments if unmark(argument)[0] is not None]
    return members_of(given[0]) if given else ()


_KEPT: dict[str, Callable[[list[Value]], Iterable[Value]]] = {
    "coalesce": _first, "compact": _texts, "concat": _all_of, "distinct": _all_of, "flatten": _flat,
    "nonsensitive": _all_of, "reverse": _all_of, "sensitive": _all_of, "setunion": _all_of, "sort": _all_of,
    "tolist": _all_of, "toset": _all_of,
}  # fmt: skip
_CONVERTING = frozenset(["coalesce", "distinct", "setunion", "tolist", "toset"])
_UNSETTLED = (DYNAMIC, ListType(DYNAMIC), SetType(DYNAMIC))


def with_members(name: str, arguments: list[Value], result: Value) -> Value:
    """The result of a function, if it is unknown, with the elements that it will have all the same."""
    bare, marks = unmark(result)
    if type(bare) is not Unknown or name not in _KEPT:
        return result
    keep = _KEPT[name]
    if bare.type in _UNSETTLED and name == "concat":
        keep = _concatenated
    members = keep(arguments)
    if bare.type in _UNSETTLED and name in _CONVERTING:
        members = filter(_is_text, members)
    kept = holding(bare, members)
    if _sealed(name, arguments, kept):
        kept = msgspec.structs.replace(kept, sealed=True)
    return kept if not marks else Marked(kept, marks)


def holding(value: Unknown, members: Iterable[Value]) -> Unknown:
    """The unknown sequence with these elements surely in it, brought to its element type."""
    element = value.type.element if isinstance(value.type, CollectionType) else None
    kept: list[Value] = []
    for item in members:
        if len(kept) == MAX_MEMBERS or value.type is STRING:
            break
        try:
            kept.append(item if element is None else convert(item, element))
        except ConversionError:
            continue
    return msgspec.structs.replace(value, members=tuple(kept)) if kept else value
