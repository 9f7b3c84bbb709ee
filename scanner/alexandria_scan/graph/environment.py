"""Which environment a root is for, from what it says itself."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from alexandria_scan.evaluate.any_workspace import meant
from alexandria_scan.evaluate.compile import compile_attribute
from alexandria_scan.evaluate.declarations import literal_text
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.types import DYNAMIC, STRING
from alexandria_scan.evaluate.values import Unknown, Value, opened
from alexandria_scan.graph.from_source import build
from alexandria_scan.graph.model import Graph
from alexandria_scan.patterns import pattern
from alexandria_scan.source.folders import ENVIRONMENTS

NAMES = ("environment", "env", "stage")
_TAGS = ("Environment", "environment", "Env", "env", "Stage", "stage")
_WORDS = pattern(r"[a-z0-9]+")


def environment_of(root: Module, own_files: Iterable[str] = ()) -> str | None:
    """The first of these that names one: the variable or local `environment` (env, stage), the same argument of every
    module call that has it, the provider's default tags, the workspace, the variable files (given ones, else those of
    the folder, `own_files`), the folder. None if none does. What hangs on a workspace that nobody named does not."""
    own = tuple(own_files)
    return meant(root, _said(root, own), lambda module: _said(module, own))


def _said(root: Module, own_files: Iterable[str]) -> str | None:
    for find in (_variable, _local, _calls, _tags, _workspace):
        found = find(root)
        if found is not None:
            return found
    return _variable_files(root, own_files) or _folder(root)


def _text(value: Value) -> str | None:
    bare, _ = opened(value)
    return bare if isinstance(bare, str) and bare else None


def _variable(root: Module) -> str | None:
    names = (name for name in NAMES if name in root.config.variables)
    return next((text for name in names if (text := _text(root.variable(name)))), None)


def _local(root: Module) -> str | None:
    names = (name for name in NAMES if name in root.config.locals)
    return next((text for name in names if (text := _text(root.local(name)))), None)


def _calls(root: Module) -> str | None:
    found: set[str | None] = set()
    for block in root.config.calls.values():
        for name in NAMES:
            if name in block.body.attributes:
                try:
                    value, _ = opened(compile_attribute(block.body.attributes[name])(root))
                except EvalError:  # each.value and the like: the call has no single environment
                    value = Unknown()
                if isinstance(value, str) or (type(value) is Unknown and value.type in (STRING, DYNAMIC)):
                    found.add(_text(value))  # a map is of environment variables, say
    return found.pop() if len(found) == 1 else None


def _tags(root: Module) -> str | None:
    for provider in root.config.providers:
        for block in provider.body.blocks_of("default_tags"):
            if "tags" in block.body.attributes:
                try:
                    tags, _ = opened(compile_attribute(block.body.attributes["tags"])(root))
                except EvalError:
                    continue
                if isinstance(tags, dict):
                    return environment_in_tags(tags)
    return None


def environment_in_tags(tags: dict[str, Value]) -> str | None:
    return next((text for name in _TAGS if name in tags and (text := _text(tags[name]))), None)


def environment_of_resources(root: Module, graph: Graph) -> str | None:
    """What the resources of a root say in its graph, unless it hangs on a workspace that nobody named."""
    return meant(
        root,
        environment_in_resources(graph),
        lambda module: environment_in_resources(build(module, graph.kind, None)),
    )


def environment_in_resources(graph: Graph) -> str | None:
    """What all resources say that name their environment in tags; None if one of them is not known or says otherwise.

    It is for a root, or its plan, that says nothing else: the same resources say the same in both.
    """
    found: set[str | None] = set()
    for node in graph.nodes:
        if node.kind == "resource":
            tags, _ = opened(node.attribute("tags"))
            if isinstance(tags, dict) and any(name in tags for name in _TAGS):
                found.add(environment_in_tags(tags))
    return found.pop() if len(found) == 1 else None


def _workspace(root: Module) -> str | None:
    """That which was given, or the one that the code is for: `orders-production`."""
    written = [
        literal_text(inner.body.attributes["name"])
        for block in root.config.terraform
        for kind in ("cloud", "backend")
        for place in block.body.blocks_of(kind)
        for inner in place.body.blocks_of("workspaces")
        if "name" in inner.body.attributes
    ]
    return _one_in([root.evaluation.options.workspace or ""]) or _one_in(text for text in written if text)


def _variable_files(root: Module, own: Iterable[str]) -> str | None:
    """What the files are called that give it values: `production.tfvars`, `orders-prod.auto.tfvars`."""
    given = [PurePath(text).name for kind, text in root.evaluation.options.inputs.arguments if kind == "file"]
    automatic = (name for name in own if name.endswith((".auto.tfvars", ".auto.tfvars.json")))
    return _one_in(given) or _one_in(automatic)


def _one_in(names: Iterable[str]) -> str | None:
    """The environment that is a word of the names, if it is but one."""
    found = {word for name in names for word in _WORDS.findall(name.lower())} & ENVIRONMENTS
    return found.pop() if len(found) == 1 else None


def _folder(root: Module) -> str | None:
    name = root.evaluation.root_folder(root).name.lower()
    return name if name in ENVIRONMENTS else None
