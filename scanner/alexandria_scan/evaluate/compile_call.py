"""Function calls compiled, and `try` and `can`, whose arguments are evaluated only when it is their turn."""

from __future__ import annotations

from alexandria_scan.evaluate.errors import EvalError, FinalError
from alexandria_scan.evaluate.placing import Compiled, Compiler, failing, placed
from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.typed_nulls import CONCERNED, with_typed_nulls
from alexandria_scan.evaluate.types import BOOL, DYNAMIC
from alexandria_scan.evaluate.values import (
    LazyObject,
    Unknown,
    Value,
    collect_reasons,
    mark,
    opened,
    unmark,
    wholly_known,
)
from alexandria_scan.syntax import tree


def compile_call(node: tree.Call, compile_: Compiler) -> Compiled:
    name = node.name.removeprefix("core::")
    arguments = [compile_(argument) for argument in node.arguments]
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
        return failing(problem, node.span)
    expand, span = node.expand, node.span

    def run(scope: Scope) -> Value:
        from alexandria_scan.evaluate.functions.call import call

        values = [argument(scope) for argument in arguments]
        own = scope.context.functions
        try:
            if name in own:
                return own[name](values)
            if name in CONCERNED and not expand:
                values = with_typed_nulls(name, values, node.arguments, scope)
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
