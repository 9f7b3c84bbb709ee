"""Base64, character sets and URLs."""

from __future__ import annotations

import base64
from collections.abc import Callable

from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions import charsets
from alexandria_scan.evaluate.functions.arguments import redacted, unknowable
from alexandria_scan.evaluate.functions.signature import Function, Parameter
from alexandria_scan.evaluate.types import STRING
from alexandria_scan.evaluate.values import Unknown, Value, mark, unmark
from alexandria_scan.patterns import pattern

_BASE64 = pattern(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def from_base64(text: str) -> bytes | None:
    """As strict as Go: padding is needed, line ends do not count, nothing else is overlooked."""
    bare = text.replace("\r", "").replace("\n", "")
    return base64.b64decode(bare) if _BASE64.fullmatch(bare) else None


def to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _base64decode(text: Value) -> Value:
    bare, marks = unmark(text)
    if type(bare) is Unknown:
        return mark(Unknown(STRING, (), True), marks)
    data = from_base64(bare)
    if data is None:
        raise FunctionError(f"failed to decode base64 data {redacted(bare, marks)}")
    try:
        return mark(data.decode("utf-8"), marks)
    except UnicodeDecodeError:
        raise FunctionError("the result of decoding the provided string is not valid UTF-8") from None


def _base64encode(text: str) -> str:
    return to_base64(text.encode())


def _base64gzip(text: str) -> Value:
    """Go's compressor chooses other bytes than zlib's: only of the empty text can one be sure."""
    if text == "":
        return "H4sIAAAAAAAA/wAAAP//AQAA//8AAAAAAAAAAA=="
    return unknowable(STRING, "base64gzip()", "depends on the compressor that is built into Terraform")


def _textencode(text: str, name: str) -> Value:
    data = charsets.encoded(text, name)
    return to_base64(data) if isinstance(data, bytes) else data


def _textdecode(source: str, name: str) -> Value:
    charsets.check(name)
    data = from_base64(source)
    if data is None:
        detail = f"the given value is has an invalid base64 symbol at offset {_bad_offset(source)}"
        raise FunctionError(detail, "source")
    return charsets.decoded(data, name)


_ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")


def _bad_offset(text: str) -> int:
    """Where Go's decoder stops: at the first symbol out of place, or before an incomplete group of four."""
    group = 0
    start = 0
    for at, character in enumerate(text):
        if character in "\r\n":
            continue
        if character == "=" and group >= 2:
            rest = text[at + 1 :].replace("\r", "").replace("\n", "")
            if group == 2 and not rest.startswith("="):
                return len(text) if rest == "" else text.index(rest[0], at + 1)
            after = rest[1:] if group == 2 else rest
            return text.index(after[0], at + (2 if group == 2 else 1)) if after else at
        if character not in _ALPHABET:
            return len(text[:at].encode())
        if group == 0:
            start = at
        group = (group + 1) % 4
    return start


_UNRESERVED = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.~")


def _urlencode(text: str) -> str:
    if all(character in _UNRESERVED for character in text):
        return text
    from urllib.parse import quote_plus

    return quote_plus(text)


def _plain(name: str, implementation: Callable[..., Value], *parameters: str) -> Function:
    return Function(name, tuple(Parameter(label, STRING) for label in parameters), implementation, STRING)


FUNCTIONS = {
    function.name: function
    for function in (
        Function("base64decode", (Parameter("str", STRING, unknown=True, marked=True),), _base64decode, STRING),
        _plain("base64encode", _base64encode, "str"),
        _plain("base64gzip", _base64gzip, "str"),
        _plain("textdecodebase64", _textdecode, "source", "encoding"),
        _plain("textencodebase64", _textencode, "string", "encoding"),
        _plain("urlencode", _urlencode, "str"),
    )
}
