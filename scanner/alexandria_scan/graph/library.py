"""The libraries in a scanned tree: what each module says of itself, and on which others it depends."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from alexandria_scan.evaluate.folders import FoundFolder
from alexandria_scan.evaluate.values import Value
from alexandria_scan.graph.cycles import knots, way
from alexandria_scan.graph.metadata_entry import METADATA_FILE, Entry, Recall, afresh
from alexandria_scan.graph.metadata_shape import LAYERS
from alexandria_scan.graph.registry import Registry, RegistryEntry, find_registry
from alexandria_scan.source.disk import FILE, content_digest
from alexandria_scan.source.folders import SourceTree
from alexandria_scan.syntax.tree import Location, SourceText

CALL, REQUIRED = "call", "required"


class Dependency(msgspec.Struct, frozen=True, eq=False):
    """One dependency of a module: a call in its code, or a name in its metadata that `target` is None for if no
    module has it."""

    how: str
    name: str
    target: Described | None
    location: Location


class Described(msgspec.Struct, eq=False):
    """A module folder with its metadata, its entry in the registry, and what it depends on. `kind` is that of the
    folder, "" if it lies outside of what is scanned; `parts` are the folders whose calls count for it."""

    path: Path
    shown: str
    kind: str = ""
    metadata: Entry | None = None
    listed: RegistryEntry | None = None
    registry: Registry | None = None
    dependencies: list[Dependency] = []
    parts: list[Path] = []

    def entries(self) -> list[Entry]:
        """What counts, first: the file in the folder before the registry."""
        listed = self.listed.entry if self.listed is not None else None
        return [entry for entry in (self.metadata, listed) if entry is not None]

    def value(self, *path: str) -> Value:
        return next((value for entry in self.entries() if (value := entry.value(*path)) is not None), None)

    def text(self, *path: str) -> str | None:
        value = self.value(*path)
        return value if isinstance(value, str) else None

    def place(self, *path: str) -> Location | None:
        """Where the value that counts stands."""
        return next((entry.place(*path) for entry in self.entries() if entry.value(*path) is not None), None)

    @property
    def exists(self) -> bool:
        return os.path.isdir(self.path)  # noqa: PTH112 (says no, where Path may raise)

    @property
    def name(self) -> str:
        return self.text("id") or (self.listed.id if self.listed is not None else "") or self.path.name

    @property
    def layer(self) -> int | None:
        """The number of the layer, counted from 1: as the category says it, else the folder in the library."""
        category = self.text("category")
        names = [category.split("/")[0]] if category else []
        if not names and self.registry is not None and self.registry.base in self.path.parents:
            names = list(self.path.relative_to(self.registry.base).parts)
        plain = (name.lower().removesuffix("-layer") for name in names)
        return next((LAYERS.index(name) + 1 for name in plain if name in LAYERS), None)


class Libraries:
    """The registries in a scanned tree, and above it, and the modules that they are for. `recall` may know what a
    document says without reading it again."""

    def __init__(self, source: SourceTree, folders: list[FoundFolder], top: Path, recall: Recall = afresh) -> None:
        self._source = source
        self._recall = recall
        self.texts: dict[str, SourceText] = {}
        self._known: dict[Path, Described] = {}
        self._kinds = {folder.path: folder.kind for folder in folders}
        found = dict.fromkeys(source.registries)
        self.registries = [self._read(path) for path in sorted(found)]
        above = find_registry(self._source, top)
        if above is not None and above not in found:
            self._above: Registry | None = self._read(above)
        else:
            self._above = None
        self._by_base: dict[Path, Registry] = {}
        for registry in (*self.registries, *([self._above] if self._above else [])):
            self._by_base.setdefault(registry.base, registry)
        self.modules = [self.describe(folder.path) for folder in folders if self._is_module(folder.path)]
        self._by_name: dict[tuple[Path | None, str], Described] = {}
        for module in self.modules:
            base = module.registry.base if module.registry is not None else None
            self._by_name.setdefault((base, module.name), module)
        for folder in folders:
            self._depend(folder)
        self._edges = {
            module.path: [one.target.path for one in module.dependencies if one.target is not None]
            for module in self.modules
        }
        self._knots = knots(self._edges)
        self._callers: dict[Path, set[str]] | None = None

    def described(self, path: Path) -> Described | None:
        """What is said of a folder, None if it is no module of a library: a root or an example."""
        return self.describe(path) if self._is_module(path) else None

    def _is_module(self, path: Path) -> bool:
        kind = self._kinds.get(path)
        return kind == "library" or (kind == "root" and bool(self.describe(path).entries()))

    def describe(self, path: Path) -> Described:
        known = self._known.get(path)
        if known is None:
            registry = self._registry_of(path)
            listed = registry.by_folder.get(path) if registry is not None else None
            metadata = self._metadata_of(path)
            shown = self._source.shown(path)
            known = Described(path, shown, self._kinds.get(path, ""), metadata, listed, registry)
            self._known[path] = known
        return known

    def _read(self, path: Path) -> Registry:
        from alexandria_scan.graph.registry_reading import read_registry  # most trees have none

        return read_registry(self._source, path, self.texts, self._recall)

    def _metadata_of(self, folder: Path) -> Entry | None:
        path = folder / METADATA_FILE
        if not os.path.lexists(path):  # says no of a folder that cannot be entered, where Path raises
            return None
        from alexandria_scan.graph.metadata import read_metadata  # most modules have none

        return read_metadata(self._source, path, self.texts, self._recall)

    def owner(self, path: Path) -> Described:
        """The module that a folder belongs to: itself, or for a submodule the nearest one above that says something."""
        if self._kinds.get(path) != "submodule":
            return self.describe(path)
        for folder in path.parents:
            if self._kinds.get(folder) == "library" or folder.resolve() == self._source.boundary:
                return self.describe(folder)
        return self.describe(path)

    def _registry_of(self, path: Path) -> Registry | None:
        return next((self._by_base[folder] for folder in (path, *path.parents) if folder in self._by_base), None)

    def callers(self, module: Described) -> tuple[str, ...]:
        """The names of the modules that call this one."""
        if self._callers is None:
            self._callers = {}
            for one in self.modules:
                for dependency in one.dependencies:
                    if dependency.target is not None and dependency.how == CALL:
                        self._callers.setdefault(dependency.target.path, set()).add(one.name)
        return tuple(sorted(self._callers.get(module.path, ())))

    def holds(self, module: Described, text: str) -> bool:
        """Whether a module has the file that it names, inside the boundary; an address elsewhere counts as there."""
        path = Path(os.path.normpath(module.path / text.partition("#")[0]))
        inside = self._source.boundary in path.parents
        return "://" in text or (inside and self._source.disk.kind(path) == FILE)

    def parts(self, path: Path) -> list[Path]:
        """The other folders whose calls count for a module."""
        module = self.described(path)
        return [part for part in module.parts if part != path] if module is not None else []

    def texts_about(self, path: Path) -> dict[str, SourceText]:
        """The files that say something of a module: its metadata, its registry."""
        module = self.described(path)
        if module is None:
            return {}
        entries = [module.registry.about, module.listed.entry if module.listed else None] if module.registry else []
        files = {entry.location.file for entry in (module.metadata, *entries) if entry is not None}
        return {file: self.texts[file] for file in sorted(files) if file in self.texts}

    def concerning(self, path: Path) -> str:
        """All that is known of a module from elsewhere, for telling whether that is still the same."""
        module = self.described(path)
        if module is None:
            return ""
        listed, registry = module.listed, module.registry
        return repr((
            module.kind, module.name, module.layer, module.shown, module.metadata, module.parts,
            None if registry is None else (registry.file, registry.base, registry.about.faults),
            None if listed is None else (listed.id, listed.entry, listed.folder),
            [self._told(module, one) for one in module.dependencies],
            self.callers(module),
            [(file, content_digest(text.data)) for file, text in self.texts_about(path).items()],
        ))  # fmt: skip

    def _told(self, module: Described, one: Dependency) -> tuple[object, ...]:
        target = one.target
        about = None if target is None else (target.shown, target.name, target.layer, target.entries())
        return one.how, one.name, one.location, about, self.cycle(module, one)

    # --- dependencies

    def _depend(self, folder: FoundFolder) -> None:
        """Takes down what a folder depends on, with its owner."""
        if folder.kind not in ("library", "submodule") and not self._is_module(folder.path):
            return
        owner = self.owner(folder.path)
        owner.parts.append(folder.path)
        for call in folder.outline.calls:
            target = self.owner(Path(os.path.normpath(folder.path / call.source)))
            if target is not owner and owner.path not in target.path.parents and target.exists:
                owner.dependencies.append(Dependency(CALL, target.name, target, call.location))
        if folder.path == owner.path:
            owner.dependencies += self._required(owner)

    def _required(self, owner: Described) -> Iterator[Dependency]:
        for entry in owner.entries():
            names = entry.value("dependencies", "required_modules")
            if not isinstance(names, tuple):
                continue
            for index, name in enumerate(names):
                if isinstance(name, str) and name:
                    place = entry.place("dependencies", "required_modules", str(index))
                    yield Dependency(REQUIRED, name, self._named(owner, name), place)
            return

    def _named(self, owner: Described, name: str) -> Described | None:
        """A module of the same library by its id, or by its path in the library."""
        registry = owner.registry
        found = self._by_name.get((registry.base if registry is not None else None, name))
        if found is None and registry is not None:
            listed = registry.by_id.get(name) or registry.by_id.get(name.rpartition("/")[2])
            found = self.describe(listed.folder) if listed is not None and listed.folder is not None else None
        return found

    def cycle(self, module: Described, dependency: Dependency) -> tuple[str, ...]:
        """The names along the cycle that a dependency is part of, empty if it is part of none."""
        target = dependency.target
        if target is None or self._knots.get(module.path, -1) != self._knots.get(target.path, -2):
            return ()
        steps = way(self._edges, target.path, module.path, self._knots)
        if steps is None:
            return (module.name, target.name, "...", module.name)
        return (module.name, *(self._known[path].name for path in steps))
