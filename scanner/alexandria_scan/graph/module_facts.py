"""What the code of a module comes to, and what is claimed of it: what claims and maturity are judged by."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import msgspec

from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.folders import ModuleFolder
from alexandria_scan.evaluate.values import Value
from alexandria_scan.graph.changelog import Release, releases
from alexandria_scan.graph.layout import migration_guides
from alexandria_scan.graph.library import Described, Libraries
from alexandria_scan.graph.library_nodes import changelog_of, file_named
from alexandria_scan.graph.metadata_shape import LAYERS
from alexandria_scan.graph.model import SimpleNode
from alexandria_scan.graph.module_folder import folder_node
from alexandria_scan.graph.readme_numbers import Claim, claimed_numbers
from alexandria_scan.patterns import pattern
from alexandria_scan.syntax.ignore import comments
from alexandria_scan.syntax.parse import tree_of
from alexandria_scan.syntax.tree import Location, Span

_TODO = pattern(rb"\b(TODO|FIXME|XXX)\b")


class Stated(msgspec.Struct, frozen=True):
    """A value of the metadata, as it counts, and where it stands."""

    value: Value
    location: Location


class ModuleFacts(msgspec.Struct, frozen=True):
    """A module of a library. Paths are relative to its folder, but for `path`, which is shown as findings show it;
    `readme` is the text of the README; `files` are the paths that the metadata names, and whether each is there;
    `guides` are the documents that tell by their names how to migrate."""

    path: str
    folder: Path
    name: str
    kind: str
    layer: str | None
    variables: int
    validatable: int
    validated: int
    outputs: int
    examples: tuple[str, ...]
    calling_examples: tuple[str, ...]
    tests: tuple[str, ...]
    required_version: str | None
    providers: dict[str, str | None]
    resource_types: tuple[str, ...]
    changelog: str
    releases: tuple[Release, ...]
    folder_version: str | None
    readme: str
    headings: tuple[str, ...]
    todo: Location | None
    stated: dict[str, Stated]
    claims: tuple[Claim, ...]
    files: dict[str, bool]
    guides: tuple[str, ...] = ()
    callers: tuple[str, ...] = ()
    whole: bool = True
    """Whether all of its files could be read: what was counted is too little otherwise."""
    outside: tuple[str, ...] = ()
    """The calls of modules that are not here, whose resources nobody has seen."""

    def at(self, name: str) -> str:
        """The shown path of something in the module's folder."""
        return name if self.path == "." else f"{self.path}/{name}"

    def text(self, path: str) -> str | None:
        found = self.stated.get(path)
        return found.value if found is not None and isinstance(found.value, str) else None


def module_facts(
    evaluation: Evaluation, libraries: Libraries, found: ModuleFolder, evaluated: Iterable[str]
) -> ModuleFacts | None:
    """The facts of a folder, None if it is no module of a library. `evaluated` are the types of the resources that it
    has when it is evaluated, those of the modules that it calls among them."""
    module = libraries.described(found.path)
    if module is None:
        return None
    folder = folder_node(evaluation, found)
    config = found.config
    changelog, text = changelog_of(folder)
    text_of_readme, readme = _readme(folder)
    version = config.required_version()
    claims = (*_stated_claims(module), *claimed_numbers(readme, text_of_readme))
    shown = re.fullmatch(r"v(\d+\.\d+\.\d+.*)", module.path.name)
    return ModuleFacts(
        path=module.shown,
        folder=module.path,
        name=module.name,
        kind=found.kind,
        layer=LAYERS[module.layer - 1] if module.layer is not None else None,
        whole=not config.unread,
        variables=len(config.variables),
        validatable=len(folder.attribute("validatable")),
        validated=len(set(folder.attribute("validated")) & set(folder.attribute("validatable"))),
        outputs=len(config.outputs),
        examples=folder.attribute("examples"),
        calling_examples=folder.attribute("calling_examples"),
        tests=folder.attribute("tests"),
        required_version=version[0] if version is not None else None,
        providers={name: one.version for name, one in config.required_providers().items()},
        resource_types=tuple(sorted({*(key[1] for key in config.resources if key[0] == "managed"), *evaluated})),
        changelog=changelog,
        releases=releases(text),
        folder_version=shown[1] if shown is not None else None,
        readme=text_of_readme,
        headings=_headings(folder),
        todo=_first_todo(found),
        stated=_stated(module),
        claims=claims,
        files={
            claim.value: libraries.holds(module, claim.value)
            for claim in claims
            if isinstance(claim.value, str) and claim.subject in FILE_CLAIMS
        },
        guides=migration_guides(evaluation, module.path),
        callers=libraries.callers(module),
        outside=_outside(evaluation, found),
    )


def _outside(evaluation: Evaluation, found: ModuleFolder) -> tuple[str, ...]:
    if not found.config.calls:
        return ()
    root = evaluation.root_with(found.config, found.path, {})
    return tuple(f"module.{name}" for name in sorted(found.config.calls) if evaluation.unresolved(root, name))


FILE_CLAIMS = ("documentation.readme_url", "documentation.changelog", "lifecycle.migration_guide",
               "lifecycle.case_studies")  # fmt: skip


def _readme(folder: SimpleNode) -> tuple[str, str]:
    """The README's text and its shown path."""
    readme = folder.attribute("readme")
    if not isinstance(readme, dict):
        return "", ""
    name = file_named(folder, "readme")
    return readme["text"], name if folder.module == "." else f"{folder.module}/{name}"


def _headings(folder: SimpleNode) -> tuple[str, ...]:
    readme = folder.attribute("readme")
    return readme["headings"] if isinstance(readme, dict) else ()


def _first_todo(found: ModuleFolder) -> Location | None:
    """The first comment that says that something is left to do."""
    for file in found.config.files:
        source = file.source
        if _TODO.search(source.data) is None or source.name.endswith(".json"):
            continue
        for comment in comments(tree_of(source.data), len("TODO")):
            match = _TODO.search(source.data[comment.start_byte : comment.end_byte])
            if match is not None:
                start, end = (comment.start_byte + at for at in match.span())
                return Span(source, start, end).location
    return None


def _stated(module: Described) -> dict[str, Stated]:
    found: dict[str, Stated] = {}
    for entry in module.entries():
        for path, value in _leaves(entry.values, ""):
            found.setdefault(path, Stated(value, entry.place(*path.split("."))))
    return found


def _leaves(values: dict[str, Value], prefix: str) -> list[tuple[str, Value]]:
    found: list[tuple[str, Value]] = []
    for name, value in values.items():
        if isinstance(value, dict) and not prefix:
            found += _leaves(value, f"{name}.")
        elif value is not None:
            found.append((f"{prefix}{name}", value))
    return found


def _stated_claims(module: Described) -> list[Claim]:
    """Every value of the metadata, elements of lists one by one; what the registry repeats is not said twice."""
    found: dict[tuple[str, str], Claim] = {}
    for entry in module.entries():
        for path, value in _leaves(entry.values, ""):
            items = list(enumerate(value)) if isinstance(value, tuple) else [(None, value)]
            for index, item in items:
                steps = (*path.split("."), *([str(index)] if index is not None else []))
                if item != "":
                    found.setdefault((path, str(item)), Claim(path, item, entry.place(*steps)))
    return list(found.values())
