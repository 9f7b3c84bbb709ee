"""`yamlencode` and `yamldecode`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml

from alexandria_scan.evaluate.convert import convert
from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions.arguments import friendly_type, go_quote
from alexandria_scan.evaluate.functions.call import normalized
from alexandria_scan.evaluate.functions.limits import limit_elements
from alexandria_scan.evaluate.functions.signature import Function, Parameter
from alexandria_scan.evaluate.functions.yaml_encode import encode
from alexandria_scan.evaluate.functions.yaml_scalars import MERGE, TAG, resolve
from alexandria_scan.evaluate.types import DYNAMIC, STRING
from alexandria_scan.evaluate.values import Unknown, Value, wholly_known

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
        if value is MERGE:
            return "<<"
        if not event.tag and not event.implicit[0]:
            return convert(value, STRING)  # a block of text is a string, even if it spells something else
        return normalized(value) if type(value) is str else value

    def sequence(self, event: Any, depth: int) -> Value:
        if event.tag not in (None, TAG + "seq"):
            raise _fault(event, f"can't interpret sequence as {event.tag}")
        items = []
        while not isinstance(following := self.next(), yaml.SequenceEndEvent):
            items.append(self.node(following, depth + 1))
        return tuple(items)

    def mapping(self, event: Any, depth: int) -> Value:
        if event.tag not in (None, TAG + "map"):
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
            if key is not MERGE:
                result[normalized(convert(key, STRING))] = value
            elif isinstance(value, dict):
                result.update(value)
            else:
                raise _fault(following, f"cannot merge {friendly_type(value)} into mapping")
        return result


FUNCTIONS = {
    "yamldecode": Function("yamldecode", (Parameter("src", STRING),), _yamldecode, DYNAMIC, not_null=False),
    "yamlencode": Function(
        "yamlencode", (Parameter("value", null=True, dynamic=True),), _yamlencode, STRING, not_null=False
    ),
}
