"""The configuration of a root as a plan shows it: what is set, to which constant, and what refers to what."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from alexandria_scan.evaluate.blocks import META_ARGUMENTS
from alexandria_scan.evaluate.check_blocks import scoped_data
from alexandria_scan.evaluate.children import children_of
from alexandria_scan.evaluate.compile import compile_expression
from alexandria_scan.evaluate.declarations import ModuleConfig, literal_text
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.plain import to_json
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Body

_MODES = frozenset(["data", "ephemeral", "resource"])


def configuration(config: ModuleConfig, module: Module) -> dict[str, Any]:
    """A module and all that it calls, in the form of a plan's `configuration`."""
    found: dict[str, Any] = {}
    if config.outputs:
        found["outputs"] = {
            name: {"expression": _expression(block.body.attributes["value"].expression, module)}
            for name, block in sorted(config.outputs.items())
            if "value" in block.body.attributes
        }
    resources = []
    for (mode, type_, name), block in sorted({**scoped_data(config), **config.resources}.items()):
        address = f"{'' if mode == 'managed' else f'{mode}.'}{type_}.{name}"
        entry = {"address": address, "mode": mode, "type": type_, "name": name}
        resources.append({**entry, "expressions": _expressions(block.body, module), **_repetition(block.body, module)})
    if resources:
        found["resources"] = resources
    calls = {}
    for name, block in sorted(config.calls.items()):
        source = block.body.attributes.get("source")
        call: dict[str, Any] = {"source": literal_text(source) if source is not None else None}
        calls[name] = {**call, "expressions": _expressions(block.body, module), **_repetition(block.body, module)}
        child = next(iter(module.children(name).values()), None)
        if child is not None:
            calls[name]["module"] = configuration(child.config, child)
    if calls:
        found["module_calls"] = calls
    if config.variables:
        found["variables"] = {name: {} for name in sorted(config.variables)}
    return found


def _repetition(body: Body, module: Module) -> dict[str, Any]:
    return {
        f"{name}_expression": _expression(body.attributes[name].expression, module)
        for name in ("count", "for_each")
        if name in body.attributes
    }


def _expressions(body: Body, module: Module) -> dict[str, Any]:
    skipped = META_ARGUMENTS | {"source", "version", "providers"}
    found: dict[str, Any] = {
        name: _expression(attribute.expression, module)
        for name, attribute in sorted(body.attributes.items())
        if name not in skipped
    }
    for block in body.blocks:
        if block.type in ("lifecycle", "provisioner", "connection"):
            continue
        if block.type == "dynamic":
            for content in block.body.blocks_of("content"):
                found.setdefault(block.labels[0], []).append(_expressions(content.body, module))
        else:
            found.setdefault(block.type, []).append(_expressions(block.body, module))
    return found


def _expression(node: tree.Expression, module: Module) -> dict[str, Any]:
    """The references of an expression, or its value if it is a constant. Terraform lists the longer form of each
    reference before the shorter, and takes nothing that calls a function for a constant."""
    references: dict[str, None] = {}
    for path in _references(node):
        shortest = 3 if path[0] in _MODES else 2
        for length in range(len(path), shortest - 1, -1):
            references.setdefault("".join(path[:length]))
    if references:
        return {"references": list(references)}
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


def _references(node: tree.Expression) -> Iterator[list[str]]:
    """The references in the order of the text, without those to the variables of a `for`."""
    stack: list[tuple[tree.Expression, frozenset[str | None]]] = [(node, frozenset())]
    while stack:
        current, bound = stack.pop(0)
        path, keys = _traversal(current)
        if isinstance(current, (tree.For, tree.TemplateFor)):
            bound |= {current.key, current.value}
        if path and path[0] not in bound:
            yield path
        stack[:0] = [(child, bound) for child in (keys if path else children_of(current))]


def _traversal(node: tree.Expression) -> tuple[list[str], list[tree.Expression]]:
    """The steps of a reference as they are written, up to the first that is no constant, and the keys that are none."""
    steps: list[str] = []
    keys: list[tree.Expression] = []
    while isinstance(node, (tree.GetAttribute, tree.Index, tree.Splat)):
        if isinstance(node, tree.GetAttribute):
            steps.insert(0, f".{node.name}")
        else:
            key = _constant_key(node.key) if isinstance(node, tree.Index) else None
            if key is not None:
                steps.insert(0, f"[{key}]")
            else:
                steps.clear()
                keys[:0] = [node.key] if isinstance(node, tree.Index) else [node.each]
        node = node.base
    return ([node.name, *steps], keys) if isinstance(node, tree.Name) and steps else ([], [])


def _constant_key(node: tree.Expression) -> str | None:
    while isinstance(node, tree.Template) and len(node.parts) == 1:
        node = node.parts[0]
    if isinstance(node, tree.NumberLiteral):
        return node.text
    return json.dumps(node.value, ensure_ascii=False) if isinstance(node, tree.Literal) else None
