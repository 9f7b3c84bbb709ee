"""Where things stand in a module's folder: declarations in files of their own, submodules, READMEs of examples."""

from __future__ import annotations

import os
import re
from pathlib import Path, PurePosixPath

from alexandria_scan.evaluate.declarations import LOCAL, ModuleConfig, literal_text
from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.values import Value
from alexandria_scan.patterns import pattern
from alexandria_scan.syntax.tree import Span

_VERSION = pattern(r"v?\d+(\.\d+)*([-+].*)?")

_GUIDE = pattern(r"(^|[-_. ])(upgrad(e|ing)|migrat(e|ing|ion))([-_. \d].*)?\.md$", re.IGNORECASE)


def folder_name(path: str) -> str | None:
    """The name of a module's folder; where that is called after a version (`vpc-basic/v1.0.0`), of the one above. None
    if the path does not say it."""
    names = [part for part in PurePosixPath(path).parts if part not in ("..", "/")]
    while names and _VERSION.fullmatch(names[-1]):
        names.pop()
    return names[-1] if names else None


def placed(name: str, span: Span) -> dict[str, Value]:
    """A name with the place where it stands, as an object that findings can point at."""
    location = span.location
    return {"name": name, "file": location.file, "line": location.line}


def in_file(location_file: str) -> str:
    return PurePosixPath(location_file).name


def declared_locals(config: ModuleConfig) -> tuple[Value, ...]:
    """Each local value with `name file line in`, `in` being the file's name."""
    found = [
        {**placed(name, attribute.span), "in": in_file(attribute.span.source.name)}
        for name, attribute in config.locals.items()
    ]
    return _in_order(found)


def declared_data(config: ModuleConfig) -> tuple[Value, ...]:
    """Each data source, the same way; `name` is `type.name`."""
    found = [
        {**placed(f"{key[1]}.{key[2]}", block.header), "in": in_file(block.span.source.name)}
        for key, block in config.resources.items()
        if key[0] == "data"
    ]
    return _in_order(found)


def submodules(config: ModuleConfig, folder: Path) -> tuple[Value, ...]:
    """The folders inside the module that it calls: `name` (the path below the module) `file line`."""
    found = []
    for block in config.calls.values():
        attribute = block.body.attributes.get("source")
        source = literal_text(attribute) if attribute is not None else None
        if attribute is None or source is None or not source.startswith(LOCAL):
            continue
        called = Path(os.path.normpath(folder / source))
        if folder in called.parents:
            found.append(placed(called.relative_to(folder).as_posix(), attribute.span))
    return _in_order(found)


def examples_without_readme(evaluation: Evaluation, folder: Path, examples: tuple[str, ...]) -> tuple[Value, ...]:
    def has_readme(example: str) -> bool:
        return any(
            name.lower() == "readme.md"
            for name, is_folder in evaluation.source.entries(folder / example)
            if not is_folder
        )

    return tuple(example for example in examples if not has_readme(example))


def migration_guides(evaluation: Evaluation, folder: Path) -> tuple[str, ...]:
    """The documents in a module's folder and in its docs/ that tell by their names how to migrate: UPGRADE-4.0.md."""
    found = []
    for base in ("", "docs/"):
        for name, is_folder in evaluation.source.entries(folder / base):
            if not is_folder and _GUIDE.search(name):
                found.append(f"{base}{name}")
    return tuple(found)


def _in_order(found: list[dict[str, Value]]) -> tuple[Value, ...]:
    return tuple(sorted(found, key=lambda item: (item["file"], item["line"], item["name"])))
