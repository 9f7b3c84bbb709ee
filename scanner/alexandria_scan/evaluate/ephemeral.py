"""Where ephemeral values may not go: into anything that a plan or a state keeps."""

from __future__ import annotations

from collections.abc import Iterator

from alexandria_scan.evaluate.compile import compile_attribute
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.placing import placed
from alexandria_scan.evaluate.resource import Resource
from alexandria_scan.evaluate.values import EPHEMERAL, Value, unmark_deep
from alexandria_scan.syntax.tree import Attribute

_META = frozenset(["count", "for_each"])


def check_ephemeral(root: Module) -> None:
    """Reports every argument, output and repetition that an ephemeral value goes into although it is kept."""
    modules = list(root.tree())
    if not any(map(_has_ephemeral, modules)):
        return
    for module in modules:
        for error in _misuses(module):
            module.evaluation.report(error, module)


def _has_ephemeral(module: Module) -> bool:
    declared = [*module.config.variables.values(), *module.config.outputs.values()]
    return any(mode == "ephemeral" for mode, _, _ in module.config.resources) or any(
        "ephemeral" in block.body.attributes for block in declared
    )


def _misuses(module: Module) -> Iterator[EvalError]:
    for name, block in module.config.outputs.items():
        value = block.body.attributes.get("value")
        if value is not None and "ephemeral" not in block.body.attributes and _is_ephemeral(module.output(name)):
            detail = (
                "This output value is not declared as returning an ephemeral value, so it cannot be set to a result "
                "derived from an ephemeral value."
            )
            yield placed(EvalError("Ephemeral value not allowed", detail), value.span)
    for name in module.config.calls:
        yield from _of_call(module, name)
    for key in module.config.resources:
        if key[0] != "ephemeral":
            yield from _repeated(module, module.config.resources[key].body.attributes)
            for resource in module.instances(key).values():
                yield from _of_resource(resource)


def _of_call(module: Module, name: str) -> Iterator[EvalError]:
    attributes = module.config.calls[name].body.attributes
    yield from _repeated(module, attributes)
    for child in module.children(name).values():
        for variable in child.config.variables:
            argument = attributes.get(variable)
            if argument is None or EPHEMERAL in child.declaration(variable).marks:
                continue
            if _is_ephemeral(child.variable(variable)):
                detail = (
                    "This input variable is not declared as accepting ephemeral values, so it cannot be set to a "
                    "result derived from an ephemeral value."
                )
                yield placed(EvalError("Ephemeral value not allowed", detail), argument.span)


def _repeated(module: Module, attributes: dict[str, Attribute]) -> Iterator[EvalError]:
    for name in sorted(_META & attributes.keys()):
        try:
            value = compile_attribute(attributes[name])(module)
        except EvalError:  # said where the block is expanded
            continue
        if _is_ephemeral(value):
            detail = f'The given "{name}" is derived from an ephemeral value, which no plan can keep.'
            yield placed(EvalError(f"Invalid {name} argument", detail), attributes[name].span)


def _of_resource(resource: Resource) -> Iterator[EvalError]:
    for name, attribute in resource.body.attributes.items():
        schema = None if resource.schema is None else resource.schema.attributes.get(name)
        if schema is None or schema.write_only or not _is_ephemeral(resource.attribute(name)):
            continue
        detail = (
            f'Ephemeral values are not valid for "{name}", because it is not a write-only attribute and must be '
            "persisted to state."
        )
        yield placed(EvalError("Invalid use of ephemeral value", detail), attribute.span)


def _is_ephemeral(value: Value) -> bool:
    return EPHEMERAL in unmark_deep(value)[1]
