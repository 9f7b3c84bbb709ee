"""Expressions as the configuration of a plan shows them: a constant, or the references that they are made of."""

from __future__ import annotations

from typing import Any

from alexandria_scan.evaluate.children import children_of
from alexandria_scan.evaluate.compile import compile_attribute, compile_expression
from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.plain import to_json
from alexandria_scan.evaluate.reference_paths import reference_paths
from alexandria_scan.evaluate.schema import AttributeSchema, BlockSchema, NestedBlock, block_of_attribute
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Block, Body

_MODES = frozenset(["data", "ephemeral", "resource"])


def expressions(body: Body, schema: BlockSchema | None, module: Module, skipped: frozenset[str]) -> dict[str, Any]:
    """The arguments and nested blocks of a body without those skipped. What a `dynamic` block makes is not shown."""
    found: dict[str, Any] = {}
    for name, attribute in sorted(body.attributes.items()):
        if name not in skipped:
            nested = schema.blocks.get(name) if schema is not None else None
            found[name] = _blocks_of(nested, attribute.expression, module) or expression(attribute.expression, module)
    blocks: dict[str, list[Block]] = {}
    for block in body.blocks:
        if block.type != "dynamic" and block.type not in skipped:
            blocks.setdefault(block.type, []).append(block)
    for name, written in blocks.items():
        argument = schema.attributes.get(name) if schema is not None else None
        nested = schema.blocks.get(name) if schema is not None else None
        if argument is not None and argument.block_syntax:
            found[name] = _argument(written, argument, module)
        else:
            inner = None if nested is None else nested.block
            shown = [expressions(block.body, inner, module, frozenset()) for block in written]
            found[name] = shown[0] if nested is not None and nested.nesting in ("single", "group") else shown
    return found


def _blocks_of(nested: NestedBlock | None, node: tree.Expression, module: Module) -> Any:
    """Nested blocks that are written as an argument, as JSON syntax has them; None if it is not for that."""
    if nested is None:
        return None
    items = node.items if isinstance(node, tree.TupleConstructor) else [node]
    shown = []
    for item in items:
        if not isinstance(item, tree.ObjectConstructor):
            return None
        names = [_constant_text(key) for key, _ in item.entries]
        shown.append(
            {
                name: _blocks_of(nested.block.blocks.get(name), value, module) or expression(value, module)
                for name, (_, value) in zip(names, item.entries, strict=True)
                if name is not None
            }
        )
    return shown[0] if nested.nesting in ("single", "group") and len(shown) == 1 else shown


def _constant_text(node: tree.Expression) -> str | None:
    while isinstance(node, tree.Template) and len(node.parts) == 1:
        node = node.parts[0]
    return node.value if isinstance(node, tree.Literal) and isinstance(node.value, str) else None


def _argument(blocks: list[Block], argument: AttributeSchema, module: Module) -> dict[str, Any]:
    """An argument that is written as blocks, with the null of each argument that a block leaves out."""
    parts = [attribute for block in blocks for _, attribute in sorted(block.body.attributes.items())]
    references = [reference for part in parts for reference in references_of(part.expression)]
    if references:
        return {"references": references}
    if any(_calls(part.expression) for part in parts):
        return {}
    types = {name: inner.type for name, inner in block_of_attribute(argument).attributes.items()}
    try:
        values = [
            {
                name: convert(compile_attribute(block.body.attributes[name])(module), type_)
                if name in block.body.attributes
                else None
                for name, type_ in types.items()
            }
            for block in blocks
        ]
    except (EvalError, ConversionError, tree.ExpressionError):  # said where it is evaluated
        return {}
    return {"constant_value": to_json(tuple(values))}


def expression(node: tree.Expression, module: Module) -> dict[str, Any]:
    """The references of an expression, or its value if it is a constant. Terraform takes nothing that calls a
    function for a constant."""
    references = references_of(node)
    if references:
        return {"references": references}
    if _calls(node):
        return {}
    try:
        return {"constant_value": to_json(compile_expression(node)(module))}
    except (EvalError, tree.ExpressionError):  # said where it is evaluated
        return {}


def _calls(node: tree.Expression) -> bool:
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, tree.Call):
            return True
        waiting += children_of(current)
    return False


def references_of(node: tree.Expression) -> list[str]:
    """Every reference, the longer form before the shorter; of an output of `module.a[0]` not `module.a`."""
    found = []
    for path in reference_paths(node):
        shortest = 3 if path[0] in _MODES or (path[0] == "module" and len(path) > 3 and path[2][0] == "[") else 2
        lengths = range(len(path), 0 if path[0] == "self" else shortest - 1, -1)
        found += ["".join(path[:length]) for length in lengths]
    return found
