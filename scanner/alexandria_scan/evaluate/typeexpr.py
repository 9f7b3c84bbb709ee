"""Type constraints: `list(object({name = string, port = optional(number, 5432)}))` as a Type."""

from __future__ import annotations

from alexandria_scan.evaluate.compile import compile_expression
from alexandria_scan.evaluate.convert import ConversionError, convert, quote
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)
from alexandria_scan.evaluate.values import Value
from alexandria_scan.syntax import tree

_PRIMITIVES: dict[str, Type] = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": DYNAMIC}
_COLLECTIONS: dict[str, type[ListType] | type[SetType] | type[MapType]] = {
    "list": ListType,
    "set": SetType,
    "map": MapType,
}
_LEGACY: dict[str, Type] = {"list": ListType(DYNAMIC), "map": MapType(DYNAMIC)}


def parse_type(node: tree.Expression, scope: Scope) -> Type:
    """The type that a constraint names. `scope` evaluates the defaults of optional attributes.

    Raises EvalError where it is no type.
    """
    if isinstance(node, tree.Name):
        if node.name in _PRIMITIVES:
            return _PRIMITIVES[node.name]
        if node.name in _LEGACY:
            return _LEGACY[node.name]
    if isinstance(node, tree.Template) and len(node.parts) == 1:
        node = node.parts[0]
    if isinstance(node, tree.Literal) and isinstance(node.value, str):
        legacy = {"string": STRING, **_LEGACY}.get(node.value)  # as modules for Terraform 0.11 still have them
        if legacy is not None:
            return legacy
    if isinstance(node, tree.Parentheses):
        return parse_type(node.inner, scope)
    if isinstance(node, tree.Call):
        return _constructor(node, scope)
    raise _fail(
        node,
        "A type specification is either a primitive type keyword (bool, number, string), a complex "
        "type constructor call, or any.",
    )


def _constructor(node: tree.Call, scope: Scope) -> Type:
    if node.name in _COLLECTIONS:
        if len(node.arguments) != 1:
            raise _fail(node, f"The {node.name} type constructor requires one argument specifying the element type.")
        return _COLLECTIONS[node.name](parse_type(node.arguments[0], scope))
    argument = node.arguments[0] if len(node.arguments) == 1 else None
    if node.name == "tuple" and isinstance(argument, tree.TupleConstructor):
        return TupleType(tuple(parse_type(item, scope) for item in argument.items))
    if node.name == "object" and isinstance(argument, tree.ObjectConstructor):
        return _object(argument, scope)
    if node.name == "optional":
        raise _fail(node, 'Keyword "optional" is valid only as a modifier for object type attributes.')
    raise _fail(node, f"Keyword {quote(node.name)} is not a valid type constructor.")


def _object(node: tree.ObjectConstructor, scope: Scope) -> Type:
    attributes: dict[str, Type] = {}
    optional: set[str] = set()
    defaults: dict[str, Value] = {}
    for key, value in node.entries:
        if isinstance(key, tree.Template) and len(key.parts) == 1:
            key = key.parts[0]
        if not isinstance(key, tree.Literal) or not isinstance(key.value, str):
            raise _fail(key, "Object constructor map keys must be attribute names.")
        name = key.value
        if isinstance(value, tree.Call) and value.name == "optional" and value.arguments:
            optional.add(name)
            attributes[name] = parse_type(value.arguments[0], scope)
            if len(value.arguments) == 2:
                default = compile_expression(value.arguments[1])(scope)
                try:
                    defaults[name] = convert(default, attributes[name])
                except ConversionError as error:
                    raise _fail(
                        value,
                        f"This default value is not compatible with the attribute's type constraint: {error.message}.",
                    ) from None
        else:
            attributes[name] = parse_type(value, scope)
    return ObjectType(attributes, frozenset(optional), defaults)


def _fail(node: tree.Expression, detail: str) -> EvalError:
    place = node.span.location
    return EvalError.at(place, "Invalid type specification", detail)
