"""Reading what a module says of itself, in .alexandria.yaml or in a registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from alexandria_scan.days import iso_date
from alexandria_scan.evaluate.values import Value
from alexandria_scan.graph import metadata_shape as shapes
from alexandria_scan.graph.metadata_entry import Entry, Fault, Reading, Recall, afresh
from alexandria_scan.graph.metadata_shape import ENTRY, REQUIRED, Shape
from alexandria_scan.nearest import nearest
from alexandria_scan.source.folders import SourceTree, Unreadable
from alexandria_scan.source.yaml_document import Entries, YamlFault, YamlNode, duplicates, read_yaml
from alexandria_scan.syntax.tree import Location, SourceText

SHOWN = 60


def read_metadata(source: SourceTree, path: Path, texts: dict[str, SourceText], recall: Recall = afresh) -> Entry:
    """What an `.alexandria.yaml` says. Everything that is wrong with it is a fault. Its text is added to `texts`."""
    text = document_text(source, path, texts)
    if isinstance(text, Fault):
        return _unreadable(text)
    return recall("metadata", text, lambda: Reading(_metadata(text))).about


def _unreadable(fault: Fault) -> Entry:
    return Entry(fault.location, nothing(ENTRY), faults=[fault])


def _metadata(text: SourceText) -> Entry:
    shown = text.name
    node, fault = document_in(text)
    if fault is not None:
        return _unreadable(fault)
    module = node.get("module") if node is not None else None
    if node is None or node.kind != "mapping" or module is None or module.kind != "mapping":
        stands = module or node
        place = location(shown, stands) if stands is not None else Location(shown, 1, 1, 1, 1)
        return Entry(place, nothing(ENTRY), faults=[Fault("unreadable", 'it holds no mapping "module:"', place)])
    entry = read_entry(shown, module, location(shown, module), ENTRY, REQUIRED)
    top = [key for key, _ in node.entries if key.text != "module"]
    entry.faults[:0] = [unknown_key(shown, key, ["module"]) for key in top]
    return entry


def document_text(source: SourceTree, path: Path, texts: dict[str, SourceText]) -> SourceText | Fault:
    """The text of a file, which is added to `texts`, or the fault that keeps it from being read."""
    shown = source.shown(path)
    try:
        texts[shown] = SourceText(shown, source.read(path))
    except Unreadable as error:
        return Fault("unreadable", str(error), Location(shown, 1, 1, 1, 1))
    return texts[shown]


def document_in(text: SourceText) -> tuple[YamlNode | None, Fault | None]:
    """The YAML in a text, or the fault that keeps it from being read."""
    try:
        return read_yaml(text.data), None
    except YamlFault as error:
        place = Location(text.name, error.line or 1, error.column or 1, error.line or 1, error.column or 1)
        return None, Fault("unreadable", error.message, place)


def location(file: str, node: YamlNode) -> Location:
    """The node's place; of one that goes on for lines only the first, as a finding points at its beginning."""
    if node.end_line != node.line:
        return Location(file, node.line, node.column, node.line, node.column)
    return Location(file, node.line, node.column, node.end_line, node.end_column)


def read_entry(
    file: str,
    node: YamlNode,
    place: Location,
    shape: dict[str, Shape],
    required: Iterable[str] = (),
    groups: Mapping[str, str] | None = None,
) -> Entry:
    """A mapping with the keys of the shape. `groups` names the mapping that a key belongs to where it stands outside:
    `estimated_monthly_usd` for `cost.estimated_monthly_usd`."""
    entry = Entry(place)
    reader = _Reader(file, entry)
    loose: dict[str, list[tuple[YamlNode, YamlNode]]] = {}
    own: list[tuple[YamlNode, YamlNode]] = []
    for key, value in node.entries:
        group = (groups or {}).get(key.text) if key.text not in shape else None
        (own if group is None else loose.setdefault(group, [])).append((key, value))
    reader.mapping(tuple(own), shape, entry.values, "")
    for group, entries in loose.items():
        found: dict[str, Value] = {}
        reader.mapping(tuple(entries), shape[group], found, f"{group}.")
        before = entry.values[group]
        assert isinstance(before, dict)
        entry.values[group] = {name: before[name] if value is None else value for name, value in found.items()}
    present = {key.text for key, _ in node.entries}
    entry.faults += [Fault("missing_key", f"{name} is missing", place) for name in required if name not in present]
    return entry


def unknown_key(file: str, key: YamlNode, known: Iterable[str]) -> Fault:
    close = nearest(key.text, known)
    hint = f"; did you mean {close}?" if close else ""
    return Fault("unknown_key", f"there is no key {_quoted(key)}{hint}", location(file, key))


def nothing(shape: Mapping[str, Shape]) -> dict[str, Value]:
    """Every key of the shape, without a value."""
    return {name: nothing(inner) if isinstance(inner, dict) else None for name, inner in shape.items()}


class _Reader:
    """Reads nodes by their shapes into an entry, and takes down its places and faults."""

    def __init__(self, file: str, entry: Entry) -> None:
        self.file = file
        self.entry = entry

    def fault(self, kind: str, node: YamlNode, message: str) -> None:
        self.entry.faults.append(Fault(kind, message, location(self.file, node)))

    def mapping(self, entries: Entries, shape: dict[str, Shape], into: dict[str, Value], prefix: str) -> None:
        into.update(nothing(shape))
        for key in duplicates(entries):
            self.fault("wrong_value", key, f"{prefix}{key.text[:SHOWN]} stands here a second time")
        for key, value in entries:
            if key.text in shape and key.kind == "scalar":
                path = f"{prefix}{key.text}"
                self.entry.places[path] = location(self.file, key)
                found = self.value(value, shape[key.text], path)
                if found is not None:
                    into[key.text] = found
            else:
                self.entry.faults.append(unknown_key(self.file, key, shape))

    def value(self, node: YamlNode, shape: Shape, path: str) -> Value:
        """The value, or None with a fault if it is none of the shape."""
        if node.kind == "scalar" and node.value is None:
            return None
        if isinstance(shape, dict):
            if node.kind != "mapping":
                return self.wrong(node, path, "a mapping")
            found: dict[str, Value] = {}
            self.mapping(node.entries, shape, found, f"{path}.")
            return found
        if isinstance(shape, list):
            return self.texts(node, path)
        if shape in (shapes.MODULES, shapes.EXAMPLES):
            return self.named(node, path, ("id", "name", "module") if shape == shapes.MODULES else ("path",))
        if shape == shapes.TEXT_MAP:
            return self.text_map(node, path)
        if shape == shapes.ANY:
            return node.text
        if node.kind != "scalar":
            return self.wrong(node, path, "one of its words" if isinstance(shape, tuple) else f"a {shape}")
        self.entry.places[path] = location(self.file, node)
        return self.scalar(node, shape, path)

    def scalar(self, node: YamlNode, shape: Shape, path: str) -> Value:
        value = node.value
        if isinstance(shape, tuple):
            return node.text if node.text in shape else self.wrong(node, path, f"one of {', '.join(shape)}")
        if shape == shapes.FLAG:
            return value if isinstance(value, bool) else self.wrong(node, path, "true or false")
        if shape in (shapes.NUMBER, shapes.WHOLE):
            if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value or abs(value) > 1e15:
                return self.wrong(node, path, f"a {shape}")
            if shape == shapes.WHOLE and not isinstance(value, int):
                return self.wrong(node, path, "a whole number")
            return Fraction(str(value)) if isinstance(value, float) else value
        if shape == shapes.DATE:
            day = iso_date(node.text)
            return day if day is not None else self.wrong(node, path, "a date like 2026-01-31")
        return node.text if not isinstance(value, bool) else self.wrong(node, path, "a text")

    def texts(self, node: YamlNode, path: str) -> Value:
        if node.kind != "sequence":
            return self.wrong(node, path, "a list of texts")
        found = []
        for index, item in enumerate(node.items):
            self.entry.places[f"{path}.{index}"] = location(self.file, item)
            if item.kind == "scalar" and item.text:
                found.append(item.text)
            else:
                self.wrong(item, f"{path}[{index}]", "a text")
                found.append("")
        return tuple(found)

    def named(self, node: YamlNode, path: str, names: Sequence[str]) -> Value:
        """A list of texts, or of mappings that hold the text under one of the names."""
        if node.kind != "sequence":
            return self.wrong(node, path, "a list")
        found: list[Value] = []
        for index, item in enumerate(node.items):
            inner = next((value for name in names if (value := item.get(name)) is not None), item)
            self.entry.places[f"{path}.{index}"] = location(self.file, inner)
            if inner.kind == "scalar" and inner.text:
                found.append(inner.text)
            else:
                self.wrong(item, f"{path}[{index}]", f"a text, or a mapping with {names[0]}")
                found.append("")
        return tuple(found)

    def text_map(self, node: YamlNode, path: str) -> Value:
        if node.kind != "mapping":
            return self.wrong(node, path, "a mapping")
        found: dict[str, Value] = {}
        for key, value in node.entries:
            self.entry.places[f"{path}.{key.text}"] = location(self.file, value)
            if value.kind == "scalar":
                found[key.text] = value.text
            else:
                self.wrong(value, f"{path}.{key.text}", "a text")
        return found

    def wrong(self, node: YamlNode, path: str, wanted: str) -> None:
        self.fault("wrong_value", node, f"{path} is {_said(node)}, not {wanted}")


def _said(node: YamlNode) -> str:
    if node.kind != "scalar":
        return f"a {node.kind if node.kind == 'mapping' else 'list'}"
    text = node.text if len(node.text) <= SHOWN else node.text[: SHOWN - 1] + "…"
    return f'the text "{text}"' if isinstance(node.value, str) else text


def _quoted(key: YamlNode) -> str:
    if key.kind != "scalar":
        return f"that is a {key.kind}"
    return f'"{key.text[:SHOWN]}"'
