"""Whether a type constraint still takes what another one took, by the rules of Terraform's conversion."""

from __future__ import annotations

from collections.abc import Iterator

from alexandria_scan.evaluate.types import (
    DYNAMIC,
    STRING,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
    spelled,
)
from alexandria_scan.evaluate.unify import unify
from alexandria_scan.evaluate.values import raw_equal


def objections(old: Type, new: Type, path: str = "") -> Iterator[str]:
    """Why something that `old` took is refused or ignored by `new`; nothing where `new` is as wide or wider.

    An attribute that an object did not name, and ignored, is left out of this: a caller who gives one to no effect
    may be refused where it is named one day.
    """
    if new == old and not isinstance(old, ObjectType):
        return
    if new is DYNAMIC:
        return
    if old is DYNAMIC:
        yield f"{_at(path)}took any value and now takes {spelled(new)} only"
    elif isinstance(new, Primitive):
        if not (new is STRING and isinstance(old, Primitive)):
            yield _retyped(old, new, path)
    elif isinstance(new, (ListType, SetType)):
        yield from _sequence(old, new, path)
    elif isinstance(new, MapType):
        yield from _map(old, new, path)
    elif isinstance(new, TupleType):
        yield from _tuple(old, new, path)
    else:
        yield from _object(old, new, path)


def _at(path: str) -> str:
    return f"{path.lstrip('.')} " if path else ""


def _retyped(old: Type, new: Type, path: str) -> str:
    return f"{_at(path)}took {spelled(old)} and now takes {spelled(new)}"


def _sequence(old: Type, new: ListType | SetType, path: str) -> Iterator[str]:
    if isinstance(old, (ListType, SetType)):
        yield from objections(old.element, new.element, f"{path}[*]")
    elif isinstance(old, TupleType):
        yield from _elements(old, old.elements, new, path)
    else:
        yield _retyped(old, new, path)


def _map(old: Type, new: MapType, path: str) -> Iterator[str]:
    if isinstance(old, MapType):
        yield from objections(old.element, new.element, f"{path}[*]")
    elif isinstance(old, ObjectType):
        yield from _elements(old, tuple(old.attributes.values()), new, path)
    else:
        yield _retyped(old, new, path)


def _elements(old: Type, elements: tuple[Type, ...], new: ListType | SetType | MapType, path: str) -> Iterator[str]:
    """Parts of different types, which become the elements of one collection."""
    if new.element is DYNAMIC:
        if elements and unify(elements) is None:
            yield f"{_retyped(old, new, path)}, whose elements must be of one type"
        return
    for element in elements:
        if any(objections(element, new.element)):
            yield _retyped(old, new, path)
            return


def _tuple(old: Type, new: TupleType, path: str) -> Iterator[str]:
    if not isinstance(old, TupleType) or len(old.elements) != len(new.elements):
        yield _retyped(old, new, path)
        return
    for index, (before, after) in enumerate(zip(old.elements, new.elements, strict=True)):
        yield from objections(before, after, f"{path}[{index}]")


def _object(old: Type, new: ObjectType, path: str) -> Iterator[str]:
    if isinstance(old, MapType):
        if new.attributes.keys() - new.optional:
            yield _retyped(old, new, path)
            return
        for name, after in sorted(new.attributes.items()):
            yield from objections(old.element, after, f"{path}.{name}")
        yield f"{_at(path)}took any key and now ignores all but {', '.join(sorted(new.attributes)) or 'none'}"
        return
    if not isinstance(old, ObjectType):
        yield _retyped(old, new, path)
        return
    for name, after in sorted(new.attributes.items()):
        before = old.attributes.get(name)
        inner = f"{path}.{name}"
        if name not in new.optional and (before is None or name in old.optional):
            yield f"{_at(inner)}must be given from now on"
        if before is not None:
            yield from objections(before, after, inner)
    for name in sorted(old.attributes.keys() - new.attributes.keys()):
        yield f"{_at(f'{path}.{name}')}is ignored from now on"


def changed_defaults(old: Type, new: Type, path: str = "") -> Iterator[str]:
    """The optional attributes that take another value than before where a caller leaves them out."""
    if isinstance(old, (ListType, SetType, MapType)) and isinstance(new, (ListType, SetType, MapType)):
        yield from changed_defaults(old.element, new.element, f"{path}[*]")
    elif isinstance(old, TupleType) and isinstance(new, TupleType):
        for index, (before, after) in enumerate(zip(old.elements, new.elements, strict=False)):
            yield from changed_defaults(before, after, f"{path}[{index}]")
    elif isinstance(old, ObjectType) and isinstance(new, ObjectType):
        for name in sorted(old.optional & new.optional):
            if not raw_equal(old.defaults.get(name), new.defaults.get(name)):
                yield f"{path}.{name}".lstrip(".")
            yield from changed_defaults(old.attributes[name], new.attributes[name], f"{path}.{name}")
        for name in sorted((old.attributes.keys() & new.attributes.keys()) - (old.optional & new.optional)):
            yield from changed_defaults(old.attributes[name], new.attributes[name], f"{path}.{name}")
