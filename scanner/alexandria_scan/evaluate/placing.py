"""Where an error happened, and compiled expressions that always fail."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.values import Value
from alexandria_scan.syntax import tree

Compiled: TypeAlias = Callable[[Scope], Value]
Compiler: TypeAlias = Callable[[tree.Expression], Compiled]


def placed(error: EvalError, span: tree.Span) -> EvalError:
    """The error with the place of `span`, unless it has one already."""
    if not error.file:
        location = span.location
        error.file, error.line, error.column = location.file, location.line, location.column
    return error


def failing(problem: EvalError, span: tree.Span) -> Compiled:
    def run(scope: Scope) -> Value:
        raise placed(problem, span)

    return run
