"""Values as plain data for JSON, with the trees that Terraform uses for what is unknown and what is sensitive."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from alexandria_scan.evaluate import numbers
from alexandria_scan.evaluate.values import SENSITIVE, LazyObject, Marked, Unknown, Value, force


class JsonNumber(float):
    """A number that is not whole, written in JSON with all its digits."""

    text: str

    def __new__(cls, value: Fraction) -> JsonNumber:
        self = super().__new__(cls, value)
        self.text = numbers.to_text(value)
        return self

    def __repr__(self) -> str:
        return self.text


def to_json(value: Value) -> Any:
    """Plain data. An unknown is left out of an object and null elsewhere; marks are taken off."""
    if isinstance(value, Marked):
        value = value.value
    if isinstance(value, LazyObject):
        value = force(value)
    if isinstance(value, Unknown):
        return None
    if isinstance(value, Fraction):
        return JsonNumber(value) if value else 0
    if type(value) is int and value.bit_length() > numbers.PRECISION:
        return int(numbers.to_text(value))  # with no more digits than tell it from its neighbours
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in sorted(value.items()) if not _is_unknown(item)}
    return value


def _is_unknown(value: Value) -> bool:
    if isinstance(value, Marked):
        value = value.value
    return isinstance(force(value), Unknown)


def unknown_tree(value: Value) -> Any:
    """`after_unknown`: true for an unknown, false for what is known, a list or object where a part is unknown."""
    if isinstance(value, Marked):
        value = value.value
    value = force(value)
    if isinstance(value, Unknown):
        return True
    if isinstance(value, tuple) and value:
        return [unknown_tree(item) for item in value]
    if isinstance(value, dict) and value:
        found = {key: unknown_tree(item) for key, item in sorted(value.items())}
        return {key: tree for key, tree in found.items() if tree is not False}
    return False


def sensitive_tree(value: Value) -> Any:
    """`after_sensitive`: the same for values that are sensitive."""
    if isinstance(value, Marked):
        return SENSITIVE in value.marks or sensitive_tree(value.value)
    value = force(value)
    if isinstance(value, tuple):
        return [sensitive_tree(item) for item in value]
    if isinstance(value, dict):
        found = {key: sensitive_tree(item) for key, item in sorted(value.items())}
        return {key: tree for key, tree in found.items() if tree is not False}
    return False
