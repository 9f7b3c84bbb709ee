"""`regex`, `regexall` and the regular expressions of `replace`, as Go's regexp package runs them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property, lru_cache

from alexandria_scan.evaluate.errors import FunctionError, LimitExceeded
from alexandria_scan.evaluate.functions.arguments import unknowable
from alexandria_scan.evaluate.functions.call import normalized
from alexandria_scan.evaluate.functions.limits import limit_elements, limit_text
from alexandria_scan.evaluate.functions.regex_classes import RegexError, UnsupportedClass
from alexandria_scan.evaluate.functions.regex_machine import Captures, Program
from alexandria_scan.evaluate.functions.regex_nodes import Assertion, Character, Node, Pattern, Repeat, Sequence
from alexandria_scan.evaluate.functions.regex_syntax import parse
from alexandria_scan.evaluate.functions.regex_translate import Untranslatable, cost, translate
from alexandria_scan.evaluate.functions.signature import Function, Parameter
from alexandria_scan.evaluate.types import DYNAMIC, STRING, ListType, ObjectType, TupleType, Type
from alexandria_scan.evaluate.values import ListVal, Unknown, Value
from alexandria_scan.patterns import pattern

MAX_COST = 50_000_000
MAX_REPLACED = 200_000


class Expression:
    """A pattern ready to search texts with. Raises RegexError, UnsupportedClass, LimitExceeded."""

    def __init__(self, text: str) -> None:
        self.pattern: Pattern = parse(text)
        self._program: Program | None = None
        self._folds = _folds(self.pattern.root)
        self._quick_length = -1
        self._anchored, self._begin = _beginning(self.pattern.root)

    @cached_property
    def _compiled(self) -> re.Pattern[str] | None:
        try:
            cost(self.pattern.root, 1)
            return re.compile(translate(self.pattern), re.ASCII)
        except (Untranslatable, re.error, OverflowError):
            return None

    def search(self, text: str, start: int) -> Captures | None:
        """Begin and end of the match and of each group, -1 for a group without part in it."""
        if start == 0 and not (text.startswith(self._begin) if self._anchored else self._begin in text):
            return None
        if self._compiled is not None and self._is_quick(text):
            match = self._compiled.search(text, start)
            if match is None:
                return None
            return tuple(place for span in match.regs for place in span)
        if self._program is None:
            self._program = Program(self.pattern)
        self._program.steps = 0
        return self._program.search(text, start)

    def _is_quick(self, text: str) -> bool:
        if self._folds and not text.isascii():
            return False
        length = len(text)
        if length > self._quick_length and cost(self.pattern.root, length) * (length + 1) <= MAX_COST:
            self._quick_length = length  # what a text costs grows with its length
        return length <= self._quick_length

    def all(self, text: str) -> Iterator[Captures]:
        """All matches that do not overlap; an empty one directly behind another does not count."""
        at, last_end = 0, -1
        while at <= len(text):
            found = self.search(text, at)
            if found is None:
                return
            begin, end = found[:2]
            if end > at or begin != last_end:
                yield found
            at = end if end > at else at + 1
            last_end = end


def _beginning(node: Node) -> tuple[bool, str]:
    """Whether a match can only be where the text begins; and the characters that every match begins with."""
    items = node.items if isinstance(node, Sequence) else (node,)
    anchored = items[:1] == (Assertion("begin"),)
    begin = ""
    for item in items[1:] if anchored else items:
        character = item.set.only() if isinstance(item, Character) else None
        if character is None:
            break
        begin += character
    return anchored, begin


def _folds(node: Node) -> bool:
    if isinstance(node, Character):
        return node.set.fold
    if isinstance(node, Repeat) or hasattr(node, "inner"):
        return _folds(node.inner)
    return any(map(_folds, getattr(node, "items", ())))


@lru_cache(maxsize=256)
def expression(text: str) -> Expression:
    return Expression(text)


def _regex(pattern: str, text: str) -> Value:
    found = _prepared(pattern)
    if type(found) is Unknown:
        return found
    captures = found.search(text, 0)
    if captures is None:
        raise FunctionError("pattern did not match any part of the given string")
    return _result(found, text, captures)


def _regexall(pattern: str, text: str) -> Value:
    found = _prepared(pattern)
    if type(found) is Unknown:
        return found
    results = []
    for captures in found.all(text):
        results.append(_result(found, text, captures))
        limit_elements(len(results))
    return ListVal(results, _pattern_type(found.pattern))


def _prepared(pattern: str) -> Value:
    """The expression, or Unknown if it names characters that Python has no table of. Raises FunctionError."""
    try:
        found = expression(pattern)
        _pattern_type(found.pattern)
    except RegexError as error:
        raise FunctionError(f"invalid regexp pattern: {error}", "pattern") from None
    except UnsupportedClass as error:
        return unknowable(DYNAMIC, f"the class {error}", "of a regular expression is not known to the scanner")
    return found


def _pattern_type(pattern: Pattern) -> Type:
    named = [name for name in pattern.names if name]
    if not pattern.names:
        return STRING
    if not named:
        return TupleType((STRING,) * len(pattern.names))
    if len(named) < len(pattern.names):
        detail = "invalid regexp pattern: cannot mix both named and unnamed capture groups"
        raise FunctionError(detail, "pattern")
    return ObjectType(dict.fromkeys(named, STRING))


def _regex_type(arguments: list[Value]) -> Type:
    if type(arguments[0]) is Unknown:
        return DYNAMIC
    found = _prepared(arguments[0])
    return DYNAMIC if type(found) is Unknown else _pattern_type(found.pattern)


def _result(found: Expression, text: str, captures: Captures) -> Value:
    names = found.pattern.names
    if not names:
        return normalized(text[captures[0] : captures[1]])
    groups = [_group(text, captures, index) for index in range(1, len(names) + 1)]
    return dict(zip(names, groups, strict=True)) if names[0] else tuple(groups)


def _group(text: str, captures: Captures, index: int) -> str | None:
    begin, end = captures[2 * index : 2 * index + 2]
    return None if begin < 0 or end < 0 else normalized(text[begin:end])


_REFERENCE = pattern(r"\$(?:\{(\w+)\}|(\w+)|(\$))")


def replace_all(text: str, pattern: str, template: str) -> Value:
    """Raises FunctionError, LimitExceeded."""
    try:
        found = expression(pattern)
    except RegexError as error:
        raise FunctionError(f"error parsing regexp: {error.code}: `{error.expression}`") from None
    except UnsupportedClass as error:
        return unknowable(STRING, f"the class {error}", "of a regular expression is not known to the scanner")
    out: list[str] = []
    at = last_end = length = 0
    while at <= len(text):
        captures = found.search(text, at)
        if captures is None:
            break
        begin, end = captures[:2]
        out.append(text[last_end:begin])
        if len(out) > 2 * MAX_REPLACED:
            detail = f"A regular expression would replace more than {MAX_REPLACED} places."
            raise LimitExceeded("Value too large", detail)
        if end > last_end or begin == 0:
            out.append(_expanded(found.pattern, template, text, captures))
            length += len(out[-1])
            limit_text(length)
        last_end = end
        at = max(at + 1, end)
    return "".join(out) + text[last_end:]


def _expanded(pattern: Pattern, template: str, text: str, captures: Captures) -> str:
    def reference(match: re.Match[str]) -> str:
        braced, bare, dollar = match.groups()
        if dollar:
            return "$"
        name = braced or bare
        if name.isascii() and name.isdigit() and (name == "0" or name[0] != "0"):
            indexes = [int(name)] if len(name) < 9 and int(name) <= len(pattern.names) else []
        else:
            indexes = [index for index, known in enumerate(pattern.names, 1) if known == name]
        for index in indexes:
            begin, end = captures[2 * index : 2 * index + 2]
            if begin >= 0:
                return text[begin:end]
        return ""

    return _REFERENCE.sub(reference, template)


_PARAMETERS = (Parameter("pattern", STRING), Parameter("string", STRING))

FUNCTIONS = {
    "regex": Function("regex", _PARAMETERS, _regex, _regex_type),
    "regexall": Function("regexall", _PARAMETERS, _regexall, lambda arguments: ListType(_regex_type(arguments))),
}
