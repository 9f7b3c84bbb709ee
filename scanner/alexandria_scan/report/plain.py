"""Values of parameters as plain data, for formats that print them."""

from __future__ import annotations

from fractions import Fraction
from typing import Any


def plain(value: Any) -> Any:
    """A value as JSON has it: null, true, numbers, text, lists, and maps sorted by key.

    Of anything else only the name of its type remains: a value that is marked sensitive must not get out
    because it happens to be a dataclass, which encoders and string formatting would both print.
    """
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else float(value)
    if isinstance(value, dict):
        return {str(key): plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, (set, frozenset)):
        return sorted((plain(one) for one in value), key=repr)
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return f"({type(value).__name__})"
