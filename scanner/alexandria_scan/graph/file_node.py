"""The configuration files of a folder as nodes: how they are written, line by line."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import partial

from alexandria_scan.evaluate.children import children_of
from alexandria_scan.evaluate.declarations import ModuleConfig
from alexandria_scan.evaluate.values import HIDDEN, Value
from alexandria_scan.graph.layout import in_file, placed
from alexandria_scan.graph.literals import secret_literals, specific_literals
from alexandria_scan.graph.model import Deferred, SimpleNode
from alexandria_scan.graph.references import body_expressions
from alexandria_scan.graph.terraform_fmt import first_difference
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Location, SyntaxFile

LONG_LINE = 80


def file_nodes(config: ModuleConfig, secret_lines: Mapping[str, Collection[int]]) -> Iterator[SimpleNode]:
    """A node of kind `file` for each file in native syntax that could be read whole. What stands in `secret_lines` (by
    file) is not shown."""
    for file in config.files:
        if file.source.name.endswith(".json") or file.problems:
            continue
        name = in_file(file.source.name)
        values: dict[str, Value] = {
            "name": name,
            "unformatted": Deferred(partial(_unformatted, file, secret_lines.get(file.source.name, ()))),
            "long_lines": Deferred(partial(_long_lines, file)),
            "wrapped": Deferred(partial(_wrapped, file)),
            "secret_literals": Deferred(partial(secret_literals, file)),
            "specific_literals": Deferred(partial(specific_literals, file)),
        }
        place = Location(file.source.name, 1, 1, 1, 1)
        yield SimpleNode("file", name, name, file.source.name, config.folder, place, values)


def _unformatted(file: SyntaxFile, secret_lines: Collection[int]) -> Value:
    """The first line that `terraform fmt` would change: `file line found expected`; None if there is none."""
    difference = first_difference(file.source)
    if difference is None:
        return None
    line, expected = difference
    found = file.source.line(line) if line <= file.source.line_count() else ""
    if line in secret_lines:
        found = expected = HIDDEN
    return {"file": file.source.name, "line": line, "found": found, "expected": expected}


def _long_lines(file: SyntaxFile) -> Value:
    """The lines of more than 80 characters: `file line length`."""
    text = file.source.data
    if max(map(len, text.split(b"\n"))) <= LONG_LINE:
        return ()
    lines = text.decode("utf-8", "replace").split("\n")
    return tuple(
        {"file": file.source.name, "line": number, "length": len(line.rstrip("\r"))}
        for number, line in enumerate(lines, 1)
        if len(line.rstrip("\r")) > LONG_LINE
    )


def _wrapped(file: SyntaxFile) -> Value:
    """The strings that are nothing but an interpolation: `name` (the string) `file line`."""
    if b'"${' not in file.source.data:
        return ()
    found = []
    stack = list(body_expressions(file.body))
    while stack:
        node = stack.pop()
        if isinstance(node, tree.Template) and node.wrap and node.span.text.startswith('"'):
            found.append(placed(node.span.text, node.span))
        stack += children_of(node)
    return tuple(sorted(found, key=lambda item: (item["line"], item["name"])))
