"""YAML as go-cty-yaml writes it: libyaml's emitter with every string quoted, or literal if it has lines."""

from __future__ import annotations

from itertools import pairwise

from alexandria_scan.evaluate import numbers
from alexandria_scan.evaluate.functions.limits import limit_text
from alexandria_scan.evaluate.values import Value, is_number, items_of

BEST_WIDTH = 80
MAX_SIMPLE_KEY = 128
_BREAKS = "\r\n\x85\u2028\u2029"
_ESCAPES = {
    0x00: "0", 0x07: "a", 0x08: "b", 0x09: "t", 0x0A: "n", 0x0B: "v", 0x0C: "f", 0x0D: "r", 0x1B: "e",
    0x22: '"', 0x5C: "\\", 0x85: "N", 0xA0: "_", 0x2028: "L", 0x2029: "P",
}  # fmt: skip


def encode(value: Value) -> str:
    """One document. The value is wholly known. Raises LimitExceeded."""
    emitter = _Emitter()
    emitter.node(value)
    emitter.indent = -1
    emitter.write_indent()
    if emitter.open_ended:
        emitter.indicator("...", True)
        emitter.write_indent()
    return "".join(emitter.out)


def _printable(character: str) -> bool:
    code = ord(character)
    if code < 0x80:
        return character == "\n" or 0x20 <= code <= 0x7E
    return 0xA0 <= code <= 0xFFFD and code != 0xFEFF


class _Emitter:
    def __init__(self) -> None:
        self.out: list[str] = []
        self.length = 0
        self.column = 0
        self.indent = -1
        self.whitespace = self.indention = True
        self.open_ended = False

    def put(self, text: str) -> None:
        self.out.append(text)
        self.column += len(text)
        self.length += len(text)
        limit_text(self.length)

    def put_break(self, text: str = "\n") -> None:
        self.put(text)
        self.column = 0

    def indicator(self, text: str, spaced: bool, whitespace: bool = False, indention: bool = False) -> None:
        if spaced and not self.whitespace:
            self.put(" ")
        self.put(text)
        self.whitespace = whitespace
        self.indention = self.indention and indention
        self.open_ended = False

    def write_indent(self) -> None:
        wanted = max(self.indent, 0)
        if not self.indention or self.column > wanted or (self.column == wanted and not self.whitespace):
            self.put_break()
        if self.column < wanted:
            self.put(" " * (wanted - self.column))
        self.whitespace = self.indention = True

    def deeper(self, indentless: bool) -> int:
        before = self.indent
        if before < 0:
            self.indent = 0
        elif not indentless:
            self.indent += 2
        return before

    def node(self, value: Value, in_mapping: bool = False, root: bool = True) -> None:
        if isinstance(value, tuple):
            self.sequence(value, in_mapping)
        elif isinstance(value, dict):
            self.mapping(value)
        elif type(value) is str:
            self.string(value, simple_key=False)
        else:
            self.plain(value, root)

    def sequence(self, value: Value, in_mapping: bool) -> None:
        if not value:
            self.indicator("[", True, True)
            self.indicator("]", False)
            return
        before = self.deeper(in_mapping and not self.indention)
        for item in value:
            self.write_indent()
            self.indicator("-", True, False, True)
            self.node(item, root=False)
        self.indent = before

    def mapping(self, value: Value) -> None:
        if not value:
            self.indicator("{", True, True)
            self.indicator("}", False)
            return
        before = self.deeper(False)
        for key, item in items_of(value):
            self.write_indent()
            if len(key.encode()) <= MAX_SIMPLE_KEY and not any(mark in key for mark in _BREAKS):
                self.string(key, simple_key=True)
                self.indicator(":", False)
            else:
                self.indicator("?", True, False, True)
                self.string(key, simple_key=False)
                self.write_indent()
                self.indicator(":", True, False, True)
            self.node(item, in_mapping=True, root=False)
        self.indent = before

    def plain(self, value: Value, root: bool) -> None:
        text = "null" if value is None else numbers.to_text(value) if is_number(value) else str(value).lower()
        if not self.whitespace:
            self.put(" ")
        self.put(text)
        self.whitespace = self.indention = False
        self.open_ended = root

    def string(self, text: str, simple_key: bool) -> None:
        before = self.indent
        self.indent = max(before, 0) + 2
        if "\n" in text and not simple_key and _fits_literal(text):
            self.literal(text)
        else:
            self.quoted(text, not simple_key)
        self.indent = before

    def literal(self, text: str) -> None:
        self.indicator("|", True)
        if text[0] in " " + _BREAKS:
            self.indicator("2", False)
        chomp = "-" if text[-1] not in _BREAKS else "+" if len(text) == 1 or text[-2] in _BREAKS else ""
        if chomp:
            self.indicator(chomp, False)
        self.put_break()
        self.whitespace = self.indention = True
        breaks = True
        for character in text:
            if character in _BREAKS:
                self.put_break(character)
                self.indention = breaks = True
                continue
            if breaks:
                self.write_indent()
            self.put(character)
            self.indention = breaks = False

    def quoted(self, text: str, folds: bool) -> None:
        self.indicator('"', True)
        spaces = False
        escapes_all = text.startswith("\ufeff")  # the emitter looks for a byte order mark at the wrong place
        for index, character in enumerate(text):
            if escapes_all or not _printable(character) or character in _BREAKS or character in '"\\':
                self.put(_escaped(ord(character)))
                spaces = False
            elif character == " ":
                if folds and not spaces and self.column > BEST_WIDTH and 0 < index < len(text) - 1:
                    self.write_indent()
                    if text[index + 1] == " ":
                        self.put("\\")
                else:
                    self.put(" ")
                spaces = True
            else:
                self.put(character)
                spaces = False
        self.indicator('"', False)
        self.whitespace = self.indention = False


def _escaped(code: int) -> str:
    if code in _ESCAPES:
        return "\\" + _ESCAPES[code]
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _fits_literal(text: str) -> bool:
    """No character that needs an escape, no space before a line break or at the end."""
    if text[-1] == " " or not all(map(_printable, text)):
        return False
    return not any(before == " " and after in _BREAKS for before, after in pairwise(text))
