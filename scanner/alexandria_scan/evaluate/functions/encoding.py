"""Base64, character sets and URLs."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable

from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions.arguments import go_quote, redacted, unknowable
from alexandria_scan.evaluate.functions.signature import Function, Parameter
from alexandria_scan.evaluate.types import STRING
from alexandria_scan.evaluate.values import Unknown, Value, mark, unmark

_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def from_base64(text: str) -> bytes | None:
    """As strict as Go: padding is needed, line ends do not count, nothing else is overlooked."""
    bare = text.replace("\r", "").replace("\n", "")
    return base64.b64decode(bare) if _BASE64.fullmatch(bare) else None


def to_base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _base64decode(text: Value) -> Value:
    bare, marks = unmark(text)
    if type(bare) is Unknown:
        return mark(bare.as_type(STRING, True), marks)
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
    """Go's compressor chooses other bytes than zlib's, so that only the empty text has a result to be sure of."""
    if text == "":
        return "H4sIAAAAAAAA/wAAAP//AQAA//8AAAAAAAAAAA=="
    return unknowable(STRING, "base64gzip()", "depends on the compressor that is built into Terraform")


# IANA's name -> Python's codec and IANA's aliases, for the tables in which Python and Go agree.
_ENCODINGS: dict[str, tuple[str, str]] = {
    "US-ASCII": ("ascii", "iso-ir-6 ansi_x3.4-1968 ansi_x3.4-1986 iso_646.irv:1991 iso646-us us ibm367 cp367 csascii"),
    "ISO_8859-1:1987": ("iso8859-1", "iso-ir-100 iso_8859-1 iso-8859-1 latin1 l1 ibm819 cp819 csisolatin1"),
    "ISO_8859-2:1987": ("iso8859-2", "iso-ir-101 iso_8859-2 iso-8859-2 latin2 l2 csisolatin2"),
    "ISO_8859-3:1988": ("iso8859-3", "iso-ir-109 iso_8859-3 iso-8859-3 latin3 l3 csisolatin3"),
    "ISO_8859-4:1988": ("iso8859-4", "iso-ir-110 iso_8859-4 iso-8859-4 latin4 l4 csisolatin4"),
    "ISO_8859-5:1988": ("iso8859-5", "iso-ir-144 iso_8859-5 iso-8859-5 cyrillic csisolatincyrillic"),
    "ISO_8859-7:1987": ("iso8859-7", "iso-ir-126 iso_8859-7 iso-8859-7 elot_928 ecma-118 greek greek8 csisolatingreek"),
    "ISO_8859-9:1989": ("iso8859-9", "iso-ir-148 iso_8859-9 iso-8859-9 latin5 l5 csisolatin5"),
    "ISO-8859-10": ("iso8859-10", "iso-ir-157 l6 iso_8859-10:1992 csisolatin6 latin6"),
    "ISO-8859-13": ("iso8859-13", "csiso885913"),
    "ISO-8859-14": ("iso8859-14", "iso-ir-199 iso_8859-14:1998 iso_8859-14 latin8 iso-celtic l8 csiso885914"),
    "ISO-8859-15": ("iso8859-15", "iso_8859-15 latin-9 csiso885915"),
    "ISO-8859-16": ("iso8859-16", "iso-ir-226 iso_8859-16:2001 iso_8859-16 latin10 l10 csiso885916"),
    "KOI8-R": ("koi8-r", "cskoi8r"),
    "KOI8-U": ("koi8-u", "cskoi8u"),
    "IBM866": ("cp866", "cp866 866 csibm866"),
    "UTF-8": ("utf-8", "csutf8"),
    "UTF-16": ("utf-16", "csutf16"),
    "UTF-16BE": ("utf-16-be", "csutf16be"),
    "UTF-16LE": ("utf-16-le", "csutf16le"),
    **{f"windows-{number}": (f"cp{number}", f"cswindows{number}") for number in range(1250, 1259)},
}
_BY_ALIAS = {
    alias: (name, codec)
    for name, (codec, aliases) in _ENCODINGS.items()
    for alias in (name.lower(), *aliases.split())
}
# Go has these as the Web has them, which Python has not; plain ASCII is the same in all.
_ONLY_ASCII = frozenset(
    "big5 csbig5 euc-jp cseucpkdfmtjapanese euc-kr cseuckr gb18030 csgb18030 gbk cp936 ms936 windows-936 csgbk"
    " shift_jis ms_kanji csshiftjis ibm037 cp037 ibm437 cp437 ibm850 cp850 ibm852 cp852 ibm855 cp855 ibm00858"
    " cp858 ibm862 cp862 iso-8859-6 iso-8859-8 iso-2022-jp hz-gb-2312 macintosh mac windows-874".split()
) - {"ibm037", "cp037"}
_EBCDIC = frozenset({"ibm037", "cp037", "ibm1047", "ibm01140", "cp1140"})


def _encoding(name: str) -> tuple[str, str] | None:
    """IANA's name and Python's codec, or None if Go knows the encoding and Python cannot stand in for it."""
    key = name.strip().lower()
    if key in _BY_ALIAS:
        return _BY_ALIAS[key]
    if key in _ONLY_ASCII or key in _EBCDIC:
        return None
    detail = f"{go_quote(name)} is not a supported IANA encoding name or alias in this Terraform version"
    raise FunctionError(detail, "encoding")


def _open(name: str) -> Unknown:
    return unknowable(STRING, f"the character set {name}", "is not part of the scanner")


def _textencode(text: str, name: str) -> Value:
    encoding = _encoding(name)
    if encoding is None:
        plain = text.isascii() and name.strip().lower() in _ONLY_ASCII and not name.lower().startswith("hz")
        return to_base64(text.encode()) if plain else _open(name)
    official, codec = encoding
    try:
        return to_base64(b"\xfe\xff" + text.encode("utf-16-be") if codec == "utf-16" else text.encode(codec))
    except UnicodeEncodeError:
        detail = f"the given string contains characters that cannot be represented in {official}"
        raise FunctionError(detail, "string") from None


def _textdecode(source: str, name: str) -> Value:
    encoding = _encoding(name)
    data = from_base64(source)
    if data is None:
        detail = f"the given value is has an invalid base64 symbol at offset {_bad_offset(source)}"
        raise FunctionError(detail, "source")
    if encoding is None:
        return _open(name)
    official, codec = encoding
    try:
        text = data.decode("utf-16-be" if codec == "utf-16" and data[:2] not in _MARKS else codec)
    except UnicodeDecodeError:
        text = "\ufffd"
    if "\ufffd" in text:
        raise FunctionError(f"the given string contains symbols that are not defined for {official}", "source")
    return text


_MARKS = (b"\xff\xfe", b"\xfe\xff")
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
        Function(
            "base64decode", (Parameter("str", STRING, unknown=True, marked=True),), _base64decode, STRING
        ),
        _plain("base64encode", _base64encode, "str"),
        _plain("base64gzip", _base64gzip, "str"),
        _plain("textdecodebase64", _textdecode, "source", "encoding"),
        _plain("textencodebase64", _textencode, "string", "encoding"),
        _plain("urlencode", _urlencode, "str"),
    )
}
