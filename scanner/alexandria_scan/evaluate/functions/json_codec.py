"""`jsonencode` and `jsondecode`."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from alexandria_scan.evaluate import numbers
from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions.arguments import go_quote
from alexandria_scan.evaluate.functions.call import normalized
from alexandria_scan.evaluate.functions.limits import limit_text
from alexandria_scan.evaluate.functions.signature import Function, Parameter
from alexandria_scan.evaluate.types import BOOL, DYNAMIC, NUMBER, STRING, Type
from alexandria_scan.evaluate.values import Unknown, Value, is_number, items_of, type_of, wholly_known

# Go escapes these, too, so that JSON may stand in HTML and JavaScript.
_FOR_HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
_quote = json.JSONEncoder(ensure_ascii=False).encode


def encode(value: Value) -> str:
    """JSON of a wholly known value without marks. Raises LimitExceeded."""
    out: list[str] = []
    _Writer(out).write(value)
    return "".join(out)


class _Writer:
    def __init__(self, out: list[str]) -> None:
        self.out = out
        self.length = 0

    def add(self, text: str) -> None:
        self.out.append(text)
        self.length += len(text)
        limit_text(self.length)

    def write(self, value: Value) -> None:
        if value is None:
            self.add("null")
        elif type(value) is str:
            self.add(_quote(value).translate(_FOR_HTML))
        elif type(value) is bool:
            self.add("true" if value else "false")
        elif is_number(value):
            self.add(numbers.to_text(value))
        elif isinstance(value, tuple):
            self.add("[")
            for index, item in enumerate(value):
                if index:
                    self.add(",")
                self.write(item)
            self.add("]")
        else:
            self.add("{")
            for index, (key, item) in enumerate(items_of(value)):
                self.add(("," if index else "") + _quote(key).translate(_FOR_HTML) + ":")
                self.write(item)
            self.add("}")


def _jsonencode(value: Value) -> Value:
    return encode(value) if wholly_known(value) else Unknown(STRING, (), True, encodes=value)


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        result[normalized(key)] = _tupled(value)
    if len(result) < len(pairs):
        _check_repeated(pairs, result)
    return result


def _check_repeated(pairs: list[tuple[str, Any]], result: dict[str, Any]) -> None:
    """Terraform reads every value of a repeated key as one of the type of the last."""
    names: dict[Type, str] = {STRING: "string", NUMBER: "number", BOOL: "bool"}
    for key, found in pairs:
        value = _tupled(found)
        wanted = type_of(result[normalized(key)])
        given = type_of(value)
        if value is None or given == wanted:
            continue
        if wanted is STRING and given in (BOOL, NUMBER):
            continue
        detail = f".{key}: {names.get(wanted, 'value')} is required"
        if given is not STRING or wanted not in (NUMBER, BOOL):
            raise FunctionError(detail)
        try:
            convert(value, wanted)
        except ConversionError as error:
            raise FunctionError(f".{key}: {error.message}") from None


def _tupled(value: Any) -> Any:
    """Arrays as tuples and strings normalized; inside of objects this was done when they were read."""
    if isinstance(value, list):
        return tuple(map(_tupled, value))
    return normalized(value) if type(value) is str else value


def _no_constant(text: str) -> NoReturn:
    where = "in numeric literal" if text.startswith("-") else "looking for beginning of value"
    raise FunctionError(f"invalid character '{text.lstrip('-')[0]}' {where}")


_decoder = json.JSONDecoder(
    object_pairs_hook=_pairs,
    parse_float=numbers.parse,
    parse_int=numbers.parse,
    parse_constant=_no_constant,
)
_SPACES = " \t\r\n"


def decode(text: str) -> Value:
    """What a JSON text says. Raises FunctionError."""
    start = len(text) - len(text.lstrip(_SPACES))
    if start == len(text):
        raise FunctionError("EOF")
    try:
        value, end = _decoder.raw_decode(text, start)
    except json.JSONDecodeError as error:
        raise FunctionError(_explained(text, error)) from None
    if text[end:].lstrip(_SPACES)[:1] not in ("", "]", "}"):
        raise FunctionError("extraneous data after JSON object")
    return _without_surrogates(_tupled(value))


def _without_surrogates(value: Value) -> Value:
    """Half of an escaped pair stands for nothing: Go puts the replacement character in its place."""
    if type(value) is str:
        if value.isascii():
            return value
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, tuple):
        return tuple(map(_without_surrogates, value))
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    return value


def _explained(text: str, error: json.JSONDecodeError) -> str:
    """Go's words, where the place and kind of the fault tell them."""
    at = error.pos
    message = error.msg
    if message.startswith("Unterminated string"):
        return "unexpected EOF"
    if message.startswith("Illegal trailing comma before end of array"):  # Python 3.13 points at the comma
        at += 1 + len(text[at + 1 :]) - len(text[at + 1 :].lstrip(_SPACES))
    if at >= len(text):
        return "EOF"
    shown = go_quote(text[at])[1:-1] if text[at] not in "'\"" else {"'": "\\'", '"': '"'}[text[at]]
    where = "looking for beginning of value"
    if message.startswith("Invalid control character"):
        where = "in string literal"
    elif message.startswith("Invalid \\escape"):
        shown, where = text[at + 1 : at + 2], "in string escape code"
    elif message.startswith("Expecting ':'"):
        where = "after object key"
    elif message.startswith("Expecting ','"):
        inside = "object key:value pair" if text[:at].rfind("{") > text[:at].rfind("[") else "array element"
        where = f"after {inside}"
    elif message.startswith("Expecting property name"):
        return f"invalid character '{shown}'"
    elif any(word.startswith(text[at:].rstrip(_SPACES)) for word in ("true", "false", "null", "-0")):
        return "unexpected EOF"
    return f"invalid character '{shown}' {where}"


FUNCTIONS = {
    "jsondecode": Function("jsondecode", (Parameter("str", STRING),), decode, DYNAMIC, not_null=False),
    "jsonencode": Function(
        "jsonencode", (Parameter("val", null=True, unknown=True, dynamic=True),), _jsonencode, STRING
    ),
}
