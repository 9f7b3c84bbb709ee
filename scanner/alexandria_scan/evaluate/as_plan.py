"""The evaluated configuration in the form of `terraform show -json`: a plan without providers, credentials or state.

Every resource is shown as about to be created, or updated if it is imported. Attributes that the configuration does
not set are left out; what is not known is left out of `after` (null in a list) and true in `after_unknown`, as
Terraform writes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from alexandria_scan import __version__
from alexandria_scan.evaluate.as_configuration import configuration
from alexandria_scan.evaluate.blocks import META_ARGUMENTS
from alexandria_scan.evaluate.budget import BudgetExceeded
from alexandria_scan.evaluate.check_blocks import all_resources
from alexandria_scan.evaluate.children import children_of
from alexandria_scan.evaluate.compile import compile_attribute
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.imports import imported
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.plain import sensitive_tree, to_json, unknown_tree
from alexandria_scan.evaluate.resource import Resource
from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.trace import trace_attribute
from alexandria_scan.evaluate.types import type_json
from alexandria_scan.evaluate.values import (
    SENSITIVE,
    Unknown,
    Value,
    collect_reasons,
    force,
    opened,
    type_of,
    unmark_deep,
    wholly_known,
)
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Attribute, Body

FORMAT_VERSION = "1.2"


def as_plan(root: Module) -> dict[str, Any]:
    """The plan of a root as plain data, ready for JSON."""
    instances = [resource for module in root.tree() for resource in _resources(module)]
    ids = imported(root)
    outputs = {name: _shown(partial(root.output, name), f"output.{name}", root) for name in sorted(root.config.outputs)}
    return {
        "format_version": FORMAT_VERSION,
        "terraform_version": f"alexandria-scan {__version__}",
        "variables": {
            name: {"value": to_json(root.variable(name))}
            for name in sorted(root.config.variables)
            if not isinstance(opened(root.variable(name))[0], Unknown)
        },
        "planned_values": {
            "outputs": {name: _planned_output(value) for name, value in outputs.items()},
            "root_module": _planned_module(root),
        },
        "resource_changes": [_change(resource, ids) for resource in instances],
        "output_changes": {name: _output_change(value) for name, value in outputs.items()},
        "configuration": {"root_module": configuration(root.config, root)},
    }


def _resources(module: Module) -> Iterator[Resource]:
    """The instances that a plan would show: a data source only where its reading has to wait for the apply, or where
    a check block asks for it."""
    for instance, checked in all_resources(module):
        if instance.mode == "managed" or (instance.mode == "data" and (checked or _deferred(instance))):
            yield instance


def _deferred(resource: Resource) -> bool:
    """Whether Terraform can read a data source only when it applies: an argument waits for a managed resource, or
    the source refers directly to one, or depends on one; all of them are still to be created."""
    reasons = collect_reasons(configured_value(resource))
    if any(reason.kind not in ("input", "data") for reason in reasons):
        return True
    if _refers_to_managed(resource.body, resource.module) or (reasons and _reads_deferred(resource)):
        return True
    module: Module | None = resource.module
    while module is not None and module.call is not None and module.parent is not None:
        depends_on = module.call.body.attributes.get("depends_on")
        if depends_on is not None:
            return True
        module = module.parent
    return False


def _reads_deferred(resource: Resource) -> bool:
    """Whether an argument comes from a data source that itself has to wait."""
    for attribute in _all_attributes(resource.body):
        if attribute.name in META_ARGUMENTS or _is_known(attribute, resource.scope):
            continue
        for other, _ in trace_attribute(attribute, resource.scope).resources:
            if other.mode == "data" and other is not resource and _deferred(other):
                return True
    return False


def _is_known(attribute: Attribute, scope: Scope) -> bool:
    try:
        return wholly_known(compile_attribute(attribute)(scope))
    except EvalError:  # it stands in a dynamic block, whose names the resource's own scope does not have
        return False


def _refers_to_managed(body: Body, module: Module) -> bool:
    stack = [attribute.expression for attribute in _all_attributes(body)]
    while stack:
        node = stack.pop()
        if (
            isinstance(node, tree.GetAttribute)
            and isinstance(node.base, tree.Name)
            and ("managed", node.base.name, node.name) in module.config.resources
        ):
            return True
        stack += children_of(node)
    return False


def _all_attributes(body: Body) -> Iterator[Attribute]:
    yield from body.attributes.values()
    for block in body.blocks:
        yield from _all_attributes(block.body)


def configured_value(resource: Resource) -> dict[str, Value]:
    """What the configuration sets, in the provider's types: argument or block name to value."""
    values = {}
    for name in resource.configured_names():
        schema = None if resource.schema is None else resource.schema.attributes.get(name)
        if schema is not None and schema.write_only:
            continue
        value = _pruned(resource, name)
        bare, _ = opened(value)
        if bare is not None:
            values[name] = value
    return values


def _shown(make: Callable[[], Value], subject: str, module: Module) -> Value:
    """The value, or unknown with a problem if so much was written already that it would be too much."""
    try:
        return module.context.budget.show(make)
    except BudgetExceeded as error:
        return module.failed(subject, error)


def _shown_values(resource: Resource) -> dict[str, Value]:
    values = _shown(lambda: configured_value(resource), resource.address, resource.module)
    return values if isinstance(values, dict) else {}


def _pruned(resource: Resource, name: str) -> Value:
    try:
        return resource.attribute(name)
    except KeyError:
        return None


def _change(resource: Resource, ids: dict[str, Value]) -> dict[str, Any]:
    value = _shown_values(resource)
    sensitive = {**(sensitive_tree(value) or {}), **_sensitive_nulls(resource)}
    change: dict[str, Any] = {
        "address": resource.address,
        "mode": resource.mode,
        "type": resource.type,
        "name": resource.name,
        "provider_name": _provider_name(resource.type),
        "change": {
            "actions": ["create" if resource.mode == "managed" else "read"],
            "before": None,
            "after": to_json(value),
            "after_unknown": unknown_tree(value) or {},
            "before_sensitive": False,
            "after_sensitive": sensitive,
        },
    }
    if resource.address in ids:
        id_ = ids[resource.address]
        change["change"]["importing"] = {"unknown": True} if isinstance(id_, Unknown) else {"id": id_}
        change["change"]["actions"] = ["update"]
    if resource.module.path:
        change["module_address"] = resource.module.path
    if resource.key is not None:
        change["index"] = resource.key
    return change


def _provider_name(type_: str) -> str:
    name = type_.partition("_")[0]
    return "terraform.io/builtin/terraform" if name == "terraform" else f"registry.terraform.io/hashicorp/{name}"


def _sensitive_nulls(resource: Resource) -> dict[str, bool]:
    """Arguments that are null and sensitive all the same: by the expression, or because the provider says so."""
    attributes = {} if resource.schema is None else resource.schema.attributes
    found = {}
    for name in resource.body.attributes.keys() - META_ARGUMENTS:
        value, _ = opened(_pruned(resource, name))
        _, marks = opened(resource.configured(name))
        if value is None and (SENSITIVE in marks or (name in attributes and attributes[name].sensitive)):
            found[name] = True
    return found


def _output_change(value: Value) -> dict[str, Any]:
    value = force(value)
    return {
        "actions": ["create"],
        "before": None,
        "after": to_json(value),
        "after_unknown": unknown_tree(value),
        "before_sensitive": False,
        "after_sensitive": sensitive_tree(value),
    }


def _planned_output(value: Value) -> dict[str, Any]:
    planned: dict[str, Any] = {"sensitive": sensitive_tree(value) is True}
    if wholly_known(value):
        planned["value"] = to_json(value)
        planned["type"] = type_json(type_of(unmark_deep(value)[0]))
    return planned


def _planned_module(module: Module) -> dict[str, Any]:
    planned: dict[str, Any] = {}
    resources = []
    for resource in _resources(module):
        value = _shown_values(resource)
        entry = {
            "address": resource.address,
            "mode": resource.mode,
            "type": resource.type,
            "name": resource.name,
            "provider_name": _provider_name(resource.type),
            "values": to_json(value),
            "sensitive_values": sensitive_tree(value) or {},
        }
        if resource.key is not None:
            entry["index"] = resource.key
        resources.append(entry)
    if resources:
        planned["resources"] = resources
    children = []
    for name in sorted(module.config.calls):
        for child in module.children(name).values():
            children.append({**_planned_module(child), "address": child.path})
    if children:
        planned["child_modules"] = children
    return planned
