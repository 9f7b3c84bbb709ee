"""Templates from files and from values. What is evaluated inside is the Context's business."""

from __future__ import annotations

from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import EvalError, FunctionError, LimitExceeded
from alexandria_scan.evaluate.functions.arguments import go_quote
from alexandria_scan.evaluate.functions.filesystem import read_text
from alexandria_scan.evaluate.functions.signature import Context, Function, Parameter
from alexandria_scan.evaluate.types import DYNAMIC, STRING
from alexandria_scan.evaluate.values import Unknown, Value, mark, unmark, unmark_deep
from alexandria_scan.patterns import pattern

STRING_TEMPLATE = "<templatestring argument>"
IDENTIFIER = pattern(r"[^\W\d][\w-]*")


def _templatefile(context: Context, path: Value, variables: Value) -> Value:
    file, marks = unmark(path)
    bare, found = unmark_deep(variables)
    marks |= found
    if type(file) is Unknown or type(bare) is Unknown:
        return mark(Unknown(DYNAMIC), marks)
    return mark(_render(context, read_text(context, file, marks), file, bare), marks)


def _templatestring(context: Context, template: Value, variables: Value) -> Value:
    bare, marks = unmark(template)
    if type(bare) is Unknown:
        return mark(Unknown(STRING, (), True), marks)
    if type(bare) is not str:
        raise FunctionError("invalid template value: a string is required", "template")
    result = _render(context, bare, STRING_TEMPLATE, variables)
    try:
        return mark(convert(result, STRING), marks)
    except ConversionError as error:
        raise FunctionError(f"invalid template result: {error.message}") from None


def _render(context: Context, text: str, name: str, variables: Value) -> Value:
    if not isinstance(variables, dict):
        raise FunctionError("invalid vars value: must be a map", "vars")
    for variable in variables:
        if not IDENTIFIER.fullmatch(variable):
            raise FunctionError(
                f"invalid template variable name {go_quote(variable)}: must start with a letter, followed by"
                " zero or more letters, digits, and underscores",
                "vars",
            )
    try:
        value = context.render(text, name, variables)
    except LimitExceeded:
        raise
    except EvalError as error:
        place = f"{name}:{error.line},{error.column}"
        if error.summary == "Invalid template variable":
            raise FunctionError(f"{error.detail}, referenced at {place}", "vars") from None
        raise FunctionError(f"{place}: {error.summary}; {error.detail}") from None
    if unmark(value)[0] is None:
        detail = "The result of the template is null, which is not a valid result for a templatestring call."
        raise FunctionError(f"{name}:1,1: Template result is null; {detail}")
    return value


FUNCTIONS = {
    "templatefile": Function(
        "templatefile",
        (Parameter("path", STRING, unknown=True, marked=True), Parameter("vars", unknown=True, marked=True)),
        _templatefile,
        DYNAMIC,
        context=True,
        not_null=False,
    ),
    "templatestring": Function(
        "templatestring",
        (Parameter("template", unknown=True, marked=True, null=True, dynamic=True), Parameter("vars")),
        _templatestring,
        STRING,
        context=True,
    ),
}
