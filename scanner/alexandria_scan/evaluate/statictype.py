"""The type of an expression as far as its text tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.schema import resource_schema
from alexandria_scan.evaluate.scope import NamedScope, Scope
from alexandria_scan.evaluate.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    CollectionType,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)
from alexandria_scan.evaluate.unify import unify
from alexandria_scan.evaluate.values import unmark
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Expression

if TYPE_CHECKING:
    from alexandria_scan.evaluate.module import Module

Step: TypeAlias = str | int | None  # None: an index that the text does not name
MAX_PARTS = 1000
_PRIMITIVES = {"tostring": STRING, "tonumber": NUMBER, "tobool": BOOL}
_COLLECTIONS: dict[str, Callable[[Type], Type]] = {"toset": SetType, "tolist": ListType, "tomap": MapType}
_SCHEMA_KINDS = {"managed": "resource", "data": "data", "ephemeral": "ephemeral"}


def static_type(node: Expression, scope: Scope) -> Type | None:
    """The type that the expression has whatever its value, DYNAMIC if it is a bare null, None if it cannot be told."""
    node = unwrapped(node)
    read = _READERS.get(type(node))
    found: Type | None = None if read is None else read(node, scope)
    return found


def unwrapped(node: Expression) -> Expression:
    while True:
        if isinstance(node, tree.Parentheses):
            node = node.inner
        elif isinstance(node, tree.Template) and node.wrap:
            node = node.parts[0]
        else:
            return node


def _literal(node: tree.Literal, scope: Scope) -> Type:
    return DYNAMIC if node.value is None else BOOL if isinstance(node.value, bool) else STRING


def _tuple(node: tree.TupleConstructor, scope: Scope) -> Type | None:
    elements = [static_type(item, scope) for item in node.items]
    known = tuple(element for element in elements if element is not None)
    return _bounded(TupleType(known)) if len(known) == len(elements) else None


def _object(node: tree.ObjectConstructor, scope: Scope) -> Type | None:
    attributes: dict[str, Type] = {}
    for key, value in node.entries:
        name, type_ = key_of(key), static_type(value, scope)
        if not isinstance(name, str) or type_ is None:
            return None
        attributes[name] = type_
    return _bounded(ObjectType(attributes))


def _bounded(type_: Type) -> Type | None:
    """The type unless it has very many parts: locals that share others double it time and again."""
    waiting, left = [type_], MAX_PARTS
    while waiting and left:
        left -= 1
        current = waiting.pop()
        if isinstance(current, TupleType):
            waiting += current.elements
        elif isinstance(current, ObjectType):
            waiting += current.attributes.values()
        elif isinstance(current, CollectionType):
            waiting.append(current.element)
    return None if waiting else type_


def _conditional(node: tree.Conditional, scope: Scope) -> Type | None:
    return _common([node.then, node.otherwise], scope)


def _common(nodes: list[Expression], scope: Scope) -> Type | None:
    types = [static_type(node, scope) for node in nodes]
    known = [type_ for type_ in types if type_ is not None]
    return unify(known) if known and len(known) == len(types) else None


def _call(node: tree.Call, scope: Scope) -> Type | None:
    name, arguments = node.name.removeprefix("core::"), list(node.arguments)
    if name in _PRIMITIVES:
        return _PRIMITIVES[name]
    if node.expand or not arguments:
        return None
    if name == "coalesce":
        return _common(arguments, scope)
    first = static_type(arguments[0], scope)
    if name in _COLLECTIONS:
        return _COLLECTIONS[name](DYNAMIC if first is None else _element(first, None) or DYNAMIC)
    if name == "try":
        return first if all(static_type(argument, scope) == first for argument in arguments[1:]) else None
    if name in ("lookup", "one", "element") and isinstance(first, CollectionType):
        return first.element
    return None


def _element(type_: Type, step: Step) -> Type | None:
    """The type of the element that an index or a name selects; without one, that of all elements together."""
    if isinstance(type_, CollectionType):
        return type_.element
    if isinstance(type_, ObjectType):
        return type_.attributes.get(step) if isinstance(step, str) else unify(type_.attributes.values())
    if isinstance(type_, TupleType):
        if isinstance(step, int):
            return type_.elements[step] if step < len(type_.elements) else None
        return unify(type_.elements)
    return None


def _traversal(node: tree.Name | tree.GetAttribute | tree.Index, scope: Scope) -> Type | None:
    steps: list[Step] = []
    base: Expression = node
    while not isinstance(base, tree.Name):
        if isinstance(base, tree.GetAttribute):
            steps.insert(0, base.name)
        elif isinstance(base, tree.Index):
            steps.insert(0, key_of(base.key))
        elif isinstance(base, tree.Parentheses):
            pass
        else:
            return _of_constructed(base, steps, scope)
        base = base.inner if isinstance(base, tree.Parentheses) else base.base
    current = scope
    while isinstance(current, NamedScope):
        if base.name in current.names:
            return _of_name(base.name, steps, current)
        current = current.parent
    from alexandria_scan.evaluate.module import Module  # which evaluates conditionals, and so needs this room

    return _declared(base.name, steps, current) if isinstance(current, Module) and steps else None


def _of_constructed(base: Expression, steps: list[Step], scope: Scope) -> Type | None:
    """Of a part of an object that is written out only that part has to have a type."""
    if isinstance(base, tree.ObjectConstructor) and steps and isinstance(steps[0], str):
        parts = [value for key, value in base.entries if key_of(key) == steps[0]]
        return _into(static_type(parts[0], scope), steps[1:]) if len(parts) == 1 else None
    return _into(static_type(base, scope), steps)


def _into(type_: Type | None, steps: list[Step]) -> Type | None:
    for step in steps:
        if type_ is None or (step is None and not isinstance(type_, CollectionType)):
            return None
        type_ = _element(type_, step)
    return type_


def key_of(node: Expression) -> Step:
    while isinstance(node, tree.Template) and len(node.parts) == 1:
        node = node.parts[0]
    if isinstance(node, tree.NumberLiteral) and node.text.isdigit():
        return int(node.text)
    return node.value if isinstance(node, tree.Literal) and isinstance(node.value, str) else None


def _of_name(name: str, steps: list[Step], scope: NamedScope) -> Type | None:
    """The type of the variable of a `for`, which is the last of its names, or of `each.value` and an iterator's."""
    collection = None if scope.source is None else static_type(scope.source, scope.parent)
    value = scope.names[name]
    if collection is None:
        return None
    if type(value) is dict and value.keys() == {"key", "value"} and steps[:1] == ["value"]:
        key, _ = unmark(value["key"])
        return _into(_element(collection, key if isinstance(key, (str, int)) else None), steps[1:])
    if name == next(reversed(scope.names)) and isinstance(collection, CollectionType):
        return _into(collection.element, steps)
    return None


def _declared(root: str, steps: list[Step], module: Module) -> Type | None:
    name = str(steps[0])
    if root == "var" and name in module.config.variables:
        return _into(_variable(name, module), steps[1:])
    if root == "local" and name in module.config.locals:
        if name not in module.static_types:
            module.static_types[name] = None  # while it is being worked out: a local that needs itself has no type
            module.static_types[name] = static_type(module.config.locals[name].expression, module)
        return _into(module.static_types[name], steps[1:])
    if root == "module" and name in module.config.calls:
        return _output(module, name, steps[1:])
    mode = root if root in _SCHEMA_KINDS else "managed"
    path = steps if root not in (*_SCHEMA_KINDS, "resource") else steps[1:]
    type_ = root if path is steps else name
    key = (mode, type_, str(path[0]) if path else "")
    return _resource(module, key, path[1:]) if key in module.config.resources else None


def _variable(name: str, module: Module) -> Type | None:
    try:
        declaration = module.declaration(name)
    except EvalError:
        return None
    if declaration.type is not DYNAMIC:
        return declaration.type
    argument = None if module.call is None else module.call.body.attributes.get(name)
    if argument is not None and module.caller is not None:
        return static_type(argument.expression, module.caller)
    given = module.call is None and (name in module.inputs or name in module.supposed)
    return None if given or declaration.default is None else static_type(declaration.default.expression, module)


def _output(module: Module, call: str, steps: list[Step]) -> Type | None:
    children = module.children(call)
    steps = steps if None in children else steps[1:]
    child = next(iter(children.values()), None)
    output = None if child is None or not steps else child.config.outputs.get(str(steps[0]))
    value = None if output is None else output.body.attributes.get("value")
    return None if value is None or child is None else _into(static_type(value.expression, child), steps[1:])


def _resource(module: Module, key: tuple[str, str, str], steps: list[Step]) -> Type | None:
    schema = resource_schema(_SCHEMA_KINDS[key[0]], key[1])
    steps = steps if module.expansion(key).kind == "single" else steps[1:]
    attribute = None if schema is None or not steps else schema.attributes.get(str(steps[0]))
    return None if attribute is None or attribute.type is DYNAMIC else _into(attribute.type, steps[1:])


_READERS: dict[type, Callable[[Any, Scope], Type | None]] = {
    tree.Literal: _literal,
    tree.NumberLiteral: lambda node, scope: NUMBER,
    tree.Template: lambda node, scope: STRING,
    tree.Unary: lambda node, scope: BOOL if node.operator == "!" else NUMBER,
    tree.Binary: lambda node, scope: NUMBER if node.operator in "+-*/%" else BOOL,
    tree.TupleConstructor: _tuple,
    tree.ObjectConstructor: _object,
    tree.Conditional: _conditional,
    tree.Call: _call,
    tree.Name: _traversal,
    tree.GetAttribute: _traversal,
    tree.Index: _traversal,
}
