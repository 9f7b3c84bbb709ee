"""Plain data for formats that print it: values of parameters, and documents as JSON."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import msgspec


def plain(value: Any) -> Any:
    """A value as JSON has it: null, true, numbers, text, lists, and maps sorted by key.

    Of anything else only the name of its type remains: a value that is marked sensitive must not get out
    because it happens to be a struct, which encoders and string formatting would both print.
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


def json_text(document: object) -> str:
    """The document as JSON, indented, with a newline at its end."""
    try:
        data = msgspec.json.encode(document)
    except UnicodeEncodeError:  # a file name that is not UTF-8 is carried as surrogates, which JSON has not
        data = msgspec.json.encode(_encodable(msgspec.to_builtins(document)))
    return msgspec.json.format(data, indent=2).decode() + "\n"


def _encodable(node: Any) -> Any:
    """The document with a question mark for each byte of a name that is not UTF-8."""
    if isinstance(node, str):
        return node.encode("utf-8", "replace").decode()
    if isinstance(node, dict):
        return {_encodable(key): _encodable(one) for key, one in node.items()}
    if isinstance(node, (list, tuple)):
        return [_encodable(one) for one in node]
    return node
