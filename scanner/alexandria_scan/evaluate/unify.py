"""The one type that several types have in common, by go-cty's rules."""

from __future__ import annotations

from collections.abc import Iterable

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
    """The one type to which all can be converted, by cty's rules, or None.

    `dynamic` (a null, an unknown of unknown type) goes with anything.
    """
    wanted = list(dict.fromkeys(types))
    known = [type_ for type_ in wanted if type_ is not DYNAMIC]
    if len(known) == 1:
        return known[0]
    common = _unify_known(known) if known else None
    return DYNAMIC if common is None and len(known) < len(wanted) else common


def _unify_known(known: list[Type]) -> Type | None:
    if all(isinstance(type_, Primitive) for type_ in known):
        return None if set(known) == {NUMBER, BOOL} else STRING
    for kind in (ListType, SetType, MapType):
        if all(isinstance(type_, kind) for type_ in known):
            element = unify(type_.element for type_ in known if isinstance(type_, CollectionType))
            return None if element is None else kind(element)
    if all(isinstance(type_, (TupleType, ListType, SetType)) for type_ in known):
        return _unify_sequences(known)
    if all(isinstance(type_, (ObjectType, MapType)) for type_ in known):
        return _unify_mappings(known)
    return None


def _unify_sequences(types: list[Type]) -> Type | None:
    tuples = [type_ for type_ in types if isinstance(type_, TupleType)]
    if len(tuples) == len(types) and len({len(type_.elements) for type_ in tuples}) == 1:
        columns = [unify(column) for column in zip(*(type_.elements for type_ in tuples), strict=True)]
        known = tuple(column for column in columns if column is not None)
        return TupleType(known) if len(known) == len(columns) else None
    others = [type_.element for type_ in types if isinstance(type_, (ListType, SetType))]
    element = _unify_elements([type_.elements for type_ in tuples], others)
    if element is None:
        return None
    kinds = {type(type_) for type_ in types}
    return SetType(element) if SetType in kinds and ListType not in kinds else ListType(element)


def _unify_mappings(types: list[Type]) -> Type | None:
    objects = [type_ for type_ in types if isinstance(type_, ObjectType)]
    if len(objects) == len(types) and len({frozenset(type_.attributes) for type_ in objects}) == 1:
        attributes = {}
        for name in objects[0].attributes:
            attribute = unify(type_.attributes[name] for type_ in objects)
            if attribute is None:
                return None
            attributes[name] = attribute
        return ObjectType(attributes)
    own = [tuple(type_.attributes.values()) for type_ in objects]
    others = [type_.element for type_ in types if isinstance(type_, MapType)]
    element = _unify_elements(own, others)
    if element is not None:
        return MapType(element)
    maps_of_anything = bool(others) and all(type_ is DYNAMIC for type_ in others)
    return objects[0] if maps_of_anything and len(objects) == 1 else None


def _unify_elements(own: list[tuple[Type, ...]], others: list[Type]) -> Type | None:
    """The type of the elements of a collection made of tuples or objects, each with its `own` parts, and of collections
    of `others`. It is open (`dynamic`) where one of those is of anything and the parts have more in them than one value
    each; each tuple or object then becomes a collection on its own: its parts have to agree."""
    parts = [part for parts in own for part in parts]
    common = unify([*parts, *others])
    if DYNAMIC in others and not all(isinstance(part, Primitive) for part in parts):
        common = DYNAMIC
    return None if common is DYNAMIC and any(unify(parts) is None for parts in own if parts) else common


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
