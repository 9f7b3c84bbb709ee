"""Functions of maps and objects."""

from __future__ import annotations

from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions.arguments import go_quote, redacted
from alexandria_scan.evaluate.functions.limits import limit_elements
from alexandria_scan.evaluate.functions.signature import Function, Parameter
from alexandria_scan.evaluate.types import (
    DYNAMIC,
    STRING,
    ListType,
    MapType,
    ObjectType,
    TupleType,
    Type,
    friendly,
)
from alexandria_scan.evaluate.values import (
    ListVal,
    MapVal,
    Unknown,
    Value,
    mark,
    type_of,
    unmark,
    wholly_known,
)


def _keys(mapping: Value) -> Value:
    bare, marks = unmark(mapping)
    kind = type_of(bare)
    if isinstance(kind, ObjectType):
        return mark(tuple(sorted(kind.attributes)), marks)
    type_ = _keys_type([bare])
    return mark(Unknown(type_, (), True) if type(bare) is Unknown else ListVal(sorted(bare), STRING), marks)


def _keys_type(arguments: list[Value]) -> Type:
    kind = type_of(unmark(arguments[0])[0])
    if isinstance(kind, ObjectType):
        return TupleType((STRING,) * len(kind.attributes))
    if isinstance(kind, MapType):
        return ListType(STRING)
    raise FunctionError("must have map or object type", "inputMap")


def _values(mapping: Value) -> Value:
    bare, marks = unmark(mapping)
    _values_type([bare])
    items = [bare[key] for key in sorted(bare)]
    return mark(ListVal(items, bare.element) if isinstance(bare, MapVal) else tuple(items), marks)


def _values_type(arguments: list[Value]) -> Type:
    kind = type_of(unmark(arguments[0])[0])
    if isinstance(kind, MapType):
        return ListType(kind.element)
    if isinstance(kind, ObjectType):
        return TupleType(tuple(kind.attributes[name] for name in sorted(kind.attributes)))
    raise FunctionError("values() requires a map as the first argument")


def _lookup(mapping: Value, key: Value, *default: Value) -> Value:
    if len(default) > 1:
        raise FunctionError(f"lookup() takes two or three arguments, got {2 + len(default)}")
    bare, marks = unmark(mapping)
    name, key_marks = unmark(key)
    marks |= key_marks
    if type(bare) is dict and type(name) is str and (name in bare or default):  # whatever the other types are
        return mark(bare[name] if name in bare else default[0], marks)
    type_ = _lookup_type(bare, name, default)
    if type(bare) is Unknown or type(name) is Unknown:
        return mark(Unknown(type_), marks)
    if name in bare:
        return mark(bare[name], marks)
    if not default:
        raise FunctionError(f"lookup failed to find key {redacted(name, key_marks)}")
    return mark(convert(default[0], type_), marks)


def _lookup_type(mapping: Value, key: Value, default: tuple[Value, ...]) -> Type:
    kind = type_of(mapping)
    if isinstance(kind, MapType):
        try:
            if default:
                convert(default[0], kind.element)
        except ConversionError:
            detail = "the default value must have the same type as the map elements"
            raise FunctionError(detail, "default") from None
        return kind.element
    if not isinstance(kind, ObjectType):
        raise FunctionError("lookup() requires a map as the first argument", "inputMap")
    if type(key) is Unknown:
        return DYNAMIC
    if key in kind.attributes:
        return kind.attributes[key]
    if not default:
        raise FunctionError(f"the given object has no attribute {go_quote(key)}", "inputMap")
    return type_of(default[0])


def _merge(*mappings: Value) -> Value:
    type_ = _merge_type(list(mappings))
    merged: dict[str, Value] = {}
    marks: frozenset[str] = frozenset()
    for mapping in mappings:
        bare, found = unmark(mapping)
        marks |= found
        if not isinstance(bare, dict | None):
            raise _not_mergeable(type_of(bare))
        merged.update(bare or {})
        limit_elements(len(merged))
    return mark(MapVal(merged, type_.element) if isinstance(type_, MapType) else merged, marks)


def _not_mergeable(kind: Type) -> FunctionError:
    return FunctionError(f"arguments must be maps or objects, got {go_quote(friendly(kind))}")


def _merge_type(arguments: list[Value]) -> Type:
    """All of one type: that type. Otherwise an object, whose attributes are open if a map is unknown. (The
    nulls of Terraform have types that could be told apart here; these have not, and match any.)"""
    bare = [unmark(argument)[0] for argument in arguments]
    types = []
    attributes: dict[str, Type] = {}
    attributes_known = True
    for value in bare:
        kind = type_of(value)
        if kind is DYNAMIC:
            return DYNAMIC
        if isinstance(kind, ObjectType):
            attributes.update(kind.attributes)
        elif isinstance(kind, MapType):
            attributes_known = attributes_known and type(value) is not Unknown
            attributes.update(dict.fromkeys(value if isinstance(value, dict) else (), kind.element))
        else:
            raise _not_mergeable(kind)
        types.append(kind)
    if types and all(kind == types[0] for kind in types):
        return types[0]
    return ObjectType(attributes) if attributes_known else DYNAMIC


def _transpose(mapping: Value) -> Value:
    type_ = MapType(ListType(STRING))
    if not wholly_known(mapping):
        return Unknown(type_, (), True)
    found: dict[str, list[str]] = {}
    for key in sorted(mapping):
        if mapping[key] is None:
            raise FunctionError("input must not contain null list")
        for item in mapping[key]:
            if item is None:
                raise FunctionError("input list must not contain null string")
            found.setdefault(item, []).append(key)
    return MapVal({key: ListVal(items, STRING) for key, items in found.items()}, type_.element)


def _zipmap(keys: Value, values: Value) -> Value:
    bare_keys, marks = unmark(keys)
    bare_values, value_marks = unmark(values)
    marks |= value_marks
    type_ = _zipmap_type([bare_keys, bare_values])
    if not wholly_known(bare_keys):
        return mark(Unknown(type_, (), type_ is not DYNAMIC), marks)
    if len(bare_keys) != len(bare_values):
        raise _unequal(bare_keys, len(bare_values))
    result: dict[str, Value] = {}
    for key, value in zip(bare_keys, bare_values, strict=True):
        name, key_marks = unmark(key)
        if name is None:
            raise FunctionError("panic in function implementation: value is null")
        marks |= key_marks
        result[name] = value
    return mark(MapVal(result, type_.element) if isinstance(type_, MapType) else result, marks)


def _zipmap_type(arguments: list[Value]) -> Type:
    keys, values = (unmark(argument)[0] for argument in arguments)
    kind = type_of(values)
    if isinstance(kind, ListType):
        return MapType(kind.element)
    if not isinstance(kind, TupleType):
        raise FunctionError("values argument must be a list or tuple value")
    if not wholly_known(keys):
        return DYNAMIC
    if len(keys) != len(kind.elements):
        raise _unequal(keys, len(kind.elements))
    names = [unmark(key)[0] for key in keys]
    if None in names:
        raise FunctionError(f"keys list has null value at index {names.index(None)}")
    return ObjectType(dict(zip(names, kind.elements, strict=True)))


def _unequal(keys: Value, values: int) -> FunctionError:
    return FunctionError(f"number of keys ({len(keys)}) does not match number of values ({values})")


FUNCTIONS = {
    function.name: function
    for function in (
        Function("keys", (Parameter("inputMap", unknown=True, marked=True),), _keys, _keys_type),
        Function(
            "lookup",
            (
                Parameter("inputMap", unknown=True, marked=True),
                Parameter("key", STRING, unknown=True, marked=True),
            ),
            _lookup,
            variadic=Parameter("default", null=True, unknown=True, marked=True, dynamic=True),
            not_null=False,
        ),
        Function("merge", (), _merge, _merge_type, Parameter("maps", null=True, marked=True, dynamic=True)),
        Function(
            "transpose",
            (Parameter("values", MapType(ListType(STRING))),),
            _transpose,
            MapType(ListType(STRING)),
        ),
        Function("values", (Parameter("mapping", marked=True),), _values, _values_type),
        Function(
            "zipmap",
            (Parameter("keys", ListType(STRING), marked=True), Parameter("values", marked=True)),
            _zipmap,
            _zipmap_type,
        ),
    )
}
