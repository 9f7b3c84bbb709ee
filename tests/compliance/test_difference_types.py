"""Which type takes what another one took, compared with what `terraform validate` said of values of each."""

from __future__ import annotations

import json
from typing import Any

import pytest

from alexandria_scan.compliance.difference.types import changed_defaults, objections
from alexandria_scan.evaluate.compile import compile_expression
from alexandria_scan.evaluate.convert import convert
from alexandria_scan.evaluate.functions.signature import Context
from alexandria_scan.evaluate.plain import to_json
from alexandria_scan.evaluate.typeexpr import parse_type
from alexandria_scan.evaluate.types import Type
from alexandria_scan.syntax.parse import parse_expression
from tests.conftest import ROOT

RECORDED: dict[str, Any] = json.loads((ROOT / "fixtures" / "language" / "conversions.json").read_text("utf-8"))
TAKES: dict[str, list[str]] = RECORDED["takes"]


class NoScope:
    """Types without defaults need no names."""

    context = Context

    def name(self, name: str) -> Any:
        raise KeyError(name)


def type_of(text: str) -> Type:
    return parse_type(parse_expression("", text), NoScope())  # type: ignore[arg-type]


def refused(old: str, new: str) -> list[str]:
    """Objections to a value being refused; that an attribute or key is ignored is no refusal."""
    return [text for text in objections(type_of(old), type_of(new)) if "ignore" not in text]


def keeps_all(text: str, type_: Type) -> bool:
    """Whether the type takes every part of the value, and ignores no attribute of an object."""
    value = compile_expression(parse_expression("", text))(NoScope())  # type: ignore[arg-type]
    return not lost(to_json(value), to_json(convert(value, type_)))


def lost(given: Any, taken: Any) -> bool:
    if isinstance(given, dict) and isinstance(taken, dict):
        return any(key not in taken or lost(given[key], taken[key]) for key in given)
    if isinstance(given, list) and isinstance(taken, list):
        return any(map(lost, given, taken))
    return False


@pytest.mark.parametrize("old", TAKES)
@pytest.mark.parametrize("new", TAKES)
def test_a_type_without_objection_takes_every_value(old: str, new: str) -> None:
    """But for attributes that had no effect before: an object takes any and ignores what it does not name."""
    if not refused(old, new):
        own = {value for value in TAKES[old] if keeps_all(value, type_of(old))}
        assert not own - set(TAKES[new])


@pytest.mark.parametrize("old", TAKES)
@pytest.mark.parametrize("new", TAKES)
def test_every_objection_has_a_value_that_terraform_refuses(old: str, new: str) -> None:
    if refused(old, new):
        assert set(TAKES[old]) - set(TAKES[new])


def test_an_attribute_that_is_taken_no_more_is_named() -> None:
    old, new = type_of("object({ a = string, b = object({ c = string }) })"), type_of("object({ b = object({}) })")
    assert list(objections(old, new)) == ["b.c is ignored from now on", "a is ignored from now on"]


def test_a_default_inside_a_type_is_compared() -> None:
    old = "list(object({ a = optional(string, 1), b = optional(object({ c = optional(number, 7) }), {}) }))"
    new = old.replace("7", "8").replace("optional(string, 1)", 'optional(string, "1")')
    assert list(changed_defaults(type_of(old), type_of(new))) == [
        "[*].b",
        "[*].b.c",
    ]  # what is left out as a whole, and in part
