"""Templates compiled: strings put together from parts, and the `for` directive."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import takewhile

from alexandria_scan.evaluate.budget import CHARACTERS
from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import EvalError, LimitExceeded
from alexandria_scan.evaluate.functions.limits import limit_text
from alexandria_scan.evaluate.placing import Compiled, Compiler, placed
from alexandria_scan.evaluate.scope import NamedScope, Scope
from alexandria_scan.evaluate.types import DYNAMIC, STRING, Primitive
from alexandria_scan.evaluate.values import SetVal, Unknown, Value, collect_reasons, items_of, mark, opened, unmark
from alexandria_scan.syntax import tree


def normalized(text: str) -> str:
    """The text in Unicode's NFC form: Terraform's strings always are."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def compile_template(node: tree.Template, compile_: Compiler) -> Compiled:
    if node.wrap:
        return compile_(node.parts[0])
    if not node.parts:
        return lambda scope: ""
    if len(node.parts) == 1 and isinstance(node.parts[0], tree.Literal):
        return compile_(node.parts[0])
    parts = [(compile_(part), part) for part in node.parts]

    def run(scope: Scope) -> Value:
        pieces: list[str | Unknown] = []
        marks: frozenset[str] = frozenset()
        for part, written in parts:
            value, part_marks = unmark(part(scope))
            marks |= part_marks
            if type(value) is str:
                pieces.append(value)
                continue
            try:
                pieces.append(_template_text(value, written, scope))
            except EvalError as error:
                error.marks |= marks
                raise
        texts = [piece for piece in pieces if isinstance(piece, str)]
        length = sum(map(len, texts))
        if length > CHARACTERS:
            _limited(length, node.span)
            scope.context.budget.spend(length // CHARACTERS, node.span)
        if len(texts) < len(pieces):
            return mark(_partly_known(pieces), marks)
        return mark(normalized("".join(texts)), marks)

    return run


def _partly_known(pieces: list[str | Unknown]) -> Unknown:
    from alexandria_scan.evaluate.partly_known import partly_known

    known = takewhile(lambda piece: isinstance(piece, str), pieces)
    return partly_known(pieces, "".join(map(str, known)))


def _limited(length: int, span: tree.Span) -> None:
    try:
        limit_text(length)
    except LimitExceeded as error:
        raise placed(error, span) from None


def _template_text(value: Value, node: tree.Expression, scope: Scope) -> str | Unknown:
    span = node.span
    if value is None:
        from alexandria_scan.evaluate.left_out import left_to_provider  # it follows expressions, and so compiles them

        left_out = left_to_provider(node, scope)
        if isinstance(left_out, Unknown):
            return left_out
        detail = "The expression result is null. Cannot include a null value in a string template."
        raise placed(EvalError("Invalid template interpolation value", detail), span)
    if isinstance(value, Unknown):
        return value
    try:
        text: str = convert(value, STRING)
    except ConversionError as error:
        detail = f"Cannot include the given value in a string template: {error.message}."
        raise placed(EvalError("Invalid template interpolation value", detail), span) from None
    return text


def compile_template_for(node: tree.TemplateFor, compile_: Compiler) -> Compiled:
    collection, body = compile_(node.collection), compile_(node.body)
    key_name, value_name, span = node.key, node.value, node.span

    def run(scope: Scope) -> Value:
        source, marks = opened(collection(scope))
        if type(source) is Unknown and (source.type is DYNAMIC or not isinstance(source.type, Primitive)):
            return mark(source.as_type(STRING, True), marks)
        if source is None or not isinstance(source, (tuple, dict)):
            raise placed(
                EvalError("Iteration over non-iterable value", "A value of this kind cannot be iterated."),
                span,
            )
        if isinstance(source, dict):
            pairs: Iterable[tuple[Value, Value]] = items_of(source)
        else:
            pairs = ((item, item) for item in source) if isinstance(source, SetVal) else enumerate(source)
        scope.context.budget.spend(len(source) + 1, span)
        length = 0
        texts: list[str] = []
        unknown: list[Value] = []
        for key, value in pairs:
            names = {value_name: value} if key_name is None else {key_name: key, value_name: value}
            text, text_marks = unmark(body(NamedScope(scope, names)))
            marks |= text_marks
            (unknown if type(text) is Unknown else texts).append(text)
            if type(text) is str:
                length += len(text)
                _limited(length, span)
        if unknown:
            # Where the text is a JSON document, an unknown part inside of one of its strings may itself hold quotes,
            # and so add keys and statements: nothing sure can be said of the document, and `encodes` stays empty.
            return mark(Unknown(STRING, collect_reasons(*unknown), True), marks)
        return mark(normalized("".join(texts)), marks)

    return run
