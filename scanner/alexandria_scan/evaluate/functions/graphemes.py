"""Grapheme clusters, the characters as a reader counts them: Unicode 15, UAX #29, extended clusters.

Terraform's `length`, `substr`, `strrev` and the widths of `format` count these, with the small deviations of its
library: a joiner takes in a pictograph after Hangul and flags, too, and the replacement character stands alone.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from unicodedata import category

_EXTEND = """
    9be 9d7 b3e b57 bbe bd7 cc2 cd5-cd6 d3e d57 dcf ddf 1b35 200c 302e-302f ff9e-ff9f 1133e 11357 114b0
    114bd 115af 11930 1d165 1d16e-1d172 1f3fb-1f3ff e0020-e007f
"""
_NOT_SPACING = """
    102b-102c 1038 1062-1064 1067-106d 1083 1087-108c 108f 109a-109c 1a61 1a63-1a64 aa7b aa7d
    11720-11721
"""
_PREPEND = """
    600-605 6dd 70f 890-891 8e2 d4e 110bd 110cd 111c2-111c3 1193f 11941 11a3a 11a84-11a89 11d46 11f02
"""
_PICTOGRAPHIC = """
    a9 ae 203c 2049 2122 2139 2194-2199 21a9-21aa 231a-231b 2328 2388 23cf 23e9-23f3 23f8-23fa 24c2
    25aa-25ab 25b6 25c0 25fb-25fe 2600-2605 2607-2612 2614-2685 2690-2705 2708-2712 2714 2716 271d 2721
    2728 2733-2734 2744 2747 274c 274e 2753-2755 2757 2763-2767 2795-2797 27a1 27b0 27bf 2934-2935
    2b05-2b07 2b1b-2b1c 2b50 2b55 3030 303d 3297 3299 1f000-1f0ff 1f10d-1f10f 1f12f 1f16c-1f171
    1f17e-1f17f 1f18e 1f191-1f19a 1f1ad-1f1e5 1f201-1f20f 1f21a 1f22f 1f232-1f23a 1f23c-1f23f
    1f249-1f3fa 1f400-1f53d 1f546-1f64f 1f680-1f6ff 1f774-1f77f 1f7d5-1f7ff 1f80c-1f80f 1f848-1f84f
    1f85a-1f85f 1f888-1f88f 1f8ae-1f8ff 1f90c-1f93a 1f93c-1f945 1f947-1faff 1fc00-1fffd
"""


class _Ranges:
    def __init__(self, text: str) -> None:
        pairs = [part.partition("-") for part in text.split()]
        self.starts = [int(start, 16) for start, _, _ in pairs]
        self.ends = [int(end or start, 16) for start, _, end in pairs]

    def __contains__(self, code: int) -> bool:
        index = bisect_right(self.starts, code) - 1
        return index >= 0 and code <= self.ends[index]


_IS_EXTEND, _IS_PREPEND, _IS_PICTOGRAPHIC = map(_Ranges, (_EXTEND, _PREPEND, _PICTOGRAPHIC))
_IS_NOT_SPACING = _Ranges(_NOT_SPACING)
_known: dict[str, str] = {"\r": "CR", "\n": "LF", "\u200d": "ZWJ", "\ufffd": "Control"}


def _kind(character: str) -> str:
    kind = _known.get(character)
    if kind is None:
        kind = _known[character] = _classify(ord(character), category(character))
    return kind


def _classify(code: int, general: str) -> str:
    if code in _IS_EXTEND or general in ("Mn", "Me"):
        return "Extend"
    if code in _IS_PREPEND:
        return "Prepend"
    if general in ("Cc", "Cf", "Zl", "Zp"):
        return "Control"
    if (general == "Mc" and code not in _IS_NOT_SPACING) or code in (0xE33, 0xEB3):
        return "SpacingMark"
    if 0x1F1E6 <= code <= 0x1F1FF:
        return "RI"
    if 0x1100 <= code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return "L"
    if 0x1160 <= code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return "V"
    if 0x11A8 <= code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return "T"
    if 0xAC00 <= code <= 0xD7A3:
        return "LVT" if (code - 0xAC00) % 28 else "LV"
    return "Pictographic" if code in _IS_PICTOGRAPHIC else ""


_HANGUL = {"L": ("L", "V", "LV", "LVT"), "LV": ("V", "T"), "V": ("V", "T"), "LVT": ("T",), "T": ("T",)}
_JOINING = ("Pictographic", "RI", *_HANGUL)
_BREAKERS = ("CR", "LF", "Control")


def clusters(text: str) -> Iterator[str]:
    start = 0
    before = ""
    flags = 0  # regional indicators so far in the cluster
    joins = False  # whether a joiner in the cluster takes a pictograph in, as it should after pictographs only
    for index, character in enumerate(text):
        kind = _kind(character)
        if index and _breaks(before, kind, flags, joins):
            yield text[start:index]
            start, flags = index, 0
        if index == start or before == "Prepend":
            joins = kind in _JOINING
        flags += kind == "RI"
        before = kind
    if text:
        yield text[start:]


def _breaks(before: str, kind: str, flags: int, joins: bool) -> bool:
    if before == "CR":
        return kind != "LF"
    if before in _BREAKERS or kind in _BREAKERS:
        return True
    if kind in _HANGUL.get(before, ()) or kind in ("Extend", "ZWJ", "SpacingMark") or before == "Prepend":
        return False
    if before == "ZWJ" and joins and kind == "Pictographic":
        return False
    return not (before == "RI" and kind == "RI" and flags % 2 == 1)


def count(text: str) -> int:
    if text.isascii():
        return len(text) - text.count("\r\n")
    return sum(1 for _ in clusters(text))


def split(text: str) -> list[str]:
    """The clusters of the text, at once for plain ASCII."""
    if text.isascii() and "\r\n" not in text:
        return list(text)
    return list(clusters(text))
