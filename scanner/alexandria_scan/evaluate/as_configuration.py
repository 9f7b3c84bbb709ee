"""The configuration of a root as a plan shows it: what is set, to which constant, and what refers to what."""

from __future__ import annotations

from typing import Any

from alexandria_scan.evaluate.as_expression import expression, expressions
from alexandria_scan.evaluate.as_provider_config import ProviderConfigs
from alexandria_scan.evaluate.blocks import META_ARGUMENTS
from alexandria_scan.evaluate.check_blocks import scoped_data
from alexandria_scan.evaluate.compile import compile_attribute
from alexandria_scan.evaluate.constant_arguments import not_constant
from alexandria_scan.evaluate.declarations import literal_text
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.plain import to_json
from alexandria_scan.evaluate.schema import resource_schema
from alexandria_scan.evaluate.values import opened, unmark_deep
from alexandria_scan.evaluate.variables import default_value
from alexandria_scan.evaluate.written_module import WrittenModule, written
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Attribute, Block, Body

_NOT_OF_RESOURCE = META_ARGUMENTS | {"lifecycle", "provisioner", "connection"}
_NOT_OF_CALL = META_ARGUMENTS | {"source", "version", "providers"}
_KINDS = {"managed": "resource", "data": "data"}


def configuration(root: Module) -> dict[str, Any]:
    """A root and all that it calls, in the form of a plan's `configuration`."""
    whole = written(root)
    providers = ProviderConfigs(whole)
    found: dict[str, Any] = {"provider_config": providers.shown} if providers.shown else {}
    return {**found, "root_module": _module(whole, providers)}


def _module(written_module: WrittenModule, providers: ProviderConfigs) -> dict[str, Any]:
    config, module = written_module.config, written_module.module
    parts: dict[str, Any] = {
        "outputs": {name: _output(block, module) for name, block in sorted(config.outputs.items())},
        "resources": sorted(
            (
                _resource(key, block, written_module, providers)
                for key, block in {**scoped_data(config), **config.resources}.items()
                if key[0] in _KINDS
            ),
            key=lambda resource: (resource["mode"] == "data", resource["address"]),
        ),
        "module_calls": {name: _call(name, written_module, providers) for name in sorted(config.calls)},
        "variables": {name: _variable(name, module) for name in sorted(config.variables)},
    }
    return {name: part for name, part in parts.items() if part}


def _output(block: Block, module: Module) -> dict[str, Any]:
    value = block.body.attributes.get("value")
    found: dict[str, Any] = {"expression": {} if value is None else expression(value.expression, module)}
    return {**found, **_said(block.body), **_sensitive(block.body), **_depends_on(block.body)}


def _variable(name: str, module: Module) -> dict[str, Any]:
    block = module.config.variables[name]
    found = {**_said(block.body), **_sensitive(block.body)}
    try:
        declaration = module.declaration(name)
        if declaration.default is not None:
            found["default"] = to_json(unmark_deep(default_value(declaration, module))[0])
    except (EvalError, tree.ExpressionError):  # said where the variable is evaluated
        pass
    return found


def _resource(
    key: tuple[str, str, str], block: Block, written_module: WrittenModule, providers: ProviderConfigs
) -> dict[str, Any]:
    mode, type_, name = key
    schema = resource_schema(_KINDS[mode], type_)
    module = written_module.module
    found = {
        "address": f"{'' if mode == 'managed' else f'{mode}.'}{type_}.{name}",
        "mode": mode,
        "type": type_,
        "name": name,
        "provider_config_key": providers.key(block, type_, written_module.path),
    }
    set_ = expressions(block.body, schema, module, _NOT_OF_RESOURCE)
    provisioners = [
        {"type": inner.labels[0], "expressions": expressions(inner.body, None, module, frozenset(["connection"]))}
        for inner in block.body.blocks_of("provisioner")
        if inner.labels
    ]
    return {
        **found,
        **({"expressions": set_} if set_ else {}),
        **({"provisioners": provisioners} if provisioners else {}),
        **_repetition(block.body, module),
        **_depends_on(block.body),
    }


def _call(name: str, written_module: WrittenModule, providers: ProviderConfigs) -> dict[str, Any]:
    body = written_module.config.calls[name].body
    source, version = body.attributes.get("source"), body.attributes.get("version")
    found: dict[str, Any] = {"source": _constant_text(source, written_module.module) if source is not None else None}
    if version is not None:
        found["version_constraint"] = literal_text(version)
    set_ = expressions(body, None, written_module.module, _NOT_OF_CALL)
    if set_:
        found["expressions"] = set_
    if name in written_module.calls:
        found["module"] = _module(written_module.calls[name], providers)
    return {**found, **_repetition(body, written_module.module), **_depends_on(body)}


def _constant_text(attribute: Attribute, module: Module) -> str | None:
    """The text that a constant expression makes; None if it makes none, or is no constant."""
    try:
        value = opened(compile_attribute(attribute)(module))[0] if not_constant(attribute.expression) is None else None
    except (EvalError, tree.ExpressionError):
        return None
    return value if isinstance(value, str) else None


def _said(body: Body) -> dict[str, Any]:
    attribute = body.attributes.get("description")
    text = literal_text(attribute) if attribute is not None else None
    return {"description": text} if text else {}


def _sensitive(body: Body) -> dict[str, Any]:
    attribute = body.attributes.get("sensitive")
    node = attribute.expression if attribute is not None else None
    return {"sensitive": True} if isinstance(node, tree.Literal) and node.value is True else {}


def _depends_on(body: Body) -> dict[str, Any]:
    attribute = body.attributes.get("depends_on")
    if attribute is None or not isinstance(attribute.expression, tree.TupleConstructor):
        return {}
    return {"depends_on": [item.span.text.strip().strip('"') for item in attribute.expression.items]}


def _repetition(body: Body, module: Module) -> dict[str, Any]:
    shown = {
        f"{name}_expression": expression(body.attributes[name].expression, module)
        for name in ("count", "for_each")
        if name in body.attributes
    }
    return {name: part for name, part in shown.items() if part}
