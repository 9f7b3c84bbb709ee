"""Expressions compiled to closures: once a place in the source, run once a scope."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable
from typing import TypeAlias

from alexandria_scan.evaluate import numbers, operators
from alexandria_scan.evaluate.budget import CHARACTERS, MAX_WEIGHT, weight_of
from alexandria_scan.evaluate.collections_ import compile_for, compile_splat
from alexandria_scan.evaluate.conditional import compile_conditional
from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import EvalError, FinalError, InvalidReference, LimitExceeded
from alexandria_scan.evaluate.functions.limits import limit_text
from alexandria_scan.evaluate.scope import NamedScope, Scope
from alexandria_scan.evaluate.types import BOOL, DYNAMIC, STRING
from alexandria_scan.evaluate.values import (
    LazyObject,
    SetVal,
    Unknown,
    Value,
    collect_reasons,
    items_of,
    mark,
    opened,
    unmark,
    wholly_known,
)
from alexandria_scan.syntax import tree

Compiled: TypeAlias = Callable[[Scope], Value]
_COMPOSITE = (tuple, dict)


def compile_attribute(attribute: tree.Attribute) -> Compiled:
    """The compiled expression of an attribute, kept beside its text."""
    if attribute.compiled is None:
        attribute.compiled = _weighed(compile_expression(attribute.expression), attribute.span)
    compiled: Compiled = attribute.compiled
    return compiled


def _weighed(compiled: Compiled, span: tree.Span) -> Compiled:
    """Each argument has a bounded size, so that what is made of others in turn cannot double time and again."""

    def run(scope: Scope) -> Value:
        value = compiled(scope)
        kind = type(value)
        if kind is not str and kind is not bool and kind is not Unknown and value is not None:
            scope.context.budget.weigh(value, span)
        return value

    return run


def compile_expression(node: tree.Expression) -> Compiled:
    compiled: Compiled = _COMPILERS[type(node)](node)
    return compiled


def placed(error: EvalError, span: tree.Span) -> EvalError:
    """The error with the place of `span`, unless it has one already."""
    if not error.file:
        location = span.location
        error.file, error.line, error.column = location.file, location.line, location.column
    return error


def _literal(node: tree.Literal) -> Compiled:
    value = normalized(node.value) if isinstance(node.value, str) else node.value
    return lambda scope: value


def normalized(text: str) -> str:
    """The text in Unicode's NFC form: Terraform's strings always are."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _number(node: tree.NumberLiteral) -> Compiled:
    try:
        value = numbers.parse(node.text)
    except numbers.NumberTooLarge as error:
        return _failing(EvalError("Invalid number literal", f"{error}."), node.span)
    return lambda scope: value


def _name(node: tree.Name) -> Compiled:
    find, name, span = _lookup(node), node.name, node.span

    def run(scope: Scope) -> Value:
        value = find(scope)
        if isinstance(value, LazyObject) and not value.standalone:
            detail = f'"{name}" cannot be used by itself; name one of its attributes.'
            raise placed(InvalidReference("Invalid reference", detail), span)
        return value

    return run


def _lookup(node: tree.Name) -> Compiled:
    name, span = node.name, node.span

    def run(scope: Scope) -> Value:
        try:
            return scope.name(name)
        except EvalError as error:
            raise placed(error, span) from None

    return run


def _get_attribute(node: tree.GetAttribute) -> Compiled:
    base = _lookup(node.base) if isinstance(node.base, tree.Name) else compile_expression(node.base)
    name, span = node.name, node.span

    def run(scope: Scope) -> Value:
        value = base(scope)
        try:
            return operators.attribute(value, name)
        except EvalError as error:
            raise placed(error, span) from None

    return run


def _index(node: tree.Index) -> Compiled:
    base, key, span = compile_expression(node.base), compile_expression(node.key), node.span

    def run(scope: Scope) -> Value:
        value, index = base(scope), key(scope)
        try:
            return operators.index(value, index)
        except EvalError as error:
            raise placed(error, span) from None

    return run


def _splat_item(node: tree.SplatItem) -> Compiled:
    return lambda scope: scope.name("*")


def _unary(node: tree.Unary) -> Compiled:
    operand, operator, span = compile_expression(node.operand), node.operator, node.span

    def run(scope: Scope) -> Value:
        value = operand(scope)
        try:
            return operators.unary(operator, value)
        except EvalError as error:
            raise placed(error, span) from None

    return run


def _binary(node: tree.Binary) -> Compiled:
    """Compiled along the chain of left operands, which may be long."""
    links: list[tuple[str, Compiled, tree.Span]] = []
    first: tree.Expression = node
    while isinstance(first, tree.Binary):
        links.append((first.operator, compile_expression(first.right), first.span))
        first = first.left
    links.reverse()
    start = compile_expression(first)

    def run(scope: Scope) -> Value:
        value = start(scope)
        for operator, right, span in links:
            try:
                other = right(scope)
            except FinalError:
                raise
            except EvalError:
                # since Terraform 1.12 the second operand does not matter where the first decides
                if operators.decides(operator, value):
                    continue
                raise
            if isinstance(value, _COMPOSITE) and isinstance(other, _COMPOSITE):
                scope.context.budget.spend(min(weight_of(value, MAX_WEIGHT), weight_of(other, MAX_WEIGHT)) // 8, span)
            try:
                if operator in ("&&", "||"):
                    value = operators.logical(operator, value, other, scope.context.three_valued)
                else:
                    value = operators.binary(operator, value, other)
            except EvalError as error:
                raise placed(error, span) from None
        return value

    return run


def _invalid(node: tree.Invalid) -> Compiled:
    problem = node.problem

    def run(scope: Scope) -> Value:
        raise FinalError(problem.summary, problem.detail, problem.file, problem.line, problem.column)

    return run


def _parentheses(node: tree.Parentheses) -> Compiled:
    return compile_expression(node.inner)


def _tuple(node: tree.TupleConstructor) -> Compiled:
    items = [compile_expression(item) for item in node.items]
    return lambda scope: tuple([item(scope) for item in items])


def _object(node: tree.ObjectConstructor) -> Compiled:
    entries = [(compile_expression(key), compile_expression(value), key.span) for key, value in node.entries]

    def run(scope: Scope) -> Value:
        result: dict[str, Value] = {}
        marks: frozenset[str] = frozenset()
        unknown: list[Value] = []
        for key, value, span in entries:
            name, key_marks = unmark(key(scope))
            marks |= key_marks
            item = value(scope)
            text = object_key(name, span)
            if type(text) is Unknown:
                unknown += [text, item]
            else:
                result[text] = item
        if unknown:
            return mark(Unknown(DYNAMIC, collect_reasons(*unknown), True), marks)
        return mark(result, marks)

    return run


def object_key(value: Value, span: tree.Span) -> Value:
    """The value as an object key: a string, or Unknown. Raises EvalError."""
    if value is None:
        raise placed(EvalError("Null value as key", "Can't use a null value as a key."), span)
    try:
        return convert(value, STRING)
    except ConversionError as error:
        detail = f"Can't use this value as a key: {error.message}."
        raise placed(EvalError("Incorrect key type", detail), span) from None


def _template(node: tree.Template) -> Compiled:
    if node.wrap:
        return compile_expression(node.parts[0])
    if not node.parts:
        return lambda scope: ""
    if len(node.parts) == 1 and isinstance(node.parts[0], tree.Literal):
        return _literal(node.parts[0])
    parts = [(compile_expression(part), part.span) for part in node.parts]

    def run(scope: Scope) -> Value:
        texts: list[str] = []
        unknown: list[Value] = []
        prefix = ""
        marks: frozenset[str] = frozenset()
        for part, span in parts:
            value, part_marks = unmark(part(scope))
            marks |= part_marks
            if type(value) is str:
                texts.append(value)
                continue
            text = _template_text(value, span)
            if type(text) is Unknown:
                if not unknown:
                    prefix = "".join(texts)
                unknown.append(text)
            else:
                texts.append(text)
        length = sum(map(len, texts))
        if length > CHARACTERS:
            _limited(length, node.span)
            scope.context.budget.spend(length // CHARACTERS, node.span)
        if unknown:
            return mark(Unknown(STRING, collect_reasons(*unknown), True, prefix=prefix), marks)
        return mark(normalized("".join(texts)), marks)

    return run


def _limited(length: int, span: tree.Span) -> None:
    try:
        limit_text(length)
    except LimitExceeded as error:
        raise placed(error, span) from None


def _template_text(value: Value, span: tree.Span) -> Value:
    if value is None:
        detail = "The expression result is null. Cannot include a null value in a string template."
        raise placed(EvalError("Invalid template interpolation value", detail), span)
    if type(value) is Unknown:
        return value
    try:
        return convert(value, STRING)
    except ConversionError as error:
        detail = f"Cannot include the given value in a string template: {error.message}."
        raise placed(EvalError("Invalid template interpolation value", detail), span) from None


def _template_if(node: tree.TemplateIf) -> Compiled:
    return compile_conditional(
        compile_expression(node.condition),
        compile_expression(node.then),
        compile_expression(node.otherwise),
        node.span,
    )


def _template_for(node: tree.TemplateFor) -> Compiled:
    collection, body = compile_expression(node.collection), compile_expression(node.body)
    key_name, value_name, span = node.key, node.value, node.span

    def run(scope: Scope) -> Value:
        source, marks = opened(collection(scope))
        if type(source) is Unknown:
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
            return mark(Unknown(STRING, collect_reasons(*unknown), True), marks)
        return mark(normalized("".join(texts)), marks)

    return run


def _conditional(node: tree.Conditional) -> Compiled:
    return compile_conditional(
        compile_expression(node.condition),
        compile_expression(node.then),
        compile_expression(node.otherwise),
        node.span,
        (node.then, node.otherwise),
    )


def _splat(node: tree.Splat) -> Compiled:
    return compile_splat(compile_expression(node.base), compile_expression(node.each), node.span)


def _for(node: tree.For) -> Compiled:
    return compile_for(
        node,
        compile_expression(node.collection),
        None if node.key_result is None else compile_expression(node.key_result),
        compile_expression(node.result),
        None if node.condition is None else compile_expression(node.condition),
    )


def _call(node: tree.Call) -> Compiled:
    name = node.name.removeprefix("core::")
    arguments = [compile_expression(argument) for argument in node.arguments]
    if name == "try":
        return _try(arguments, node.span)
    if name == "can":
        return _can(arguments, node.span)
    if name == "templatestring" and node.arguments and not _is_reference(node.arguments[0]):
        problem = EvalError(
            "Invalid function argument",
            'Invalid value for "template" parameter: invalid template expression: must be a direct reference to a '
            "single string value, such as a local value or a resource attribute",
        )
        return _failing(problem, node.span)
    expand, span = node.expand, node.span

    def run(scope: Scope) -> Value:
        from alexandria_scan.evaluate.functions.call import call

        values = [argument(scope) for argument in arguments]
        own = scope.context.functions
        try:
            if name in own:
                return own[name](values)
            if expand:
                last, marks = opened(values.pop())
                if type(last) is Unknown:
                    return mark(Unknown(DYNAMIC, collect_reasons(last, *values)), marks)
                if not isinstance(last, tuple):
                    raise EvalError(
                        "Invalid expanding argument value",
                        "The expanding argument (indicated by ...) must be of a tuple, list, or set type.",
                    )
                values += [mark(item, marks) for item in last]
            return call(name, values, scope.context)
        except EvalError as error:
            raise placed(error, span) from None

    return run


def _is_reference(node: tree.Expression) -> bool:
    while isinstance(node, (tree.GetAttribute, tree.Index, tree.Splat)):
        node = node.base
    return isinstance(node, tree.Name)


def _failing(problem: EvalError, span: tree.Span) -> Compiled:
    def run(scope: Scope) -> Value:
        raise placed(problem, span)

    return run


def _try(arguments: list[Compiled], span: tree.Span) -> Compiled:
    def run(scope: Scope) -> Value:
        failures: list[str] = []
        for argument in arguments:
            try:
                value = argument(scope)
            except FinalError:
                raise
            except EvalError as error:
                failures.append(error.detail)
                continue
            if not wholly_known(value):
                return undecided(value)
            return value
        if not arguments:
            detail = 'Call to function "try" failed: at least one argument is required.'
        else:
            detail = 'Call to function "try" failed: no expression succeeded:\n' + "\n".join(failures)
        raise placed(EvalError("Error in function call", detail), span)

    return run


def undecided(value: Value) -> Value:
    """What `try` gives when its argument is not wholly known: which argument succeeds may yet change."""
    bare, marks = unmark(value)
    if isinstance(bare, LazyObject):
        return mark(bare.unknown(), marks)
    if type(bare) is Unknown:
        return mark(bare.as_type(DYNAMIC, False), marks)
    return mark(Unknown(DYNAMIC, collect_reasons(bare)), marks)


def _can(arguments: list[Compiled], span: tree.Span) -> Compiled:
    def run(scope: Scope) -> Value:
        if len(arguments) != 1:
            raise placed(EvalError("Error in function call", 'Function "can" expects exactly one argument.'), span)
        try:
            value = arguments[0](scope)
        except FinalError:
            raise
        except EvalError:
            return False
        if not wholly_known(value):
            found, _ = unmark(undecided(value))
            return found.as_type(BOOL, True)
        return True

    return run


_COMPILERS: dict[type, Callable[..., Compiled]] = {
    tree.Literal: _literal,
    tree.NumberLiteral: _number,
    tree.Template: _template,
    tree.TemplateIf: _template_if,
    tree.TemplateFor: _template_for,
    tree.Name: _name,
    tree.GetAttribute: _get_attribute,
    tree.Index: _index,
    tree.SplatItem: _splat_item,
    tree.Splat: _splat,
    tree.Call: _call,
    tree.Conditional: _conditional,
    tree.Unary: _unary,
    tree.Binary: _binary,
    tree.TupleConstructor: _tuple,
    tree.ObjectConstructor: _object,
    tree.For: _for,
    tree.Parentheses: _parentheses,
    tree.Invalid: _invalid,
}
