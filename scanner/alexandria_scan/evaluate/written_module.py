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
    """A module and all that it calls, as far as their sources are here. What a module without instances calls in turn
    is left out: its calls cannot be evaluated."""
    calls = {}
    for name in sorted(module.config.calls):
        at = f"{path}.module.{name}" if path else f"module.{name}"
        instance = next(iter(module.children(name).values()), None)
        target = module.evaluation.called(module, name)
        if instance is not None:
            calls[name] = written(instance, at)
        elif target is not None:
            config, directory = target
            block = module.config.calls[name]
            calls[name] = WrittenModule(Module(module.evaluation, config, at, directory, module, block, module), at, {})
    return WrittenModule(module, path, calls)
