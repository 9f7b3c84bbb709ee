"""Which folders are roots, which are library modules, which are examples."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from alexandria_scan.evaluate.declarations import ModuleConfig, literal_text
from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.source.folders import EXAMPLE_FOLDERS


class ModuleFolder(msgspec.Struct, frozen=True):
    """`kind` is root, library, submodule (of a library module) or example; `calls` are the local folders it calls;
    `called` is true if another one calls it."""

    path: Path
    config: ModuleConfig
    kind: str
    calls: tuple[Path, ...]
    called: bool


def classify(evaluation: Evaluation, folders: list[Path], top: Path) -> list[ModuleFolder]:
    """The folders with their kinds, sorted.

    A folder under `examples/` (or tests, wrappers) is an example. Else one with a backend or its own tfvars is a root,
    and so, unless it lies in `modules/`, is one with a provider configuration, or one that calls others and is called
    by none without having variables to be called with. What is left is a library module, or a submodule if it lies
    in `modules/` of one.
    """
    configs = {folder: config for folder in folders if (config := evaluation.config(folder)) is not None}
    calls = {folder: _local_calls(folder, config) for folder, config in configs.items()}
    called = {target for targets in calls.values() for target in targets}
    found: list[ModuleFolder] = []
    kinds: dict[Path, str] = {}
    for folder, config in sorted(configs.items()):
        kind = _kind(evaluation, folder, config, folder in called, top)
        above = kinds.get(folder.parent.parent) if folder.parent.name == "modules" else None
        if kind == "library" and above in ("library", "submodule"):
            kind = "submodule"
        kinds[folder] = kind
        found.append(ModuleFolder(folder, config, kind, calls[folder], folder in called))
    return found


def _kind(evaluation: Evaluation, folder: Path, config: ModuleConfig, called: bool, top: Path) -> str:
    relative = folder.relative_to(top).parts if folder.is_relative_to(top) else folder.parts
    if any(part in EXAMPLE_FOLDERS for part in relative):
        return "example"
    if folder == top and any(part in EXAMPLE_FOLDERS for part in folder.parts[-2:-1]):
        return "example"
    if called:
        return "library"
    if config.has_backend() or evaluation.source.folder(folder).variable_files:
        return "root"
    if folder.parent.name == "modules":
        return "library"
    if _configures_provider(config):
        return "root"
    required = [block for block in config.variables.values() if "default" not in block.body.attributes]
    if config.calls and not required and not config.outputs:
        return "root"
    return "library"


def _configures_provider(config: ModuleConfig) -> bool:
    return any(block.body.attributes.keys() - {"alias", "version"} or block.body.blocks for block in config.providers)


def _local_calls(folder: Path, config: ModuleConfig) -> tuple[Path, ...]:
    targets = set()
    for block in config.calls.values():
        attribute = block.body.attributes.get("source")
        source = literal_text(attribute) if attribute is not None else None
        if source is not None and source.startswith(("./", "../")):
            targets.add(Path(os.path.normpath(folder / source)))
    return tuple(sorted(targets))
