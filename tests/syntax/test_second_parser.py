"""Two parsers agree: every fixture in HCL has the same blocks, labels, arguments and literal values for python-hcl2.

All of them are read, each different text once: python-hcl2 takes about ten seconds for that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import hcl2
import pytest

from alexandria_scan.syntax import tree
from alexandria_scan.syntax.parse import parse
from tests.conftest import ROOT

FIXTURES = ROOT / "fixtures"
FOLDERS = sorted(
    folder
    for top in ("modules", "policies", "plans", "language/configurations")
    for folder in (FIXTURES / top).iterdir()
    if folder.is_dir()
)
EXPRESSION = "<an expression>"
NUMBER = re.compile(r"(?:\$\{)?(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\}?\Z")
INTERPOLATED = re.compile(r"(?<!\$)(?:\$\$)*\$\{|(?<!%)(?:%%)*%\{")
ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)|\$\$\{|%%\{", re.DOTALL)
HEREDOC = re.compile(r'"<<(-?)([\w-]+)\r?\n(.*?)\n?[ \t]*\2"\Z', re.DOTALL)

# What python-hcl2 8.1.4 cannot read although Terraform can.
NOT_READ_BY_HCL2 = {
    "language/configurations/text/quoted.tf": "names outside of ASCII",
    "language/configurations/variables/main.tf": "names outside of ASCII",
    "language/configurations/directives/main.tf": "a mark for stripping blanks at a string template's begin",
    "language/configurations/moved-aliases/main.tf": "a text in an interpolation is told as an expression",
    "language/configurations/unknown-sets/main.tf": "a number as the value of a for expression for objects",
}


# --- ours


def ours(body: tree.Body) -> dict[str, Any]:
    blocks = [(block.type, block.labels, ours(block.body)) for block in body.blocks]
    return {
        "arguments": {name: our_value(attribute.expression) for name, attribute in body.attributes.items()},
        "blocks": in_order(blocks),
    }


def our_value(node: tree.Expression) -> Any:
    if isinstance(node, tree.Literal):
        return node.value
    if isinstance(node, tree.NumberLiteral):
        return float(node.text)
    if isinstance(node, tree.Unary) and node.operator == "-" and isinstance(node.operand, tree.NumberLiteral):
        return -float(node.operand.text)
    if isinstance(node, tree.TupleConstructor):
        return [our_value(item) for item in node.items]
    if isinstance(node, tree.ObjectConstructor):
        entries = {}
        for key, value in node.entries:
            name = key.text if isinstance(key, tree.NumberLiteral) else our_value(key)
            entries[name if isinstance(name, str) else EXPRESSION] = our_value(value)
        entries.pop(EXPRESSION, None)
        return entries
    if isinstance(node, tree.Template) and not node.wrap:
        parts = [part.value for part in node.parts if isinstance(part, tree.Literal)]
        if len(parts) == len(node.parts):
            return "".join(map(str, parts))
    return EXPRESSION


# --- theirs


def theirs(body: dict[str, Any]) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    blocks: list[Any] = []
    for name, value in body.items():
        if name.startswith("__"):
            continue
        if isinstance(value, list) and value and all(is_block(item) for item in value):
            blocks += [(name, *labelled(item)) for item in value]
        else:
            arguments[name] = their_value(value)
    return {"arguments": arguments, "blocks": in_order(blocks)}


def is_block(value: Any) -> bool:
    while isinstance(value, dict):
        if "__is_block__" in value:
            return True
        if len(value) != 1:
            return False
        (value,) = value.values()
    return False


def labelled(value: dict[str, Any]) -> tuple[tuple[str, ...], dict[str, Any]]:
    labels = []
    while "__is_block__" not in value:
        ((label, value),) = value.items()
        labels.append(label.strip('"'))
    return tuple(labels), theirs(value)


def their_value(value: Any) -> Any:
    if isinstance(value, list):
        return [their_value(item) for item in value]
    if isinstance(value, dict):
        entries = {}
        for key, item in value.items():
            name = their_value(key) if str(key).startswith('"') else str(key)
            if str(key).startswith('"') or re.fullmatch(r"[\w-]+", name):
                entries[name] = their_value(item)
        entries.pop(EXPRESSION, None)
        return {key: item for key, item in entries.items() if not key.startswith("__")}
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    if isinstance(value, str):
        return their_text(value)
    return value


def their_text(text: str) -> Any:
    number = NUMBER.match(text)
    if number is not None:
        return float(number.group(1))
    heredoc = HEREDOC.match(text)
    if heredoc is not None:
        return their_heredoc(*heredoc.groups())
    if not text.startswith('"') or INTERPOLATED.search(text):
        return EXPRESSION
    return ESCAPE.sub(unescaped, text[1:-1])


def their_heredoc(dash: str, _: str, text: str) -> Any:
    if INTERPOLATED.search(text):
        return EXPRESSION
    lines = [f"{line}\n" for line in text.split("\n")] if text else []
    if dash:
        indent = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
        lines = [line[indent:] if line.strip() else line for line in lines]
    return re.sub(r"\$\$\{|%%\{", lambda match: match.group()[1:], "".join(lines))


def unescaped(match: re.Match[str]) -> str:
    escape = match.group(1)
    if escape is None:
        return match.group()[1:]
    if escape[0] in "uU" and len(escape) > 1:
        return chr(int(escape[1:], 16))
    return {"n": "\n", "r": "\r", "t": "\t"}.get(escape, str(escape))


# --- both


def in_order(blocks: list[Any]) -> list[Any]:
    """The blocks by type and labels: python-hcl2 does not tell in which order different types stand."""
    return sorted(blocks, key=lambda block: block[:2])


def differences(left: Any, right: Any, path: str = "") -> Iterator[str]:
    if isinstance(left, dict) and isinstance(right, dict):
        for key in left.keys() | right.keys():
            if key not in left or key not in right:
                yield f"{path}.{key} only in {'ours' if key in left else 'theirs'}"
            else:
                yield from differences(left[key], right[key], f"{path}.{key}")
    elif isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        if len(left) != len(right):
            yield f"{path}: {len(left)} and {len(right)}"
        for index, (mine, other) in enumerate(zip(left, right, strict=False)):
            yield from differences(mine, other, f"{path}[{index}]")
    elif type(left) is not type(right) or left != right:
        yield f"{path}: ours {left!r}, theirs {right!r}"


_seen: set[bytes] = set()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_two_parsers_agree(folder: Path) -> None:
    wrong = []
    for path in sorted(folder.rglob("*.tf")):
        name = path.relative_to(FIXTURES).as_posix()
        data = path.read_bytes()
        digest = sha256(data).digest()
        if digest in _seen or name in NOT_READ_BY_HCL2:
            continue
        _seen.add(digest)
        file = parse(name, data)
        found = ours(file.body)
        assert file.problems == [], name
        text = data.decode("utf-8-sig")
        wrong += [f"{name}{text}" for text in differences(found, theirs(hcl2.loads(text + "\n")))]
    assert wrong == []
