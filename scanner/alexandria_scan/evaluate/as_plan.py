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
from alexandria_scan.evaluate.configured import attribute_or_null, configured_value, is_deferred
from alexandria_scan.evaluate.declarations import local_name
from alexandria_scan.evaluate.imports import imported
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.plain import sensitive_tree, to_json, unknown_tree
from alexandria_scan.evaluate.resource import Resource
from alexandria_scan.evaluate.types import type_json
from alexandria_scan.evaluate.used_providers import provider_source
from alexandria_scan.evaluate.values import (
    SENSITIVE,
    Unknown,
    Value,
    force,
    opened,
    type_of,
    unmark_deep,
    wholly_known,
)
from alexandria_scan.evaluate.variables import value_as_given

FORMAT_VERSION = "1.2"


def as_plan(root: Module) -> dict[str, Any]:
    """The plan of a root as plain data, ready for JSON."""
    instances = [resource for module in root.tree() for resource in _resources(module)]
    ids = imported(root)
    outputs = {name: _shown(partial(root.output, name), f"output.{name}", root) for name in sorted(root.config.outputs)}
    return {
        "format_version": FORMAT_VERSION,
        "terraform_version": f"alexandria-scan {__version__}",
        "variables": _variables(root),
        "planned_values": {
            "outputs": {name: _planned_output(value) for name, value in outputs.items()},
            "root_module": _planned_module(root),
        },
        "resource_changes": [_change(resource, ids) for resource in instances],
        "output_changes": {name: _output_change(value) for name, value in outputs.items()},
        "configuration": configuration(root),
    }


def _variables(root: Module) -> dict[str, Any]:
    """The variables that have a value: as it was given, or the default as it was converted."""
    found = {}
    for name in sorted(root.config.variables):
        value = root.variable(name)
        if isinstance(opened(value)[0], Unknown):
            continue
        if name in root.inputs and name not in root.supposed:
            value = value_as_given(root.inputs[name], root.declaration(name), root)
        found[name] = {"value": to_json(value)}
    return found


def _resources(module: Module) -> Iterator[Resource]:
    """The instances that a plan would show: a data source only where its reading has to wait for the apply, or where
    a check block asks for it."""
    for instance, checked in all_resources(module):
        if instance.mode == "managed" or (instance.mode == "data" and (checked or is_deferred(instance))):
            yield instance


def _shown(make: Callable[[], Value], subject: str, module: Module) -> Value:
    """The value, or unknown with a problem if so much was written already that it would be too much."""
    try:
        return module.context.budget.show(make)
    except BudgetExceeded as error:
        return module.failed(subject, error)


def _shown_values(resource: Resource) -> dict[str, Value]:
    values = _shown(lambda: configured_value(resource), resource.address, resource.module)
    return values if isinstance(values, dict) else {}


def _change(resource: Resource, ids: dict[str, Value]) -> dict[str, Any]:
    value = _shown_values(resource)
    sensitive = {**(sensitive_tree(value) or {}), **_sensitive_nulls(resource)}
    change: dict[str, Any] = {
        "address": resource.address,
        "mode": resource.mode,
        "type": resource.type,
        "name": resource.name,
        "provider_name": _provider_name(resource),
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


def _provider_name(resource: Resource) -> str:
    name = local_name(resource.body, resource.type).partition(".")[0]
    return provider_source(resource.module.config, name)


def _sensitive_nulls(resource: Resource) -> dict[str, bool]:
    """Arguments that are null and sensitive all the same: by the expression, or because the provider says so."""
    attributes = {} if resource.schema is None else resource.schema.attributes
    found = {}
    for name in resource.body.attributes.keys() - META_ARGUMENTS:
        value, _ = opened(attribute_or_null(resource, name))
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
        "after_unknown": not wholly_known(value) and unknown_tree(value),
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
            "provider_name": _provider_name(resource),
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
