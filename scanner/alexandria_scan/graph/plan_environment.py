"""Which environment a plan is for, from what it says itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from alexandria_scan.graph.environment import NAMES, environment_in_tags
from alexandria_scan.source.plan_json import Configuration, Plan


def environment_of_plan(plan: Plan) -> str | None:
    """The variable environment (env, stage), else the same argument of every module call that has it, else the default
    tags of a provider: as they stand there, and only where they are constants."""
    configuration = plan.configuration
    root = configuration.root_module if configuration is not None else None
    declared = (root.variables if root is not None else None) or {}
    for name in NAMES:
        given = (plan.variables or {}).get(name)
        value = given.value if given is not None else declared[name].default if name in declared else None
        if isinstance(value, str):
            return value
    calls = [call.expressions or {} for call in ((root.module_calls if root is not None else None) or {}).values()]
    arguments = {text for call in calls for name in NAMES if name in call for text in _texts(call[name])}
    return (arguments.pop() if len(arguments) == 1 else None) or next(_tags(configuration), None)


def _texts(expression: Any) -> list[str | None]:
    """The text that an argument is, None for one that is not known; nothing for a constant that is no text."""
    if isinstance(expression, dict) and "constant_value" in expression:
        value = expression["constant_value"]
        return [value] if isinstance(value, str) else []
    return [None]


def _tags(configuration: Configuration | None) -> Iterator[str]:
    providers = (configuration.provider_config if configuration is not None else None) or {}
    for provider in providers.values():
        blocks = (provider.expressions or {}).get("default_tags")
        for block in blocks if isinstance(blocks, list) else ():
            tags = block.get("tags") if isinstance(block, dict) else None
            constant = tags.get("constant_value") if isinstance(tags, dict) else None
            if isinstance(constant, dict) and (found := environment_in_tags(constant)) is not None:
                yield found
