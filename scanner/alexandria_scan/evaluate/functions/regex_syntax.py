"""Go's regular expressions (RE2 syntax with Perl's classes), read as regexp/syntax reads them.

The messages of RegexError are Go's: a code and the part of the pattern that it is about.
"""

from __future__ import annotations

import msgspec

from alexandria_scan.evaluate.errors import LimitExceeded
from alexandria_scan.evaluate.functions.regex_classes import (
    CharacterSet,
    RegexError,
    parse_class,
    parse_escape,
    unicode_class,
)
from alexandria_scan.evaluate.functions.regex_nodes import (
    Alternatives,
    Assertion,
    Character,
    Group,
    Node,
    Pattern,
    Repeat,
    Sequence,
)

MAX_REPEAT = 1000
MAX_DEPTH = 100
MAX_PATTERN = 10_000


class _Flags(msgspec.Struct):
    fold: bool = False
    multiline: bool = False
    dot_all: bool = False
    ungreedy: bool = False

    def copy(self) -> _Flags:
        return _Flags(self.fold, self.multiline, self.dot_all, self.ungreedy)


class _Open(msgspec.Struct):
    """A parenthesis that has not been closed yet; the outermost one is the pattern itself."""

    flags: _Flags
    group: int | None = None
    alternatives: list[Node] = []
    items: list[Node] = []

    def node(self) -> Node:
        last = _joined(self.items)
        inner = Alternatives((*self.alternatives, last)) if self.alternatives else last
        return inner if self.group is None else Group(self.group, inner)


def _joined(items: list[Node]) -> Node:
    return items[0] if len(items) == 1 else Sequence(tuple(items))


def parse(pattern: str) -> Pattern:
    """Raises RegexError, LimitExceeded."""
    if len(pattern) > MAX_PATTERN:
        raise LimitExceeded("Value too large", f"A regular expression has more than {MAX_PATTERN} characters.")
    return _Parser(pattern).pattern()


_DOT, _DOT_ALL = CharacterSet(((0, 9), (11, 0x10FFFF))), CharacterSet(((0, 0x10FFFF),))
_SIMPLE_REPEATS = {"*": (0, None), "+": (1, None), "?": (0, 1)}


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.flags = _Flags()
        self.stack = [_Open(_Flags())]
        self.names: list[str] = []
        self.last_repeat = ""

    def pattern(self) -> Pattern:
        while self.at < len(self.text):
            start = self.at
            repeated = self.step(self.text[start])
            self.last_repeat = self.text[start:] if repeated else ""
        if len(self.stack) > 1:
            raise RegexError("missing closing )", self.text)
        return Pattern(self.stack[0].node(), tuple(self.names))

    def step(self, character: str) -> bool:
        """Reads one thing; true if it was a repetition."""
        if character == "(":
            self.open()
        elif character == ")":
            self.close()
        elif character == "|":
            top = self.stack[-1]
            top.alternatives.append(_joined(top.items))
            top.items = []
            self.at += 1
        elif character in "*+?":
            least, most = _SIMPLE_REPEATS[character]
            self.repeat(self.at, self.at + 1, least, most)
            return True
        elif character == "{" and self.counted_repeat():
            return True
        else:
            self.single(character)
        return False

    def single(self, character: str) -> None:
        if character == "[":
            found, self.at = parse_class(self.text, self.at, self.flags.fold)
            self.add(Character(found))
        elif character == "\\":
            self.escape()
        else:
            self.at += 1
            if character == "^":
                self.add(Assertion("line_begin" if self.flags.multiline else "begin"))
            elif character == "$":
                self.add(Assertion("line_end" if self.flags.multiline else "end"))
            elif character == ".":
                self.add(Character(_DOT_ALL if self.flags.dot_all else _DOT))
            else:
                self.literal(character)

    def literal(self, character: str) -> None:
        code = ord(character)
        self.add(Character(CharacterSet(((code, code),), fold=self.flags.fold)))

    def add(self, node: Node) -> None:
        self.stack[-1].items.append(node)

    def open(self) -> None:
        if self.text.startswith("(?", self.at):
            self.perl_group()
            return
        self.at += 1
        self.capture("")

    def capture(self, name: str) -> None:
        self.names.append(name)
        self.push(len(self.names))

    def push(self, group: int | None) -> None:
        if len(self.stack) > MAX_DEPTH:
            raise LimitExceeded("Value too deep", "A regular expression is nested too deeply.")
        self.stack.append(_Open(self.flags.copy(), group))

    def close(self) -> None:
        if len(self.stack) == 1:
            raise RegexError("unexpected )", self.text)
        closed = self.stack.pop()
        self.flags = closed.flags
        self.add(closed.node())
        self.at += 1

    def perl_group(self) -> None:
        rest = self.text[self.at :]
        start = 4 if rest.startswith("(?P<") else 3 if rest.startswith("(?<") else 0
        if start and len(rest) > start:
            end = rest.find(">")
            if end < 0:
                raise RegexError("invalid named capture", rest)
            name = rest[start:end]
            if not name or not all(letter.isascii() and (letter.isalnum() or letter == "_") for letter in name):
                raise RegexError("invalid named capture", rest[: end + 1])
            self.at += end + 1
            self.capture(name)
            return
        self.flag_group()

    def flag_group(self) -> None:
        """`(?i)`, `(?i-s:...)`, `(?:...)`."""
        begin = self.at
        flags = self.flags.copy()
        on, seen = True, False
        at = begin + 2
        while at < len(self.text):
            letter = self.text[at]
            at += 1
            if letter == "i":
                flags.fold = on
            elif letter == "m":
                flags.multiline = on
            elif letter == "s":
                flags.dot_all = on
            elif letter == "U":
                flags.ungreedy = on
            elif letter == "-" and on:
                on, seen = False, False
                continue
            elif letter in ":)" and (on or seen):
                if letter == ":":
                    self.push(None)
                self.flags = flags
                self.at = at
                return
            else:
                break
            seen = True
        raise RegexError("invalid or unsupported Perl syntax", self.text[begin:at])

    def counted_repeat(self) -> bool:
        """`{2}`, `{2,}`, `{2,5}`; anything else is a literal brace."""
        end = self.text.find("}", self.at)
        low, comma, high = self.text[self.at + 1 : end].partition(",") if end > 0 else ("", "", "")
        if not _is_count(low) or (high and not _is_count(high)):
            return False
        least = int(low[:9])
        most = int(high[:9]) if high else None if comma else least
        after = end + 1
        if least > MAX_REPEAT or (most is not None and (most > MAX_REPEAT or least > most)):
            raise RegexError("invalid repeat count", self.text[self.at : after])
        self.repeat(self.at, after, least, most)
        return True

    def repeat(self, before: int, after: int, least: int, most: int | None) -> None:
        greedy = not self.flags.ungreedy
        if self.text.startswith("?", after):
            after += 1
            greedy = not greedy
        if self.last_repeat:
            start = len(self.text) - len(self.last_repeat)
            raise RegexError("invalid nested repetition operator", self.text[start:after])
        items = self.stack[-1].items
        if not items:
            raise RegexError("missing argument to repetition operator", self.text[before:after])
        node = Repeat(items[-1], least, most, greedy)
        if max(least, most or 0) >= 2 and _copies(node) > MAX_REPEAT:
            raise RegexError("invalid repeat count", self.text[before:after])
        items[-1] = node
        self.at = after

    def escape(self) -> None:
        following = self.text[self.at + 1 : self.at + 2]
        if following in ("A", "b", "B", "z"):
            self.at += 2
            self.add(Assertion({"A": "begin", "b": "word", "B": "not_word", "z": "end"}[following]))
        elif following == "Q":
            quoted, _, _ = self.text[self.at + 2 :].partition("\\E")
            self.at = min(self.at + 4 + len(quoted), len(self.text))
            for character in quoted:
                self.literal(character)
        else:
            found = unicode_class(self.text, self.at, self.flags.fold)
            if found is not None:
                self.add(Character(found[0]))
                self.at = found[1]
            else:
                code, self.at = parse_escape(self.text, self.at)
                self.literal(chr(code))


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and (text == "0" or text[0] != "0")


def _copies(node: Node) -> int:
    """How often the innermost counted repetition would be written out."""
    if isinstance(node, Repeat):
        times = max(node.least, node.most or 0, 1)
        return times * _copies(node.inner)
    if isinstance(node, Group):
        return _copies(node.inner)
    if isinstance(node, (Sequence, Alternatives)):
        return max(map(_copies, node.items), default=1)
    return 1
