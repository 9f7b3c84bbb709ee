"""The configuration in a plan: which module calls which, which arguments are set, and what they refer to.

A plan has no locals and no `dynamic` blocks: where the way of a value leads through one, it is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

import msgspec

from alexandria_scan.evaluate.address import module_calls_in
from alexandria_scan.evaluate.expansion import Key
from alexandria_scan.graph.plan_values import decode
from alexandria_scan.source.plan_json import ConfigCall, ConfigModule, ConfigResource, Configuration, ProviderConfig


def references_in(expression: Any) -> tuple[str, ...]:
    """Every reference in an expression or in nested blocks; of `a.b.c` and its prefixes, the longest."""
    return tuple(dict.fromkeys(_longest(_all_references(expression))))


def _all_references(expression: Any) -> Iterator[str]:
    if isinstance(expression, list):
        for item in expression:
            yield from _all_references(item)
    elif isinstance(expression, dict):
        listed = expression.get("references")
        if isinstance(listed, list):
            yield from (item for item in listed if isinstance(item, str))
            return
        for key, item in expression.items():
            if key != "constant_value":
                yield from _all_references(item)


def _longest(references: Iterator[str]) -> Iterator[str]:
    previous = ""
    for reference in references:
        if previous.startswith(reference) and previous[len(reference) :][:1] in (".", "["):
            continue
        previous = reference
        yield reference


class Block(msgspec.Struct):
    """A resource block of the configuration."""

    raw: ConfigResource
    repetition: tuple[str, ...]
    _expressions: dict[str, Any] | None = None
    _references: dict[str, tuple[str, ...]] = {}

    def expressions(self) -> dict[str, Any]:
        """The arguments and blocks that it sets. Decoded each time: all of them would take much memory."""
        found = decode(self.raw.expressions)
        return found if isinstance(found, dict) else {}

    def references(self) -> dict[str, tuple[str, ...]]:
        """What each argument or block refers to."""
        if not self._references:
            self._references = {name: references_in(item) for name, item in self.expressions().items()}
        return self._references


class ModuleBlocks:
    """The configuration of one module, whatever its instances."""

    def __init__(self, config: ConfigModule, path: str, call: ConfigCall | None, parent: ModuleBlocks | None) -> None:
        self.config = config
        self.path = path
        self.call = call
        self.parent = parent
        self.calls = config.module_calls or {}
        self.outputs = config.outputs or {}
        self._children: dict[str, ModuleBlocks] = {}
        self._arguments: dict[str, tuple[str, ...]] = {}
        self.blocks: dict[str, Block] = {}
        for resource in config.resources or ():
            repetition = references_in([resource.count_expression, resource.for_each_expression])
            self.blocks[f"{prefix(resource.mode)}{resource.type}.{resource.name}"] = Block(resource, repetition)
        self.repetition = references_in([call.count_expression, call.for_each_expression]) if call is not None else ()

    def child(self, name: str) -> ModuleBlocks | None:
        if name not in self._children:
            call = self.calls.get(name)
            if call is None or call.module is None:
                return None
            path = f"{self.path}.module.{name}" if self.path else f"module.{name}"
            self._children[name] = ModuleBlocks(call.module, path, call, self)
        return self._children[name]

    def argument(self, name: str) -> tuple[str, ...]:
        """What the caller's argument for a variable refers to."""
        if name not in self._arguments:
            written = (self.call.expressions or {}).get(name) if self.call is not None else None
            self._arguments[name] = references_in(written)
        return self._arguments[name]

    def output(self, name: str) -> tuple[str, ...]:
        return references_in(self.outputs[name].expression) if name in self.outputs else ()


def prefix(mode: str) -> str:
    return "" if mode == "managed" else f"{mode}."


class ConfigurationTree:
    """All modules by address, instances of one call together. `valued` are the root's variables that have a value in
    the plan: of one without (an ephemeral one, one that `evaluate` did not know) nothing is known. `evaluated` says
    that `evaluate` wrote the plan: it has no data sources, and of what is not known only what the configuration sets.
    """

    def __init__(
        self, configuration: Configuration | None, valued: Collection[str] = (), evaluated: bool = False
    ) -> None:
        self.evaluated = evaluated
        self.providers = (configuration.provider_config if configuration is not None else None) or {}
        root = configuration.root_module if configuration is not None else None
        self.root = None if root is None else ModuleBlocks(root, "", None, None)
        declared = (root.variables if root is not None else None) or {}
        self.open_variables = frozenset(declared.keys() - set(valued))
        self._found: dict[str, ModuleBlocks | None] = {}

    def module(self, path: str) -> ModuleBlocks | None:
        """The module at an address with or without keys."""
        if path not in self._found:
            current = self.root
            for name, _ in module_calls_in(path):
                current = None if current is None else current.child(name)
            self._found[path] = current
        return self._found[path]

    def provider_version(self, block: Block, module: ModuleBlocks) -> str | None:
        """The version constraint of a resource's provider, in its module or further out."""
        key = block.raw.provider_config_key or block.raw.type.partition("_")[0]
        name = key.rpartition(":")[2].partition(".")[0]
        for candidate in (f"{module.path}:{name}", key, name):
            provider = self.providers.get(candidate)
            if provider is not None and provider.version_constraint:
                return provider.version_constraint
        return None

    def provider(self, block: Block) -> ProviderConfig | None:
        """The configuration of a resource's provider."""
        key = block.raw.provider_config_key
        return None if key is None else self.providers.get(key)


def parent_of(path: str) -> tuple[str, Key]:
    """The address of the calling module and the key of the call."""
    calls = module_calls_in(path)
    key = calls[-1][1]
    step = path.rfind(f"module.{calls[-1][0]}")
    return path[: max(0, step - 1)], key
