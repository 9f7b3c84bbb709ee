"""The provider configurations of a root and its modules, and which of them a resource uses, as a plan shows them."""

from __future__ import annotations

from typing import Any

from alexandria_scan.evaluate.as_expression import expressions
from alexandria_scan.evaluate.declarations import ModuleConfig, literal_text, local_name
from alexandria_scan.evaluate.schema import resource_schema
from alexandria_scan.evaluate.used_providers import provider_source, used_providers, version_constraints
from alexandria_scan.evaluate.written_module import WrittenModule
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Block, Body

_NOT_EXPRESSIONS = frozenset(["alias", "version"])


class ProviderConfigs:
    """`shown` are those that a plan lists, by key: the name, after the address of a module other than the root."""

    def __init__(self, root: WrittenModule) -> None:
        self._found: dict[str, dict[str, Any]] = {}
        self._parents: dict[str, str] = {}
        self._add(root, None)
        self.shown = {key: entry for key, entry in sorted(self._found.items()) if key not in self._parents}

    def key(self, block: Block, type_: str, path: str) -> str:
        """The key of the configuration that a resource uses: that of its module's caller if that has it."""
        key = _key(local_name(block.body, type_), path)
        return self._parents.get(key, key)

    def _add(self, module: WrittenModule, parent: WrittenModule | None) -> None:
        config = module.config
        constraints = _constraints(config)
        for block in config.providers:
            if block.labels:
                self._add_block(block, module, constraints)
        for name in sorted({*config.required_providers(), *used_providers(config)}):
            key = _key(name, module.path)
            if key not in self._found:
                self._found[key] = _entry(name, provider_source(config, name), module.path, constraints.get(name))
                self._inherit(key, None if parent is None else _key(name, parent.path))
        for name, call in module.calls.items():
            for inner, outer in _handed(config.calls[name].body):
                key = _key(inner, call.path)
                source = provider_source(call.config, inner.partition(".")[0])
                self._found[key] = _entry(inner, source, call.path, None)
                self._inherit(key, _key(outer, module.path))
            self._add(call, module)

    def _add_block(self, block: Block, module: WrittenModule, constraints: dict[str, str]) -> None:
        name, body = block.labels[0], block.body
        alias = literal_text(body.attributes["alias"]) if "alias" in body.attributes else None
        entry = _entry(name, provider_source(module.config, name), module.path, constraints.get(name))
        set_ = expressions(body, resource_schema("provider", name), module.module, _NOT_EXPRESSIONS)
        if set_:
            entry["expressions"] = set_
        if alias is not None:
            entry["alias"] = alias
        self._found[_key(name if alias is None else f"{name}.{alias}", module.path)] = entry

    def _inherit(self, key: str, parent: str | None) -> None:
        """Notes that a configuration is that of the caller, or of the one that the caller has it from."""
        if parent in self._found and self._found[parent]["full_name"] == self._found[key]["full_name"]:
            self._parents[key] = self._parents.get(parent, parent)


def _entry(name: str, source: str, path: str, constraint: str | None) -> dict[str, Any]:
    entry = {"name": name, "full_name": source}
    if constraint:
        entry["version_constraint"] = constraint
    if path:
        entry["module_address"] = path
    return entry


def _key(name: str, path: str) -> str:
    return f"{path}:{name}" if path else name


def _constraints(config: ModuleConfig) -> dict[str, str]:
    """The version constraints of a module by the provider's name, in the form that a plan has them."""
    return {name: _canonical(text) for name, text in version_constraints(config).items()}


def _canonical(text: str) -> str:
    """Constraints in the order of their versions, each with its three numbers."""
    found = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        version = part.lstrip("<>=!~ ")
        operator = part[: len(part) - len(version)].strip().lstrip("=")
        operator = f"{operator}=" if operator in ("!",) else operator
        number, dash, label = version.partition("-")
        numbers = number.split(".")
        numbers += ["0"] * ((2 if operator == "~>" else 3) - len(numbers))
        order = [int(digits) if digits.isdigit() else 0 for digits in numbers]
        found[f"{operator} {'.'.join(numbers)}{dash}{label}".strip()] = order
    return ", ".join(sorted(found, key=lambda one: (found[one], one)))


def _handed(call: Body) -> list[tuple[str, str]]:
    """The `providers` argument of a module call: the name in the module and the name in the caller."""
    attribute = call.attributes.get("providers")
    if attribute is None or not isinstance(attribute.expression, tree.ObjectConstructor):
        return []
    return [
        (key.span.text.strip().strip('"'), value.span.text.strip().strip('"'))
        for key, value in attribute.expression.entries
    ]
