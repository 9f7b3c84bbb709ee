"""Metadata, registry entries, dependencies and libraries as nodes that policies judge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from alexandria_scan.days import iso_date
from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.folders import ModuleFolder
from alexandria_scan.evaluate.types import NUMBER, STRING
from alexandria_scan.evaluate.values import OpenTuple, Reason, Unknown, Value
from alexandria_scan.graph.changelog import releases, text_of
from alexandria_scan.graph.layout import folder_name
from alexandria_scan.graph.library import Dependency, Described, Libraries
from alexandria_scan.graph.metadata_entry import Entry, Fault
from alexandria_scan.graph.metadata_shape import ENTRY, LAYERS
from alexandria_scan.graph.model import Deferred, Graph, SimpleNode
from alexandria_scan.graph.module_folder import folder_nodes
from alexandria_scan.graph.readme import document, warning_line
from alexandria_scan.graph.registry import Registry, RegistryEntry
from alexandria_scan.graph.semantic_version import maturity_of, semantic
from alexandria_scan.patterns import pattern
from alexandria_scan.syntax.tree import Location

METADATA, FAULT, DEPENDENCY, LIBRARY, REGISTRY_ENTRY = (
    "metadata", "metadata_fault", "dependency", "library", "registry_entry",
)  # fmt: skip
TIERS = ("basic", "standard", "advanced")
_DATE_IT = "date it in the CHANGELOG"
_VERSION_FOLDER = pattern(r"v(\d+\.\d+\.\d+.*)")


def nodes_of_folder(evaluation: Evaluation, libraries: Libraries, found: ModuleFolder) -> Iterator[SimpleNode]:
    """The folder; and if it is a module, what is said of it, one node more for each fault in that, and each of the
    module's dependencies."""
    module = libraries.described(found.path)
    said = Deferred(lambda: _maturity(evaluation, module)) if module is not None else None
    folder, *files = folder_nodes(evaluation, found, said)
    yield folder
    yield from files
    if module is None:
        return
    metadata = _metadata(libraries, module, folder)
    yield metadata
    own = list(module.metadata.faults) if module.metadata is not None else []
    for fault in (*own, *_disagreements(module)):
        yield _fault(metadata, fault)
    for dependency in module.dependencies:
        yield _dependency(libraries, module, dependency, folder)


def _maturity(evaluation: Evaluation, module: Described) -> Value:
    """The level that a module is said to have: by metadata or registry, else by its version; null if nothing says."""
    said = module.text("maturity")
    if said is not None:
        return said
    registry = module.registry.about.faults if module.registry is not None else []
    faults = [*registry, *(fault for entry in module.entries() for fault in entry.faults)]
    unreadable = next((fault for fault in faults if fault.kind == "unreadable"), None)
    if unreadable is not None:
        return Unknown(STRING, (Reason(unreadable.location.file, f"cannot be read: {unreadable.message}"),))
    named = _VERSION_FOLDER.fullmatch(module.path.name)
    version = module.text("version") or (named[1] if named is not None else None)
    if version is None:
        changelog = document(evaluation, module.path, "changelog")
        released = releases(text_of(changelog)) if changelog is not None else ()
        version = released[0].version if released else None
    return maturity_of(version) if version is not None else None


def graphs_of_libraries(libraries: Libraries) -> Iterator[Graph]:
    """A graph for each registry in the scanned tree: the library, and its entries."""
    for registry in libraries.registries:
        shown = _shown(registry)
        graph = Graph(shown, LIBRARY)
        library = SimpleNode(
            LIBRARY, PurePosixPath(shown).name, PurePosixPath(shown).name, shown, shown, registry.about.location,
            {
                **registry.about.values,
                "fault": None,
                "file": registry.file,
                "entries": tuple(one.id for one in registry.entries),
                "modules": tuple(module.shown for module in libraries.modules if module.registry is registry),
            },
            dict(registry.about.places),
        )  # fmt: skip
        graph.add(library)
        for fault in registry.about.faults:
            graph.add(_fault(library, fault))
        for number, one in enumerate(registry.entries, 1):
            node = _entry(registry, one, number)
            graph.add(node)
            for fault in one.entry.faults:
                graph.add(_fault(node, fault))
        yield graph


def _shown(registry: Registry) -> str:
    parent = PurePosixPath(registry.file).parent
    return (parent if registry.base == registry.path.parent else parent.parent).as_posix()


def _fault(node: SimpleNode, fault: Fault) -> SimpleNode:
    """One thing that is wrong with what a node was read from: every fault is a finding of its own, at its line."""
    values: dict[str, Value] = {
        "of": node.kind,
        "file": fault.location.file,
        "fault": {"kind": fault.kind, "message": fault.message},
    }
    return SimpleNode(FAULT, node.type, node.name, node.address, node.module, fault.location, values)


def _metadata(libraries: Libraries, module: Described, folder: SimpleNode) -> SimpleNode:
    entries = module.entries()
    values: dict[str, Value] = {name: module.value(name) for name in ENTRY}
    for name, shape in ENTRY.items():
        if isinstance(shape, dict):
            values[name] = {inner: module.value(name, inner) for inner in shape}
    places: dict[str, Location] = {}
    for entry in reversed(entries):
        places.update(entry.places)
    versions = _versions(module, folder)
    if versions:
        places["versions"] = next((place for text, place in versions if text != versions[-1][0]), versions[0][1])
    values |= {
        "fault": None,
        "file": module.metadata.location.file if module.metadata is not None else None,
        "registered": None if module.registry is None else module.listed is not None,
        "registry": module.registry.file if module.registry is not None else None,
        "versions": tuple(
            {"version": text, "where": _where(place).removeprefix(f"{module.shown}/")} for text, place in versions
        ),
        "measured": Deferred(lambda: _measured(libraries, module, folder)),
    }
    location = entries[0].location if entries else folder.location
    address = f"metadata of {folder.module}"
    return SimpleNode(METADATA, module.name, module.name, address, folder.module, location, values, places)


def _where(place: Location) -> str:
    return f"{place.file}:{place.line}" if place.line else f"the folder {place.file}"


def _versions(module: Described, folder: SimpleNode) -> list[tuple[str, Location]]:
    """Every version that the module is said to have, and where; that of the CHANGELOG last, as others follow it."""
    found = []
    for entry in module.entries():
        version = entry.text("version")
        if version is not None:
            found.append((version, entry.place("version")))
    named = _VERSION_FOLDER.fullmatch(module.path.name)
    if named is not None:
        found.append((named[1], Location(module.shown)))
    changelog, text = changelog_of(folder)
    for release in releases(text)[:1]:
        found.append((release.version, Location(changelog, release.line, 1, release.line, 1)))
    return found


def changelog_of(folder: SimpleNode) -> tuple[str, str]:
    """The shown path and the text of a module's CHANGELOG, two empty texts if there is none."""
    changelog = folder.attribute("changelog")
    return (changelog["file"], changelog["text"]) if isinstance(changelog, dict) else ("", "")


def file_named(folder: SimpleNode, stem: str) -> str:
    """The name of the file with the stem, in whatever case it is written."""
    files = folder.attribute("files")
    return next((name for name in files if name.lower().rsplit(".", 1)[0] == stem), "")


def _day(text: str | None, subject: str, decide: str) -> Value:
    """The day that a text names; unknown where it names none."""
    named = iso_date(text) if text is not None else None
    return Unknown(STRING, (Reason(subject, "is not given as a date", decide),)) if named is None else named


def _measured(libraries: Libraries, module: Described, folder: SimpleNode) -> Value:
    version, layer = module.text("version"), module.layer
    newest = next(iter(releases(changelog_of(folder)[1])), None)
    readme = folder.attribute("readme")
    text = readme["text"] if isinstance(readme, dict) else ""
    guide = module.text("lifecycle", "migration_guide")
    words = (folder_name(module.path.as_posix()) or "").split("-")
    return {
        "kind": module.kind,
        "variables": _number(folder.attribute("variables")),
        "outputs": _number(folder.attribute("outputs")),
        "semantic": None if version is None else semantic(version),
        "version_maturity": None if version is None else maturity_of(version),
        "layer": layer,
        "layer_name": None if layer is None else LAYERS[layer - 1],
        "tier": next((tier for tier in TIERS if tier in (words[0], words[-1])), None),
        "changelog_version": newest.version if newest is not None else None,
        "changelog_date": newest.date if newest is not None else None,
        "archived": _day(module.text("lifecycle", "archived"), "lifecycle.archived", "give the day it was archived"),
        "released": _day(newest.date if newest is not None else None, "the date of the newest release", _DATE_IT),
        "readme_warns": warning_line(text, ("deprecated",)) is not None,
        "migration_guide_exists": None if guide is None else libraries.holds(module, guide),
    }


def _number(declared: Value) -> Value:
    """How many there are; unknown if not all of the module could be read."""
    return declared.unknown.as_type(NUMBER, True) if isinstance(declared, OpenTuple) else len(declared)


def _disagreements(module: Described) -> Iterator[Fault]:
    """What the file in the folder says and the registry says otherwise; versions have a policy of their own."""
    if module.metadata is None or module.listed is None:
        return
    entry = module.listed.entry
    for path, value in _leaves(module.metadata.values):
        other = entry.value(*path)
        if other is not None and other != value and path != ("version",):
            ours, theirs = module.metadata.place(*path), entry.place(*path)
            message = f"{'.'.join(path)} is {_told(value)} here and {_told(other)} in {_where(theirs)}"
            yield Fault("disagreement", message, ours)


def _leaves(values: dict[str, Value]) -> Iterable[tuple[tuple[str, ...], Value]]:
    for name, value in values.items():
        if isinstance(value, dict):
            yield from (((name, inner), one) for inner, one in value.items() if one is not None)
        elif value is not None:
            yield (name,), value


def _told(value: Value) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(str, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _entry(registry: Registry, one: RegistryEntry, number: int) -> SimpleNode:
    entry: Entry = one.entry
    first = one.first.entry.location if one.first is not None else None
    shown = _shown(registry)
    values: dict[str, Value] = {
        **entry.values,
        "fault": None,
        "file": registry.file,
        "id": one.id,
        "folder_exists": one.folder is not None,
        "first": None if first is None else _where(first),
    }
    name = one.id or f"entry {number}"
    return SimpleNode(
        REGISTRY_ENTRY, name, name, f"registry entry {name}", shown, entry.location, values, dict(entry.places)
    )


def _dependency(libraries: Libraries, module: Described, one: Dependency, folder: SimpleNode) -> SimpleNode:
    target = one.target
    layers = (module.layer, target.layer if target is not None else None)
    named = [None if layer is None else f"{LAYERS[layer - 1]} (layer {layer})" for layer in layers]
    values: dict[str, Value] = {
        "how": one.how,
        "name": one.name,
        "exists": target is not None,
        "registry": module.registry.file if module.registry is not None else None,
        "layer": layers[0],
        "layer_name": named[0],
        "target_layer": layers[1],
        "target_layer_name": named[1],
        "maturity": module.text("maturity"),
        "target_maturity": target.text("maturity") if target is not None else None,
        "target_replacement": target.text("lifecycle", "replacement") if target is not None else None,
        "cycle": libraries.cycle(module, one),
    }
    address = f"dependency of {folder.module} on {one.name}"
    return SimpleNode(DEPENDENCY, one.name, one.name, address, folder.module, one.location, values)
