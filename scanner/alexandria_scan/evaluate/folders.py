"""Which folders are roots, which are library modules, which are examples: told by an outline of what they declare."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import msgspec

from alexandria_scan.evaluate.declarations import LOCAL, ModuleConfig, literal_text
from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.source.folders import ENVIRONMENTS, EXAMPLE_FOLDERS, SourceTree
from alexandria_scan.syntax.tree import Location


class LocalCall(msgspec.Struct, frozen=True):
    """A call of a module by its path, and where that stands."""

    source: str
    location: Location


class Outline(msgspec.Struct, frozen=True):
    """What is known of a folder without its syntax. `folder` is its shown path, `files` how many configuration files
    count, `size` their bytes; `configures` is true with a provider configuration, `assembles` if it calls modules, has
    nothing to be called with, and gives nothing back."""

    folder: str
    files: int = 0
    variables: tuple[str, ...] = ()
    calls: tuple[LocalCall, ...] = ()
    backend: bool = False
    configures: bool = False
    assembles: bool = False
    size: int = 0


class FoundFolder(msgspec.Struct, frozen=True):
    """A module folder as it is known before it is evaluated. `kind` is root, library, submodule (of a library module)
    or example; `calls` are the local folders it calls; `called` is true if another one calls it."""

    path: Path
    outline: Outline
    kind: str
    calls: tuple[Path, ...]
    called: bool

    def opened(self, config: ModuleConfig) -> ModuleFolder:
        return ModuleFolder(self.path, config, self.kind, self.called)


class ModuleFolder(msgspec.Struct, frozen=True):
    """A module folder with what it declares; `kind` and `called` are those of FoundFolder."""

    path: Path
    config: ModuleConfig
    kind: str
    called: bool


def outline(config: ModuleConfig) -> Outline:
    """The outline of what a folder declares."""
    required = [block for block in config.variables.values() if "default" not in block.body.attributes]
    return Outline(
        config.folder,
        len(config.files),
        tuple(config.variables),
        tuple(_local_calls(config)),
        config.has_backend(),
        any(block.body.attributes.keys() - {"alias", "version"} or block.body.blocks for block in config.providers),
        bool(config.calls and not required and not config.outputs),
        sum(len(file.source.data) for file in config.files),
    )


def outlines(evaluation: Evaluation, folders: Iterable[Path]) -> dict[Path, Outline]:
    """The outlines of the folders that hold configuration, for a caller that evaluates them anyway."""
    return {folder: outline(config) for folder in folders if (config := evaluation.config(folder)) is not None}


def classify(source: SourceTree, outlined: Mapping[Path, Outline], top: Path) -> list[FoundFolder]:
    """The folders with their kinds, sorted.

    A folder under `examples/` (or tests, wrappers) is an example; `modules/test` is a module of that name, and `test`
    may be an environment. Else one with a backend or its own tfvars is a root, and so, unless it lies in `modules/`, is
    one with a provider configuration, or one that calls others and is called by none without having variables to be
    called with. What is left is a library module, or a submodule if it lies in `modules/` of one.
    """
    calls = {folder: local_targets(folder, one) for folder, one in outlined.items()}
    called = {target for targets in calls.values() for target in targets}
    environments = set(_environments(source, outlined))
    found: list[FoundFolder] = []
    kinds: dict[Path, str] = {}
    for folder, one in sorted(outlined.items()):
        example = _is_example(folder, top, environments)
        kind = "example" if example else _kind(source, folder, one, folder in called)
        above = kinds.get(folder.parent.parent) if folder.parent.name == "modules" else None
        if kind == "library" and above in ("library", "submodule"):
            kind = "submodule"
        kinds[folder] = kind
        found.append(FoundFolder(folder, one, kind, calls[folder], folder in called))
    return found


def _environments(source: SourceTree, outlined: Mapping[Path, Outline]) -> Iterable[Path]:
    """The folders called `test` that are an environment beside `dev` and `prod`, not the tests of something: in them
    a state is kept in a backend."""
    for folder, one in outlined.items():
        if one.backend:
            named = (path for path in (folder, *folder.parents) if path.name == "test")
            for path in named:
                beside = {name for name, is_folder in source.entries(path.parent) if is_folder}
                if not beside.isdisjoint(ENVIRONMENTS):
                    yield path


def _is_example(folder: Path, top: Path, environments: Collection[Path]) -> bool:
    above = (top, *top.parents)
    within = [folder.parent] if folder == top else [path for path in (folder, *folder.parents) if path not in above]
    named = within[1:] if folder.parent.name == "modules" else within
    return any(path.name in EXAMPLE_FOLDERS and path not in environments for path in named)


def _kind(source: SourceTree, folder: Path, one: Outline, called: bool) -> str:
    if called:
        return "library"
    if one.backend or source.folder(folder).variable_files:
        return "root"
    if folder.parent.name == "modules":
        return "library"
    return "root" if one.configures or one.assembles else "library"


def _local_calls(config: ModuleConfig) -> Iterable[LocalCall]:
    for block in config.calls.values():
        attribute = block.body.attributes.get("source")
        source = literal_text(attribute) if attribute is not None else None
        if attribute is not None and source is not None and source.startswith(LOCAL):
            yield LocalCall(source, attribute.span.location)


def local_targets(folder: Path, one: Outline) -> tuple[Path, ...]:
    """The folders that a folder calls by their paths."""
    return tuple(sorted({Path(os.path.normpath(folder / call.source)) for call in one.calls}))
