"""What tree-sitter-hcl rejects although HCL allows it, written so that it does not: for parsing alone, byte by byte in
the same place, so that texts can be read from the original."""

from __future__ import annotations

import re

from alexandria_scan.patterns import pattern

_EXPONENT = pattern(rb"(?<![\w.])\d+[eE][+-]?\d+")
_SPLAT = pattern(rb"\[[ \t]*\*[ \t]*\]")
_MARKER = pattern(rb"<<-?((?:[A-Za-z_]|[\x80-\xff])(?:[\w-]|[\x80-\xff])*)\r?\n")
_ESCAPED = pattern("[\udc80-\udcff]")


def repaired(data: bytes) -> bytes:
    """The text with numbers such as 1e3, `[ * ]`, NUL bytes and heredoc markers outside of ASCII put otherwise."""
    data = _EXPONENT.sub(_ones, data)
    data = _SPLAT.sub(_splat, data)
    data = data.replace(b"\0", b"\1")  # which cannot stand outside of a string either
    for match in _MARKER.finditer(data):
        if not match[1].isascii():
            data = _renamed(data, match)
    return data


def _ones(match: re.Match[bytes]) -> bytes:
    return b"1" * len(match.group())


def _splat(match: re.Match[bytes]) -> bytes:
    return b"[*]".ljust(len(match.group()))


def _renamed(data: bytes, opening: re.Match[bytes]) -> bytes:
    """The text with a plain marker for the heredoc that begins there."""
    marker = opening[1]
    closing = re.compile(rb"^[ \t]*(" + re.escape(marker) + rb")[ \t]*\r?$", re.MULTILINE).search(data, opening.end())
    if closing is None:
        return data
    plain = b"M" * len(marker)
    between = data[opening.end(1) : closing.start(1)]
    return b"".join((data[: opening.start(1)], plain, between, plain, data[closing.end(1) :]))


def readable(data: bytes) -> bytes:
    """The text with a question mark in the place of each byte that is no UTF-8."""
    return _ESCAPED.sub("?", data.decode("utf-8", "surrogateescape")).encode("utf-8")
