"""The type of a value together with the type of its nulls, which values do not remember: their text tells it."""

from __future__ import annotations

from collections.abc import Sequence

from alexandria_scan.evaluate.errors import EvalError, FinalError
from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.statictype import key_of, static_type, unwrapped
from alexandria_scan.evaluate.types import DYNAMIC, CollectionType, ObjectType, Primitive, TupleType, Type
from alexandria_scan.evaluate.unify import mentions_dynamic
from alexandria_scan.evaluate.values import Unknown, Value, type_of, unmark
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Expression

UNTOLD = Primitive("untold")
_SINGLE = (tree.ObjectConstructor, tree.Literal, tree.NumberLiteral, tree.Unary, tree.Template)
AGAIN = 500  # steps for evaluating a part of an expression once more


def full_type(value: Value, node: Expression, scope: Scope) -> Type:
    """The type of the value of `node`, that of the nulls in it included as far as it can be told."""
    return settled_type(told_type(value, node, scope))


def settled_type(told: Type) -> Type:
    """A type that was told, for computing with it: a null of which nothing is told goes with anything too."""
    return _replaced(told, UNTOLD, DYNAMIC)


def told_type(value: Value, node: Expression, scope: Scope) -> Type:
    """As `full_type`, but UNTOLD where a null's type cannot be told: DYNAMIC is a null that surely has none."""
    found = type_of(value)
    if not mentions_dynamic(found):
        return found
    found = _replaced(found, DYNAMIC, UNTOLD)
    bare, _ = unmark(value)
    return found if type(bare) is Unknown else _settled(bare, node, scope, found)


def surely_differ(left: Type, right: Type) -> bool:
    """Whether two types as `told_type` gives them are not the same whatever could not be told."""
    return left != right and all(settled_type(type_) == type_ for type_ in (left, right))


def null_among_structures(types: Sequence[Type]) -> bool:
    """Whether a null of no type stands among values of one kind that is not primitive: these have no type in common,
    as go-cty sees it."""
    known = [type_ for type_ in types if type_ is not DYNAMIC]
    kinds = {type(type_) for type_ in known}
    if len(kinds) != 1 or kinds == {Primitive}:
        return False
    if len(known) < len(types):
        return True
    first = known[0]
    if isinstance(first, ObjectType):
        objects = [type_.attributes for type_ in known if isinstance(type_, ObjectType)]
        if any(attributes.keys() != first.attributes.keys() for attributes in objects):
            return False
        return any(null_among_structures([attributes[name] for attributes in objects]) for name in first.attributes)
    rows = [type_.elements for type_ in known if isinstance(type_, TupleType)]
    return len({len(row) for row in rows}) == 1 and any(map(null_among_structures, zip(*rows, strict=True)))


def _replaced(type_: Type, old: Primitive, new: Primitive) -> Type:
    if isinstance(type_, CollectionType):
        return type(type_)(_replaced(type_.element, old, new))
    if isinstance(type_, TupleType):
        return TupleType(tuple(_replaced(element, old, new) for element in type_.elements))
    if isinstance(type_, ObjectType):
        attributes = {name: _replaced(item, old, new) for name, item in type_.attributes.items()}
        return ObjectType(attributes, type_.optional, type_.defaults)
    return new if type_ is old else type_


def _settled(value: Value, node: Expression, scope: Scope, found: Type) -> Type:
    node = unwrapped(node)
    if type(value) is tuple and isinstance(node, tree.TupleConstructor) and len(value) == len(node.items):
        return TupleType(tuple(told_type(item, part, scope) for item, part in zip(value, node.items, strict=True)))
    if type(value) is dict and isinstance(node, tree.ObjectConstructor) and isinstance(found, ObjectType):
        parts = {key_of(key): part for key, part in node.entries}
        return ObjectType(
            {
                name: told_type(item, parts[name], scope) if name in parts else found.attributes[name]
                for name, item in value.items()
            }
        )
    if isinstance(node, tree.Call) and node.name.removeprefix("core::") == "try":
        return _tried(node, scope, found)
    told = static_type(node, scope)
    return found if told is None else _filled(found, told)


def _tried(node: tree.Call, scope: Scope, found: Type) -> Type:
    """The type of what `try` gave, which is that of its first argument that is no error."""
    from alexandria_scan.evaluate.compile import compile_expression  # which compiles conditionals, that ask for types

    scope.context.budget.spend(AGAIN, node.span)
    for argument in node.arguments:
        try:
            value = compile_expression(argument)(scope)
        except FinalError:
            raise
        except EvalError:
            continue
        return told_type(value, argument, scope)
    return found


def type_of_error(node: Expression, scope: Scope) -> Type:
    """The type that an expression has although an error is in it: what go-cty goes on with."""
    node = unwrapped(node)
    if isinstance(node, tree.TupleConstructor):
        return TupleType(tuple(_part_type(item, scope) for item in node.items))
    if isinstance(node, tree.ObjectConstructor):
        names = [key_of(key) for key, _ in node.entries]
        if all(isinstance(name, str) for name in names):
            return ObjectType(
                {str(name): _part_type(item, scope) for name, (_, item) in zip(names, node.entries, strict=True)}
            )
    if isinstance(node, (tree.Template, tree.Unary, tree.Binary)):
        return static_type(node, scope) or DYNAMIC
    if isinstance(node, tree.Splat) and isinstance(unwrapped(node.base), _SINGLE):
        return TupleType((DYNAMIC,))
    return DYNAMIC


def _part_type(node: Expression, scope: Scope) -> Type:
    from alexandria_scan.evaluate.compile import compile_expression  # which compiles conditionals, that ask for types

    scope.context.budget.spend(AGAIN, node.span)
    try:
        return full_type(compile_expression(node)(scope), node, scope)
    except FinalError:
        raise
    except EvalError:
        return type_of_error(node, scope)


def _filled(found: Type, told: Type) -> Type:
    """The type that was found, with what it leaves open filled in."""
    if found is UNTOLD:
        return told
    if isinstance(found, TupleType) and isinstance(told, TupleType) and len(found.elements) == len(told.elements):
        return TupleType(tuple(map(_filled, found.elements, told.elements)))
    if isinstance(found, ObjectType) and isinstance(told, ObjectType):
        attributes = found.attributes.items()
        return ObjectType({name: _filled(type_, told.attributes.get(name, type_)) for name, type_ in attributes})
    if isinstance(found, CollectionType) and type(found) is type(told):
        return type(found)(_filled(found.element, told.element))
    return found
