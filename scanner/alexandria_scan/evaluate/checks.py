"""What Terraform refuses although no value depends on it: unused arguments and locals, conditions that do not hold."""

from __future__ import annotations

from alexandria_scan.evaluate.compile import compile_attribute
from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.scope import NamedScope, Scope
from alexandria_scan.evaluate.types import BOOL
from alexandria_scan.evaluate.values import SENSITIVE, opened
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Block


def check(module: Module) -> None:
    """Evaluates every variable, local value and condition of one module instance; what is wrong is reported."""
    module.check_variables()
    for name in module.config.variables:
        module.variable(name)
    for name in module.config.locals:
        module.local(name)
    for name, block in module.config.outputs.items():
        for condition in block.body.blocks_of("precondition"):
            _check(module, condition, module, "Module output value precondition failed", f"output.{name}")
    for key, block in module.config.resources.items():
        lifecycle = [inner for outer in block.body.blocks_of("lifecycle") for inner in outer.body.blocks]
        conditions = [inner for inner in lifecycle if inner.type in ("precondition", "postcondition")]
        if not conditions:
            continue
        for resource in module.instances(key).values():
            for condition in conditions:
                scope: Scope = resource.scope
                if condition.type == "postcondition":
                    scope = NamedScope(scope, {"self": resource})
                _check(module, condition, scope, f"Resource {condition.type} failed", resource.address)


def _check(module: Module, block: Block, scope: Scope, summary: str, subject: str) -> None:
    condition = block.body.attributes.get("condition")
    if condition is None:
        return
    place = condition.span.location
    try:
        value, _ = opened(compile_attribute(condition)(scope))
        if convert(value, BOOL) is False:
            detail = f"{subject}: {_message(block, scope)}"
            module.evaluation.report(EvalError(summary, detail, place.file, place.line, place.column), module)
    except ConversionError as error:
        detail = f"{subject}: {error.message}."
        refused = EvalError("Invalid condition result", detail, place.file, place.line, place.column)
        module.evaluation.report(refused, module)
    except EvalError as error:
        module.evaluation.report(error, module)
    except tree.ExpressionError as error:
        problem = error.problem
        refused = EvalError(problem.summary, problem.detail, problem.file, problem.line, problem.column)
        module.evaluation.report(refused, module)


def _message(block: Block, scope: Scope) -> str:
    attribute = block.body.attributes.get("error_message")
    if attribute is None:
        return "the condition does not hold."
    value, marks = opened(compile_attribute(attribute)(scope))
    return value if isinstance(value, str) and SENSITIVE not in marks else "the condition does not hold."
