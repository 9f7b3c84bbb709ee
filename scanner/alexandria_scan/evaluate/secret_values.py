"""Where secrets are written out in a module's source: what is set there is not shown."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from alexandria_scan.evaluate.children import children_of
from alexandria_scan.evaluate.declarations import ModuleConfig
from alexandria_scan.evaluate.schema import BlockSchema, resource_schema
from alexandria_scan.evaluate.secret_names import names_a_secret
from alexandria_scan.evaluate.variables import is_sensitive
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Attribute, Block, Expression

if TYPE_CHECKING:
    from alexandria_scan.evaluate.evaluation import Evaluation


def secret_values(config: ModuleConfig) -> Iterator[Attribute]:
    """Defaults of sensitive variables, and what is written out under the name of a secret in a variable or output, or
    in or for an argument that is not shown."""
    for blocks, name_of_value in ((config.variables, "default"), (config.outputs, "value")):
        for name, block in blocks.items():
            value = block.body.attributes.get(name_of_value)
            if value is not None and (is_sensitive(block) or (names_a_secret(name) and _is_text(value))):
                yield value
    for argument in _hidden_arguments(config):
        yield from _written_out(argument, config)


def default_is_secret(config: ModuleConfig, name: str) -> bool:
    """Whether the default of the variable is not shown."""
    block = config.variables.get(name)
    default = None if block is None else block.body.attributes.get("default")
    return default is not None and any(value is default for value in secret_values(config))


def assigns_a_secret(evaluation: Evaluation, file: str, line: int) -> bool:
    """Whether a line sets what is not shown, so that an error about it is not either."""
    if line in evaluation.secret_lines.get(file, ()):
        return True
    text = evaluation.texts.get(file)
    known = text is not None and 0 < line <= text.line_count()
    return text is not None and known and names_a_secret(text.line(line).partition("=")[0].strip(' \t"'))


@cache
def _hides(schema: BlockSchema) -> bool:
    own = any(attribute.hidden for attribute in schema.attributes.values())
    return own or any(_hides(nested.block) for nested in schema.blocks.values())


def _hidden_arguments(config: ModuleConfig) -> Iterator[Attribute]:
    """The arguments of resources and data sources that are not shown."""
    for (mode, type_, _), block in config.resources.items():
        schema = resource_schema("resource" if mode == "managed" else mode, type_)
        if schema is not None and _hides(schema):
            yield from _hidden_below(block.body, schema)


def _hidden_below(body: tree.Body, schema: BlockSchema) -> Iterator[Attribute]:
    for name, argument in body.attributes.items():
        if name in schema.attributes and schema.attributes[name].hidden:
            yield argument
    for block in body.blocks:
        dynamic = block.type == "dynamic" and block.labels
        nested = schema.blocks.get(block.labels[0] if dynamic else block.type)
        for inner in block.body.blocks_of("content") if dynamic else (block,):
            if nested is not None:
                yield from _hidden_below(inner.body, nested.block)


def _written_out(argument: Attribute, config: ModuleConfig) -> Iterator[Attribute]:
    """The argument if there is a text in it, and the local values and defaults that it is made of, if in them."""
    for attribute, variable in _made_of(argument, config):
        default = None if variable is None else config.variables[variable].body.attributes.get("default")
        yield from (one for one in (attribute, default) if one is not None and _is_text(one))


def _made_of(argument: Attribute, config: ModuleConfig) -> Iterator[tuple[Attribute | None, str | None]]:
    """The argument and the local values that it is made of where no text is written out in it; and the names of the
    variables."""
    attributes, seen = [argument], set[int]()
    while attributes:
        attribute = attributes.pop()
        if id(attribute) in seen:
            continue
        seen.add(id(attribute))
        yield attribute, None
        for root, name in [] if _is_text(attribute) else _references(attribute.expression):
            if root == "local" and name in config.locals:
                attributes.append(config.locals[name])
            elif root == "var" and name in config.variables:
                yield None, name


def _references(node: Expression) -> Iterator[tuple[str, str]]:
    """The `local.x` and `var.x` that a value is made of; what chooses an element of one is no part of it."""
    if isinstance(node, tree.GetAttribute) and isinstance(node.base, tree.Name):
        yield node.base.name, node.name
    else:
        for part in (node.base,) if isinstance(node, tree.Index) else children_of(node):
            yield from _references(part)


def secret_arguments(call: Block, called: ModuleConfig) -> Iterator[Attribute]:
    """Arguments of a module call that are written out and go to sensitive variables, or to arguments that are not
    shown."""
    hidden = {name for one in _hidden_arguments(called) for _, name in _made_of(one, called) if name is not None}
    for name, argument in call.body.attributes.items():
        variable = called.variables.get(name)
        if variable is not None and (name in hidden or is_sensitive(variable)) and _is_text(argument):
            yield argument


def _is_text(value: Attribute) -> bool:
    """Whether a text is written out in the value, which can be a secret; a reference, a number or null cannot."""
    try:
        return _holds_text(value.expression)
    except tree.ExpressionError:
        return True


def _holds_text(node: Expression) -> bool:
    if isinstance(node, tree.Literal):
        return isinstance(node.value, str) and bool(node.value)
    return any(_holds_text(child) for child in children_of(node))
