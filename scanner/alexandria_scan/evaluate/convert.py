"""Conversion between Terraform types, as go-cty's convert package does it."""

from __future__ import annotations

import msgspec

from alexandria_scan.evaluate import numbers
from alexandria_scan.evaluate.types import (
    DYNAMIC,
    NUMBER,
    PLAIN,
    STRING,
    CollectionType,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    Type,
    friendly,
)
from alexandria_scan.evaluate.unify import convertible, mentions_dynamic, of_one_type, unify
from alexandria_scan.evaluate.values import (
    LazyObject,
    ListVal,
    MapVal,
    Marked,
    SetVal,
    Unknown,
    Value,
    collect_reasons,
    force,
    is_number,
    make_set,
    mark,
    type_of,
    unmark_deep,
    wholly_known,
)


class ConversionError(ValueError):
    """The value cannot be converted; the message is worded as Terraform words it, the path as it shows it."""

    def __init__(self, message: str, path: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path

    def within(self, step: str) -> ConversionError:
        return ConversionError(self.message, step + self.path)


def convert(value: Value, type_: Type) -> Value:
    """`value` as `type_`, optional attributes filled with their defaults. Raises ConversionError.

    A value whose type rules the conversion out is told so, before anything is said of what it holds.
    """
    if PLAIN.get(type(value)) is type_:
        return value
    try:
        return _converted(value, type_)
    except ConversionError:
        given = type_of(value)
        if convertible(given, type_):
            raise
        raise ConversionError(mismatch(given, type_)) from None


def _converted(value: Value, type_: Type) -> Value:
    if type_ is DYNAMIC:
        return value
    kind = type(value)
    if kind is Marked:
        return mark(convert(value.value, type_), value.marks)
    if value is None:
        return None
    if kind is Unknown:
        return _convert_unknown(value, type_)
    if isinstance(value, LazyObject):
        value = force(value)
        if type(value) is Unknown:
            return value.as_type(type_)
    if isinstance(type_, Primitive):
        return _to_primitive(value, type_)
    if isinstance(type_, (ListType, SetType)):
        return _to_sequence(value, type_)
    if isinstance(type_, MapType):
        return _to_map(value, type_)
    if isinstance(type_, TupleType):
        return _to_tuple(value, type_)
    return _to_object(value, type_)


def _convert_unknown(value: Unknown, type_: Type) -> Value:
    source = value.type
    if source is DYNAMIC or source == type_:
        return _with_members(value, value.as_type(concrete(type_, source)))
    if not convertible(source, type_):
        raise ConversionError(mismatch(source, type_))
    target = concrete(type_, source)
    if isinstance(source, TupleType) and isinstance(target, ListType) and value.not_null:
        return ListVal([Unknown(target.element, value.reasons) for _ in source.elements], target.element)
    return _with_members(value, value.as_type(target))


def _with_members(value: Unknown, converted: Unknown) -> Unknown:
    type_ = converted.type
    if not value.members or not isinstance(type_, (ListType, SetType)):
        return converted
    members = []
    for item in value.members:
        try:
            members.append(convert(item, type_.element))
        except ConversionError:
            continue
    sealed = value.sealed and len(members) == len(value.members)
    return msgspec.structs.replace(converted, members=tuple(members), sealed=sealed)


def concrete(wanted: Type, given: Type) -> Type:
    """`wanted` with `any` inside replaced by what `given` says, where it says something."""
    if wanted is DYNAMIC:
        return given
    if isinstance(wanted, CollectionType) and wanted.element is DYNAMIC:
        if isinstance(given, CollectionType):
            return type(wanted)(given.element)
        if isinstance(given, TupleType) and given.elements:
            return type(wanted)(unify(given.elements) or DYNAMIC)
    return wanted


def _to_primitive(value: Value, type_: Primitive) -> Value:
    kind = type(value)
    if type_ is STRING:
        if kind is str:
            return value
        if kind is bool:
            return "true" if value else "false"
        if is_number(value):
            return numbers.to_text(value)
        raise ConversionError("string required")
    if type_ is NUMBER:
        if is_number(value):
            return value
        if kind is str:
            number = numbers.parse(value)
            if number is not None:
                return number
            raise ConversionError("a number is required")
        raise ConversionError("number required")
    if kind is bool:
        return value
    if kind is str:
        return _string_to_bool(value)
    raise ConversionError("bool required")


def _string_to_bool(text: str) -> bool:
    if text in ("true", "1"):
        return True
    if text in ("false", "0"):
        return False
    lowered = text.lower()
    if lowered in ("true", "false"):
        raise ConversionError(f"a bool is required; to convert from string, use lowercase {quote(lowered)}")
    raise ConversionError("a bool is required")


def quote(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _to_sequence(value: Value, type_: ListType | SetType) -> Value:
    if not isinstance(value, tuple):
        raise ConversionError(mismatch(type_of(value), type_))
    element = type_.element
    if isinstance(value, SetVal) and isinstance(type_, ListType) and len(value) > 1 and not wholly_known(value):
        length_open = type_ if element is not DYNAMIC else ListType(value.element)
        # unknown elements of a set may coincide
        return Unknown(length_open, collect_reasons(value), True, members=tuple(value))
    if element is DYNAMIC:
        element = _common_element(value, type_)
    elif isinstance(value, (ListVal, SetVal)) and value.element == element and not _has_defaults(element):
        if isinstance(type_, SetType):
            return value if isinstance(value, SetVal) else make_set(value, element)
        return value if isinstance(value, ListVal) else ListVal(value, element)
    items = []
    for index, item in enumerate(value):
        try:
            items.append(convert(item, element))
        except ConversionError as error:
            raise error.within("" if isinstance(value, SetVal) else f"[{index}]") from None
    element, items = _settled(element, items, type_)
    if isinstance(type_, ListType):
        return ListVal(items, element)
    bare = [unmark_deep(item) for item in items]  # a set takes all the marks in its elements
    marks = frozenset[str]().union(*(found for _, found in bare))
    return mark(make_set([item for item, _ in bare], element), marks)


def _settled(element: Type, items: list[Value], type_: Type) -> tuple[Type, list[Value]]:
    """The element type with `any` inside it settled: all items are brought to one type."""
    if element is DYNAMIC or not mentions_dynamic(element):
        return element, items
    found = [type_of(item) for item in items if item is not None]
    if not found:
        return element, items
    common = unify(found)
    if common is None:
        raise ConversionError(_one_type_text(type_))
    alike = [item if type_of(item) == common else convert(item, common) for item in items]
    if not of_one_type(map(type_of, alike)):
        raise ConversionError(_one_type_text(type_))
    return common, alike


def _one_type_text(type_: Type) -> str:
    kind = "list" if isinstance(type_, ListType) else "set" if isinstance(type_, SetType) else "map"
    return f"all {kind} elements must have the same type"


def _has_defaults(type_: Type) -> bool:
    if isinstance(type_, CollectionType):
        return _has_defaults(type_.element)
    if isinstance(type_, TupleType):
        return any(map(_has_defaults, type_.elements))
    if isinstance(type_, ObjectType):
        return bool(type_.defaults or type_.optional) or any(map(_has_defaults, type_.attributes.values()))
    return False


def _common_element(value: Value, type_: Type) -> Type:
    if isinstance(value, (ListVal, SetVal, MapVal)):
        return value.element
    entries = value.values() if isinstance(value, dict) else value
    types = [type_of(item) for item in entries]
    if not types:
        return DYNAMIC
    element = unify(types)
    known = [item for item in types if item is not DYNAMIC]
    if element is None or (known and unify(known) is None):  # whatever type a null among them has
        raise ConversionError(_one_type_text(type_))
    return element


def _to_map(value: Value, type_: MapType) -> Value:
    if not isinstance(value, dict):
        raise ConversionError(mismatch(type_of(value), type_))
    element = type_.element
    if element is DYNAMIC:
        element = _common_element(value, type_)
    elif isinstance(value, MapVal) and value.element == element and not _has_defaults(element):
        return value
    items = {}
    for key in sorted(value):
        try:
            items[key] = convert(value[key], element)
        except ConversionError as error:
            raise error.within(f"[{quote(key)}]") from None
    element, settled = _settled(element, list(items.values()), type_)
    return MapVal(dict(zip(items, settled, strict=True)), element)


def _to_tuple(value: Value, type_: TupleType) -> Value:
    if not isinstance(value, tuple) or isinstance(value, (ListVal, SetVal)):
        raise ConversionError(mismatch(type_of(value), type_))
    if len(value) != len(type_.elements):
        raise ConversionError(mismatch(type_of(value), type_))
    items = []
    for index, (item, element) in enumerate(zip(value, type_.elements, strict=True)):
        try:
            items.append(convert(item, element))
        except ConversionError as error:
            raise error.within(f"[{index}]") from None
    return tuple(items)


def _to_object(value: Value, type_: ObjectType) -> Value:
    if not isinstance(value, dict):
        raise ConversionError(mismatch(type_of(value), type_))
    missing = sorted(name for name in type_.attributes if name not in value and name not in type_.optional)
    if missing:
        raise ConversionError(_missing_text(missing))
    result = {}
    for name in sorted(type_.attributes):
        item = value.get(name)
        if item is None and name in type_.defaults:
            item = type_.defaults[name]
        try:
            result[name] = convert(item, type_.attributes[name])
        except ConversionError as error:
            raise error.within(f".{name}") from None
    return result


def _missing_text(names: list[str]) -> str:
    quoted = [quote(name) for name in names]
    if len(quoted) == 1:
        return f"attribute {quoted[0]} is required"
    if len(quoted) == 2:
        return f"attributes {quoted[0]} and {quoted[1]} are required"
    return f"attributes {', '.join(quoted[:-1])}, and {quoted[-1]} are required"


def mismatch(given: Type, wanted: Type) -> str:
    """Why no value of type `given` can become `wanted` (go-cty's MismatchMessage)."""
    if isinstance(given, ObjectType) and isinstance(wanted, ObjectType):
        return _object_mismatch(given, wanted)
    if isinstance(wanted, CollectionType) and wanted.element is DYNAMIC:
        for kind, structure, noun in (
            (ListType, TupleType, "list"),
            (SetType, TupleType, "set"),
            (MapType, ObjectType, "map"),
        ):
            if isinstance(wanted, kind) and isinstance(given, structure):
                return f"all {noun} elements must have the same type"
    if isinstance(wanted, (ListType, SetType)) and isinstance(given, TupleType):
        for index, element in enumerate(given.elements):
            if not convertible(element, wanted.element):
                return f"element {index}: {mismatch(element, wanted.element)}"
    if isinstance(wanted, MapType) and isinstance(given, ObjectType):
        for name, element in sorted(given.attributes.items()):
            if not convertible(element, wanted.element):
                return f"element {quote(name)}: {mismatch(element, wanted.element)}"
    same_kind = isinstance(given, MapType) == isinstance(wanted, MapType)
    if isinstance(wanted, CollectionType) and isinstance(given, CollectionType) and same_kind:
        noun = {ListType: "list", SetType: "set", MapType: "map"}[type(wanted)]
        return f"incorrect {noun} element type: {mismatch(given.element, wanted.element)}"
    return friendly(wanted).replace("dynamic", "any single type") + " required"


def _object_mismatch(given: ObjectType, wanted: ObjectType) -> str:
    missing = sorted(set(wanted.attributes) - set(given.attributes) - wanted.optional)
    if missing:
        return _missing_text(missing)
    for name, type_ in sorted(wanted.attributes.items()):
        if name in given.attributes and not convertible(given.attributes[name], type_):
            return f"attribute {quote(name)}: {mismatch(given.attributes[name], type_)}"
    return "incorrect object attributes"
