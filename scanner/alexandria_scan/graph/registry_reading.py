"""Reading a registry: its entries in either form, the folders that they name, and what is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

from alexandria_scan.graph.metadata import document_in, document_text, location, nothing, read_entry, unknown_key
from alexandria_scan.graph.metadata_entry import Entry, Fault, Reading, Recall, afresh
from alexandria_scan.graph.metadata_shape import DOCUMENT, ENTRY, NESTED, REGISTRY, REQUIRED, SHORT_REQUIRED
from alexandria_scan.graph.registry import CATALOGUE_FOLDERS, Registry, RegistryEntry
from alexandria_scan.source.folders import SourceTree
from alexandria_scan.source.yaml_document import YamlNode
from alexandria_scan.syntax.tree import Location, SourceText

LIBRARY_FOLDERS = ("_library", "library", "modules")


def read_registry(source: SourceTree, path: Path, texts: dict[str, SourceText], recall: Recall = afresh) -> Registry:
    """The registry in a file. Everything that is wrong with it is a fault of it, or of one of its entries. Its text is
    added to `texts`."""
    file = source.shown(path)
    base = path.parent.parent if path.parent.name in CATALOGUE_FOLDERS else path.parent
    text = document_text(source, path, texts)
    if isinstance(text, Fault):
        return Registry(path, file, base, Entry(text.location, nothing(REGISTRY), faults=[text]))
    reading = recall("registry", text, lambda: _reading(text))
    registry = Registry(path, file, base, reading.about, [RegistryEntry(id_, one) for id_, one in reading.entries])
    _resolve(source, registry)
    return registry


def _reading(text: SourceText) -> Reading:
    file = text.name
    about = Entry(Location(file, 1, 1, 1, 1), nothing(REGISTRY))
    node, fault = document_in(text)
    if fault is not None:
        return Reading(Entry(fault.location, about.values, faults=[fault]))
    if node is None or node.kind == "scalar":
        about.faults.append(Fault("unreadable", "it holds no modules", about.location))
        return Reading(about)
    modules = _document(about, file, node) if node.kind == "mapping" else node
    return Reading(about, _entries(about, file, modules) if modules is not None else [])


def _document(about: Entry, file: str, node: YamlNode) -> YamlNode | None:
    """The node that holds the modules; what stands around it is what the registry says of itself."""
    head = node.get("registry")
    if head is not None:
        place = next(location(file, key) for key, value in node.entries if value is head)
        if head.kind == "mapping":
            read = read_entry(file, head, place, REGISTRY)
            about.values, about.places, about.faults = read.values, read.places, read.faults
        elif head.kind != "scalar" or head.value is not None:
            about.faults.append(Fault("wrong_value", "registry is no mapping", place))
    about.faults += [unknown_key(file, key, DOCUMENT) for key, _ in node.entries if key.text not in DOCUMENT]
    modules = node.get("modules")
    if modules is None:
        about.faults.append(Fault("unreadable", 'it holds no list "modules:"', about.location))
    return modules


def _entries(about: Entry, file: str, modules: YamlNode) -> list[tuple[str, Entry]]:
    found: list[tuple[str | None, Location, YamlNode]] = []
    if modules.kind == "mapping":
        found = [(key.text, location(file, key), value) for key, value in modules.entries]
    elif modules.kind == "sequence":
        found = [_item(file, item) for item in modules.items]
    elif modules.value is not None:
        about.faults.append(Fault("unreadable", "modules is no list", location(file, modules)))
    return [_entry(file, id_, place, node) for id_, place, node in found]


def _item(file: str, item: YamlNode) -> tuple[str | None, Location, YamlNode]:
    """One element of the list: a mapping, or in the short form the module's id over what is said of it."""
    if item.kind == "mapping" and len(item.entries) == 1:
        ((key, value),) = item.entries
        if key.text not in ENTRY:
            return key.text, location(file, key), value
    if item.kind == "mapping" and item.entries:
        return None, location(file, item.get("id") or item.entries[0][0]), item
    return None, location(file, item), item


def _entry(file: str, id_: str | None, place: Location, node: YamlNode) -> tuple[str, Entry]:
    entries = node.entries
    if node.kind == "sequence":  # the short form lists one-key mappings
        entries = tuple(pair for item in node.items for pair in item.entries)
    if node.kind == "scalar":
        fault = Fault("wrong_value", "it is no mapping", place)
        return id_ or node.text[:60], Entry(place, nothing(ENTRY), faults=[fault])
    short = id_ is not None
    merged = YamlNode("mapping", node.line, node.column, node.end_line, node.end_column, entries=entries)
    required = SHORT_REQUIRED if short else REQUIRED
    entry = read_entry(file, merged, place, ENTRY, required, NESTED if short else None)
    return entry.text("id") or id_ or entry.text("name") or "", entry


def _resolve(source: SourceTree, registry: Registry) -> None:
    """Finds each entry's folder: by its path from the library or a folder above, else by category and id."""
    bases = [registry.base]
    while bases[-1].resolve() != source.boundary and bases[-1] != bases[-1].parent:
        bases.append(bases[-1].parent)
    for one in registry.entries:
        if one.id:
            first = registry.by_id.setdefault(one.id, one)
            one.first = first if first is not one else None
        found = (folder for folder in _candidates(source, one, bases) if os.path.isdir(folder))  # noqa: PTH112 (says no, where Path may raise)
        one.folder = next(found, None)
        if one.folder is not None:
            registry.by_folder.setdefault(one.folder, one)


def _candidates(source: SourceTree, one: RegistryEntry, bases: list[Path]) -> list[Path]:
    path, category = one.entry.text("path"), one.entry.text("category")
    if path is not None:
        texts, bases = [path], bases
    else:
        texts, bases = [f"{category}/{one.id}"] if category else [], bases[:1]
        texts += [f"{category.partition('/')[0]}/{one.id}"] if category else []
        texts.append(one.id)
    found = []
    for text in texts:
        if not text or "\0" in text:
            continue
        for base in bases:
            for inner in ("", *LIBRARY_FOLDERS):
                folder = Path(os.path.normpath(base / inner / text))
                if folder != base and (source.boundary == folder or source.boundary in folder.parents):
                    found.append(folder)
    return found
