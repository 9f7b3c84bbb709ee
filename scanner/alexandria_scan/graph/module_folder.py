"""A module's folder as a node: its files, README, examples and tests."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from alexandria_scan.evaluate.declarations import ModuleConfig, literal_text, unread
from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.folders import ModuleFolder
from alexandria_scan.evaluate.values import Unknown, Value
from alexandria_scan.graph.from_source import known
from alexandria_scan.graph.model import Deferred, SimpleNode
from alexandria_scan.source.folders import CONFIG_SUFFIXES, Unreadable
from alexandria_scan.syntax.tree import Block, Location

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+(.+?)[ \t#]*$")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_TEST_FILE = re.compile(r"(\.tftest\.hcl|\.tftest\.json|\.tofutest\.hcl|_test\.go)$|^test_.*\.py$|_test\.py$")
MAX_ENTRIES = 2000


def folder_node(evaluation: Evaluation, folder: ModuleFolder) -> SimpleNode:
    """The node of kind `module` for a folder."""
    path, config = folder.path, folder.config
    names = _names(evaluation, path)
    files = tuple(name for name, is_folder in names if not is_folder)
    folders = tuple(name for name, is_folder in names if is_folder)
    anchor = next(
        (name for name in ("main.tf", *sorted(evaluation.source.folder(path).config_files)) if name in files),
        "",
    )
    file = f"{config.folder}/{anchor}" if anchor else config.folder
    if config.folder == ".":
        file = anchor or "."
    location = Location(file, 1, 1, 1, 1) if anchor else Location(file)
    values: dict[str, Value] = {
        "path": config.folder,
        "name": path.name,
        "kind": folder.kind,
        "called": folder.called,
        "files": files,
        "folders": folders,
        "ancestor_files": Deferred(lambda: _ancestor_files(evaluation, path)),
        **{name: known(config, tuple(sorted(names))) for name, names in _declared(config).items()},
        "readme": Deferred(lambda: _readme(evaluation, path, files)),
        "changelog": Deferred(lambda: _text(evaluation, path, files, "changelog")),
        "examples": Deferred(lambda: tuple(name for name, _ in _examples(evaluation, path))),
        "calling_examples": Deferred(lambda: _calling_examples(evaluation, path)),
        "tests": Deferred(lambda: _tests(evaluation, path)),
    }
    return SimpleNode("module", path.name, path.name, config.folder, config.folder, location, values)


def _declared(config: ModuleConfig) -> dict[str, Iterable[str]]:
    variables = config.variables
    return {
        "variables": variables,
        "validatable": (name for name, block in variables.items() if _validatable(block)),
        "validated": (name for name, block in variables.items() if block.body.blocks_of("validation")),
        "outputs": config.outputs,
        "resources": (f"{key[1]}.{key[2]}" for key in config.resources if key[0] == "managed"),
        "calls": config.calls,
    }


def _validatable(block: Block) -> bool:
    """Whether there is anything to validate: not for a bool, nor where any value will do."""
    attribute = block.body.attributes.get("type")
    return attribute is not None and attribute.expression.span.text.strip() not in ("bool", "any")


def _names(evaluation: Evaluation, path: Path) -> list[tuple[str, bool]]:
    try:
        evaluation.source.inside(path)
        with os.scandir(path) as entries:
            return sorted((entry.name, entry.is_dir()) for entry in entries)[:MAX_ENTRIES]
    except OSError:
        return []


def _ancestor_files(evaluation: Evaluation, path: Path) -> Value:
    """The names of the files in the folders above, up to the boundary: a LICENSE may stand there."""
    found: set[str] = set()
    current = path
    while current != evaluation.source.boundary and evaluation.source.boundary in current.resolve().parents:
        current = current.parent
        found |= {name for name, is_folder in _names(evaluation, current) if not is_folder}
    return tuple(sorted(found))


def _text(evaluation: Evaluation, path: Path, files: tuple[str, ...], stem: str) -> Value:
    """The text of the file with that stem (`CHANGELOG.md`), or None."""
    name = next((name for name in files if name.lower().rsplit(".", 1)[0] == stem), None)
    if name is None:
        return None
    try:
        return evaluation.source.read(path / name).decode("utf-8", "replace")
    except Unreadable:
        return Unknown(reasons=(unread(evaluation.source.shown(path / name)),))


def _readme(evaluation: Evaluation, path: Path, files: tuple[str, ...]) -> Value:
    text = _text(evaluation, path, files, "readme")
    if not isinstance(text, str):
        return text
    return {"text": text, "headings": tuple(headings(text))}


def headings(text: str) -> list[str]:
    """The headings of a Markdown text in lower case, without emphasis and emoji; not those in code blocks."""
    found = []
    fenced = False
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if _FENCE.match(line):
            fenced = not fenced
            continue
        match = None if fenced else _HEADING.match(line)
        if match is not None:
            found.append(_plain_heading(match.group(2)))
        elif not fenced and number and re.fullmatch(r" {0,3}(=+|-{2,})\s*", line) and lines[number - 1].strip():
            found.append(_plain_heading(lines[number - 1]))
    return found


def _plain_heading(text: str) -> str:
    return " ".join(re.sub(r"[^\w\s&/-]", " ", text.lower()).split())


def _calling_examples(evaluation: Evaluation, path: Path) -> Value:
    """The examples that call the module, as far as they can be read."""
    calling = tuple(name for name, calls in _examples(evaluation, path) if calls)
    for name, calls in _examples(evaluation, path):
        config = evaluation.config(path / name)
        if not calls and config is not None and config.unread:
            return known(config, calling)
    return calling


def _examples(evaluation: Evaluation, path: Path) -> list[tuple[str, bool]]:
    """The folders under examples/ that hold configuration, and whether each calls the module by its path."""
    found = []
    for name, is_folder in _names(evaluation, path / "examples"):
        folder = path / "examples" / name
        config = evaluation.config(folder) if is_folder and _holds_configuration(evaluation, folder) else None
        if config is not None:
            found.append((f"examples/{name}", _calls(config, folder, path)))
    return found


def _holds_configuration(evaluation: Evaluation, folder: Path) -> bool:
    return any(name.endswith(CONFIG_SUFFIXES) for name, _ in _names(evaluation, folder))


def _calls(config: ModuleConfig, folder: Path, target: Path) -> bool:
    for block in config.calls.values():
        attribute = block.body.attributes.get("source")
        source = literal_text(attribute) if attribute is not None else None
        if source is not None and source.startswith("."):
            called = Path(os.path.normpath(folder / source))
            if called == target or target in called.parents:
                return True
    return False


def _tests(evaluation: Evaluation, path: Path) -> Value:
    """Test files in the folder, in tests/ and test/ and the folders in these."""
    found = [name for name, is_folder in _names(evaluation, path) if not is_folder and _TEST_FILE.search(name)]
    for base in ("tests", "test"):
        for name, is_folder in _names(evaluation, path / base):
            if is_folder:
                inner = _names(evaluation, path / base / name)
                found += [
                    f"{base}/{name}/{entry}" for entry, is_dir in inner if not is_dir and _TEST_FILE.search(entry)
                ]
            elif _TEST_FILE.search(name):
                found.append(f"{base}/{name}")
    return tuple(sorted(found))
