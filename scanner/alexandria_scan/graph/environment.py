"""Which environment a root is for, from what it says itself."""

from __future__ import annotations

from pathlib import PurePosixPath

from alexandria_scan.evaluate.compile import compile_attribute
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.values import Value, opened

NAMES = ("environment", "env", "stage")
TAGS = ("Environment", "environment", "Env", "env", "Stage", "stage")
KNOWN = frozenset(
    ["development", "dev", "staging", "stage", "stg", "production", "prod", "prd", "sandbox", "uat", "live"]
)


def environment_of(root: Module) -> str | None:
    """The first of these that names one: the variable or local `environment` (env, stage), the same argument of every
    module call that has it, the provider's default tags, the workspace, the folder. None if none does."""
    for find in (_variable, _local, _calls, _tags, _workspace, _folder):
        found = find(root)
        if found is not None:
            return found
    return None


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
                    found.add(_text(compile_attribute(block.body.attributes[name])(root)))
                except EvalError:  # each.value and the like: the call has no single environment
                    found.add(None)
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
                    return next((text for name in TAGS if name in tags and (text := _text(tags[name]))), None)
    return None


def _workspace(root: Module) -> str | None:
    workspace = root.evaluation.options.workspace
    return workspace if workspace in KNOWN else None


def _folder(root: Module) -> str | None:
    name = PurePosixPath(root.config.folder).name.lower()
    return name if name in KNOWN else None
