"""The order in which Terraform keeps the elements of a set."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from alexandria_scan.evaluate.numbers import Double
from alexandria_scan.evaluate.values import MapVal, Marked, Unknown, Value, force, items_of


def set_order(value: Value) -> tuple[Any, ...]:
    """Known before unknown, null last, primitives by value, the rest by cty's hash text."""
    if value is None:
        return (2,)
    if type(value) is Unknown:
        return (1,)
    if isinstance(value, (str, bool, int, Fraction)):
        return (0, value)
    return (0, hash_text(value))


def hash_text(value: Value) -> bytes:
    """The bytes by which go-cty orders set elements that have no order of their own
    (set_internals.go, makeSetHashBytes)."""
    return _hash_text(value).encode("utf-8", "surrogatepass")


def _hash_text(value: Value) -> str:
    value = force(value.value if type(value) is Marked else value)
    if value is None:
        return "~"
    kind = type(value)
    if kind is Unknown:
        return "?"
    if kind is bool:
        return "T" if value else "F"
    if kind is int or kind is Fraction or kind is Double:
        return _go_float_text(value)
    if kind is str:
        return _go_quoted(value)
    if kind is MapVal:
        inner = "".join(f"{_go_quoted(key)}:{_hash_text(item)};" for key, item in items_of(value))
        return "{" + inner + "}"
    if kind is dict:
        return "<" + "".join(f"{_hash_text(item)};" for _, item in items_of(value)) + ">"
    inner = "".join(f"{_hash_text(item)};" for item in value)
    return f"<{inner}>" if kind is tuple else f"[{inner}]"


def _go_float_text(value: int | Fraction) -> str:
    """Go's `%.10g` of a number."""
    text = format(float(value), ".10g")
    mantissa, sign, exponent = text.partition("e")
    return f"{mantissa}e{exponent[0]}{int(exponent[1:]):02d}" if sign else text


_GO_ESCAPES = {
    "\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v",
    "\\": "\\\\", '"': '\\"',
}  # fmt: skip


def _go_quoted(text: str) -> str:
    """Go's `%q` of a string."""
    out = ['"']
    for character in text:
        if character in _GO_ESCAPES:
            out.append(_GO_ESCAPES[character])
        elif character.isprintable():
            out.append(character)
        elif ord(character) < 0x80:
            out.append(f"\\x{ord(character):02x}")
        elif ord(character) < 0x10000:
            out.append(f"\\u{ord(character):04x}")
        else:
            out.append(f"\\U{ord(character):08x}")
    return "".join(out) + '"'
