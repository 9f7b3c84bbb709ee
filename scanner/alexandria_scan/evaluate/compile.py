"""Expressions compiled to closures: once a place in the source, run once a scope."""

from __future__ import annotations

from collections.abc import Callable

from alexandria_scan.evaluate import numbers, operators
from alexandria_scan.evaluate.budget import MAX_WEIGHT, weight_of
from alexandria_scan.evaluate.children import local_values
from alexandria_scan.evaluate.collections_ import NOTHING, compile_for, compile_splat, compile_tuple
from alexandria_scan.evaluate.compile_call import compile_call
from alexandria_scan.evaluate.compile_template import compile_template, compile_template_for, normalized
from alexandria_scan.evaluate.conditional import compile_conditional
from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import EvalError, FinalError, InvalidReference
from alexandria_scan.evaluate.fulltype import surely_differ, told_type
from alexandria_scan.evaluate.placing import Compiled, failing, placed
from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.types import DYNAMIC, STRING
from alexandria_scan.evaluate.unify import mentions_dynamic
from alexandria_scan.evaluate.values import (
    LazyObject,
    Marked,
    Unknown,
    Value,
    collect_reasons,
    mark,
    type_of,
    unmark,
    unmark_deep,
)
from alexandria_scan.syntax import tree

_COMPOSITE = (tuple, dict)
_EQUALITY = ("==", "!=")


def compile_attribute(attribute: tree.Attribute) -> Compiled:
    """The compiled expression of an attribute, kept beside its text."""
    if attribute.compiled is None:
        attribute.compiled = _weighed(compile_expression(attribute.expression), attribute)
    compiled: Compiled = attribute.compiled
    return compiled


def _weighed(compiled: Compiled, attribute: tree.Attribute) -> Compiled:
    """Each argument has a bounded size, so that what is made of others in turn cannot double time and again."""
    span, node = attribute.span, attribute.expression  # and not the attribute, which holds what is made here

    def run(scope: Scope) -> Value:
        try:
            value = compiled(scope)
        except EvalError as error:
            error.locals = local_values(node)
            raise
        kind = type(value)
        if kind is not str and kind is not bool and kind is not Unknown and value is not None:
            scope.context.budget.weigh(value, span)
        return value

    return run


def compile_expression(node: tree.Expression) -> Compiled:
    compiled: Compiled = _COMPILERS[type(node)](node)
    return compiled


def _literal(node: tree.Literal) -> Compiled:
    value = normalized(node.value) if isinstance(node.value, str) else node.value
    return lambda scope: value


def _number(node: tree.NumberLiteral) -> Compiled:
    try:
        value = numbers.parse(node.text)
    except numbers.NumberTooLarge as error:
        return failing(EvalError("Invalid number literal", f"{error}."), node.span)
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
    links: list[tuple[tree.Binary, str, object, Compiled, tree.Span]] = []
    first: tree.Expression = node
    while isinstance(first, tree.Binary):
        deciding = operators.DECIDING.get(first.operator, NOTHING)
        links.append((first, first.operator, deciding, compile_expression(first.right), first.span))
        first = first.left
    links.reverse()
    start = compile_expression(first)

    def run(scope: Scope) -> Value:
        value, three_valued = start(scope), scope.context.three_valued
        for link, operator, deciding, right, span in links:
            if three_valued and value is deciding:
                continue
            try:
                other = right(scope)
            except FinalError:
                raise
            except EvalError:
                # since Terraform 1.12 the second operand does not matter where the first decides
                if operators.decides(operator, value):
                    continue
                raise
            if _is_composite(value) and _is_composite(other):
                scope.context.budget.spend(min(weight_of(value, MAX_WEIGHT), weight_of(other, MAX_WEIGHT)) // 8, span)
                if operator in _EQUALITY and _of_other_types(value, other, link, scope):
                    value = mark(operator == "!=", unmark_deep(value)[1] | unmark_deep(other)[1])
                    continue
            try:
                if deciding is not NOTHING:
                    value = operators.logical(operator, value, other, three_valued)
                else:
                    value = operators.binary(operator, value, other, three_valued)
            except EvalError as error:
                raise placed(error, span) from None
        return value

    return run


def _is_composite(value: Value) -> bool:
    return isinstance(value.value if type(value) is Marked else value, _COMPOSITE)


def _of_other_types(left: Value, right: Value, node: tree.Binary, scope: Scope) -> bool:
    """Whether two values are different for the types of the nulls in them, even where their content is the same."""
    if not mentions_dynamic(type_of(left)) and not mentions_dynamic(type_of(right)):
        return False
    return surely_differ(told_type(left, node.left, scope), told_type(right, node.right, scope))


def _invalid(node: tree.Invalid) -> Compiled:
    problem = node.problem

    def run(scope: Scope) -> Value:
        raise FinalError(problem.summary, problem.detail, problem.file, problem.line, problem.column)

    return run


def _parentheses(node: tree.Parentheses) -> Compiled:
    return compile_expression(node.inner)


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


def _conditional(node: tree.Conditional | tree.TemplateIf) -> Compiled:
    return compile_conditional(
        compile_expression(node.condition),
        compile_expression(node.then),
        compile_expression(node.otherwise),
        node.span,
        (node.then, node.otherwise),
    )


def _splat(node: tree.Splat) -> Compiled:
    return compile_splat(node, compile_expression(node.base), compile_expression(node.each))


_COMPILERS: dict[type, Callable[..., Compiled]] = {
    tree.Literal: _literal,
    tree.NumberLiteral: _number,
    tree.Template: lambda node: compile_template(node, compile_expression),
    tree.TemplateIf: _conditional,
    tree.TemplateFor: lambda node: compile_template_for(node, compile_expression),
    tree.Name: _name,
    tree.GetAttribute: _get_attribute,
    tree.Index: _index,
    tree.SplatItem: _splat_item,
    tree.Splat: _splat,
    tree.Call: lambda node: compile_call(node, compile_expression),
    tree.Conditional: _conditional,
    tree.Unary: _unary,
    tree.Binary: _binary,
    tree.TupleConstructor: lambda node: compile_tuple(node, compile_expression),
    tree.ObjectConstructor: _object,
    tree.For: lambda node: compile_for(node, compile_expression),
    tree.Parentheses: _parentheses,
    tree.Invalid: _invalid,
}
