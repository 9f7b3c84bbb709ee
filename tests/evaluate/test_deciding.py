"""In a policy nothing more is asked once the value of a condition is decided; Terraform looks at all of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexandria_scan.evaluate.compile import compile_expression
from alexandria_scan.evaluate.functions.signature import Context
from alexandria_scan.evaluate.types import BOOL
from alexandria_scan.evaluate.values import Unknown, Value
from alexandria_scan.syntax.parse import parse_expression

VALUES: dict[str, Value] = {"yes": True, "no": False, "open": Unknown(BOOL), "word": "true"}


class Asked:
    """A scope that takes down what it is asked for."""

    def __init__(self, three_valued: bool) -> None:
        self.names: list[str] = []
        self.context = Context(Path(), Path(), lambda text, file, names: text, three_valued=three_valued)

    def name(self, name: str) -> Value:
        self.names.append(name)
        return VALUES[name]


def asked(text: str, three_valued: bool) -> tuple[Value, str]:
    scope = Asked(three_valued)
    value = compile_expression(parse_expression("condition", text))(scope)
    return value, " ".join(scope.names)


@pytest.mark.parametrize(
    ("text", "value", "in_a_policy", "in_terraform"),
    [
        ("yes || no", True, "yes", "yes no"),
        ("no || yes", True, "no yes", "no yes"),
        ("no && yes", False, "no", "no yes"),
        ("no && yes || yes", True, "no yes", "no yes yes"),
        ("yes == no", False, "yes no", "yes no"),
        ("anytrue([no, yes, no])", True, "no yes", "no yes no"),
        ("anytrue([no, no])", False, "no no", "no no"),
        ("anytrue([word, no])", True, "word no", "word no"),
        ("alltrue([yes, no, yes])", False, "yes no", "yes no yes"),
        ("alltrue([for one in [1, 2, 3] : one == 2 ? no : yes])", False, "no yes no yes", "no yes no yes no yes"),
        ("anytrue([for one in [1, 2] : yes])", True, "yes", "yes yes"),
        ("length([for one in [1, 2] : yes])", 2, "yes yes", "yes yes"),
        ("length([no, yes])", 2, "no yes", "no yes"),
    ],
)
def test_what_is_asked(text: str, value: Value, in_a_policy: str, in_terraform: str) -> None:
    assert asked(text, True) == (value, in_a_policy)
    assert asked(text, False) == (value, in_terraform)


@pytest.mark.parametrize("text", ["open || yes", "anytrue([open, yes, no])"])
def test_what_is_open_decides_nothing(text: str) -> None:
    value, names = asked(text, True)
    assert value is True
    assert names.startswith("open yes")
