"""Expressions against what real Terraform 1.11.4 said of each."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from alexandria_scan.evaluate.compile import compile_expression
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.scope import NamedScope
from alexandria_scan.evaluate.typeexpr import parse_type
from alexandria_scan.evaluate.variables import checked, default_value, read_declaration
from alexandria_scan.syntax.parse import parse, parse_expression
from alexandria_scan.syntax.tree import ExpressionError
from tests.evaluate import recorded

FILES = sorted(path for path in (recorded.FIXTURES / "expressions").glob("*.json") if path.stem != "constraints")

# Where we differ, and why that is accepted. Each is a configuration that Terraform refuses or that no plan can hold.
ACCEPTED = {
    "an infinity: Terraform computes with it but cannot store it": [
        "1 / 0 > 5", "-1 / 0 < 5", "1 / 0 == 1 / 0", "tostring(1 / 0)", '"x${1 / 0}"', 'try(1 / 0, "d")', "can(1 / 0)",
    ],
    # In the plan itself these are [], and inside of `try` and `can` that is what they give.
    "what Terraform's validation refuses, for which every variable is unknown": [
        "var.null_bool[*].a", "var.null_map[*].a.b", "var.null_object[*].zz", "var.null_object[*].a.b",
        '{a = var.null_map[*].a.b, b = {a = {a = "ff", b = var.null_list}, b = can("10.0.0.0/16")}}',
    ],
    "whether a module declares the provider of a function is not checked": ['provider::terraform::encode_expr("x")'],
}  # fmt: skip
# Type constraints that Terraform 1.11 refuses and older modules have, or that do no harm.
GENEROUS_TYPES = {
    '"string"', '"number"', '"list"', '"map"', 'object({ "a" = string })', "object({ a = string, a = number })",
    'object({ a = optional(string, "a", "b") })',
}  # fmt: skip
ACCEPTED_TEXTS = {text for texts in ACCEPTED.values() for text in texts}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_expression_evaluates_as_in_terraform(path: Any) -> None:
    data = recorded.load(path)
    module = recorded.context(path.parent / (data.get("context") or "context"))
    wrong, counts = [], Counter[str]()
    for case in data["cases"]:
        outcome = recorded.outcome(case, module)
        if outcome in ("same", "unknown"):
            counts[outcome] += 1
        elif case["expr"] not in ACCEPTED_TEXTS:
            wrong.append(f"{case['expr']}: {outcome}")
    assert wrong == []
    assert counts["unknown"] <= len(data["cases"]) // 10, "more is unknown to us than the recordings explain"


def test_no_accepted_difference_is_obsolete() -> None:
    """An expression stays on the list only as long as it differs."""
    same = []
    for path in FILES:
        data = recorded.load(path)
        module = recorded.context(path.parent / (data.get("context") or "context"))
        for case in data["cases"]:
            if case["expr"] in ACCEPTED_TEXTS and recorded.outcome(case, module) == "same":
                same.append(case["expr"])
    assert same == []


def _constrained(case: dict[str, Any], module: Any) -> Any:
    """The value of a variable with the type, default and argument of a case."""
    lines = ['variable "v" {']
    if case["type"] is not None:
        lines.append(f"type = {case['type']}")
    if case.get("default") is not None:
        lines.append(f"default = {case['default']}")
    if case.get("nullable") is not None:
        lines.append(f"nullable = {str(case['nullable']).lower()}")
    file = parse("constraint.tf", "\n".join([*lines, "}"]).encode())
    if file.problems:
        raise EvalError(file.problems[0].summary, file.problems[0].detail)
    declaration = read_declaration("v", file.body.blocks[0], module)
    if declaration.default is not None:
        default_value(declaration, module)
    if case["argument"] is None:
        if declaration.default is None:
            raise EvalError("Missing required argument", "")
        return default_value(declaration, module)
    argument = re.sub(r"local\.unk\b", "local.unk_string", case["argument"])
    value = compile_expression(parse_expression("argument.tf", argument))(module)
    return checked(value, declaration, module, None)


def test_a_value_is_converted_to_its_variable_as_in_terraform() -> None:
    data = recorded.load(recorded.FIXTURES / "expressions" / "constraints.json")
    module = recorded.context(recorded.FIXTURES / "expressions" / "context")
    wrong = []
    for case in data["cases"]:
        try:
            value = _constrained(case, module)
        except (EvalError, ExpressionError) as error:
            if case["ok"]:
                wrong.append(f"{case}: {error}")
            continue
        got, unknown, sensitive = recorded.plain(value)
        if not case["ok"]:
            if case["type"] not in GENEROUS_TYPES:
                wrong.append(f"{case}: no error, but {got!r}")
        elif not recorded.same(got, case["value"]) or recorded.normal(unknown) != recorded.normal(case["unknown"]):
            wrong.append(f"{case}: {got!r} {unknown!r}")
        elif recorded.normal(sensitive) != recorded.normal(case["sensitive"]):
            wrong.append(f"{case}: sensitive {sensitive!r}")
    assert wrong == []


def test_a_type_constraint_that_is_none_is_an_error() -> None:
    module = recorded.context(recorded.FIXTURES / "expressions" / "context")
    for text in (
        "strin",
        "list(string, number)",
        "object({a = 1})",
        "tuple(string)",
        "optional(string)",
        '"map(string)"',
    ):
        with pytest.raises(EvalError, match="Invalid type specification"):
            parse_type(parse_expression("type.tf", text), NamedScope(module, {}))
