"""A template that is JSON with parts that are not known: what it says as far as it is sure."""

from __future__ import annotations

from collections.abc import Sequence

from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.types import STRING
from alexandria_scan.evaluate.values import Unknown, Value, collect_reasons
from alexandria_scan.patterns import pattern

_OPEN, _CLOSE = "\ue000", "\ue001"  # for private use: they stand around the number of a part
_ESCAPED_SIGN = pattern(r"\\u[eE]00[01]")
_ESCAPED = frozenset('"\\' + "".join(map(chr, range(32))))


def holds_nothing_escaped(texts: Sequence[str]) -> bool:
    """Whether nothing in the texts is written otherwise inside of a string of JSON."""
    return not any(_ESCAPED & set(text) for text in texts)


def said(parts: Sequence[str | Unknown]) -> Value:
    """What the JSON that the parts make up says, with unknowns in it; None if nothing sure can be said.

    A part that is not known could hold quotation marks, and so add keys and statements: only of one that is `unquoted`
    is it sure that it stays within the string in which it stands.
    """
    if not all(isinstance(part, str) or part.unquoted for part in parts):
        return None
    text = "".join(part if isinstance(part, str) else f"{_OPEN}{index}{_CLOSE}" for index, part in enumerate(parts))
    unknown = sum(not isinstance(part, str) for part in parts)
    if text.count(_OPEN) != unknown or text.lstrip()[:1] != "{" or _ESCAPED_SIGN.search(text):
        return None
    from alexandria_scan.evaluate.functions import json_codec

    try:
        return _restored(json_codec.decode(text), parts)
    except (FunctionError, _PartOfKey):
        return None


class _PartOfKey(ValueError):
    """A name in the JSON is not known."""


def _restored(value: Value, parts: Sequence[str | Unknown]) -> Value:
    if isinstance(value, str):
        return _text(value, parts) if _OPEN in value else value
    if isinstance(value, tuple):
        return tuple(_restored(item, parts) for item in value)
    if isinstance(value, dict):
        if any(_OPEN in key for key in value):
            raise _PartOfKey
        return {key: _restored(item, parts) for key, item in value.items()}
    return value


def _text(text: str, parts: Sequence[str | Unknown]) -> Unknown:
    """A string of the JSON in which parts are not known."""
    numbers = [int(piece.partition(_CLOSE)[0]) for piece in text.split(_OPEN)[1:]]
    found = [part for number in numbers if isinstance(part := parts[number], Unknown)]
    prefix, suffix = text.partition(_OPEN)[0], text.rpartition(_CLOSE)[2]
    if len(found) == 1 and not prefix and not suffix:
        return found[0]
    return Unknown(STRING, collect_reasons(*found), True, prefix=prefix, suffix=suffix if suffix.isascii() else "")
