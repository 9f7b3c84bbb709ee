"""The functions of the built-in provider: values as HCL text and back."""

from __future__ import annotations

from typing import Any, NoReturn

from alexandria_scan.evaluate import numbers
from alexandria_scan.evaluate.errors import EvalError, FunctionError
from alexandria_scan.evaluate.functions.arguments import go_quote
from alexandria_scan.evaluate.functions.limits import limit_text
from alexandria_scan.evaluate.functions.signature import Context, Function, Parameter
from alexandria_scan.evaluate.functions.templates import IDENTIFIER
from alexandria_scan.evaluate.types import DYNAMIC, STRING
from alexandria_scan.evaluate.values import Unknown, Value, is_number, items_of, wholly_known

_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def _encode_tfvars(value: Value) -> Value:
    if not wholly_known(value):
        return Unknown(STRING, (), True)
    if not isinstance(value, dict):
        raise FunctionError(
            "invalid value to encode: must be an object whose attribute names will become the encoded variable names"
        )
    for name in sorted(value):
        if not IDENTIFIER.fullmatch(name):
            raise FunctionError(
                f"invalid variable name {go_quote(name)}: must be a valid identifier, per Terraform's rules"
                " for input variable declarations"
            )
    return "".join(f"{line}\n" for line in _aligned([(name, _text(item, 0)) for name, item in items_of(value)], 0))


def _encode_expr(value: Value) -> Value:
    return _text(value, 0) if wholly_known(value) else Unknown(STRING, (), True)


def _text(value: Value, depth: int) -> str:
    """The value as an expression; lines after the first are indented for `depth` open braces."""
    if value is None:
        return "null"
    if type(value) is bool:
        return "true" if value else "false"
    if is_number(value):
        return numbers.to_text(value)
    if type(value) is str:
        return f'"{_escaped(value)}"'
    if isinstance(value, tuple):
        text = "[" + ", ".join(_text(item, depth) for item in value) + "]"
    elif not value:
        text = "{}"
    else:
        entries = [(_key(name), _text(item, depth + 1)) for name, item in items_of(value)]
        text = "\n".join(["{", *_aligned(entries, depth + 1), "  " * depth + "}"])
    limit_text(len(text))
    return text


def _key(name: str) -> str:
    return name if IDENTIFIER.fullmatch(name) else f'"{_escaped(name)}"'


def _aligned(entries: list[tuple[str, str]], depth: int) -> list[str]:
    """`name = value` lines as `terraform fmt` sets them: the signs of neighbours below each other, but for
    values that go over several lines."""
    lines: list[str] = []
    run: list[tuple[str, str]] = []
    for name, text in [*entries, ("", "\n")]:
        if "\n" not in text:
            run.append((name, text))
            continue
        width = max((len(known) for known, _ in run), default=0)
        lines += [f"{'  ' * depth}{known.ljust(width)} = {value}" for known, value in run]
        run = []
        if name:
            lines.append(f"{'  ' * depth}{name} = {text}")
    return lines


def _escaped(text: str) -> str:
    out: list[str] = []
    for index, character in enumerate(text):
        if character in _ESCAPES:
            out.append(_ESCAPES[character])
        elif character in "$%":
            out.append(character * 2 if text.startswith("{", index + 1) else character)
        elif character.isprintable():
            out.append(character)
        else:
            code = ord(character)
            out.append(f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}")
    return "".join(out)


class _NoScope:
    """Where there are no names."""

    def __init__(self, context: Context) -> None:
        self.context = context

    def name(self, name: str) -> NoReturn:
        raise EvalError("Variables not allowed", "Variables may not be used here.")


def _decode_tfvars(context: Context, text: str) -> Value:
    from alexandria_scan.evaluate.compile import compile_attribute
    from alexandria_scan.syntax.parse import parse
    from alexandria_scan.syntax.tree import ExpressionError

    name = "<decode_tfvars argument>"
    file = parse(name, text.encode())
    if file.problems:
        problem = file.problems[0]
        place = f"{name}:{problem.line},{problem.column}"
        raise FunctionError(f"invalid tfvars syntax: {place}: {problem.summary}; {problem.detail}")
    if file.body.blocks:
        raise FunctionError(f"invalid tfvars content: {name}: Unexpected block; Blocks are not allowed here.")
    scope: Any = _NoScope(
        Context(
            context.directory,
            context.boundary,
            context.render,
            {"calls": False},
            budget=context.budget,
            disk=context.disk,
        )
    )
    values: dict[str, Value] = {}
    for variable, attribute in file.body.attributes.items():
        try:
            values[variable] = compile_attribute(attribute)(scope)
        except (EvalError, ExpressionError) as error:
            fault = error.problem if isinstance(error, ExpressionError) else error
            place = f"{name}:{fault.line},{fault.column}"
            detail = f'invalid expression for variable "{variable}": {place}: {fault.summary}; {fault.detail}'
            raise FunctionError(detail) from None
    return values


_PREFIX = "provider::terraform::"

FUNCTIONS = {
    _PREFIX + "decode_tfvars": Function(
        "decode_tfvars", (Parameter("src", STRING),), _decode_tfvars, DYNAMIC, context=True
    ),
    _PREFIX + "encode_expr": Function("encode_expr", (Parameter("value", unknown=True),), _encode_expr, STRING),
    _PREFIX + "encode_tfvars": Function("encode_tfvars", (Parameter("value", unknown=True),), _encode_tfvars, STRING),
}
