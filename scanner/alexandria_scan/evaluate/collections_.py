"""`for` expressions and splats."""

from __future__ import annotations

from collections.abc import Iterator

from alexandria_scan.evaluate.convert import ConversionError, convert, quote
from alexandria_scan.evaluate.errors import EvalError, FinalError
from alexandria_scan.evaluate.members import holding
from alexandria_scan.evaluate.placing import Compiled, Compiler
from alexandria_scan.evaluate.scope import NamedScope, Scope
from alexandria_scan.evaluate.statictype import static_type
from alexandria_scan.evaluate.types import BOOL, DYNAMIC, STRING, ListType, Primitive, SetType, TupleType, Type
from alexandria_scan.evaluate.values import (
    LazyObject,
    ListVal,
    OpenTuple,
    SetVal,
    Unknown,
    Value,
    collect_reasons,
    force,
    items_of,
    mark,
    opened,
    type_of,
    unmark,
)
from alexandria_scan.syntax import tree

NOTHING = object()  # no value is this


def _fail(span: tree.Span, summary: str, detail: str) -> EvalError:
    place = span.location
    return EvalError.at(place, summary, detail)


def compile_splat(node: tree.Splat, base: Compiled, each: Compiled) -> Compiled:
    span = node.span

    def run(scope: Scope) -> Value:
        source, marks = unmark(base(scope))
        if source is None and isinstance(static_type(node.base, scope), (ListType, SetType, TupleType)):
            detail = "Splat expressions (with the * symbol) cannot be applied to null sequences."
            raise _fail(span, "Splat of null value", detail)
        return mark(_splat(source, each, scope, span), marks)

    return run


def _splat(source: Value, each: Compiled, scope: Scope, span: tree.Span) -> Value:
    if source is None:
        return ()
    if type(source) is Unknown:
        return _splat_unknown(source, each, scope)
    if not isinstance(source, tuple):
        return (each(NamedScope(scope, {"*": source})),)
    scope.context.budget.spend(len(source), span)
    items = [each(NamedScope(scope, {"*": item})) for item in source]
    if isinstance(source, OpenTuple):
        return OpenTuple(items, source.unknown)
    if isinstance(source, (ListVal, SetVal)):
        return ListVal(items, _element_of(items, source, each, scope))
    return tuple(items)


def _element_of(items: list[Value], source: ListVal | SetVal, each: Compiled, scope: Scope) -> Type:
    for item in items:
        found = type_of(item)
        if found is not DYNAMIC:
            return found
    try:
        return type_of(each(NamedScope(scope, {"*": Unknown(source.element)})))
    except EvalError:
        return DYNAMIC


def _splat_unknown(source: Unknown, each: Compiled, scope: Scope) -> Value:
    """Only of a list or set is it sure that the result is a list; a single value may turn out to be null."""
    result = source.as_type(DYNAMIC, True)
    if isinstance(source.type, (ListType, SetType)):
        item = each(NamedScope(scope, {"*": Unknown(source.type.element, source.reasons)}))
        result = source.as_type(ListType(type_of(item)), True)
    elif source.type is not DYNAMIC and not isinstance(source.type, TupleType):
        item = each(NamedScope(scope, {"*": source}))
        if source.not_null:
            return (item,)
    return holding(result, [each(NamedScope(scope, {"*": member})) for member in source.members])


def compile_tuple(node: tree.TupleConstructor, compile_: Compiler, last: object = NOTHING) -> Compiled:
    """The elements; in a policy only those up to the one that is `last`."""
    items = [compile_(item) for item in node.items]

    def run(scope: Scope) -> Value:
        if last is NOTHING or not scope.context.three_valued:
            return tuple([item(scope) for item in items])
        found: list[Value] = []
        for item in items:
            found.append(item(scope))
            if found[-1] is last:
                break
        return tuple(found)

    return run


def compile_for(node: tree.For, compile_: Compiler, last: object = NOTHING) -> Compiled:
    """The result of the loop; of a list, in a policy, only as far as the element that is `last`."""
    build = _Comprehension(node, compile_, last)
    collection, key_result = compile_(node.collection), build.key_result

    def run(scope: Scope) -> Value:
        source, marks = opened(collection(scope))
        if source is None:
            raise _fail(
                node.collection.span,
                "Iteration over null value",
                "A null value cannot be used as the collection in a 'for' expression.",
            )
        if type(source) is Unknown and (source.type is DYNAMIC or not isinstance(source.type, Primitive)):
            return mark(build.open_(source, scope), marks)
        if not isinstance(source, (tuple, dict)):
            raise _fail(
                node.collection.span,
                "Iteration over non-iterable value",
                f"A value of type {_kind(source)} cannot be used as the collection in a 'for' expression.",
            )
        budget = scope.context.budget
        budget.spend(len(source) + 1, node.span)
        result = build.tuple_(source, scope, marks) if key_result is None else build.object_(source, scope, marks)
        budget.weigh(result, node.span)
        return result

    return run


def _kind(value: Value) -> str:
    kind = type_of(value)
    return getattr(kind, "name", "object")


class _Comprehension:
    """The loop of one `for` expression."""

    def __init__(self, node: tree.For, compile_: Compiler, last: object) -> None:
        self.node = node
        self.key_result = None if node.key_result is None else compile_(node.key_result)
        self.result = compile_(node.result)
        self.condition = None if node.condition is None else compile_(node.condition)
        self.last = last

    def scopes(self, source: Value, scope: Scope) -> Iterator[NamedScope]:
        key_name, value_name = self.node.key, self.node.value
        if isinstance(source, dict):
            pairs: Iterator[tuple[Value, Value]] = items_of(source)
        elif isinstance(source, SetVal):
            pairs = ((item, item) for item in source)
        else:
            pairs = iter(enumerate(source))
        for key, value in pairs:
            names = {value_name: value} if key_name is None else {key_name: key, value_name: value}
            yield NamedScope(scope, names, self.node.collection)

    def included(self, scope: Scope) -> tuple[Value, frozenset[str]]:
        if self.condition is None:
            return True, frozenset()
        value, marks = unmark(self.condition(scope))
        span = self.node.condition.span if self.node.condition is not None else self.node.span
        if value is None:
            raise _fail(span, "Condition is null", "The value of the 'if' clause must not be null.")
        try:
            return convert(value, BOOL), marks
        except ConversionError as error:
            detail = f"The 'if' clause value is invalid: {error.message}."
            raise _fail(span, "Invalid 'for' condition", detail) from None

    def tuple_(self, source: Value, scope: Scope, marks: frozenset[str]) -> Value:
        items: list[Value] = []
        unknown: list[Value] = []
        last = self.last if scope.context.three_valued else NOTHING
        for inner in self.scopes(source, scope):
            wanted, condition_marks = self.included(inner)
            marks |= condition_marks
            if type(wanted) is Unknown:
                unknown.append(wanted)
            elif wanted:
                items.append(self.result(inner))
                if items[-1] is last:
                    return mark((last,), marks)
        if unknown:
            return mark(Unknown(DYNAMIC, collect_reasons(*unknown, *items)), marks)
        if isinstance(source, OpenTuple):
            return mark(OpenTuple(items, source.unknown), marks)
        return mark(tuple(items), marks)

    def open_(self, source: Unknown, scope: Scope) -> Unknown:
        """Of an unknown sequence: unknown, with what surely comes of its members."""
        result = source.as_type(DYNAMIC, False)
        if self.key_result is not None or not source.members:
            return result
        found: list[Value] = []
        by_value = isinstance(source.type, SetType)
        for item in source.members:
            names: dict[str, Value] = {self.node.value: item}
            if self.node.key is not None:
                names = {self.node.key: item if by_value else Unknown(reasons=source.reasons), **names}
            inner = NamedScope(scope, names, self.node.collection)
            try:
                if self.included(inner)[0] is True:
                    found.append(self.result(inner))
            except FinalError:
                raise
            except EvalError:  # Terraform does not look at elements before it knows them all
                continue
        return holding(result, found)

    def object_(self, source: Value, scope: Scope, marks: frozenset[str]) -> Value:
        assert self.key_result is not None and self.node.key_result is not None
        span = self.node.key_result.span
        entries: dict[str, Value] = {}
        groups: dict[str, list[Value]] = {}
        unknown: list[Value] = []
        for inner in self.scopes(source, scope):
            wanted, condition_marks = self.included(inner)
            marks |= condition_marks
            if type(wanted) is Unknown:
                unknown.append(wanted)
                continue
            if not wanted:
                continue
            key, key_marks = unmark(self.key_result(inner))
            marks |= key_marks
            value = self.result(inner)
            name = self.key(key, span)
            if type(name) is Unknown:
                unknown += [name, value]
            elif self.node.group:
                groups.setdefault(name, []).append(value)
            elif name in entries:
                detail = (
                    f"Two different items produced the key {quote(name)} in this 'for' expression. If duplicates are "
                    "expected, use the ellipsis (...) after the value expression to enable grouping by key."
                )
                raise _fail(span, "Duplicate object key", detail)
            else:
                entries[name] = value
        if unknown:
            return mark(Unknown(DYNAMIC, collect_reasons(*unknown)), marks)
        if self.node.group:
            return mark({name: tuple(values) for name, values in groups.items()}, marks)
        return mark(entries, marks)

    def key(self, value: Value, span: tree.Span) -> Value:
        if value is None:
            raise _fail(
                span,
                "Invalid object key",
                "Key expression in 'for' expression must not produce a null value.",
            )
        if isinstance(value, LazyObject):
            value = force(value)
        if type(value) is Unknown:
            return value
        try:
            return convert(value, STRING)
        except ConversionError as error:
            detail = f"The key expression produced an invalid result: {error.message}."
            raise _fail(span, "Invalid object key", detail) from None
