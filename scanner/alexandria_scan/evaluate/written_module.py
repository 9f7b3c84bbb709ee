"""The modules of a root as they are written: every call once, whether it has instances or not."""

from __future__ import annotations

import msgspec

from alexandria_scan.evaluate.declarations import ModuleConfig
from alexandria_scan.evaluate.module import Module


class WrittenModule(msgspec.Struct, frozen=True):
    """`module` is one of its instances, in whose scope constants are evaluated; `path` is its address without keys."""

    module: Module
    path: str
    calls: dict[str, WrittenModule]

    @property
    def config(self) -> ModuleConfig:
        return self.module.config


def written(module: Module, path: str = "") -> WrittenModule:
    """A module and all that it calls, as far as their sources are here."""
    calls = {}
    for name in sorted(module.config.calls):
        child = _called(module, name)
        if child is not None:
            calls[name] = written(child, f"{path}.module.{name}" if path else f"module.{name}")
    return WrittenModule(module, path, calls)


def _called(module: Module, name: str) -> Module | None:
    for child in module.children(name).values():
        return child
    target = module.evaluation.called(module, name)
    if target is None:
        return None
    config, directory = target
    block = module.config.calls[name]
    return Module(module.evaluation, config, f"module.{name}", directory, module, block, module)
