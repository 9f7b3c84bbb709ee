"""`yamlencode` and `yamldecode`."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

import yaml

from alexandria_scan.evaluate import numbers
from alexandria_scan.evaluate.convert import convert
from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions.arguments import friendly_type, go_quote, unknowable
from alexandria_scan.evaluate.functions.call import normalized
from alexandria_scan.evaluate.functions.limits import limit_elements
from alexandria_scan.evaluate.functions.rfc3339 import days_in
from alexandria_scan.evaluate.functions.signature import Function, Parameter
from alexandria_scan.evaluate.functions.yaml_encode import encode
from alexandria_scan.evaluate.types import DYNAMIC, NUMBER, STRING
from alexandria_scan.evaluate.values import Unknown, Value, wholly_known

_TAG = "tag:yaml.org,2002:"
_STR, _BOOL, _INT, _FLOAT, _NULL, _TIME, _BINARY = (
    _TAG + name for name in ("str", "bool", "int", "float", "null", "timestamp", "binary")
)
_RESOLVABLE = frozenset({"", _STR, _BOOL, _INT, _FLOAT, _NULL, _TIME, _BINARY})
_WORDS: dict[str, tuple[Value, str]] = {
    **dict.fromkeys(["y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"], (True, _BOOL)),
    **dict.fromkeys(["n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"], (False, _BOOL)),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), (None, _NULL)),
}
_INFINITE = frozenset(sign + word for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF"))
_HINTED = frozenset("+-0123456789yYnNtTfFoO~.")
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", re.ASCII)
_DECIMAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_MERGE = object()
MAX_DEPTH = 100


def _yamlencode(value: Value) -> Value:
    return encode(value) if wholly_known(value) else Unknown(STRING, (), True)


def _yamldecode(text: str) -> Value:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _Document(yaml.parse(text or "\n", Loader=loader)).value()
    except yaml.MarkedYAMLError as error:
        raise _syntax_error(error) from None
    except yaml.reader.ReaderError:
        raise FunctionError("control characters are not allowed") from None


def _syntax_error(error: yaml.MarkedYAMLError) -> FunctionError:
    problem = error.problem or "invalid YAML syntax"
    mark = error.problem_mark
    if mark is not None and mark.line:
        scanner = isinstance(error, yaml.scanner.ScannerError)
        place = (mark.line + 1, 1) if scanner else (mark.line, mark.column + 1)
        return FunctionError(f"on line {place[0]}, column {place[1]}: {problem}")
    mark = error.context_mark
    if mark is not None and mark.line:
        return FunctionError(f"on line {mark.line}, column {mark.column + 1}: {problem}")
    return FunctionError(problem)


def _fault(event: Any, detail: str) -> FunctionError:
    """Events of the first line are told without their place: its number, 0, is taken for no place at all."""
    mark = event.start_mark
    return FunctionError(f"on line {mark.line}, column {mark.column + 1}: {detail}" if mark.line else detail)


class _Document:
    """Builds the value of the one document of a stream of events."""

    def __init__(self, events: Iterator[Any]) -> None:
        self.events = events
        self.anchors: dict[str, Value] = {}
        self.sizes: dict[str, int] = {}
        self.pending: list[str] = []
        self.nodes = 0

    def next(self) -> Any:
        return next(self.events)

    def value(self) -> Value:
        self.next()
        start = self.next()
        if not isinstance(start, yaml.DocumentStartEvent):
            raise FunctionError("on line 1, column 1: missing start of document")
        if start.version not in (None, (1, 1)):
            raise FunctionError("found incompatible YAML document")
        result = self.node(self.next(), 0)
        self.next()
        extra = self.next()
        if not isinstance(extra, yaml.StreamEndEvent):
            raise _fault(extra, "unexpected extra content after value")
        return result

    def count(self, nodes: int) -> None:
        self.nodes += nodes
        limit_elements(self.nodes)

    def node(self, event: Any, depth: int) -> Value:
        if depth > MAX_DEPTH:
            raise RecursionError
        if isinstance(event, yaml.AliasEvent):
            return self.alias(event)
        self.count(1)
        before, anchor = self.nodes, event.anchor
        if anchor:
            self.pending.append(anchor)
        if isinstance(event, yaml.ScalarEvent):
            result = self.scalar(event)
        elif isinstance(event, yaml.SequenceStartEvent):
            result = self.sequence(event, depth)
        else:
            result = self.mapping(event, depth)
        if anchor:
            self.pending.remove(anchor)
            self.anchors[anchor] = result
            self.sizes[anchor] = self.nodes - before + 1
        return result

    def alias(self, event: Any) -> Value:
        name = event.anchor
        if name in self.pending:
            raise _fault(event, f"cannot refer to anchor {go_quote(name)} from inside its own definition")
        if name not in self.anchors:
            raise _fault(event, f"reference to undefined anchor {go_quote(name)}")
        self.count(self.sizes[name])
        return self.anchors[name]

    def scalar(self, event: Any) -> Value:
        try:
            value = resolve(event.tag or "", event.value, event.style)
        except FunctionError as error:
            raise _fault(event, error.detail) from None
        if value is _MERGE:
            return "<<"
        if not event.tag and not event.implicit[0]:
            return convert(value, STRING)  # a block of text is a string, even if it spells something else
        return normalized(value) if type(value) is str else value

    def sequence(self, event: Any, depth: int) -> Value:
        if event.tag not in (None, _TAG + "seq"):
            raise _fault(event, f"can't interpret sequence as {event.tag}")
        items = []
        while not isinstance(following := self.next(), yaml.SequenceEndEvent):
            items.append(self.node(following, depth + 1))
        return tuple(items)

    def mapping(self, event: Any, depth: int) -> Value:
        if event.tag not in (None, _TAG + "map"):
            raise _fault(event, f"can't interpret mapping as {event.tag}")
        result: dict[str, Value] = {}
        while not isinstance(following := self.next(), yaml.MappingEndEvent):
            if not isinstance(following, yaml.ScalarEvent):
                raise _fault(following, "only strings are allowed as mapping keys")
            key = resolve(following.tag or "", following.value, following.style)
            if key is None:
                raise _fault(following, "mapping key cannot be null")
            value = self.node(self.next(), depth + 1)
            if type(key) is Unknown:
                key = "-Inf" if following.value.startswith("-") else "+Inf"
            if key is not _MERGE:
                result[normalized(convert(key, STRING))] = value
            elif isinstance(value, dict):
                result.update(value)
            else:
                raise _fault(following, f"cannot merge {friendly_type(value)} into mapping")
        return result


def resolve(tag: str, text: str, style: str | None) -> Value:
    """The value of a scalar, `_MERGE` for a merge key. Raises FunctionError."""
    if tag not in _RESOLVABLE:
        raise FunctionError(f"unsupported tag {go_quote(tag)}")
    if (text == "" or text[0] in _HINTED) and tag not in (_STR, _BINARY):
        if style in ("'", '"'):
            return text
        if text in _WORDS:
            return _WORDS[text][0]
        if text in _INFINITE:
            return unknowable(NUMBER, "yamldecode()", "gives an infinite number, which Terraform cannot save", "other")
        tag, found = _hinted(tag, text)
        if found is not None:
            return found
    if tag == "" and text == "<<":
        return _MERGE
    return _tagged(tag, text)


def _hinted(tag: str, text: str) -> tuple[str, Value]:
    """What the first character promises: the tag for what follows, or the value."""
    if tag == "" and text in (".nan", ".NaN", ".NAN"):
        raise FunctionError("floating point NaN is not supported")
    if text[0] == ".":
        return tag, numbers.parse(text)
    if text[0] not in "+-0123456789":
        return tag, None
    if tag in ("", _TIME):
        moment = timestamp(text)
        if moment is not None:
            return tag, moment
    if _INTEGER.fullmatch(text):
        return _INT, None
    return (_FLOAT, None) if _DECIMAL.fullmatch(text) else (tag, None)


def _tagged(tag: str, text: str) -> Value:
    if tag in ("", _STR):
        return text
    if tag == _NULL:
        return None
    if tag == _BINARY:
        try:
            base64.b64decode(text.replace("\n", "").replace("\r", ""), validate=True)
        except (binascii.Error, ValueError):
            raise FunctionError(f"cannot parse {go_quote(text)} as {tag}: not valid base64") from None
        return text
    result: Value = None
    if tag in (_INT, _FLOAT):
        result = _number(text.replace("_", ""))
    elif tag == _TIME:
        result = timestamp(text)
    elif text in _WORDS and _WORDS[text][1] == _BOOL:
        result = _WORDS[text][0]
    if result is None:
        raise FunctionError(f"cannot parse {go_quote(text)} as {tag}")
    return result


def _number(text: str) -> Value:
    """A decimal number, or a 64-bit integer in Go's spelling."""
    found = numbers.parse(text)
    if found is not None:
        return found
    try:
        whole = int(text, 0)
    except ValueError:
        return None
    return whole if -(1 << 63) <= whole < 1 << 64 else None


_TIMESTAMP = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)"
    r"(?:[Tt](\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?(Z|[+-]\d\d:\d\d)| (\d\d?):(\d\d?):(\d\d?)(?:[.,]\d+)?)?",
    re.ASCII,
)


def timestamp(text: str) -> str | None:
    """The text of a timestamp in one of four spellings, or None."""
    match = _TIMESTAMP.fullmatch(text)
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups()[:3])
    hour, minute, second = (int(part or 0) for part in (match.groups()[3:6] if match[4] else match.groups()[7:]))
    zone = match[7] or "Z"
    if not (1 <= month <= 12 and 1 <= day <= days_in(year, month)) or hour > 23 or minute > 59 or second > 59:
        return None
    if zone != "Z" and (int(zone[1:3]) > 24 or int(zone[4:]) > 60):
        return None
    zone = "Z" if zone in ("+00:00", "-00:00") else zone
    return f"{year:04d}-{month:02d}-{day:02d}T{hour:02d}:{minute:02d}:{second:02d}{zone}"


FUNCTIONS = {
    "yamldecode": Function("yamldecode", (Parameter("src", STRING),), _yamldecode, DYNAMIC, not_null=False),
    "yamlencode": Function(
        "yamlencode", (Parameter("value", null=True, dynamic=True),), _yamlencode, STRING, not_null=False
    ),
}
