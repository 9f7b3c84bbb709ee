"""Template files: rendered with their variables and nothing else in scope."""

from __future__ import annotations

from alexandria_scan.evaluate.children import free_names
from alexandria_scan.evaluate.errors import EvalError, FunctionError
from alexandria_scan.evaluate.functions.signature import Context
from alexandria_scan.evaluate.values import Value
from alexandria_scan.syntax.tree import ExpressionError


class _TemplateScope:
    """The scope of a template file: its variables and nothing else."""

    def __init__(self, names: dict[str, Value], context: Context) -> None:
        self.names = names
        self._context = context

    @property
    def context(self) -> Context:
        return self._context

    def name(self, name: str) -> Value:
        if name in self.names:
            return self.names[name]
        raise EvalError("Invalid template variable", f'vars map does not contain key "{name}"')


def no_template(text: str, name: str, names: dict[str, Value]) -> Value:
    """What stands for it within a template. Raises EvalError."""
    raise EvalError("Error in function call", "A template cannot render another template.")


def render_template(text: str, name: str, names: dict[str, Value], context: Context) -> Value:
    """The text of a template file with its variables filled in. Raises EvalError."""
    from alexandria_scan.evaluate.compile import compile_expression
    from alexandria_scan.syntax.parse import parse_template

    try:
        template = parse_template(name, text)
    except ExpressionError as error:
        problem = error.problem
        raise EvalError(problem.summary, problem.detail, problem.file, problem.line, problem.column) from None
    for node in free_names(template):
        if node.name not in names:
            line, column = node.span.location.line, node.span.location.column
            detail = f'vars map does not contain key "{node.name}", referenced at {name}:{line},{column}'
            raise FunctionError(detail, "vars")
    return compile_expression(template)(_TemplateScope(names, context))
