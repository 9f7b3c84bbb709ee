"""What is surely in an unknown sequence: it is there whatever the unknown turns out to be, and no plan shows it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from alexandria_scan.evaluate.as_plan import as_plan
from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.values import Unknown
from alexandria_scan.source.folders import SourceTree

KEPT: dict[str, list[Any]] = {
    'concat(["a"], var.more)': ["a"],
    'concat(var.more, ["a", "b"])': ["a", "b"],
    'concat(["a"], jsondecode(var.text))': ["a"],
    'setunion(["b", "a"], var.more)': ["a", "b"],
    'flatten([["a"], var.more, [["b"]]])': ["a", "b"],
    'flatten([concat(["a"], var.more), "b"])': ["a", "b"],
    'compact(concat(["", "a", null], var.more))': ["a"],
    'distinct(concat(["a", "a"], var.more))': ["a", "a"],
    'reverse(concat(["a"], var.more))': ["a"],
    'sort(concat(["b"], var.more))': ["b"],
    'toset(concat(["a"], var.more))': ["a"],
    'tolist(toset(concat(["a"], var.more)))': ["a"],
    'tolist(toset(["a", var.text]))': ["a"],
    'coalesce(concat(["a"], var.more), ["z"])': ["a"],
    '[for x in concat(["a", "b"], var.more) : upper(x) if x != "b"]': ["A"],
    '[for i, x in concat(["a"], var.more) : x]': ["a"],
    'concat([{ k = "a" }], [for x in var.more : { k = x }])[*].k': ["a"],
    'tolist(concat([1], var.more))': [],
    'concat(tolist([1]), var.more)': ["1"],
    'concat([1], var.more)': [1],
    'var.text == "t" ? concat(["a"], var.more) : []': [],
    'try(concat(["a"], var.more), [])': [],
    'setsubtract(concat(["a"], var.more), [var.text])': [],
    'concat(["a"], var.more)[0]': [],
    'join(",", concat(["a"], var.more))': [],
    '[for i, x in concat(["a"], var.more) : "b" if i == 0]': [],
}  # fmt: skip


def root(folder: Path, expression: str, *given: str, extra: str = "") -> Module:
    (folder / "main.tf").write_text(
        extra + 'variable "more" {\n  type = list(string)\n}\nvariable "text" {\n  type = string\n}\n'
        f'output "o" {{\n  value = {expression}\n}}\n'
    )
    arguments = tuple(("var", text) for text in given)
    module = Evaluation(SourceTree(folder), Options(GivenInputs(arguments, environment=False))).root(folder)
    assert module is not None
    return module


@pytest.mark.parametrize("expression", KEPT)
def test_what_is_surely_in_an_unknown_sequence_is_kept(expression: str, tmp_path: Path) -> None:
    value = root(tmp_path, expression).output("o")
    assert isinstance(value, Unknown)
    assert [member for member in value.members if not isinstance(member, Unknown)] == KEPT[expression]


@pytest.mark.parametrize("more", ["[]", '["a"]', '["z", "y", "a"]'])
@pytest.mark.parametrize("text", ["[]", '["q"]'])
@pytest.mark.parametrize("expression", [expression for expression, kept in KEPT.items() if kept])
def test_it_is_there_whatever_the_unknown_is(expression: str, more: str, text: str, tmp_path: Path) -> None:
    value: Any = root(tmp_path, expression, f"more={more}", f"text={text}").output("o")
    assert set(KEPT[expression]) <= set(value)


AWS = 'data "aws_iam_policy_document" "a" {}\nresource "aws_kms_key" "a" {}\n'


@pytest.mark.parametrize(
    ("texts", "kept", "sealed"),
    [
        ("data.aws_iam_policy_document.a.json", 1, True),
        ('data.aws_iam_policy_document.a.json, "", null, "{}"', 2, True),
        ("aws_kms_key.a.arn, data.aws_iam_policy_document.a.minified_json", 2, True),
        ('"x-${var.text}"', 1, True),
        ("data.aws_iam_policy_document.a.json, var.text", 1, False),
        ('try(data.aws_iam_policy_document.a.json, "")', 1, True),
    ],
)
def test_compact_keeps_what_cannot_be_empty(tmp_path: Path, texts: str, kept: int, sealed: bool) -> None:
    value = root(tmp_path, f"compact([{texts}])", extra=AWS).output("o")
    assert isinstance(value, Unknown)
    assert (len(value.members), value.sealed) == (kept, sealed)


def test_no_plan_shows_it(tmp_path: Path) -> None:
    change = as_plan(root(tmp_path, 'concat(["a"], var.more)'))["output_changes"]["o"]
    assert (change["after"], change["after_unknown"]) == (None, True)


def test_their_number_is_bounded(tmp_path: Path) -> None:
    doubled = "concat(range(600), var.more, range(600))"
    value = root(tmp_path, f"concat({doubled}, {doubled})").output("o")
    assert isinstance(value, Unknown)
    assert len(value.members) == 1000
