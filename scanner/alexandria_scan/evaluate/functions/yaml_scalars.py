"""What a scalar of YAML 1.1 means to go-cty-yaml."""

from __future__ import annotations

import base64
import binascii
import re

from alexandria_scan.evaluate import numbers
from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions.arguments import go_quote, unknowable
from alexandria_scan.evaluate.functions.rfc3339 import days_in
from alexandria_scan.evaluate.types import NUMBER
from alexandria_scan.evaluate.values import Value
from alexandria_scan.patterns import pattern

TAG = "tag:yaml.org,2002:"
_STR, _BOOL, _INT, _FLOAT, _NULL, _TIME, _BINARY = (
    TAG + name for name in ("str", "bool", "int", "float", "null", "timestamp", "binary")
)
_RESOLVABLE = frozenset({"", _STR, _BOOL, _INT, _FLOAT, _NULL, _TIME, _BINARY})
_WORDS: dict[str, tuple[Value, str]] = {
    **dict.fromkeys(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], (True, _BOOL)),
    **dict.fromkeys(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], (False, _BOOL)),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), (None, _NULL)),
}
_INFINITE = frozenset(sign + word for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF"))
_HINTED = frozenset("+-0123456789yYnNtTfFoO~.")
_INTEGER = pattern(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_DECIMAL = pattern(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
MERGE = object()


def resolve(tag: str, text: str, style: str | None) -> Value:
    """The value of a scalar, `MERGE` for a merge key. Raises FunctionError."""
    if tag not in _RESOLVABLE:
        raise FunctionError(f"unsupported tag {go_quote(tag)}")
    if (text == "" or text[0] in _HINTED) and tag not in (_STR, _BINARY):
        if style in ("'", '"'):
            return text
        if text in _WORDS:
            return _WORDS[text][0]
        if text in _INFINITE:
            return unknowable(NUMBER, "yamldecode()", "gives an infinite number, which Terraform cannot save", "other")
        tag, found = _hinted(tag, text)
        if found is not None:
            return found
    if tag == "" and text == "<<":
        return MERGE
    return _tagged(tag, text)


def _hinted(tag: str, text: str) -> tuple[str, Value]:
    """What the first character promises: the tag for what follows, or the value."""
    if tag == "" and text in (".nan", ".NaN", ".NAN"):
        raise FunctionError("floating point NaN is not supported")
    if text[0] == ".":
        return tag, numbers.parse(text)
    if text[0] not in "+-0123456789":
        return tag, None
    if tag in ("", _TIME):
        moment = timestamp(text)
        if moment is not None:
            return tag, moment
    if _INTEGER.fullmatch(text):
        return _INT, None
    return (_FLOAT, None) if _DECIMAL.fullmatch(text) else (tag, None)


def _tagged(tag: str, text: str) -> Value:
    if tag in ("", _STR):
        return text
    if tag == _NULL:
        return None
    if tag == _BINARY:
        try:
            base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
        except (binascii.Error, ValueError):
            raise FunctionError(f"cannot parse {go_quote(text)} as {tag}: not valid base64") from None
        return text
    result: Value = None
    if tag in (_INT, _FLOAT):
        result = _number(text.replace("_", ""))
    elif tag == _TIME:
        result = timestamp(text)
    elif text in _WORDS and _WORDS[text][1] == _BOOL:
        result = _WORDS[text][0]
    if result is None:
        raise FunctionError(f"cannot parse {go_quote(text)} as {tag}")
    return result


def _number(text: str) -> Value:
    """A decimal number, or a 64-bit integer in Go's spelling."""
    found = numbers.parse(text)
    if found is not None:
        return found
    try:
        whole = int(text, 0)
    except ValueError:
        return None
    return whole if -(1 << 63) <= whole < 1 << 64 else None


_TIMESTAMP = pattern(
    r"(\d{4})-(\d\d?)-(\d\d?)"
    r"(?:[Tt](\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?(Z|[+-]\d\d:\d\d)| (\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?)?",
    re.ASCII,
)


def timestamp(text: str) -> str | None:
    """The text of a timestamp in one of four spellings, or None."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups()[:3])
    hour, minute, second = (int(part or 0) for part in (match.groups()[3:6] if match[4] else match.groups()[7:]))
    zone = match[7] or "Z"
    if not (1 <= month <= 12 and 1 <= day <= days_in(year, month)) or hour > 23 or minute > 59 or second > 59:
        return None
    if zone != "Z" and (int(zone[1:3]) > 24 or int(zone[4:]) > 60):
        return None
    zone = "Z" if zone in ("+00:00", "-00:00") else zone
    return f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}{zone}"
