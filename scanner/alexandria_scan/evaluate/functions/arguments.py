"""What the implementations of functions ask of their arguments."""

from __future__ import annotations

from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.types import DYNAMIC, Type, friendly
from alexandria_scan.evaluate.values import HIDDEN, SECRET, Reason, Unknown, Value, type_of

INT64_MIN, INT64_MAX = -(2**63), 2**63 - 1


def whole(value: Value, parameter: str | None = None, prefix: str = "") -> int:
    """The number as a 64-bit integer. Raises FunctionError."""
    number = int(value)
    if value.denominator != 1 or not INT64_MIN <= number <= INT64_MAX:
        detail = f"{prefix}value must be a whole number, between {INT64_MIN} and {INT64_MAX}"
        raise FunctionError(detail, parameter)
    return number


def go_quote(text: str) -> str:
    """Go's `%q`: quoted, as Terraform's messages show strings."""
    out = ['"']
    for character in text:
        if character in '"\\':
            out.append("\\" + character)
        elif character.isprintable():
            out.append(character)
        else:
            out.append(_go_escape(character))
    return "".join(out) + '"'


_NAMED = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v"}


def _go_escape(character: str) -> str:
    code = ord(character)
    if character in _NAMED:
        return _NAMED[character]
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def redacted(text: str, marks: frozenset[str]) -> str:
    """The text quoted for a message, or a placeholder if it is sensitive."""
    return HIDDEN if SECRET & marks else go_quote(text)


def friendly_type(value: Value) -> str:
    return friendly(type_of(value))


def unknowable(type_: Type, subject: str, why: str, kind: str = "input") -> Unknown:
    """An unknown for what only Terraform itself can compute: `kind` says whether its plan already does."""
    return Unknown(type_, (Reason(subject, why, kind=kind),), type_ is not DYNAMIC)
