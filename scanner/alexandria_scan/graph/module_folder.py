"""A module's folder as a node: its files, README, examples and tests."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from alexandria_scan.evaluate.declarations import ModuleConfig, literal_text
from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.folders import ModuleFolder
from alexandria_scan.evaluate.values import Value
from alexandria_scan.graph.changelog import kinds, release_headings, text_of
from alexandria_scan.graph.file_node import file_nodes
from alexandria_scan.graph.files_beside import files_beside
from alexandria_scan.graph.layout import (
    declared_data,
    declared_locals,
    examples_without_readme,
    folder_name,
    submodules,
)
from alexandria_scan.graph.model import Deferred, SimpleNode
from alexandria_scan.graph.naming import name_prefix, named_resources
from alexandria_scan.graph.readme import Readme, document, filled_headings, listed, readme_of, title
from alexandria_scan.graph.readme_checks import example_calls
from alexandria_scan.graph.unread import known
from alexandria_scan.graph.validations import can_fail
from alexandria_scan.patterns import pattern
from alexandria_scan.source.folders import CONFIG_SUFFIXES
from alexandria_scan.syntax.tree import Block, Location

_TEST_FILE = pattern(r"(\.tftest\.hcl|\.tftest\.json|\.tofutest\.hcl|\.tofutest\.json|_test\.go)$|^test_.*\.py$")
_DEPTH = 4  # how far below tests/ a test may stand


def folder_nodes(evaluation: Evaluation, folder: ModuleFolder, maturity: Value = None) -> Iterator[SimpleNode]:
    """The nodes of a folder itself: one of kind `module`, and one of kind `file` for each file that `terraform fmt`
    formats. `maturity` is what is said of it."""
    yield folder_node(evaluation, folder, maturity)
    yield from file_nodes(folder.config)
    yield from files_beside(evaluation, folder.path)


def folder_node(evaluation: Evaluation, folder: ModuleFolder, maturity: Value = None) -> SimpleNode:
    """The node of kind `module` for a folder."""
    path, config = folder.path, folder.config
    names = evaluation.source.entries(path)
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
        "folder_name": folder_name(config.folder),
        "kind": folder.kind,
        "called": folder.called,
        "maturity": maturity,
        "files": files,
        "folders": folders,
        "ancestor_licences": Deferred(lambda: _ancestor_licences(evaluation, path)),
        **{name: known(config, tuple(sorted(names))) for name, names in _declared(config).items()},
        "readme": Deferred(lambda: _readme(evaluation, folder)),
        "changelog": Deferred(lambda: _changelog(evaluation, path)),
        "locals": Deferred(lambda: declared_locals(config)),
        "data": Deferred(lambda: declared_data(config)),
        "submodules": Deferred(lambda: submodules(config, path)),
        "named": Deferred(lambda: named_resources(config)),
        "name_prefix": Deferred(lambda: name_prefix(config)),
        "examples": Deferred(lambda: tuple(name for name, _ in _examples(evaluation, path))),
        "calling_examples": Deferred(lambda: _calling_examples(evaluation, path)),
        "examples_without_readme": Deferred(lambda: _without_readme(evaluation, path)),
        "tests": Deferred(lambda: _tests(evaluation, path)),
    }
    return SimpleNode("module", path.name, path.name, config.folder, config.folder, location, values)


def _declared(config: ModuleConfig) -> dict[str, Iterable[str]]:
    variables = config.variables
    return {
        "variables": variables,
        "validatable": (name for name, block in variables.items() if _validatable(block)),
        "validated": (n for n, block in variables.items() if any(map(can_fail, block.body.blocks_of("validation")))),
        "outputs": config.outputs,
        "resources": (f"{key[1]}.{key[2]}" for key in config.resources if key[0] == "managed"),
        "calls": config.calls,
    }


def _validatable(block: Block) -> bool:
    """Whether there is anything to validate: not for a bool, nor where any value will do."""
    attribute = block.body.attributes.get("type")
    return attribute is not None and attribute.expression.span.text.strip() not in ("bool", "any")


def _ancestor_licences(evaluation: Evaluation, path: Path) -> Value:
    """The names of the files in the folders above, up to the boundary, that may be licences. Others are not asked for:
    they come and go."""
    found: set[str] = set()
    current, boundary = path, evaluation.source.boundary
    while current != boundary and boundary in (evaluation.source.disk.real(current) or current).parents:
        current = current.parent
        with suppress(OSError):
            found |= {name for name, is_folder in evaluation.source.disk.starting(current, "licen") if not is_folder}
    return tuple(sorted(found))


def _readme(evaluation: Evaluation, folder: ModuleFolder) -> Value:
    """What the README holds: `file line text headings filled examples` (`filled` are the headings with a text), and
    `inputs` and `outputs` where it lists them."""
    readme = readme_of(evaluation, folder.path)
    if readme is None:
        return None
    config = folder.config
    return {
        "file": readme.source.name,
        "line": 1,
        "text": readme.source.data.decode("utf-8", "replace"),
        "headings": tuple(map(title, readme.headings)),
        "filled": tuple(map(title, filled_headings(readme))),
        "inputs": _section(readme, "input", config.variables),
        "outputs": _section(readme, "output", config.outputs),
        "examples": tuple(example_calls(readme, config, folder.path, evaluation.source.boundary)),
    }


def _section(readme: Readme, kind: str, declared: Collection[str]) -> Value:
    """A list of the README: `file line`, `entries` with `name file line` each, and what it `lacks`."""
    section = listed(readme, kind, declared)
    if section is None:
        return None
    file = readme.source.name
    return {
        "file": file,
        "line": section.line,
        "entries": tuple({"name": entry.name, "file": file, "line": entry.line} for entry in section.entries),
        "lacks": tuple(sorted(set(declared) - {entry.name for entry in section.entries})),
    }


def _changelog(evaluation: Evaluation, path: Path) -> Value:
    """The CHANGELOG: `file line text releases kinds`."""
    source = document(evaluation, path, "changelog")
    if source is None:
        return None
    return {
        "file": source.name,
        "line": 1,
        "text": text_of(source),
        "releases": release_headings(source),
        "kinds": kinds(source),
    }


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
    for name, is_folder in evaluation.source.entries(path / "examples"):
        folder = path / "examples" / name
        config = evaluation.config(folder) if is_folder and _holds_configuration(evaluation, folder) else None
        if config is not None:
            found.append((f"examples/{name}", _calls(evaluation, folder, path)))
    return found


def _without_readme(evaluation: Evaluation, path: Path) -> Value:
    return examples_without_readme(evaluation, path, tuple(name for name, _ in _examples(evaluation, path)))


def _holds_configuration(evaluation: Evaluation, folder: Path) -> bool:
    return any(name.endswith(CONFIG_SUFFIXES) for name, _ in evaluation.source.entries(folder))


def _calls(evaluation: Evaluation, folder: Path, target: Path, seen: frozenset[Path] = frozenset()) -> bool:
    """Whether the configuration in a folder calls the module by its path, itself or through another folder below
    examples/. To call what is inside the module is not to call the module."""
    config = evaluation.config(folder) if folder not in seen else None
    for block in config.calls.values() if config is not None else ():
        attribute = block.body.attributes.get("source")
        source = literal_text(attribute) if attribute is not None else None
        if source is None or not source.startswith("."):
            continue
        called = Path(os.path.normpath(folder / source))
        inner = target / "examples" in called.parents
        if called == target or (inner and _calls(evaluation, called, target, seen | {folder})):
            return True
    return False


def _tests(evaluation: Evaluation, path: Path) -> Value:
    """Test files in the folder, in tests/ and test/ and the folders in these."""
    found = [name for name, is_folder in evaluation.source.entries(path) if not is_folder and _TEST_FILE.search(name)]
    for base in ("tests", "test"):
        found += _tests_below(evaluation, path, base, _DEPTH)
    return tuple(sorted(found))


def _tests_below(evaluation: Evaluation, path: Path, folder: str, depth: int) -> Iterator[str]:
    for name, is_folder in evaluation.source.entries(path / folder):
        if is_folder and depth > 1:
            yield from _tests_below(evaluation, path, f"{folder}/{name}", depth - 1)
        elif not is_folder and _TEST_FILE.search(name):
            yield f"{folder}/{name}"
