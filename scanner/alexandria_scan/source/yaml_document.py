"""YAML that somebody else wrote, as a tree with a place on every node; what is wrong with it is told with its line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

MAX_BYTES = 8 * 1024 * 1024
MAX_DEPTH = 50


class YamlFault(ValueError):
    """The text is no YAML that can be read: a sentence, and the line and column where that shows (0: none known)."""

    def __init__(self, message: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.column = column


class YamlNode(msgspec.Struct, frozen=True):
    """A mapping (`entries`), a sequence (`items`) or a scalar. `text` is a scalar as it is written, `value` what it
    means: text, bool, int, float, a date, None. Lines and columns count from 1, the end is exclusive."""

    kind: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str = ""
    value: Any = None
    entries: Entries = ()
    items: tuple[YamlNode, ...] = ()

    def get(self, name: str) -> YamlNode | None:
        """The value of a key of a mapping, None if it has none such."""
        return next((value for key, value in self.entries if key.text == name), None)


Entries = tuple[tuple[YamlNode, YamlNode], ...]
"""Keys and values of a mapping, in the order of the file."""


def loader() -> Any:
    """The safe loader of PyYAML, in C where there is one. Most scans read no YAML, so it is imported here."""
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def has_aliases(text: str) -> bool:
    """Whether a node refers to another one: a few lines of such references can mean gigabytes."""
    import yaml

    return "&" in text and any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=loader()))


def is_nested_deeply(text: str) -> bool:
    """Whether brackets are open deeper than anybody means: PyYAML's own loader would overflow the stack."""
    import yaml

    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    depth = 0
    for token in yaml.scan(text, Loader=loader()):
        if isinstance(token, (yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken)):
            depth += 1
        elif isinstance(token, (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)):
            depth -= 1
        if depth > MAX_DEPTH:
            return True
    return False


def read_yaml(data: bytes) -> YamlNode | None:
    """The first document of a file, None if it is empty. Raises YamlFault."""
    import yaml

    if len(data) > MAX_BYTES:
        raise YamlFault(f"it is larger than {MAX_BYTES // 1024 // 1024} MB")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise YamlFault("it is not UTF-8 text", line, error.start - data.rfind(b"\n", 0, error.start)) from None
    try:
        reader = loader()(text)
        try:
            return _document(reader)
        finally:
            reader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise YamlFault(str(error.problem or error.context), line, column) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1 if isinstance(error.position, int) else 0
        raise YamlFault("it holds a character that YAML does not allow", line, 1 if line else 0) from None
    except yaml.YAMLError as error:
        raise YamlFault(str(error)) from None


class _Open(msgspec.Struct):
    """A mapping or sequence whose end has not come yet. A mapping's children are keys and values in turn."""

    kind: str
    mark: Any
    children: list[YamlNode]


def _document(reader: Any) -> YamlNode | None:
    """The tree of the first document, made without recursion: PyYAML's own way overflows the stack on deep nesting."""
    import yaml

    open_: list[_Open] = []
    while True:
        event = reader.get_event()
        if isinstance(event, yaml.AliasEvent):
            raise YamlFault("YAML aliases are not read here; write the value out", *_place(event.start_mark, event)[:2])
        if isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
            kind = "mapping" if isinstance(event, yaml.MappingStartEvent) else "sequence"
            open_.append(_Open(kind, event.start_mark, []))
            if len(open_) > MAX_DEPTH:
                raise YamlFault("it is nested too deeply", *_place(event.start_mark, event)[:2])
            continue
        if isinstance(event, yaml.ScalarEvent):
            node = YamlNode("scalar", *_place(event.start_mark, event), event.value, _scalar(event, reader))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            ended = open_.pop()
            place, children = _place(ended.mark, event), ended.children
            if ended.kind == "mapping":
                node = YamlNode("mapping", *place, entries=tuple(zip(children[::2], children[1::2], strict=True)))
            else:
                node = YamlNode("sequence", *place, items=tuple(children))
        elif event is None or isinstance(event, yaml.StreamEndEvent):
            return None
        else:
            continue
        if not open_:
            return node
        open_[-1].children.append(node)


def _place(start: Any, event: Any) -> tuple[int, int, int, int]:
    end = event.end_mark
    return start.line + 1, start.column + 1, end.line + 1, end.column + 1


def _scalar(event: Any, reader: Any) -> Any:
    import yaml

    tag = event.tag
    try:
        if tag is None or tag == "!":
            tag = reader.resolve(yaml.ScalarNode, event.value, event.implicit)
        return reader.construct_object(yaml.ScalarNode(tag, event.value))
    except Exception:  # 2026-13-45 looks like a date, and a tag may be anything: what is written stays as text
        return event.value


def line_of(text: str, path: tuple[str | int, ...]) -> int:
    """The line of the key or element at the path, or of the nearest one around it; counted from 1."""
    import yaml

    node = yaml.compose(text, Loader=loader())
    line = 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            entry = next(((k, v) for k, v in node.value if k.value == step), None)
            if entry is None:
                return line
            line, node = entry[0].start_mark.line + 1, entry[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            line = node.start_mark.line + 1
        else:
            return line
    return line


def duplicates(entries: Entries) -> Iterator[YamlNode]:
    """The keys that a mapping has a second time: YAML keeps the last one, whoever wrote the first does not know."""
    seen: set[str] = set()
    for key, _ in entries:
        if key.kind == "scalar" and key.text in seen:
            yield key
        seen.add(key.text)
