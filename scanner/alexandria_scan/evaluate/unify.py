"""The one type that several types have in common, by go-cty's rules."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from alexandria_scan.evaluate.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    CollectionType,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
)


def unify(types: Iterable[Type]) -> Type | None:
    """The one type to which all can be converted, or None: go-cty's `convert.UnifyUnsafe`.

    `dynamic` is the type of a null, and of what is not known at all. Beside structures of one kind it leaves the type
    open, so that each keeps its own.
    """
    given = list(dict.fromkeys(types))
    if len(given) == 1:
        return given[0]
    kinds = {type(one) for one in given if one is not DYNAMIC}
    if len(kinds) == 1 and Primitive not in kinds:
        return DYNAMIC if DYNAMIC in given else _of_one_kind(given)
    if {ObjectType, TupleType} <= kinds:
        return None
    for structure, collection in ((ObjectType, MapType), (TupleType, ListType)):
        if kinds == {structure, collection}:
            common = _as_collections(given, structure)
            if isinstance(common, collection):
                return common
    return _most_general(given)


def _of_one_kind(types: list[Type]) -> Type | None:
    first = types[0]
    if isinstance(first, CollectionType):
        element = unify(type_.element for type_ in types if isinstance(type_, CollectionType))
        return None if element is None else type(first)(element)
    parts = [_parts(type_) for type_ in types]
    if any(one.keys() != parts[0].keys() for one in parts):
        return _collection(types)
    found = {name: unify(one[name] for one in parts) for name in parts[0]}
    known = {name: part for name, part in found.items() if part is not None}
    if len(known) < len(found):
        return None
    common = TupleType(tuple(known.values())) if isinstance(first, TupleType) else ObjectType(known)
    return common if all(convertible(type_, common) for type_ in types) else _collection(types)


def _parts(type_: Type) -> dict[str, Type]:
    """The types in a tuple, by their place, or in an object, by name."""
    if isinstance(type_, TupleType):
        return {str(place): part for place, part in enumerate(type_.elements)}
    return type_.attributes if isinstance(type_, ObjectType) else {}


def _collection(structures: list[Type]) -> Type | None:
    """The list that all these tuples become, or the map that all these objects do."""
    element = unify(part for structure in structures for part in _parts(structure).values())
    if element is None:
        return None
    common = ListType(element) if isinstance(structures[0], TupleType) else MapType(element)
    return common if all(convertible(structure, common) for structure in structures) else None


def _as_collections(types: list[Type], structure: type[Type]) -> Type | None:
    """What the types have in common once those that are such a structure are collections."""
    made = _collection([type_ for type_ in types if isinstance(type_, structure)])
    return None if made is None else unify(made if isinstance(type_, structure) else type_ for type_ in types)


def _most_general(types: list[Type]) -> Type | None:
    """The most general of the types to which all others can be converted. That is no tuple: among the types is one that
    is none, and cannot become one."""
    for wanted in _sorted([type_ for type_ in types if not isinstance(type_, TupleType)]):
        if all(type_ == wanted or convertible(type_, wanted) for type_ in types):
            return wanted
    return None


def _sorted(types: list[Type]) -> list[Type]:
    """The types with those in front that are more general than others: go-cty's `sortTypes`."""
    below: list[list[int]] = [[] for _ in types]
    above = [0] * len(types)
    for one, other in combinations(range(len(types)), 2):
        order = _order(types[one], types[other])
        if order:
            first, second = (one, other) if order < 0 else (other, one)
            below[first].append(second)
            above[second] += 1
    found = [number for number, count in enumerate(above) if not count]
    for number in found:  # it grows meanwhile
        for other in below[number]:
            above[other] -= 1
            if not above[other]:
                found.append(other)
    return [types[number] for number in found]


def _order(one: Type, other: Type) -> int:
    """-1 if the one is more general than the other, 1 if it is less, 0 if neither: go-cty's `compareTypes`."""
    if one is DYNAMIC or other is DYNAMIC:
        return (one is DYNAMIC) - (other is DYNAMIC)
    if isinstance(one, Primitive) and isinstance(other, Primitive):
        return (other is STRING) - (one is STRING)
    for kinds in ((ListType, TupleType, SetType), (MapType, ObjectType)):
        if type(one) is not type(other) and isinstance(one, kinds) and isinstance(other, kinds):
            return 1 if kinds.index(type(one)) > kinds.index(type(other)) else -1
    if type(one) is not type(other):
        return 0
    if isinstance(one, CollectionType) and isinstance(other, CollectionType):
        return _order(one.element, other.element)
    parts, others = _parts(one), _parts(other)
    orders = [_order(part, others[name]) for name, part in parts.items()] if parts.keys() == others.keys() else []
    return (1 in orders) - (-1 in orders)


def convertible(source: Type, target: Type) -> bool:
    """Whether some value of type `source` can become `target`."""
    if source == target or source is DYNAMIC or target is DYNAMIC:
        return True
    if isinstance(source, Primitive) and isinstance(target, Primitive):
        return {source, target} != {NUMBER, BOOL}
    if isinstance(target, (ListType, SetType)):
        if isinstance(source, (ListType, SetType)):
            return convertible(source.element, target.element)
        if isinstance(source, TupleType):
            return _parts_convertible(source.elements, target.element, alike=True)
        return False
    if isinstance(target, MapType):
        if isinstance(source, MapType):
            return convertible(source.element, target.element)
        if isinstance(source, ObjectType):
            return _parts_convertible(tuple(source.attributes.values()), target.element, alike=False)
        return False
    if isinstance(target, TupleType):
        if isinstance(source, TupleType):
            return len(source.elements) == len(target.elements) and all(
                map(convertible, source.elements, target.elements)
            )
        return False
    if isinstance(target, ObjectType):
        if isinstance(source, MapType):
            return all(
                name in target.optional or convertible(source.element, item) for name, item in target.attributes.items()
            )
        if isinstance(source, ObjectType):
            return all(
                convertible(source.attributes[name], item) if name in source.attributes else name in target.optional
                for name, item in target.attributes.items()
            )
    return False


def _parts_convertible(parts: tuple[Type, ...], element: Type, alike: bool) -> bool:
    """Whether the parts of a tuple or an object can be the elements of a collection. Where that is one of anything,
    they need a type in common; those of a tuple, which are `alike`, one that is known."""
    if element is DYNAMIC and parts:
        common = unify(parts)
        if common is None or (common is DYNAMIC and alike and any(part is not DYNAMIC for part in parts)):
            return False
        element = common
    return all(convertible(part, element) for part in parts)


def of_one_type(types: Iterable[Type]) -> bool:
    """Whether elements of these types can stand in one collection. What they were converted to may be open (`any`), and
    each then keeps the type that it has; one that is open itself, as an empty list of anything, goes with all. Numbers
    and bools may meet as texts: the type of a null among them is not always known."""
    return len({_with_texts(type_) for type_ in types if not mentions_dynamic(type_)}) < 2


def _with_texts(type_: Type) -> Type:
    if isinstance(type_, CollectionType):
        return type(type_)(_with_texts(type_.element))
    if isinstance(type_, TupleType):
        return TupleType(tuple(map(_with_texts, type_.elements)))
    if isinstance(type_, ObjectType):
        return ObjectType({name: _with_texts(attribute) for name, attribute in type_.attributes.items()})
    return STRING


def mentions_dynamic(type_: Type) -> bool:
    """Whether a part of the type is open: a null, an unknown of unknown type."""
    if isinstance(type_, CollectionType):
        return mentions_dynamic(type_.element)
    if isinstance(type_, TupleType):
        return any(map(mentions_dynamic, type_.elements))
    if isinstance(type_, ObjectType):
        return any(map(mentions_dynamic, type_.attributes.values()))
    return type_ is DYNAMIC
