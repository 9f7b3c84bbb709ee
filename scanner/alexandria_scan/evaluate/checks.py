"""What Terraform refuses although no value depends on it: unused arguments and locals, conditions that do not hold."""

from __future__ import annotations

from alexandria_scan.evaluate.check_blocks import assertions
from alexandria_scan.evaluate.compile import compile_attribute
from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.cycles import report_cycles
from alexandria_scan.evaluate.ephemeral import check_ephemeral
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.placing import placed
from alexandria_scan.evaluate.scope import NamedScope, Scope
from alexandria_scan.evaluate.types import BOOL
from alexandria_scan.evaluate.undeclared import check_depends_on
from alexandria_scan.evaluate.values import SECRET, opened
from alexandria_scan.evaluate.variables import failed_validations
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Block


def check(root: Module, planned: bool = False) -> None:
    """Evaluates every variable, local value and condition of a root and what it calls; what is wrong is reported.

    `planned` says that it is the root of a plan, as is what has a backend: another may be a module that others call.
    """
    if any(block.type == "import" for block in root.config.others):
        from alexandria_scan.evaluate.imports import imported  # few have any

        imported(root)
    for module in root.tree():
        _check_module(module)
    report_cycles(root)
    check_ephemeral(root)
    if planned or root.config.has_backend():
        from alexandria_scan.evaluate.root_outputs import check_root_outputs  # most modules are no such roots

        check_root_outputs(root)


def _check_variables(module: Module) -> None:
    """Evaluates the variables that have validation blocks."""
    for name, block in module.config.variables.items():
        if block.body.blocks_of("validation"):
            try:
                failures = failed_validations(module.declaration(name), module)
            except EvalError as error:
                failures = [error]
            except tree.ExpressionError as error:
                problem = error.problem
                failures = [EvalError(problem.summary, problem.detail, problem.file, problem.line)]
            for failure in failures:
                module.evaluation.report(failure, module)


def _check_module(module: Module) -> None:
    _check_variables(module)
    check_depends_on(module)
    for name in module.config.variables:
        module.variable(name)
    for name in module.config.locals:
        module.local(name)
    for name, block in module.config.outputs.items():
        for condition in block.body.blocks_of("precondition"):
            _check(module, condition, module, "Module output value precondition failed", f"output.{name}")
    for named, assertion, scope in assertions(module):
        _check(module, assertion, scope, "Check block assertion failed", f"check.{named.labels[0]}", "warning")
    for key, block in module.config.resources.items():
        lifecycle = [inner for outer in block.body.blocks_of("lifecycle") for inner in outer.body.blocks]
        conditions = [inner for inner in lifecycle if inner.type in ("precondition", "postcondition")]
        if not conditions:
            continue
        for resource in module.instances(key).values():
            for condition in conditions:
                scope = resource.scope
                if condition.type == "postcondition":
                    scope = NamedScope(scope, {"self": resource})
                _check(module, condition, scope, f"Resource {condition.type} failed", resource.address)


def _check(module: Module, block: Block, scope: Scope, summary: str, subject: str, severity: str = "error") -> None:
    condition = block.body.attributes.get("condition")
    if condition is None:
        return
    place = condition.span.location
    try:
        value, _ = opened(compile_attribute(condition)(scope))
        holds = convert(value, BOOL)
        if holds is None:
            raise ConversionError("must be true or false, not null")
        if holds is False:
            detail = f"{subject}: {_message(block, scope)}"
            failed = EvalError.at(place, summary, detail)
            module.evaluation.report(failed, module, severity)
    except ConversionError as error:
        detail = f"{subject}: {error.message}."
        refused = EvalError.at(place, "Invalid condition result", detail)
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
    if value is None:
        raise placed(EvalError("Invalid error message", "The error message must not be null."), attribute.span)
    return value if isinstance(value, str) and not SECRET & marks else "the condition does not hold."
