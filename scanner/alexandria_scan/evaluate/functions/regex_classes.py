"""The character classes of Go's regular expressions: ranges, escapes, POSIX and Unicode names, case."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from unicodedata import category

Range = tuple[int, int]
Ranges = tuple[Range, ...]


class RegexError(ValueError):
    """A pattern that Go refuses. `code` and `expression` are those of Go's syntax.Error."""

    def __init__(self, code: str, expression: str) -> None:
        super().__init__(f"{code} in {expression}")
        self.code = code
        self.expression = expression


class UnsupportedClass(ValueError):
    """A class that Go knows and this module does not."""


class CharacterSet:
    """A set of characters. `rules` are further members that only a function can tell (Unicode categories)."""

    __slots__ = ("_known", "_starts", "fold", "negated", "ranges", "rules")

    def __init__(
        self,
        ranges: Ranges,
        rules: tuple[Callable[[str], bool], ...] = (),
        negated: bool = False,
        fold: bool = False,
    ) -> None:
        self.ranges = _merged(ranges)
        self.rules = rules
        self.negated = negated
        self.fold = fold
        self._starts = [low for low, _ in self.ranges]
        self._known: dict[str, bool] = {}

    def __contains__(self, character: str) -> bool:
        known = self._known.get(character)
        if known is None:
            inside = any(map(self._has, orbit(character))) if self.fold else self._has(character)
            known = self._known[character] = inside != self.negated
        return known

    def only(self) -> str | None:
        """Its one member, if it has no more and no less."""
        if self.rules or self.negated or self.fold or len(self.ranges) != 1:
            return None
        ((low, high),) = self.ranges
        return chr(low) if low == high else None

    def _has(self, character: str) -> bool:
        code = ord(character)
        index = bisect_right(self._starts, code) - 1
        if index >= 0 and code <= self.ranges[index][1]:
            return True
        return any(rule(character) for rule in self.rules)


def _merged(ranges: Ranges) -> Ranges:
    merged: list[Range] = []
    for low, high in sorted(ranges):
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return tuple(merged)


def _inverted(ranges: Ranges) -> Ranges:
    result: list[Range] = []
    begin = 0
    for low, high in _merged(ranges):
        if low > begin:
            result.append((begin, low - 1))
        begin = high + 1
    return (*result, (begin, 0x10FFFF)) if begin <= 0x10FFFF else tuple(result)


# What is one under Unicode's simple case folding beyond what lower, upper and title case connect.
_FOLDED = {
    character: group
    for group in ("kK\u212a", "sS\u017f", "\xe5\xc5\u212b", "\xb5\u03bc\u039c", "\u03c3\u03c2\u03a3",
                  "\u03b8\u03d1\u0398\u03f4", "\u03b2\u03d0\u0392", "\u03b5\u03f5\u0395",
                  "\u03ba\u03f0\u039a", "\u03c0\u03d6\u03a0", "\u03c1\u03f1\u03a1", "\u03c6\u03d5\u03a6",
                  "\u03c9\u03a9\u2126", "\u03b9\u0399\u0345\u1fbe", "\u1e61\u1e60\u1e9b", "\xdf\u1e9e")
    for character in group
}  # fmt: skip


def orbit(character: str) -> str:
    """All characters that are the same when case does not matter."""
    group = _FOLDED.get(character)
    if group is not None:
        return group
    found = character
    for mapped in (character.lower(), character.upper(), character.title()):
        if len(mapped) == 1 and mapped not in found and mapped not in _FOLDED:
            found += mapped
    return found


_DIGIT: Ranges = ((0x30, 0x39),)
_SPACE: Ranges = ((9, 10), (12, 13), (32, 32))
_UPPER: Ranges = ((0x41, 0x5A),)
_LOWER: Ranges = ((0x61, 0x7A),)
_ALPHA = _UPPER + _LOWER
_WORD = _DIGIT + _ALPHA + ((0x5F, 0x5F),)
_PERL = {"d": _DIGIT, "s": _SPACE, "w": _WORD}
_POSIX: dict[str, Ranges] = {
    "alnum": _DIGIT + _ALPHA,
    "alpha": _ALPHA,
    "ascii": ((0, 0x7F),),
    "blank": ((9, 9), (32, 32)),
    "cntrl": ((0, 0x1F), (0x7F, 0x7F)),
    "digit": _DIGIT,
    "graph": ((0x21, 0x7E),),
    "lower": _LOWER,
    "print": ((0x20, 0x7E),),
    "punct": ((0x21, 0x2F), (0x3A, 0x40), (0x5B, 0x60), (0x7B, 0x7E)),
    "space": ((9, 13), (32, 32)),
    "upper": _UPPER,
    "word": _WORD,
    "xdigit": (*_DIGIT, (0x41, 0x46), (0x61, 0x66)),
}
_CATEGORY_NAMES = "C Cc Cf Co Cs L Ll Lm Lo Lt Lu M Mc Me Mn N Nd Nl No P Pc Pd Pe Pf Pi Po Ps S Sc Sk Sm So Z Zl Zp Zs"
_CATEGORIES = frozenset(_CATEGORY_NAMES.split())
# The names of scripts that Go knows: their characters are not in Python's tables.
_SCRIPT_NAMES = """
    Arabic Armenian Bengali Bopomofo Braille Cherokee Common Coptic Cyrillic Devanagari Ethiopic Georgian
    Greek Gujarati Gurmukhi Han Hangul Hebrew Hiragana Inherited Kannada Katakana Khmer Lao Latin Malayalam
    Mongolian Myanmar Oriya Runic Sinhala Syriac Tamil Telugu Thaana Thai Tibetan Yi
"""
_SCRIPTS = frozenset(_SCRIPT_NAMES.split())


def unicode_class(text: str, at: int, fold: bool) -> tuple[CharacterSet, int] | None:
    """The Perl (`\\d`) or Unicode class (`\\pL`) at `at`, and where it ends; None if there is none."""
    letter = text[at + 1 : at + 2]
    if letter.lower() in _PERL:
        ranges = _PERL[letter.lower()]
        return CharacterSet(ranges, fold=fold, negated=letter.isupper()), at + 2
    if letter not in ("p", "P") or at + 2 >= len(text):
        return None
    end = at + 3
    name = text[at + 2]
    if name == "{":
        end = text.find("}", at) + 1
        if not end:
            raise RegexError("invalid character class range", text[at:])
        name = text[at + 3 : end - 1]
    negated = letter == "P"
    if name.startswith("^"):
        negated = not negated
        name = name[1:]
    if name == "Any":
        return CharacterSet(((0, 0x10FFFF),), negated=negated), end
    if name not in _CATEGORIES:
        if name in _SCRIPTS:
            raise UnsupportedClass(text[at:end])
        raise RegexError("invalid character class range", text[at:end])
    return CharacterSet((), (lambda character: category(character).startswith(name),), negated, fold), end


def parse_class(text: str, start: int, fold: bool) -> tuple[CharacterSet, int]:
    """The class in brackets that begins at `start`, and where it ends. Raises RegexError."""
    at = start + 1
    negated = text.startswith("^", at)
    at += negated
    ranges: Ranges = ()
    rules: tuple[Callable[[str], bool], ...] = ()
    first = True
    while first or not text.startswith("]", at):
        first = False
        found = _posix_class(text, at, fold) if text.startswith("[:", at) else None
        if found is None and text.startswith("\\", at):
            found = unicode_class(text, at, fold)
        if found is not None:
            members, at = found
            if members.rules or (members.negated and fold):
                rules += (members.__contains__,)
            else:
                ranges += _inverted(members.ranges) if members.negated else members.ranges
            continue
        begin = at
        low, at = _class_character(text, at, start)
        high = low
        if text.startswith("-", at) and at + 1 < len(text) and text[at + 1] != "]":
            high, at = _class_character(text, at + 1, start)
            if high < low:
                raise RegexError("invalid character class range", text[begin:at])
        ranges += ((low, high),)
    return CharacterSet(ranges, rules, negated, fold), at + 1


def _posix_class(text: str, at: int, fold: bool) -> tuple[CharacterSet, int] | None:
    end = text.find(":]", at + 2)
    if end < 0:
        return None
    name = text[at + 2 : end]
    ranges = _POSIX.get(name.removeprefix("^"))
    if ranges is None:
        raise RegexError("invalid character class range", text[at : end + 2])
    return CharacterSet(ranges, negated=name.startswith("^"), fold=fold), end + 2


def _class_character(text: str, at: int, start: int) -> tuple[int, int]:
    if at >= len(text):
        raise RegexError("missing closing ]", text[start:])
    return parse_escape(text, at) if text[at] == "\\" else (ord(text[at]), at + 1)


_CONTROLS = {"a": 7, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}


def parse_escape(text: str, start: int) -> tuple[int, int]:
    """The character that the escape at `start` stands for, and where it ends. Raises RegexError."""
    at = start + 2
    letter = text[start + 1 : at]
    if not letter:
        raise RegexError("trailing backslash at end of expression", "")
    if letter in _CONTROLS:
        return _CONTROLS[letter], at
    if letter == "0" or (letter in "1234567" and text[at : at + 1] in tuple("01234567")):
        while at < start + 4 and text[at : at + 1] in tuple("01234567"):
            at += 1
        return int(text[start + 1 : at], 8), at
    if letter == "x":
        return _hexadecimal(text, start)
    if letter.isascii() and not letter.isalnum():
        return ord(letter), at
    raise RegexError("invalid escape sequence", text[start:at])


def _hexadecimal(text: str, start: int) -> tuple[int, int]:
    """`\\x41` or `\\x{1F600}`."""
    at = start + 2
    if not text.startswith("{", at):
        digits = text[at : at + 2]
        if len(digits) < 2 or not all(digit in _HEXADECIMAL for digit in digits):
            raise RegexError("invalid escape sequence", text[start : at + 2])
        return int(digits, 16), at + 2
    code, at = 0, at + 1
    while not text.startswith("}", at) or at == start + 3:
        digit = text[at : at + 1]
        at += 1
        if digit == "" or digit not in _HEXADECIMAL:
            raise RegexError("invalid escape sequence", text[start:at])
        code = code * 16 + int(digit, 16)
        if code > 0x10FFFF:
            raise RegexError("invalid escape sequence", text[start:at])
    return code, at + 1


_HEXADECIMAL = "0123456789abcdefABCDEF"
