"""A value by its address, with the chain of places that it came from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from alexandria_scan.evaluate import operators
from alexandria_scan.evaluate.address import Address, AddressError, Index, parse_address, spelled_steps
from alexandria_scan.evaluate.blocks import BodyValue, SymbolicBlock
from alexandria_scan.evaluate.compile import compile_expression
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.expansion import SYMBOLIC, Key, address_key
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.resource import Resource
from alexandria_scan.evaluate.schema import is_hidden
from alexandria_scan.evaluate.trace import Place, Step, Trace, one_line, trace_attribute, trace_expression
from alexandria_scan.evaluate.values import Marked, OpenTuple, Value, force, opened
from alexandria_scan.nearest import did_you_mean
from alexandria_scan.syntax.parse import parse_expression
from alexandria_scan.syntax.tree import Body


class Answer(msgspec.Struct, frozen=True):
    subject: str
    value: Value
    places: tuple[Place, ...] = ()
    hidden: bool = False
    """Whether it is an argument that is not shown."""


class ExplainError(ValueError):
    """The address leads to nothing. `help` says what there is."""

    def __init__(self, message: str, help_: str = "") -> None:
        super().__init__(message)
        self.help = help_


def explain(root: Module, text: str) -> list[Answer]:
    """The answer for an address in a root: `module.db.aws_rds_cluster.main[0].storage_encrypted`, `var.x`, `local.y`.

    One for each argument that it sets if the address ends with a resource, one for each output if with a module, and
    one for each instance if it names none. Raises ExplainError.
    """
    try:
        address = parse_address(text.strip())
    except AddressError as error:
        raise ExplainError(str(error), error.help) from None
    return [answer for module in _modules(root, address) for answer in _in_module(module, address)]


def _modules(root: Module, address: Address) -> list[Module]:
    """The instances of the module that an address leads into."""
    found = [root]
    for name, key in address.calls:
        found = [child for module in found for child in _children(module, name, key)]
    return found


def _children(module: Module, name: str, key: Key) -> list[Module]:
    if name not in module.config.calls:
        where = module.path or "the root"
        raise ExplainError(
            f"There is no module call {name!r} in {where}.", _near(name, "Module calls", module.config.calls)
        )
    remote = module.evaluation.unresolved(module, name)
    if remote is not None:
        (reason,) = remote.reasons
        help_ = f"{reason.decide[:1].upper()}{reason.decide[1:]}."
        raise ExplainError(f"What is in module.{name} is not known: it {reason.why}.", help_)
    return _chosen(module.children(name), key, f"{_prefix(module)}module.{name}", module.config.calls[name].body)


def _prefix(module: Module) -> str:
    return f"{module.path}." if module.path else ""


def _chosen(instances: dict[Key, Any], key: Key, subject: str, body: Body) -> list[Any]:
    """The instances that a key selects; all of them without one. `body` is of the block that they are made from."""
    if key is not None and key in instances:
        return [instances[key]]
    if SYMBOLIC in instances:  # it stands for whichever there will be
        return [instances[SYMBOLIC]]
    if not instances:
        written = body.attributes.get("count") or body.attributes.get("for_each")
        place = "" if written is None else f" ({written.span.location.file}:{written.span.location.line})"
        help_ = "" if written is None else f"It has {one_line(written.span.text)}{place}."
        raise ExplainError(f"{subject} has no instance: its count or for_each gives none.", help_)
    if key is None:
        return list(instances.values())
    if None in instances:
        raise ExplainError(
            f"{subject} has neither count nor for_each, and so no instance {address_key(key)}.", "Leave the index out."
        )
    known = ", ".join(map(address_key, list(instances)[:30]))
    raise ExplainError(f"{subject} has no instance {address_key(key)}.", f"Its instances: {known}.")


def _near(name: str, what: str, names: Iterable[str]) -> str:
    """Help for a name that is not there: the one that was probably meant, else all that are."""
    listed = sorted(names)
    more = "" if len(listed) <= 30 else f" and {len(listed) - 30} more"
    return did_you_mean(name, listed, f"{what} here: {', '.join(listed[:30]) or 'none'}{more}.")


def _in_module(module: Module, address: Address) -> list[Answer]:
    config = module.config
    kind = (address.kind, address.type, address.name)
    if address.calls and kind not in config.resources and address.type in config.outputs:
        key = () if address.key is None else (Index(address.key),)
        return [_output(module, address.type, (address.name, *key, *address.steps))]
    if not address.kind:
        return [_output(module, name, ()) for name in sorted(config.outputs)]
    if address.kind == "output":
        if address.name not in config.outputs:
            where = module.path or "the root"
            raise ExplainError(
                f"There is no output {address.name!r} in {where}.", _near(address.name, "Outputs", config.outputs)
            )
        return [_output(module, address.name, address.steps)]
    names: dict[str, tuple[str, Iterable[str]]] = {
        "var": ("variable", config.variables), "local": ("local value", config.locals),
        "path": ("value", ("cwd", "module", "root")), "terraform": ("value", ("workspace",)),
    }  # fmt: skip
    if address.kind not in names:
        return _resources(module, address)
    what, known = names[address.kind]
    if address.name not in known:
        where = module.path or "the root"
        help_ = _near(address.name, f"{what.capitalize()}s", known)
        raise ExplainError(f"There is no {what} {address.name!r} in {where}.", help_)
    return [_value(module, address)]


def _value(module: Module, address: Address) -> Answer:
    text = f"{address.kind}.{address.name}{spelled_steps(address.steps)}"
    node = parse_expression("address", text)
    try:
        value = compile_expression(node)(module)
    except EvalError as error:
        raise ExplainError(f"{_prefix(module)}{text}: {error.detail or error.summary}") from None
    return Answer(f"{_prefix(module)}{text}", value, tuple(trace_expression(node, module).places))


def _output(module: Module, name: str, steps: tuple[str | Index, ...]) -> Answer:
    subject = f"{_prefix(module)}{name}" if module.path else f"output.{name}"
    value = _stepped(module.output(name), steps, subject)
    attribute = module.config.outputs[name].body.attributes.get("value")
    trace = Trace() if attribute is None else trace_attribute(attribute, module, _path(steps))
    return Answer(subject + spelled_steps(steps), value, tuple(trace.places))


def _path(steps: tuple[str | Index, ...]) -> tuple[Step, ...]:
    return tuple(step.key if isinstance(step, Index) else step for step in steps)


def _resources(module: Module, address: Address) -> list[Answer]:
    if not address.type or (address.kind, address.type, address.name) not in module.config.resources:
        wanted = f"{address.type}.{address.name}"
        names = [f"{type_}.{name}" for mode, type_, name in module.config.resources if mode == address.kind]
        what = {"managed": "resource", "data": "data source"}.get(address.kind, "ephemeral resource")
        raise ExplainError(
            f"There is no {what} {wanted} in {module.path or 'the root'}.",
            _near(wanted, f"{what.capitalize()}s", names),
        )
    kind = (address.kind, address.type, address.name)
    body = module.config.resources[kind].body
    instances = _chosen(module.instances(kind), address.key, module.address(kind), body)
    return [answer for instance in instances for answer in _resource(instance, address.steps)]


def _resource(resource: Resource, steps: tuple[str | Index, ...]) -> list[Answer]:
    if not steps:
        if not resource.configured_names():
            help_ = f"Its attributes: {', '.join(sorted(resource.names() or ())) or 'not known'}."
            raise ExplainError(f"{resource.address} sets no argument; name one of its attributes.", help_)
        return [
            Answer(f"{resource.address}.{name}", _whole(_attribute(resource, name)), (), _hides(resource, (name,)))
            for name in resource.configured_names()
        ]
    return [msgspec.structs.replace(_in_body(resource, steps, resource.address), hidden=_hides(resource, _path(steps)))]


def _hides(resource: Resource, path: tuple[Step, ...]) -> bool:
    """Whether it is set, and is not shown: that nothing is set is no secret."""
    if path[0] not in resource.configured_names():
        return False
    return is_hidden("resource" if resource.mode == "managed" else resource.mode, resource.type, path)


def _in_body(body: BodyValue, steps: tuple[str | Index, ...], subject: str) -> Answer:
    """The answer for steps into a resource or into one of its nested blocks."""
    name, rest = steps[0], steps[1:]
    if isinstance(name, Index):
        raise ExplainError(f"{subject} has no instance {name}.", "Name an attribute.")
    here = f"{subject}.{name}"
    blocks = body.blocks(name)
    if blocks and rest:
        return _in_blocks(blocks, rest, here)
    try:
        value = _attribute(body, name)
    except KeyError:
        names = {*(body.names() or ()), *body.configured_names()}
        raise ExplainError(f"{subject} has no attribute {name!r}.", _near(name, "Attributes", names)) from None
    attribute = body.body.attributes.get(name)
    places = _repeated(body, name) if attribute is None else trace_attribute(attribute, body.scope, _path(rest)).places
    return Answer(here + spelled_steps(rest), _whole(_stepped(value, rest, here)), tuple(places))


def _repeated(body: BodyValue, name: str) -> list[Place]:
    """The way of what the `dynamic` blocks of a name are made for."""
    found: list[Place] = []
    for block in body.body.blocks_of("dynamic"):
        for_each = block.body.attributes.get("for_each")
        if block.labels[:1] == (name,) and for_each is not None:
            found += trace_attribute(for_each, body.scope).places
    return found


def _attribute(body: BodyValue, name: str) -> Value:
    """What a reference sees, or what the body says where the provider's schema has nothing of that name."""
    try:
        return body.attribute(name)
    except KeyError:
        if name not in body.configured_names():
            raise
        return tuple(force(block) for block in body.blocks(name))


def _in_blocks(blocks: tuple[Value, ...], steps: tuple[str | Index, ...], subject: str) -> Answer:
    """The answer for steps into nested blocks, which are numbered as they stand in the source."""
    first = steps[0]
    chosen: Key
    if isinstance(first, str):
        if len(blocks) > 1:
            help_ = f"Say which: {subject}[0]{spelled_steps(steps)}."
            raise ExplainError(f"There are {len(blocks)} blocks {subject}.", help_)
        chosen, rest = 0, steps
    else:
        chosen, rest = first.key, steps[1:]
        subject += str(first)
    known = [block for block in blocks if not isinstance(block, SymbolicBlock)]
    if isinstance(chosen, int) and chosen < len(known):
        block = known[chosen]
        if not isinstance(block, BodyValue) or not rest:
            return Answer(subject + spelled_steps(rest), _whole(_stepped(block, rest, subject)))
        return _in_body(block, rest, subject)
    if not isinstance(blocks, OpenTuple):
        raise ExplainError(f"There is no block {subject}.", f"There are {len(blocks)} of them, numbered from 0.")
    return Answer(subject + spelled_steps(rest), blocks.unknown)


def _stepped(value: Value, steps: tuple[str | Index, ...], subject: str) -> Value:
    for step in steps:
        try:
            if isinstance(step, Index):
                value = operators.index(value, step.key)
            else:
                value = operators.attribute(value, step)
        except EvalError as error:
            bare = opened(value)[0]
            help_ = _near(step, "Keys", bare) if isinstance(step, str) and isinstance(bare, dict) else ""
            raise ExplainError(f"{subject}{spelled_steps((step,))}: {error.detail or error.summary}", help_) from None
        subject += spelled_steps((step,))
    return value


def _whole(value: Value) -> Value:
    return value if isinstance(value, Marked) else opened(value)[0]
