"""Comments that accept a finding: what they say, and which lines they are about.

    # alexandria:ignore POLICY[,POLICY] reason="..." until=2027-01-31 owner=...

Above a block, on its first line or as the first line in it, a comment is about the whole block; above an attribute or
behind it, about the attribute.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from tree_sitter import Node

from alexandria_scan.nearest import nearest
from alexandria_scan.patterns import pattern
from alexandria_scan.syntax.parse import tree_of
from alexandria_scan.syntax.tree import Attribute, Block, Body, Location, Span, SyntaxFile

MARKER = b"alexandria:ignore"
_SAID = pattern(r"\A(?:#+|//+|/\*+)\s*alexandria:ignore\b:?(.*?)(?:\*/)?\s*\Z", re.DOTALL)
_WORD = pattern(r"""\s*(?:([A-Za-z_][\w-]*)\s*=\s*("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"']\S*)|([^\s"'=]+))(?=\s|\Z)""")
_KEYS = ("reason", "until", "owner")


class IgnoreComment(msgspec.Struct, frozen=True):
    """`first` to `last` are the lines that it is about, its own with them: on the first line of a file it is also about
    what is located there, the module as a whole. `call` is the name of the module call that these lines are, or "".
    `fault` says why the comment cannot be understood, or is ""."""

    location: Location
    policies: tuple[str, ...]
    reason: str
    until: str
    owner: str
    first: int
    last: int
    call: str
    fault: str


def ignore_comments(file: SyntaxFile) -> list[IgnoreComment]:
    """The comments of one file in native syntax, in order."""
    source = file.source
    if MARKER not in source.data or source.name.endswith(".json"):
        return []
    found = []
    for node in comments(tree_of(source.data), len(MARKER)):
        text = source.data[node.start_byte : node.end_byte].decode("utf-8", "replace")
        said = _SAID.match(text.strip())
        if said is not None:
            found.append(_read(said.group(1), node, file))
    return found


def comments(root: Node, least: int) -> Iterator[Node]:
    """The comments below a node that are longer than so many bytes, in order."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node.type == "comment":
            yield node
        waiting += [child for child in reversed(node.children) if child.end_byte - child.start_byte > least]


def _read(text: str, node: Node, file: SyntaxFile) -> IgnoreComment:
    names, values, fault = _words(text)
    item = _about(file.body, node, file.source.data)
    own = Span(file.source, node.start_byte, node.end_byte).location
    if item is None and own.line > 1:
        fault = fault or "it stands neither at a block nor at an attribute"
    place = item.span.location if item is not None else own
    call = item.labels[0] if isinstance(item, Block) and item.type == "module" and item.labels else ""
    return IgnoreComment(
        own,
        names,
        values.get("reason", "").strip(),
        values.get("until", ""),
        values.get("owner", ""),
        min(place.line, own.line),
        max(place.end_line, own.line),
        call if item in file.body.blocks else "",
        fault,
    )


def _words(text: str) -> tuple[tuple[str, ...], dict[str, str], str]:
    """The policies, the named values, and what is wrong with the text."""
    names: list[str] = []
    values: dict[str, str] = {}
    at, fault = 0, ""
    text = text.strip()
    while at < len(text):
        word = _WORD.match(text, at)
        if word is None:
            fault = fault or f"this cannot be read: {text[at:].split(chr(10))[0].strip()[:60]}"
            break
        key, value, policies = word.groups()
        if key is not None and value[0] in "\"'":
            value = re.sub(r"\\(.)", r"\1", value[1:-1]) if value[0] == '"' else value[1:-1]
        if key is None:
            names += [name for name in policies.split(",") if name]
        elif key not in _KEYS:
            close = nearest(key, _KEYS)
            hint = f"did you mean {close}?" if close else f"it has {', '.join(_KEYS)}"
            fault = fault or f"it has no {key!r}; {hint}"
        else:
            values[key] = value
        at = word.end()
    if not names:
        fault = fault or "it names no policy"
    if not values.get("reason", "").strip():
        fault = fault or "it gives no reason"
    return tuple(names), values, fault


def _about(body: Body, node: Node, data: bytes) -> Attribute | Block | None:
    """The block or attribute that a comment is about."""
    start = data.rfind(b"\n", 0, node.start_byte) + 1
    if data[start : node.start_byte].strip():
        return _beside(body, node)
    return _below(body, node, data)


def _beside(body: Body, node: Node) -> Attribute | Block | None:
    """What ends or begins before a comment in its line, or goes on around it: the innermost."""
    line = node.start_point.row + 1
    items: list[Attribute | Block] = [*body.blocks, *body.attributes.values()]
    for item in items:
        place = item.span.location
        if item.span.start < node.start_byte and line <= place.end_line:
            if isinstance(item, Attribute) or item.span.end <= node.start_byte:
                return item
            return _beside(item.body, node) or (item if line == place.line else None)
    return None


def _below(body: Body, node: Node, data: bytes, around: Block | None = None) -> Attribute | Block | None:
    """What begins below a comment that has its line for itself, or the block of which it is the first line."""
    items: list[Attribute | Block] = [*body.attributes.values(), *body.blocks]
    items.sort(key=lambda item: item.span.start)
    before: Attribute | Block | None = None
    for item in items:
        if item.span.start > node.start_byte:
            if before is None and around is not None:
                return around
            between = data[node.end_byte : item.span.start]
            return item if _only_comments(between) else None
        if node.start_byte < item.span.end:
            return _below(item.body, node, data, item) if isinstance(item, Block) else item
        before = item
    return around if before is None else None


def _only_comments(between: bytes) -> bool:
    """Whether nothing but lines of comment, and no empty line, lies between a comment and what follows it."""
    lines = between.decode("utf-8", "replace").split("\n")[1:-1]
    return all(line.strip().startswith(("#", "//", "/*", "*")) for line in lines)
