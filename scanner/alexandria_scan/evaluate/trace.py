"""Where a value came from: the chain of places, and the resources that it leads to.

Nothing of this is carried along while evaluating; it is worked out again for the few values that somebody asks about.
Only the way that the value really took is followed: the chosen side of a conditional, the argument that `try` or
`coalesce` settled on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec

from alexandria_scan.evaluate.compile import compile_expression
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.expansion import Key
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.resource import Resource
from alexandria_scan.evaluate.scope import NamedScope, Scope
from alexandria_scan.evaluate.secret_names import names_a_secret
from alexandria_scan.evaluate.values import HIDDEN, Unknown, Value, opened
from alexandria_scan.evaluate.variables import is_sensitive
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Attribute, Expression, Span

Step: TypeAlias = str | int | None  # None: an index that is not known, or a splat
MAX_STEPS = 60
_KEEPS_PATH = frozenset(["merge", "tomap", "tolist", "toset", "sensitive", "nonsensitive", "try", "coalesce"])


class Place(msgspec.Struct, frozen=True):
    """One step: `text` is what stands there."""

    file: str
    line: int
    text: str


class Trace(msgspec.Struct):
    """`places` from the attribute itself outwards; `resources` the (instance, attribute or "") it leads to.

    Places are left out where nobody `shows` them. `outside` is true if the value also depends on something that is not
    in the scanned code.
    """

    places: list[Place] = []
    resources: list[tuple[Resource, str]] = []
    outside: bool = False
    shows: bool = True
    _seen: set[tuple[int, int]] = set()

    def add(self, span: Span, text: str | None = None) -> None:
        if not self.shows:
            return
        location = span.location
        place = Place(location.file, location.line, text if text is not None else one_line(span.text))
        if place not in self.places and len(self.places) < MAX_STEPS:
            self.places.append(place)


def one_line(text: str) -> str:
    first, _, rest = text.strip().partition("\n")
    return f"{first.rstrip()} ..." if rest else first


def trace_attribute(attribute: Attribute, scope: Scope, path: tuple[Step, ...] = ()) -> Trace:
    """The trace of an attribute of a body, `path` being the steps into its value."""
    trace = Trace()
    trace.add(attribute.span)
    _follow(attribute.expression, scope, path, trace)
    return trace


def trace_references(attribute: Attribute, scope: Scope) -> Trace:
    """What an attribute of a body leads to, without the places on the way."""
    trace = Trace(shows=False)
    _follow(attribute.expression, scope, (), trace)
    return trace


def trace_expression(node: Expression, scope: Scope) -> Trace:
    trace = Trace()
    _follow(node, scope, (), trace)
    return trace


def _module_of(scope: Scope) -> Module | None:
    while isinstance(scope, NamedScope):
        scope = scope.parent
    return scope if isinstance(scope, Module) else None


def _follow(node: Expression, scope: Scope, path: tuple[Step, ...], trace: Trace) -> None:
    key = (id(node), id(scope))
    if key in trace._seen or len(trace._seen) > 2000:
        return
    trace._seen.add(key)
    _FOLLOWED.get(type(node), _parts)(node, scope, path, trace)


def _tuple(node: tree.TupleConstructor, scope: Scope, path: tuple[Step, ...], trace: Trace) -> None:
    chosen = node.items
    if path and isinstance(path[0], int) and 0 <= path[0] < len(chosen):
        chosen, path = (chosen[path[0]],), path[1:]
    for item in chosen:
        _follow(item, scope, path, trace)


def _template(node: tree.Template, scope: Scope, path: tuple[Step, ...], trace: Trace) -> None:
    for part in node.parts:
        _follow(part, scope, path if node.wrap else (), trace)


def _parts(node: Expression, scope: Scope, path: tuple[Step, ...], trace: Trace) -> None:
    for child in _children(node):
        _follow(child, scope, (), trace)


def _children(node: Expression) -> list[Expression]:
    if isinstance(node, tree.Binary):
        operands: list[Expression] = []
        left: Expression = node
        while isinstance(left, tree.Binary):
            operands.insert(0, left.right)
            left = left.left
        return [left, *operands]
    if isinstance(node, tree.Unary):
        return [node.operand]
    if isinstance(node, tree.For):
        return [node.collection]
    if isinstance(node, tree.TemplateIf):
        return [node.condition, node.then, node.otherwise]
    if isinstance(node, tree.TemplateFor):
        return [node.collection]
    return []


def _value(node: Expression, scope: Scope) -> Value:
    try:
        return opened(compile_expression(node)(scope))[0]
    except EvalError:
        return Unknown()


def _conditional(node: tree.Conditional, scope: Scope, path: tuple[Step, ...], trace: Trace) -> None:
    decided = _value(node.condition, scope)
    if type(decided) is Unknown or decided is None:
        branches = [node.condition, node.then, node.otherwise]
    else:
        branches = [node.then if decided in (True, "true") else node.otherwise]
        if _is_constant(branches[0]):
            branches.insert(0, node.condition)
    for branch in branches:
        _follow(branch, scope, path, trace)


def _is_constant(node: Expression) -> bool:
    return isinstance(node, (tree.Literal, tree.NumberLiteral)) or (
        isinstance(node, tree.Template) and all(isinstance(part, tree.Literal) for part in node.parts)
    )


def _call(node: tree.Call, scope: Scope, path: tuple[Step, ...], trace: Trace) -> None:
    if node.name in ("try", "coalesce"):
        for argument in node.arguments:
            try:
                value, _ = opened(compile_expression(argument)(scope))
            except EvalError:
                continue
            if node.name == "coalesce" and value in (None, ""):
                continue
            _follow(argument, scope, path, trace)
            return
    for argument in node.arguments:
        _follow(argument, scope, path if node.name in _KEEPS_PATH else (), trace)


def _object(node: tree.ObjectConstructor, scope: Scope, path: tuple[Step, ...], trace: Trace) -> None:
    if path and isinstance(path[0], str):
        for key, value in node.entries:
            if _value(key, scope) == path[0]:
                trace.add(Span(key.span.source, key.span.start, value.span.end))
                _follow(value, scope, path[1:], trace)
        return
    for _, value in node.entries:
        _follow(value, scope, path[1:], trace)


def _traversal(node: Expression, scope: Scope, path: tuple[Step, ...], trace: Trace) -> None:
    """Takes `root.a[0].b` apart into its root and steps."""
    steps: list[Step] = list(path)
    while not isinstance(node, tree.Name):
        if isinstance(node, tree.GetAttribute):
            steps.insert(0, node.name)
            node = node.base
        elif isinstance(node, tree.Index):
            key = _value(node.key, scope)
            steps.insert(0, key if isinstance(key, (str, int)) else None)
            node = node.base
        elif isinstance(node, tree.Splat):
            steps[:0] = [None, *_each_steps(node.each)]
            node = node.base
        elif isinstance(node, tree.SplatItem):
            return
        elif isinstance(node, tree.Parentheses):
            node = node.inner
        else:
            _follow(node, scope, tuple(steps), trace)
            return
    _root(node.name, tuple(steps), scope, trace)


def _each_steps(node: Expression) -> list[Step]:
    steps: list[Step] = []
    while isinstance(node, (tree.GetAttribute, tree.Index)):
        steps.insert(0, node.name if isinstance(node, tree.GetAttribute) else None)
        node = node.base
    return steps


def _root(name: str, steps: tuple[Step, ...], scope: Scope, trace: Trace) -> None:
    current = scope
    while isinstance(current, NamedScope):
        if name in current.names:
            if current.source is not None:
                _follow(current.source, current.parent, _into(name, steps, current), trace)
            return
        current = current.parent
    module = _module_of(scope)
    if module is None or not steps:
        return
    if name == "var":
        _variable(module, str(steps[0]), steps[1:], trace)
    elif name == "local" and steps[0] in module.config.locals:
        attribute = module.config.locals[str(steps[0])]
        trace.add(attribute.span)
        _follow(attribute.expression, module, steps[1:], trace)
    elif name == "module":
        _module(module, steps, trace)
    elif name in ("path", "terraform"):
        return
    elif name in ("data", "ephemeral"):
        _resource(module, (name, *map(str, steps[:2])), steps[2:], trace)
    elif name == "resource":
        _resource(module, ("managed", *map(str, steps[:2])), steps[2:], trace)
    else:
        _resource(module, ("managed", name, str(steps[0])), steps[1:], trace)


def _into(name: str, steps: tuple[Step, ...], scope: NamedScope) -> tuple[Step, ...]:
    """The steps into the collection from which a name's value was taken."""
    value = scope.names[name]
    if isinstance(value, dict) and "key" in value and "value" in value and steps[:1] == ("value",):
        key = opened(value["key"])[0]
        return (key if isinstance(key, (str, int)) else None, *steps[1:])
    return (None, *steps)


def _variable(module: Module, name: str, steps: tuple[Step, ...], trace: Trace) -> None:
    block = module.config.variables.get(name)
    if block is None:
        return
    secret = is_sensitive(block)
    if module.call is not None and module.caller is not None:
        argument = module.call.body.attributes.get(name)
        if argument is not None:
            trace.add(argument.span, f"{name} = {HIDDEN}" if secret and _written_out(argument.expression) else None)
            _follow(argument.expression, module.caller, steps, trace)
            return
    given = module.inputs.get(name) if module.call is None else None
    if given is not None:
        if given.expression is not None:
            trace.add(given.expression.span, f"{name} = {HIDDEN if secret else one_line(given.expression.span.text)}")
        else:
            hidden = secret or names_a_secret(name)
            trace.places.append(Place(given.file, 0, f"{name} = {HIDDEN if hidden else given.raw}"))
        return
    default = block.body.attributes.get("default")
    if default is not None:
        trace.add(
            default.span, f'variable "{name}": {f"default = {HIDDEN}" if secret else one_line(default.span.text)}'
        )
        _follow(default.expression, module, steps, trace)
    else:
        trace.outside = True
        trace.add(block.header, f'variable "{name}" has no default')


def _written_out(node: Expression) -> bool:
    """Whether the value itself stands there, and not a reference to where it does."""
    return not isinstance(node, (tree.Name, tree.GetAttribute, tree.Index))


def _module(module: Module, steps: tuple[Step, ...], trace: Trace) -> None:
    name = str(steps[0])
    if name not in module.config.calls:
        return
    rest = steps[1:]
    children = module.children(name)
    if not children:
        trace.outside = trace.outside or module.evaluation.unresolved(module, name) is not None
        return
    if None not in children:
        wanted, rest = (rest[0] if rest else None), rest[1:]
        children = {key: child for key, child in children.items() if wanted is None or key == wanted}
    for child in children.values():
        output = child.config.outputs.get(str(rest[0])) if rest else None
        if output is not None and "value" in output.body.attributes:
            attribute = output.body.attributes["value"]
            trace.add(attribute.span)
            _follow(attribute.expression, child, rest[1:], trace)


def _resource(module: Module, key: tuple[str, ...], steps: tuple[Step, ...], trace: Trace) -> None:
    if len(key) != 3 or key not in module.config.resources:
        return
    instances: dict[Key, Resource] = module.instances(key)
    if None not in instances:
        wanted, steps = (steps[0] if steps else None), steps[1:]
        instances = {k: item for k, item in instances.items() if wanted is None or k in (wanted, "*")}
    name = str(steps[0]) if steps else ""
    for instance in instances.values():
        trace.resources.append((instance, name))
    if instances:
        first = next(iter(instances.values()))
        attribute = first.body.attributes.get(name)
        if attribute is not None:
            trace.add(attribute.span)
            _follow(attribute.expression, first.scope, steps[1:], trace)
        elif first.mode == "data":
            trace.outside = True


_FOLLOWED: dict[type[Expression], Callable[[Any, Scope, tuple[Step, ...], Trace], None]] = {
    tree.Name: _traversal,
    tree.GetAttribute: _traversal,
    tree.Index: _traversal,
    tree.Splat: _traversal,
    tree.Conditional: _conditional,
    tree.Call: _call,
    tree.ObjectConstructor: _object,
    tree.TupleConstructor: _tuple,
    tree.Parentheses: lambda node, scope, path, trace: _follow(node.inner, scope, path, trace),
    tree.Template: _template,
}
