"""Compares the graph of a configuration's source with that of the plan which real Terraform made of it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any
from unittest import mock

from alexandria_scan.evaluate.blocks import BodyValue
from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.types import DYNAMIC
from alexandria_scan.evaluate.values import (
    LazyObject,
    OpenTuple,
    SetVal,
    Unknown,
    Value,
    force,
    is_number,
    make_set,
    opened,
    raw_equal,
    type_of,
    unmark,
    wholly_known,
)
from alexandria_scan.graph.from_source import build
from alexandria_scan.graph.model import Graph
from alexandria_scan.graph.source_resource import SourceResource
from alexandria_scan.source.folders import SourceTree
from tests.graph.plans import read_plan

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Case:
    """A recorded plan with the folder that it was made of."""

    plan: Path
    source: Path
    arguments: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return self.plan.parent.name


@dataclass(frozen=True)
class Graphs:
    source: Graph
    plan: Graph
    joined: Graph


def cases() -> list[Case]:
    found = []
    for plan in sorted((ROOT / "fixtures/plans").glob("*/plan.json")):
        found.append(_case(plan, None))
    for plan in sorted((ROOT / "fixtures/language/configurations").glob("*/plan.json")):
        found.append(_case(plan, plan.parent))
    return found


def _case(plan: Path, folder: Path | None) -> Case:
    file = plan.parent / "case.json"
    said = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    source = folder or ROOT / said["source"]
    return Case(plan, source, tuple(said.get("args", ())), tuple(sorted(said.get("env", {}).items())))


@lru_cache(maxsize=2)
def graphs(case: Case) -> Graphs:
    root = evaluated(case)
    data = case.plan.read_bytes()
    return Graphs(
        build(root, "root", None), read_plan("plan.json", data, None), read_plan("plan.json", data, None, root)
    )


def evaluated(case: Case) -> Module:
    environment = dict(case.environment)
    given = GivenInputs(tuple(_inputs(case)))
    options = Options(given, environment.get("TF_WORKSPACE", "default"))
    with mock.patch.dict(os.environ, environment):
        root = Evaluation(SourceTree(ROOT), options).root(case.source)
    assert root is not None
    return root


def _inputs(case: Case) -> Iterator[tuple[str, str]]:
    rest = iter(case.arguments)
    for argument in rest:
        name, sign, value = argument.partition("=")
        value = value if sign else next(rest)
        yield ("file", str(case.source / value)) if name.endswith("var-file") else ("var", value)


def both(graph: Graph, plan: Graph) -> Iterator[tuple[SourceResource, Any]]:
    """The resources that are in both graphs."""
    for node in graph.resources():
        other = plan.resource(node.address)
        if other is not None:
            assert isinstance(node, SourceResource)
            yield node, other


def difference(source: Value, plan: Value, block: BodyValue, name: str) -> str:
    """What the two say differently, "" if nothing; an unknown on either side is no difference."""
    written = block.blocks(name) if name not in block.body.attributes else ()
    return _difference(source, plan, name, tuple(written))


def _difference(source: Value, plan: Value, path: str, written: tuple[Any, ...]) -> str:
    left, right = force(unmark(source)[0]), force(unmark(plan)[0])
    if type(left) is Unknown or type(right) is Unknown:
        return ""
    if isinstance(left, tuple) and isinstance(right, tuple):
        if any(isinstance(item, LazyObject) for item in (*left, *right)):
            return _blocks(left, right, path, written)
        return _sequences(left, right, path)
    if isinstance(left, dict) and isinstance(right, dict):
        if left.keys() != right.keys():
            return f"{path}: keys {sorted(left)}, the plan {sorted(right)}"
        parts = (_difference(left[key], right[key], f"{path}.{key}", ()) for key in sorted(left))
        return "; ".join(filter(None, parts))
    return "" if _same(left, right) else f"{path}: {left!r}, the plan {right!r}"


def _same(left: Value, right: Value) -> bool:
    if is_number(left) and is_number(right):  # a plan has no more than the digits of a double for some
        return left == right or bool(abs(left - right) < abs(right) / 10**15)
    if raw_equal(left, right):
        return True
    try:
        return left is not None and right is not None and raw_equal(convert(left, type_of(right)), right)
    except ConversionError:
        return False


def _sequences(left: tuple[Value, ...], right: tuple[Value, ...], path: str) -> str:
    if isinstance(left, SetVal) and not (wholly_known(left) and wholly_known(right)):
        return ""
    if isinstance(right, SetVal) or isinstance(left, SetVal):
        left, right = make_set(left, DYNAMIC), make_set(right, DYNAMIC)
    if len(left) != len(right):
        return f"{path}: {left!r}, the plan {right!r}"
    parts = (_difference(a, b, f"{path}[{at}]", ()) for at, (a, b) in enumerate(zip(left, right, strict=True)))
    return "; ".join(filter(None, parts))


def _blocks(left: tuple[Value, ...], right: tuple[Value, ...], path: str, written: tuple[Any, ...]) -> str:
    """Each block of the source is one of the plan's; the order of a set is the plan's own."""
    if isinstance(left, OpenTuple) or isinstance(right, OpenTuple):
        return ""
    if len(left) != len(right) and not isinstance(right, SetVal):
        return f"{path}: {len(left)} blocks, the plan {len(right)}"
    found = []
    for at, block in enumerate(left):
        names = _names(block, written[at] if at < len(written) else None)
        tried = [_block(block, other, names, f"{path}[{at}]") for other in right]
        if all(tried):
            found.append(tried[min(at, len(tried) - 1)])
    return "; ".join(found)


def _names(block: Value, written: Any) -> dict[str, tuple[Any, ...]]:
    if written is None:
        return dict.fromkeys(opened(block)[0], ()) if not isinstance(block, LazyObject) else {}
    return {
        name: written.blocks(name) if name not in written.body.attributes else () for name in written.configured_names()
    }


def _block(block: Value, other: Value, names: dict[str, tuple[Any, ...]], path: str) -> str:
    parts = (
        _difference(_read(block, name), _read(other, name), f"{path}.{name}", inner) for name, inner in names.items()
    )
    return "; ".join(filter(None, parts))


def _read(block: Value, name: str) -> Value:
    bare = block if isinstance(block, LazyObject) else opened(block)[0]
    return bare.attribute(name) if isinstance(bare, LazyObject) else bare.get(name)
