"""The files of a folder as nodes: how they are written, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from alexandria_scan.evaluate.children import children_of
from alexandria_scan.evaluate.declarations import ModuleConfig
from alexandria_scan.evaluate.values import Value
from alexandria_scan.graph.layout import in_file, placed
from alexandria_scan.graph.literals import secret_literals, specific_literals
from alexandria_scan.graph.model import Deferred, SimpleNode
from alexandria_scan.graph.references import body_expressions
from alexandria_scan.graph.terraform_fmt import first_difference
from alexandria_scan.patterns import pattern
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Location, SyntaxFile

LONG_LINE = 80
CONFIGURATION = "configuration"
_WORD = pattern(r"[A-Za-z_][\w.-]{0,39}|\d|}|[^\w\s\"}]{1,3}")


def file_nodes(config: ModuleConfig) -> Iterator[SimpleNode]:
    """A node of kind `file` for each configuration file in native syntax that could be read whole."""
    for file in config.files:
        if not file.source.name.endswith(".json") and not file.problems:
            yield file_node(file, config.folder, in_file(file.source.name), CONFIGURATION)


def file_node(file: SyntaxFile, folder: str, name: str, purpose: str) -> SimpleNode:
    """A file of a module's folder; `name` is its path below that, `purpose` what is written in it."""
    values: dict[str, Value] = {
        "name": name,
        "purpose": purpose,
        "unformatted": Deferred(partial(_unformatted, file)),
        "long_lines": Deferred(partial(_long_lines, file)),
        "wrapped": Deferred(partial(_wrapped, file)),
        "secret_literals": Deferred(partial(secret_literals, file)),
        "specific_literals": Deferred(partial(specific_literals, file)),
    }
    place = Location(file.source.name, 1, 1, 1, 1)
    return SimpleNode("file", name, name, file.source.name, folder, place, values)


def _unformatted(file: SyntaxFile) -> Value:
    """The first line that `terraform fmt` would change: `file line column change`; None if there is none."""
    difference = first_difference(file.source)
    if difference is None:
        return None
    line, expected = difference
    found = file.source.line(line) if line <= file.source.line_count() else ""
    column, change = _change(found, expected.rstrip("\r"))
    return {"file": file.source.name, "line": line, "column": column, "change": change}


def _change(found: str, expected: str) -> tuple[int, str]:
    """Where a line first differs from what is expected, and how, in words: a message shows no blanks. Neither strings
    nor numbers are quoted, they may be secrets."""
    same = next((n for n, pair in enumerate(zip(found, expected, strict=False)) if pair[0] != pair[1]), None)
    same = min(len(found), len(expected)) if same is None else same
    start = len(expected[:same].rstrip(" \t"))
    rest, wanted = found[start:], expected[start:]
    blanks, wanted_blanks = len(rest) - len(rest.lstrip(" \t")), len(wanted) - len(wanted.lstrip(" "))
    word = _shown(wanted.lstrip())
    if not wanted.strip():
        change = "nothing is expected at the end of the line" if not rest.strip() else "an empty line is expected"
    elif "\t" in rest[:blanks]:
        change = f"{_blanks(wanted_blanks)} expected before {word}, not tabs"
    elif blanks != wanted_blanks:
        change = f"{_blanks(wanted_blanks)} expected before {word}, found {blanks}"
    else:
        change = f"{word} is expected"
    return start + 1, change


def _blanks(number: int) -> str:
    return "1 blank is" if number == 1 else f"{number or 'no'} blanks are"


def _shown(text: str) -> str:
    """What a text begins with: a name or a sign; of a literal only what it is. In a string with an interpolation, its
    rest may follow at once."""
    if text.startswith('"'):
        return "a string"
    match = _WORD.match(text)
    word = match.group() if match is not None else text[:1]
    return "a number" if word.isdigit() else word


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
