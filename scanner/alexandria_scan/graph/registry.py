"""A library's registry: its entries, and where it lies."""

from __future__ import annotations

import os
from pathlib import Path

import msgspec

from alexandria_scan.graph.metadata_entry import Entry
from alexandria_scan.source.folders import REGISTRY_FILES, SourceTree

CATALOGUE_FOLDERS = ("_catalog", "catalog", "_catalogue", "catalogue")


class RegistryEntry(msgspec.Struct, eq=False):
    """A module as the registry has it. `folder` is where it lies, None if there is no such folder; `first` is the
    entry that has the same id before it."""

    id: str
    entry: Entry
    folder: Path | None = None
    first: RegistryEntry | None = None


class Registry(msgspec.Struct, eq=False):
    """`base` is the folder that the registry is for. `about` is what it says of itself."""

    path: Path
    file: str
    base: Path
    about: Entry
    entries: list[RegistryEntry] = []
    by_folder: dict[Path, RegistryEntry] = {}
    by_id: dict[str, RegistryEntry] = {}


def find_registry(source: SourceTree, start: Path) -> Path | None:
    """The nearest registry above a folder, inside the boundary: a module that is scanned alone belongs to it, too."""
    folder = start
    while folder != folder.parent:
        for inner in ("", *CATALOGUE_FOLDERS):
            for name in REGISTRY_FILES:
                path = folder / inner / name
                if os.path.isfile(path):  # noqa: PTH113 (says no, where Path may raise)
                    return path
        if folder.resolve() == source.boundary:
            return None
        folder = folder.parent
    return None
