"""alltrue and anytrue as conditions have them: three-valued, so that an unknown element hides nothing."""

from __future__ import annotations

from alexandria_scan.evaluate.convert import convert
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.types import BOOL
from alexandria_scan.evaluate.values import OpenTuple, Unknown, Value, collect_reasons, opened


def alltrue(arguments: list[Value]) -> Value:
    return _all("alltrue", arguments, True)


def anytrue(arguments: list[Value]) -> Value:
    return _all("anytrue", arguments, False)


def _all(name: str, arguments: list[Value], wanted: bool) -> Value:
    """`wanted` if no element decides otherwise."""
    items, _ = opened(arguments[0]) if len(arguments) == 1 else (None, None)
    if type(items) is Unknown:
        items = OpenTuple(items.members, items)
    if not isinstance(items, tuple):
        raise EvalError("Error in function call", f"{name} takes one list of bools.")
    unknown: list[Value] = [items.unknown] if isinstance(items, OpenTuple) else []
    for item in items:
        value, _ = opened(item)
        if type(value) is Unknown:
            unknown.append(value)
        elif convert(value, BOOL) is not wanted:
            return not wanted
    return Unknown(BOOL, collect_reasons(*unknown), True) if unknown else wanted
