"""The character sets of `textencodebase64` and `textdecodebase64`: what Go's ianaindex shares with Python.

Every table below was compared with Terraform's byte by byte.
"""

from __future__ import annotations

from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions.arguments import go_quote, unknowable
from alexandria_scan.evaluate.types import STRING
from alexandria_scan.evaluate.values import Value

# IANA's name: Python's codec; IANA's aliases.
_TABLE = """
US-ASCII: ascii; iso-ir-6 ansi_x3.4-1968 ansi_x3.4-1986 iso_646.irv:1991 iso646-us us ibm367 cp367 csascii
ISO_8859-1:1987: iso8859-1; iso-ir-100 iso_8859-1 iso-8859-1 latin1 l1 ibm819 cp819 csisolatin1
ISO_8859-2:1987: iso8859-2; iso-ir-101 iso_8859-2 iso-8859-2 latin2 l2 csisolatin2
ISO_8859-3:1988: iso8859-3; iso-ir-109 iso_8859-3 iso-8859-3 latin3 l3 csisolatin3
ISO_8859-4:1988: iso8859-4; iso-ir-110 iso_8859-4 iso-8859-4 latin4 l4 csisolatin4
ISO_8859-5:1988: iso8859-5; iso-ir-144 iso_8859-5 iso-8859-5 cyrillic csisolatincyrillic
ISO_8859-6:1987: iso8859-6; iso-ir-127 iso_8859-6 iso-8859-6 ecma-114 asmo-708 arabic csisolatinarabic
ISO_8859-7:1987: iso8859-7; iso-ir-126 iso_8859-7 iso-8859-7 elot_928 ecma-118 greek greek8 csisolatingreek
ISO_8859-8:1988: iso8859-8; iso-ir-138 iso_8859-8 iso-8859-8 hebrew csisolatinhebrew
ISO_8859-9:1989: iso8859-9; iso-ir-148 iso_8859-9 iso-8859-9 latin5 l5 csisolatin5
ISO-8859-10: iso8859-10; iso-ir-157 l6 iso_8859-10:1992 csisolatin6 latin6
ISO-8859-13: iso8859-13; csiso885913
ISO-8859-14: iso8859-14; iso-ir-199 iso_8859-14:1998 iso_8859-14 latin8 iso-celtic l8 csiso885914
ISO-8859-15: iso8859-15; iso_8859-15 latin-9 csiso885915
ISO-8859-16: iso8859-16; iso-ir-226 iso_8859-16:2001 iso_8859-16 latin10 l10 csiso885916
KOI8-R: koi8-r; cskoi8r
IBM037: cp037; cp037 ebcdic-cp-us ebcdic-cp-ca ebcdic-cp-wt ebcdic-cp-nl csibm037
IBM437: cp437; cp437 437 cspc8codepage437
IBM850: cp850; cp850 850 cspc850multilingual
IBM852: cp852; cp852 852 cspcp852
IBM855: cp855; cp855 855 csibm855
IBM860: cp860; cp860 860 csibm860
IBM862: cp862; cp862 862 cspc862latinhebrew
IBM863: cp863; cp863 863 csibm863
IBM865: cp865; cp865 865 csibm865
IBM866: cp866; cp866 866 csibm866
macintosh: mac-roman; mac csmacintosh
windows-874: cp874; cswindows874
windows-1250: cp1250; cswindows1250
windows-1251: cp1251; cswindows1251
windows-1252: cp1252; cswindows1252
windows-1253: cp1253; cswindows1253
windows-1254: cp1254; cswindows1254
windows-1255: cp1255; cswindows1255
windows-1256: cp1256; cswindows1256
windows-1257: cp1257; cswindows1257
windows-1258: cp1258; cswindows1258
UTF-8: utf-8; csutf8
UTF-16: utf-16; csutf16
UTF-16BE: utf-16-be; csutf16be
UTF-16LE: utf-16-le; csutf16le
"""
# Go has these as the Web has them, which Python has not; plain ASCII is the same in all.
_FOREIGN_NAMES = """
    big5 csbig5 euc-jp cseucpkdfmtjapanese euc-kr cseuckr gb18030 csgb18030 gbk cp936 ms936 windows-936 csgbk
    shift_jis ms_kanji csshiftjis koi8-u cskoi8u iso-2022-jp csiso2022jp
"""
_FOREIGN = frozenset(_FOREIGN_NAMES.split())
# Neither the same nor known here.
_OTHER = frozenset(["ibm1047", "csibm1047", "ibm00858", "ibm01140", "hz-gb-2312", "iso-8859-6-e", "iso-8859-8-i"])
_WITH_CONTROLS = frozenset({"iso8859-1", "iso8859-9"})


def _by_alias() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for line in _TABLE.strip().splitlines():
        rest, _, aliases = line.partition("; ")
        name, codec = rest.rsplit(": ", 1)
        for alias in (name.lower(), *aliases.split()):
            found[alias] = (name, codec)
    return found


_KNOWN = _by_alias()


def _looked_up(name: str) -> tuple[str, str] | None:
    """IANA's name and Python's codec; None if Go's table is not Python's. Raises FunctionError."""
    key = name.strip().lower()
    if key in _KNOWN:
        return _KNOWN[key]
    if key in _FOREIGN or key in _OTHER:
        return None
    detail = f"{go_quote(name)} is not a supported IANA encoding name or alias in this Terraform version"
    raise FunctionError(detail, "encoding")


def _differs(codec: str, text: str) -> bool:
    """Go's ISO tables but two leave out the control characters between the ASCII and the national half."""
    return codec.startswith("iso") and codec not in _WITH_CONTROLS and any("\x80" <= c < "\xa0" for c in text)


def _open(name: str) -> Value:
    return unknowable(STRING, f"the character set {name}", "is not part of the scanner")


def encoded(text: str, name: str) -> Value:
    """The text's bytes, or Unknown. Raises FunctionError."""
    found = _looked_up(name)
    if found is None:
        plain = text.isascii() and name.strip().lower() in _FOREIGN
        return text.encode() if plain else _open(name)
    official, codec = found
    if codec == "utf-16":
        return b"\xfe\xff" + text.encode("utf-16-be")
    if codec == "cp1255" and "\u05ba" in text:
        return _open(name)
    try:
        if _differs(codec, text):
            raise ValueError
        return text.encode(codec)
    except ValueError:
        detail = f"the given string contains characters that cannot be represented in {official}"
        raise FunctionError(detail, "string") from None


def decoded(data: bytes, name: str) -> Value:
    """The text that the bytes spell, or Unknown. Raises FunctionError."""
    found = _looked_up(name)
    if found is None:
        return _open(name)
    official, codec = found
    if codec == "cp1255" and b"\xca" in data:
        return _open(name)
    if codec == "utf-16" and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        codec = "utf-16-be"
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        text = "\ufffd"
    if "\ufffd" in text or _differs(codec, text):
        raise FunctionError(f"the given string contains symbols that are not defined for {official}", "source")
    return text


def check(name: str) -> None:
    """Raises FunctionError if Terraform does not know the character set."""
    _looked_up(name)
