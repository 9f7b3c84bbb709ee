"""A module's variables: the declared type, the default, conversion, validation."""

from __future__ import annotations

import msgspec

from alexandria_scan.evaluate.children import children_of, free_names
from alexandria_scan.evaluate.compile import compile_attribute, compile_expression
from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import EvalError, WrongInput
from alexandria_scan.evaluate.inputs import InputText, raw_expression
from alexandria_scan.evaluate.literal_nulls import check_literal
from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.typeexpr import parse_type
from alexandria_scan.evaluate.types import BOOL, DYNAMIC, Primitive, Type, spelled
from alexandria_scan.evaluate.values import EPHEMERAL, SENSITIVE, Reason, Unknown, Value, mark, opened
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Attribute, Block


class Declaration(msgspec.Struct, frozen=True):
    """One variable block, read once for a module however often the module is called."""

    name: str
    block: Block
    type: Type
    typed: bool
    nullable: bool
    marks: frozenset[str]
    default: Attribute | None

    @property
    def raw_is_text(self) -> bool:
        """True if `--var` and the environment give its value as plain text and not as an expression."""
        return not self.typed or (isinstance(self.type, Primitive) and self.type is not DYNAMIC)


def read_declaration(name: str, block: Block, scope: Scope) -> Declaration:
    """Raises EvalError or tree.ExpressionError for a wrong type constraint."""
    attributes = block.body.attributes
    type_: Type = DYNAMIC
    if "type" in attributes:
        type_ = parse_type(_type_node(attributes["type"]), scope)
    marks = {
        mark_
        for mark_, argument in ((SENSITIVE, "sensitive"), (EPHEMERAL, "ephemeral"))
        if _flag(attributes.get(argument), False)
    }
    return Declaration(
        name,
        block,
        type_,
        "type" in attributes,
        _flag(attributes.get("nullable"), True),
        frozenset(marks),
        attributes.get("default"),
    )


def _type_node(attribute: Attribute) -> tree.Expression:
    """In JSON syntax a type constraint is a string that holds an expression."""
    node = attribute.expression
    if isinstance(node, tree.Literal) and isinstance(node.value, str) and "(" in node.value:
        from alexandria_scan.syntax.parse import parse_expression

        return parse_expression(node.span.source.name, node.value)
    if isinstance(node, tree.Literal) and node.value in ("string", "number", "bool", "any"):
        return tree.Name(node.span, str(node.value))
    return node


def is_sensitive(block: Block) -> bool:
    """Whether a variable is declared to be sensitive: what it is set to is not shown."""
    return _flag(block.body.attributes.get("sensitive"), False)


def _flag(attribute: Attribute | None, otherwise: bool) -> bool:
    if attribute is None:
        return otherwise
    node = attribute.expression
    if isinstance(node, tree.Literal) and isinstance(node.value, bool):
        return node.value
    return otherwise


def checked(value: Value, declaration: Declaration, scope: Scope, span: tree.Span | None, file: str = "") -> Value:
    """A given value as the variable's own: default for a null that may not be, type, marks. Raises EvalError."""
    if value is None and not declaration.nullable:
        if declaration.default is None:
            raise _invalid(declaration, span, file, "required variable may not be set to null.")
        return default_value(declaration, scope)
    return mark(_converted(value, declaration, span, file), declaration.marks)


def _converted(value: Value, declaration: Declaration, span: tree.Span | None, file: str) -> Value:
    try:
        converted = convert(value, declaration.type)
    except ConversionError as error:
        where = f"{error.path}: " if error.path else ""
        raise _invalid(declaration, span, file, f"{where}{error.message}.") from None
    if type(converted) is Unknown and not declaration.nullable:
        return converted.as_type(converted.type, True)
    return converted


def _invalid(declaration: Declaration, span: tree.Span | None, file: str, detail: str) -> EvalError:
    place = (span or declaration.block.header).location
    where = (place.file, place.line, place.column) if span or not file else (file, 0, 0)
    return EvalError(
        "Invalid value for input variable",
        f"The given value is not suitable for var.{declaration.name}: {detail}",
        *where,
    )


def default_value(declaration: Declaration, scope: Scope) -> Value:
    """The default, converted. The variable must have one. Raises EvalError."""
    assert declaration.default is not None
    _without_calls(declaration.default.expression)
    for reference in free_names(declaration.default.expression):
        raise EvalError.at(
            reference.span.location, "Variables not allowed", "A default cannot refer to anything.", frozenset()
        )
    value = compile_attribute(declaration.default)(scope)
    if value is None and not declaration.nullable:
        place = declaration.default.span.location
        detail = "A null default value is not valid when nullable=false."
        raise EvalError.at(place, "Invalid default value for variable", detail, frozenset())
    try:
        check_literal(declaration.default.expression, value, declaration.type)
        converted = convert(value, declaration.type)
    except ConversionError as error:
        place = declaration.default.span.location
        detail = (
            f"This default value is not compatible with the variable's type constraint: "
            f"{error.path}{': ' if error.path else ''}{error.message}."
        )
        raise EvalError.at(place, "Invalid default value for variable", detail, frozenset()) from None
    return mark(converted, declaration.marks)


def given_value(text: InputText, declaration: Declaration, scope: Scope) -> Value:
    """The value of an input. Raises WrongInput."""
    try:
        return _given(text, declaration, scope)
    except EvalError as error:
        raise WrongInput(error.summary, error.detail, error.file or text.file, error.line, error.column) from None
    except tree.ExpressionError:
        detail = (
            f"The value given to var.{declaration.name} is no expression. Write it as in a variable file, "
            f"for type {spelled(declaration.type)}."
        )
        raise WrongInput("Invalid value for input variable", detail, text.file) from None


def _given(text: InputText, declaration: Declaration, scope: Scope) -> Value:
    if text.expression is not None:
        _without_calls(text.expression)
        return _literal(text.expression, declaration, scope, text.expression.span, "")
    if declaration.raw_is_text:
        return checked(text.raw, declaration, scope, None, text.file)
    node = raw_expression(text)
    _without_calls(node)
    return _literal(node, declaration, scope, None, text.file)


def value_as_given(text: InputText, declaration: Declaration, scope: Scope) -> Value:
    """A value that was given before it is converted, as Terraform shows it in a plan."""
    if text.expression is not None:
        return compile_expression(text.expression)(scope)
    return text.raw if declaration.raw_is_text else compile_expression(raw_expression(text))(scope)


def _literal(node: tree.Expression, declaration: Declaration, scope: Scope, span: tree.Span | None, file: str) -> Value:
    value = compile_expression(node)(scope)
    try:
        check_literal(node, value, declaration.type)
    except ConversionError as error:
        raise _invalid(declaration, span, file, f"{error.message}.") from None
    return checked(value, declaration, scope, span, file)


def _without_calls(node: tree.Expression) -> None:
    """Raises EvalError if a function is called: the value of a variable is given in literals."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        if isinstance(current, tree.Call):
            place = current.span.location
            detail = "Functions may not be called here."
            raise EvalError.at(place, "Function calls not allowed", detail)
        waiting += children_of(current)


def missing(declaration: Declaration) -> Unknown:
    """The unknown that stands for a required variable without a value."""
    place = declaration.block.header.location
    reason = Reason(
        f"var.{declaration.name}",
        "has no value",
        f"set var.{declaration.name}, or scan the plan",
        kind="input",
        file=place.file,
        line=place.line,
    )
    return Unknown(declaration.type, (reason,), not declaration.nullable)


def failed_validations(declaration: Declaration, scope: Scope) -> list[EvalError]:
    """What the validation blocks say about the variable's value; an unknown condition says nothing."""
    failures = []
    for block in declaration.block.body.blocks_of("validation"):
        condition = block.body.attributes.get("condition")
        if condition is None:
            continue
        place = condition.span.location
        if not _asks_for(declaration.name, condition.expression):
            name = f"var.{declaration.name}"
            detail = f"The condition must refer to {name} in order to test incoming values."
            summary = "Invalid variable validation condition"
            failures.append(EvalError(summary, detail, place.file, place.line, place.column))
            continue
        result, _ = opened(compile_attribute(condition)(scope))
        try:
            holds = convert(result, BOOL)
            if holds is None:
                raise ConversionError("must be true or false, not null")
        except ConversionError as error:
            detail = f"Invalid validation condition result value: {error.message}."
            summary = "Invalid variable validation result"
            failures.append(EvalError.at(place, summary, detail))
            continue
        if holds is False:
            message = _message(block, scope)
            failures.append(EvalError.at(place, "Invalid value for variable", message))
    return failures


def _asks_for(variable: str, condition: tree.Expression) -> bool:
    waiting = [condition]
    while waiting:
        node = waiting.pop()
        if isinstance(node, tree.GetAttribute) and node.name == variable:
            base = node.base
            if isinstance(base, tree.Name) and base.name == "var":
                return True
        waiting += children_of(node)
    return False


def _message(block: Block, scope: Scope) -> str:
    attribute = block.body.attributes.get("error_message")
    if attribute is None:
        return "The validation rule has no error message."
    value, marks = opened(compile_attribute(attribute)(scope))
    if not isinstance(value, str) or marks:
        return "The value does not satisfy the validation rule."
    return value
