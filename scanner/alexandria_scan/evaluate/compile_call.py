"""Function calls compiled, and `try` and `can`, whose arguments are evaluated only when it is their turn."""

from __future__ import annotations

from collections.abc import Callable, Container

from alexandria_scan.evaluate.collections_ import compile_for, compile_tuple
from alexandria_scan.evaluate.errors import EvalError, FinalError, WrongCount
from alexandria_scan.evaluate.functions.call import call
from alexandria_scan.evaluate.placing import Compiled, Compiler, failing, placed
from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.typed_nulls import CONCERNED, FORMATS, typed_nulls, with_typed_nulls
from alexandria_scan.evaluate.types import BOOL, DYNAMIC
from alexandria_scan.evaluate.values import (
    LazyObject,
    Marked,
    Unknown,
    Value,
    collect_reasons,
    mark,
    opened,
    unmark,
    wholly_known,
)
from alexandria_scan.syntax import tree

_DECIDED_BY = {"anytrue": True, "alltrue": False}


def compile_call(node: tree.Call, compile_: Compiler) -> Compiled:
    name = node.name.removeprefix("core::")
    arguments = _arguments(name, node, compile_)
    if name in _GUARDS:
        return _expanded(_GUARDS[name], arguments, node.span) if node.expand else _GUARDS[name](arguments, node.span)
    if name == "templatestring" and node.arguments and not _is_reference(node.arguments[0]):
        problem = EvalError(
            "Invalid function argument",
            'Invalid value for "template" parameter: invalid template expression: must be a direct reference to a '
            "single string value, such as a local value or a resource attribute",
        )
        return failing(problem, node.span)
    expand, span = node.expand, node.span
    concerned, formats = name in CONCERNED and not expand, name in FORMATS and not expand

    def run(scope: Scope) -> Value:
        values = [argument(scope) for argument in arguments]
        own = scope.context.functions
        try:
            if name in own:
                return own[name](values)
            typed: Container[int] = ()
            if concerned:
                values = with_typed_nulls(name, values, node.arguments, scope)
            elif formats:
                typed = typed_nulls(values, node.arguments, scope)
            if expand:
                last = _parts(values.pop())
                if isinstance(last, Unknown | Marked):
                    return mark(Unknown(DYNAMIC, collect_reasons(last, *values)), unmark(last)[1])
                values += last
            return call(name, values, scope.context, typed)
        except WrongCount as error:  # of what is expanded, the values decide
            raise placed(EvalError(error.summary, error.detail) if expand else error, span) from None
        except EvalError as error:
            raise placed(error, span) from None

    return run


def _arguments(name: str, node: tree.Call, compile_: Compiler) -> list[Compiled]:
    if name in _DECIDED_BY and len(node.arguments) == 1:
        match node.arguments[0]:
            case tree.TupleConstructor() as elements:
                return [compile_tuple(elements, compile_, _DECIDED_BY[name])]
            case tree.For(key_result=None) as loop:
                return [compile_for(loop, compile_, _DECIDED_BY[name])]
    return [compile_(argument) for argument in node.arguments]


def _parts(value: Value) -> Value:
    """The arguments that an expanding argument stands for, or Unknown."""
    last, marks = opened(value)
    if type(last) is Unknown:
        return mark(last, marks)
    if not isinstance(last, tuple):
        raise EvalError(
            "Invalid expanding argument value",
            "The expanding argument (indicated by ...) must be of a tuple, list, or set type.",
        )
    return [mark(item, marks) for item in last]


def _is_reference(node: tree.Expression) -> bool:
    while isinstance(node, (tree.GetAttribute, tree.Index, tree.Splat)):
        node = node.base
    return isinstance(node, tree.Name)


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


def undecided(value: Value) -> Unknown:
    """What `try` gives when its argument is not wholly known: which argument succeeds may yet change. As in Terraform
    the marks are gone."""
    bare, _ = unmark(value)
    if isinstance(bare, LazyObject):
        return bare.unknown()
    return bare.as_type(DYNAMIC, False) if type(bare) is Unknown else Unknown(DYNAMIC, collect_reasons(bare))


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
            return undecided(value).as_type(BOOL, True)
        return True

    return run


_Guard = Callable[[list[Compiled], tree.Span], Compiled]
_GUARDS: dict[str, _Guard] = {"try": _try, "can": _can}


def _expanded(guard: _Guard, arguments: list[Compiled], span: tree.Span) -> Compiled:
    """`try` or `can` of which the last argument stands for many."""

    def run(scope: Scope) -> Value:
        try:
            last = _parts(arguments[-1](scope))
        except EvalError as error:
            raise placed(error, span) from None
        if isinstance(last, Unknown | Marked):
            return mark(Unknown(DYNAMIC, collect_reasons(last)), unmark(last)[1])
        return guard([*arguments[:-1], *(_constant(item) for item in last)], span)(scope)

    return run


def _constant(value: Value) -> Compiled:
    return lambda scope: value
