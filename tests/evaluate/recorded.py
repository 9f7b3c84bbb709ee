"""Compares an evaluated expression with what real Terraform said of it."""

from __future__ import annotations

import json
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from alexandria_scan.evaluate.compile import compile_expression
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.types import spelled, type_json
from alexandria_scan.evaluate.values import LazyObject, Marked, Unknown, force, type_of
from alexandria_scan.source.folders import SourceTree
from alexandria_scan.syntax.parse import parse
from alexandria_scan.syntax.tree import ExpressionError

FIXTURES = Path(__file__).parents[2] / "fixtures" / "language"
MISSING = object()


def load(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)


@cache
def context(folder: Path) -> Module:
    """The root module in whose scope the recorded expressions stand."""
    source = SourceTree(FIXTURES)
    module = Evaluation(source, Options(GivenInputs(environment=False))).root(folder)
    assert module is not None
    return module


def evaluate(text: str, module: Module) -> Any:
    """The value of the expression as the argument of a locals block. Raises EvalError."""
    file = parse("expression.tf", f"x = {text}\n".encode())
    if file.problems:
        problem = file.problems[0]
        raise EvalError(problem.summary, problem.detail)
    if list(file.body.attributes) != ["x"] or file.body.blocks:
        raise EvalError("Invalid expression", text)
    try:
        return compile_expression(file.body.attributes["x"].expression)(module)
    except ExpressionError as error:
        raise EvalError(error.problem.summary, error.problem.detail) from None


def plain(value: Any) -> tuple[Any, Any, Any]:
    """(value, unknown, sensitive) as the recordings have them."""
    if isinstance(value, Marked):
        inner, unknown, _ = plain(value.value)
        return inner, unknown, True
    if isinstance(value, LazyObject):
        value = force(value)
    if isinstance(value, Unknown):
        return None, True, False
    if isinstance(value, tuple):
        parts = [plain(item) for item in value]
        return [p[0] for p in parts], _tree([p[1] for p in parts]), _tree([p[2] for p in parts])
    if isinstance(value, dict):
        entries = {key: plain(value[key]) for key in sorted(value)}
        known = {key: p[0] for key, p in entries.items() if p[1] is not True}
        return (
            known,
            _tree({key: p[1] for key, p in entries.items() if p[1]}),
            _tree({key: p[2] for key, p in entries.items() if p[2]}),
        )
    return value, False, False


def _tree(tree: Any) -> Any:
    """False where nothing in the tree is true."""
    items = tree.values() if isinstance(tree, dict) else tree
    return tree if any(item is not False for item in items) else False


def same(left: Any, right: Any) -> bool:
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (int, Fraction)) and isinstance(right, (int, Decimal)):
        return (
            Fraction(left) == Fraction(right) or abs(Fraction(left) - Fraction(right)) < abs(Fraction(right)) / 10**15
        )
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[key], right[key]) for key in left)
    return type(left) is type(right) and left == right


def normal(tree: Any) -> Any:
    """An unknown or sensitive tree with what is false left out."""
    if isinstance(tree, dict):
        found = {key: value for key, item in tree.items() if (value := normal(item))}
        return found or False
    if isinstance(tree, list):
        parts = [normal(item) for item in tree]
        return parts if any(parts) else False
    return tree


def outcome(case: dict[str, Any], module: Module) -> str:
    """same, unknown (where Terraform knows), or a text that says what differs."""
    try:
        value = evaluate(case["expr"], module)
    except EvalError as error:
        if case["ok"]:
            return f"error: {error.summary}: {error.detail}"
        return "same"
    got, unknown, sensitive = plain(value)
    if not case["ok"]:
        return "unknown" if unknown else f"no error, but {got!r}; Terraform: {case['error']['detail'][:120]}"
    if normal(sensitive) != normal(case["sensitive"]):
        return f"sensitive {sensitive!r}; Terraform: {case['sensitive']!r}"
    if normal(unknown) == normal(case["unknown"]) and same(got, case["value"]):
        return _type_outcome(case, value)
    return (
        _less_known(got, unknown, case["value"], case["unknown"])
        or f"{got!r} unknown {unknown!r}; Terraform: {case['value']!r} {case['unknown']!r}"
    )


def _less_known(got: Any, unknown: Any, value: Any, recorded: Any) -> str:
    """ "unknown" if the two differ only in that ours is unknown where Terraform knows; else ""."""
    if unknown is True:
        return "unknown"
    if recorded is True:
        return ""
    if isinstance(got, dict) and isinstance(value, dict):
        keys = got.keys() | (unknown or {}).keys()
        if keys != value.keys() | (recorded or {}).keys():
            return ""
        parts = [
            _less_known(
                got.get(key),
                (unknown or {}).get(key, False),
                value.get(key),
                (recorded or {}).get(key, False),
            )
            for key in keys
        ]
        return "unknown" if all(parts) else ""
    if isinstance(got, list) and isinstance(value, list) and len(got) == len(value):
        left, right = unknown or [False] * len(got), recorded or [False] * len(got)
        parts = [_less_known(*item) for item in zip(got, left, value, right, strict=True)]
        return "unknown" if all(parts) else ""
    return "unknown" if same(got, value) and not recorded and not unknown else ""


def _type_outcome(case: dict[str, Any], value: Any) -> str:
    recorded = case.get("type")
    if recorded is None or case["unknown"]:
        return "same"
    ours = type_json(type_of(value))
    return "same" if _agrees(ours, recorded) else f"type {spelled(type_of(value))}; Terraform: {recorded}"


def _agrees(ours: Any, recorded: Any) -> bool:
    if recorded == "dynamic" or ours == "dynamic":  # a null does not remember its type
        return True
    if isinstance(ours, list) and isinstance(recorded, list):
        if ours[0] != recorded[0]:
            return False
        if ours[0] == "object":
            return ours[1].keys() == recorded[1].keys() and all(_agrees(ours[1][k], recorded[1][k]) for k in ours[1])
        if ours[0] == "tuple":
            return len(ours[1]) == len(recorded[1]) and all(map(_agrees, ours[1], recorded[1]))
        return _agrees(ours[1], recorded[1])
    return bool(ours == recorded)
