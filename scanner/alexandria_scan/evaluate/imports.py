"""`import` blocks: which instances take over something that exists, and under which id it does."""

from __future__ import annotations

from collections.abc import Iterator

from alexandria_scan.evaluate.address import Address, AddressError, parse_address
from alexandria_scan.evaluate.compile import compile_attribute, compile_expression
from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.expansion import SYMBOLIC, address_key
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.placing import placed
from alexandria_scan.evaluate.scope import NamedScope, Scope
from alexandria_scan.evaluate.types import STRING
from alexandria_scan.evaluate.values import (
    DECLARED,
    SetVal,
    Unknown,
    Value,
    collect_reasons,
    items_of,
    opened,
    wholly_known,
)
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Attribute, Block


def imported(root: Module) -> dict[str, Value]:
    """The id of everything that the root's import blocks bring in, by address. What is wrong with one is reported."""
    found: dict[str, Value] = {}
    for block in root.config.others:
        to, id_ = block.body.attributes.get("to"), block.body.attributes.get("id")
        if block.type != "import" or to is None or id_ is None:
            continue
        try:
            for scope in _scopes(block, root):
                target = _target(to, scope, root)
                value = _id(id_, scope)
                if target is not None:
                    if target in found and "for_each" not in block.body.attributes:
                        detail = f"An import block for the resource {target} was already declared."
                        raise placed(EvalError("Duplicate import configuration", detail), to.span)
                    found[target] = value
        except EvalError as error:
            root.evaluation.report(error, root)
    return found


def _scopes(block: Block, root: Module) -> Iterator[Scope]:
    attribute = block.body.attributes.get("for_each")
    if attribute is None:
        yield root
        return
    value, marks = opened(compile_attribute(attribute)(root))
    if isinstance(value, SetVal) and not wholly_known(value):
        value = Unknown(reasons=collect_reasons(value))
    if type(value) is Unknown:
        if not value.only_inputs:
            detail = 'The "for_each" value depends on resource attributes that cannot be determined until apply.'
            raise placed(EvalError("Invalid for_each argument", detail), attribute.span)
        return
    if marks - {DECLARED}:
        detail = "Sensitive values cannot be used to say what is imported."
        raise placed(EvalError("Invalid for_each argument", detail), block.body.attributes["to"].span)
    entries = items_of(value) if isinstance(value, dict) else enumerate(value) if isinstance(value, tuple) else ()
    for key, item in entries:
        each = {"key": item if isinstance(value, SetVal) else key, "value": item}
        yield NamedScope(root, {"each": each}, attribute.expression)


def _target(attribute: Attribute, scope: Scope, root: Module) -> str | None:
    """The address of the instance, or None if an input decides which that is."""
    text = _address(attribute.expression, scope)
    if text is None:
        return None
    try:
        address = parse_address(text)
    except AddressError as error:
        raise placed(EvalError("Invalid import address", str(error)), attribute.span) from None
    if address.kind != "managed" or address.steps:
        detail = f"{text} is not the address of a managed resource."
        raise placed(EvalError("Invalid import address", detail), attribute.span)
    if not _exists(address, root):
        detail = f"There is no configuration for {text}; add a resource block for it."
        raise placed(EvalError("Configuration for import target does not exist", detail), attribute.span)
    return text


def _address(node: tree.Expression, scope: Scope) -> str | None:
    if isinstance(node, tree.Name):
        return node.name
    if isinstance(node, tree.GetAttribute):
        base = _address(node.base, scope)
        return None if base is None else f"{base}.{node.name}"
    if not isinstance(node, tree.Index):
        raise placed(EvalError("Invalid import address", "It has to be the address of an instance."), node.span)
    base = _address(node.base, scope)
    key, marks = opened(compile_expression(node.key)(scope))
    if type(key) is Unknown and key.only_inputs:
        return None
    if marks - {DECLARED} or type(key) is bool or not isinstance(key, (str, int)):
        detail = "The index must be a known text or whole number that is not sensitive."
        raise placed(EvalError("Invalid index expression", detail), node.key.span)
    return None if base is None else f"{base}{address_key(key)}"


def _exists(address: Address, root: Module) -> bool:
    module = root
    for name, key in address.calls:
        if name not in module.config.calls:
            return False
        if module.evaluation.unresolved(module, name) is not None:
            return True
        children = module.children(name)
        if SYMBOLIC not in children and key not in children:
            return False
        module = children.get(key) or children[SYMBOLIC]
    kind = ("managed", address.type, address.name)
    if kind not in module.config.resources:
        return False
    instances = module.instances(kind)
    return SYMBOLIC in instances or address.key in instances


def _id(attribute: Attribute, scope: Scope) -> Value:
    value, _ = opened(compile_attribute(attribute)(scope))
    try:
        text = convert(value, STRING)
    except ConversionError as error:
        raise placed(EvalError("Incorrect value type", f"{error.message}."), attribute.span) from None
    if type(text) is Unknown and not text.only_inputs:
        detail = "The import block's id depends on resource attributes that cannot be determined until apply."
    elif text is None or text == "":
        detail = "The import id cannot be null or empty."
    else:
        return text
    raise placed(EvalError("Invalid import id argument", detail), attribute.span)
