"""What a module call says: where the module comes from, and which of its variables get a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alexandria_scan.evaluate.compile import compile_attribute
from alexandria_scan.evaluate.constant_arguments import not_constant
from alexandria_scan.evaluate.declarations import LOCAL, ModuleConfig, literal_text
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.values import Unknown, opened
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.tree import Attribute, Block

if TYPE_CHECKING:
    from alexandria_scan.evaluate.module import Module

_CALL_ARGUMENTS = frozenset(["source", "version", "count", "for_each", "providers", "depends_on"])


def source_of(module: Module, block: Block) -> str | Unknown:
    """The source of a call; unknown if it hangs on an input that nobody gave. Raises EvalError if it can be none."""
    attribute = block.body.attributes.get("source")
    if attribute is None:
        raise EvalError("Missing module source", "A module call needs a source.")
    text = literal_text(attribute)
    found = _evaluated(module, attribute) if text is None else text
    if isinstance(found, str):
        _check_source(found, block)
    return found


def _evaluated(module: Module, attribute: Attribute) -> str | Unknown:
    """Terraform takes a constant for a source, OpenTofu also what follows from variables and local values."""
    value, _ = opened(compile_attribute(attribute)(module))
    if isinstance(value, Unknown):
        detail = "The source of the module hangs on a value that is not known; give its variable a default, or a value."
        _warn(module, attribute, "Module source is not known", detail)
        return value
    if not isinstance(value, str):
        raise EvalError("Unsuitable value type", "Unsuitable value: the source of a module is text.")
    if not_constant(attribute.expression) is not None:
        detail = f"OpenTofu accepts this and Terraform does not; it was taken to be {value}."
        _warn(module, attribute, "Module source is no constant", detail)
    return value


def _warn(module: Module, attribute: Attribute, summary: str, detail: str) -> None:
    place = attribute.span.location
    module.evaluation.add(Problem(place.file, place.line, place.column, summary, detail, "warning"))


def _check_source(source: str, block: Block) -> None:
    if source.startswith(LOCAL):
        if "version" in block.body.attributes:
            detail = f'{source} is a folder, which has no versions; take the argument "version" out.'
            raise EvalError("Invalid registry module source address", detail)
    elif not {"/", "\\", ":"} & set(source.partition("//")[0].strip()):
        detail = f'"{source}" is no address of a module; a folder is written ./{source.strip().removeprefix(".")}.'
        raise EvalError("Invalid module source address", detail)


def check_arguments(module: Module, name: str, block: Block, config: ModuleConfig) -> None:
    """Reports each argument of a call that the module has no variable for."""
    if config.unread:
        return
    for argument, attribute in block.body.attributes.items():
        if argument not in config.variables and argument not in _CALL_ARGUMENTS:
            detail = f'module.{name} has no variable "{argument}".'
            error = EvalError.at(attribute.name_span.location, "Unsupported argument", detail, frozenset())
            module.evaluation.report(error, module)
