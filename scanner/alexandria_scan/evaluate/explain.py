"""A value by its address, with the chain of places that it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from alexandria_scan.evaluate.compile import compile_expression
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.resource import Resource
from alexandria_scan.evaluate.trace import Place, trace_expression
from alexandria_scan.evaluate.values import Marked, Value, opened
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.parse import parse_expression


@dataclass(frozen=True, slots=True)
class Answer:
    subject: str
    value: Value
    places: tuple[Place, ...]


class ExplainError(ValueError):
    """The address leads to nothing. `help` says what there is."""

    def __init__(self, message: str, help_: str = "") -> None:
        super().__init__(message)
        self.help = help_


def explain(root: Module, address: str) -> list[Answer]:
    """The answer for an address in a root: `module.db.aws_rds_cluster.main[0].storage_encrypted`, `var.x`, `local.y`.

    Without an attribute, one answer for each argument that the resource sets. Raises ExplainError.
    """
    try:
        node = parse_expression("address", address)
    except tree.ExpressionError as error:
        raise ExplainError(f"{address!r} is not an address: {error.problem.detail}") from None
    while isinstance(node, tree.Parentheses):
        node = node.inner
    module, rest = _module(root, node)
    return _in_module(module, rest, address)


def _module(root: Module, node: tree.Expression) -> tuple[Module, list[object]]:
    """The module that an address leads into, and the steps within it."""
    steps = _steps(node)
    module = root
    while len(steps) > 2 and steps[0] == "module":
        name = str(steps[1])
        if name not in module.config.calls:
            known = ", ".join(sorted(module.config.calls)) or "none"
            raise ExplainError(f"There is no module call {name!r}.", f"Module calls here: {known}.")
        children = module.children(name)
        key, used = (None, 2) if None in children else (_key(steps[2]), 3)
        if key not in children:
            raise ExplainError(f"module.{name} has no such instance.", f"Keys: {', '.join(map(str, children))}.")
        child = children[key]
        if len(steps) == used + 1 and str(steps[used]) in child.config.outputs:
            return child, ["output", steps[used]]
        module, steps = child, steps[used:]
    return module, steps


class _Index:
    def __init__(self, key: object) -> None:
        self.key = key


def _key(step: object) -> object:
    return step.key if isinstance(step, _Index) else step


def _steps(node: tree.Expression) -> list[object]:
    steps: list[object] = []
    while not isinstance(node, tree.Name):
        if isinstance(node, tree.GetAttribute):
            steps.insert(0, node.name)
        elif isinstance(node, tree.Index):
            key = node.key
            if isinstance(key, tree.NumberLiteral) and key.text.isdigit():
                steps.insert(0, _Index(int(key.text)))
            else:
                while isinstance(key, tree.Template) and len(key.parts) == 1:
                    key = key.parts[0]
                if not isinstance(key, tree.Literal) or not isinstance(key.value, str):
                    example = 'Example: aws_rds_cluster.main[0], or aws_rds_cluster.main["eu"]'
                    raise ExplainError("An index in an address is a whole number or a text in quotes.", example)
                steps.insert(0, _Index(key.value))
        else:
            raise ExplainError("An address names a resource, variable, local or output.", "Example: var.encrypted")
        node = node.base
    return [node.name, *steps]


def _in_module(module: Module, steps: list[object], address: str) -> list[Answer]:
    head = steps[0]
    if head == "output" and len(steps) > 1:
        name = str(steps[1])
        if name not in module.config.outputs:
            raise ExplainError(f"There is no output {name!r}.", _known("Outputs", module.config.outputs))
        attribute = module.config.outputs[name].body.attributes.get("value")
        places = () if attribute is None else tuple(trace_expression(attribute.expression, module).places)
        return [Answer(address, module.output(name), places)]
    if head in ("var", "local", "module", "path", "terraform"):
        return [_expression(module, _text(steps), address)]
    offset = 1 if head in ("data", "ephemeral") else 0
    if len(steps) < offset + 2:
        raise ExplainError(
            f"{address} is not complete.", "A resource is named TYPE.NAME, a value var.NAME or local.NAME."
        )
    mode = str(head) if offset else "managed"
    key = (mode, str(steps[offset]), str(steps[offset + 1]))
    if key not in module.config.resources:
        raise ExplainError(
            f"There is no {key[1]}.{key[2]} in {module.path or 'the root'}.",
            _known("Resources", [f"{k[1]}.{k[2]}" for k in module.config.resources]),
        )
    rest = steps[offset + 2 :]
    instances = module.instances(key)
    if rest and isinstance(rest[0], _Index) and None not in instances:
        wanted, rest = rest[0].key, rest[1:]
        instances = {k: item for k, item in instances.items() if k == wanted}
    if not instances:
        raise ExplainError(f"{address} has no such instance: its count or for_each gives none.")
    answers = []
    for instance in instances.values():
        answers += _resource(instance, rest)
    return answers


def _known(what: str, names: Iterable[str]) -> str:
    listed = sorted(names)
    return f"{what} here: {', '.join(listed[:30]) or 'none'}."


def _resource(resource: Resource, rest: list[object]) -> list[Answer]:
    if not rest:
        return [
            Answer(f"{resource.address}.{name}", _whole(resource.attribute(name)), ())
            for name in resource.configured_names()
        ]
    name = str(rest[0])
    places: tuple[Place, ...] = ()
    attribute = resource.body.attributes.get(name)
    if attribute is not None:
        location = attribute.span.location
        here = Place(location.file, location.line, attribute.span.text.strip().split("\n")[0])
        places = (here, *trace_expression(attribute.expression, resource.scope).places)
    try:
        value = resource.attribute(name)
        for step in rest[1:]:
            value = _step(value, _key(step))
    except (KeyError, EvalError):
        raise ExplainError(
            f"{resource.address} has no attribute {name!r}.", _known("It sets", resource.configured_names())
        ) from None
    return [Answer(f"{resource.address}.{_text(rest)}", value, places)]


def _step(value: Value, key: object) -> Value:
    from alexandria_scan.evaluate import operators

    return operators.index(value, key) if isinstance(key, int) else operators.attribute(value, str(key))


def _whole(value: Value) -> Value:
    return value if isinstance(value, Marked) else opened(value)[0]


def _text(steps: list[object]) -> str:
    out = ""
    for step in steps:
        if isinstance(step, _Index):
            out += f"[{step.key}]" if isinstance(step.key, int) else f'["{step.key}"]'
        else:
            out += f".{step}" if out else str(step)
    return out


def _expression(module: Module, text: str, address: str) -> Answer:
    node = parse_expression("address", text)
    try:
        value = compile_expression(node)(module)
    except EvalError as error:
        raise ExplainError(f"{address}: {error.detail or error.summary}") from None
    return Answer(address, value, tuple(trace_expression(node, module).places))
