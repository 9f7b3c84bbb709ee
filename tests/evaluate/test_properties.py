"""What holds for every value and every order: printing and reading again, converting twice, asking in any order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alexandria_scan.evaluate import numbers
from alexandria_scan.evaluate.compile import compile_expression
from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.functions.call import call
from alexandria_scan.evaluate.functions.signature import Context
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)
from alexandria_scan.evaluate.unify import unify
from alexandria_scan.evaluate.values import Marked, Unknown, Value, make_set, raw_equal, type_of, wholly_known
from alexandria_scan.source.folders import SourceTree
from alexandria_scan.syntax.parse import parse, parse_expression
from alexandria_scan.syntax.tree import ExpressionError

examples = settings(max_examples=300)

# --- values

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12).map(
    lambda text: _normal(text)
)
WORDS = st.sampled_from(
    ["", "1", "01", "1.5", "-3", "1e3", "true", "false", "null", "a", "${x}", "%{if}", "$${", '"', "\\n"]
)
NUMBERS = st.one_of(
    st.integers(-(10**30), 10**30),
    st.integers(-20, 20),
    st.builds("{}e-{}".format, st.integers(-(10**12), 10**12), st.integers(1, 12)).map(numbers.parse),
)  # fmt: skip
SCALARS: st.SearchStrategy[Value] = st.one_of(st.none(), st.booleans(), NUMBERS, TEXTS, WORDS)


def _normal(text: str) -> str:
    from unicodedata import normalize

    return normalize("NFC", text)


def _nested(inner: st.SearchStrategy[Value]) -> st.SearchStrategy[Value]:
    return st.one_of(
        st.lists(inner, max_size=4).map(tuple), st.dictionaries(st.one_of(TEXTS, WORDS), inner, max_size=4)
    )


VALUES = st.recursive(SCALARS, _nested, max_leaves=12)
PRIMITIVES: st.SearchStrategy[Type] = st.sampled_from([STRING, NUMBER, BOOL, DYNAMIC])


def _types(inner: st.SearchStrategy[Type]) -> st.SearchStrategy[Type]:
    names = st.sampled_from(["a", "b", "c", "1", "true"])
    return st.one_of(
        inner.map(ListType),
        inner.map(SetType),
        inner.map(MapType),
        st.lists(inner, max_size=3).map(lambda items: TupleType(tuple(items))),
        st.dictionaries(names, inner, max_size=3).map(lambda found: ObjectType(found, frozenset(), {})),
    )


TYPES = st.recursive(PRIMITIVES, _types, max_leaves=6)
KEYED = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.sampled_from(["a", "b", "c", "1", "true"]), inner, max_size=3),
    ),
    max_leaves=8,
)


class Nothing:
    """A scope without names."""

    context = Context(Path(), Path(), lambda text, name, names: None)

    def name(self, name: str) -> Value:
        raise EvalError("Unknown name", name)


SCOPE: Scope = Nothing()


def run(text: str) -> Value:
    return compile_expression(parse_expression("expression.tf", text))(SCOPE)


def function(name: str, *arguments: Value) -> Value:
    return call(name, list(arguments), SCOPE.context)


# --- printing and reading again


def quoted(text: str) -> str:
    """A string as HCL writes it."""
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    written = "".join(escapes.get(character, character) for character in text)
    return '"' + written.replace("${", "$${").replace("%{", "%%{") + '"'


def written(value: Value) -> str:
    """A value as HCL writes it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, tuple):
        return f"[{', '.join(map(written, value))}]"
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{quoted(key)} = {written(item)}' for key, item in value.items())} }}"
    return numbers.to_text(value)


def ambiguous(value: Value) -> bool:
    """`$${` in the source is `${`: a text of "$" before "${" cannot be written without an escape of its own."""
    if isinstance(value, str):
        return "$${" in value or "%%{" in value
    if isinstance(value, tuple):
        return any(map(ambiguous, value))
    return isinstance(value, dict) and any(ambiguous(key) or ambiguous(item) for key, item in value.items())


@examples
@given(VALUES.filter(lambda value: not ambiguous(value)))
def test_a_value_that_is_written_in_hcl_reads_as_the_same(value: Value) -> None:
    assert raw_equal(run(written(value)), value)


@examples
@given(VALUES)
def test_a_value_that_is_encoded_in_json_decodes_to_the_same(value: Value) -> None:
    assert raw_equal(function("jsondecode", function("jsonencode", value)), value)


@examples
@given(VALUES)
def test_json_encoding_is_stable(value: Value) -> None:
    text = function("jsonencode", value)
    assert function("jsonencode", function("jsondecode", text)) == text


@examples
@given(KEYED)
def test_a_value_that_is_encoded_in_yaml_decodes_to_the_same(value: Value) -> None:
    again = function("yamldecode", function("yamlencode", value))
    assert raw_equal(again, value) or not wholly_known(again)


@examples
@given(st.binary(max_size=60))
def test_a_text_that_is_encoded_in_base64_comes_back(data: bytes) -> None:
    text = _normal(data.decode("latin-1"))
    assert function("base64decode", function("base64encode", text)) == text


@settings(examples, max_examples=400)
@given(NUMBERS)
def test_a_number_that_is_written_reads_as_the_same(number: int | Fraction) -> None:
    assert numbers.parse(numbers.to_text(number)) == number
    assert run(f"({numbers.to_text(number)})") == number
    assert convert(convert(number, STRING), NUMBER) == number


@settings(examples, max_examples=400)
@given(st.integers(-(10**40), 10**40), st.integers(-10, 10).filter(bool))
def test_division_and_remainder_belong_together(number: int, divisor: int) -> None:
    whole = run(f"({number} - ({number}) % ({divisor})) / ({divisor})")
    assert whole * divisor + run(f"({number}) % ({divisor})") == number


# --- any text


@settings(examples, max_examples=400)
@given(st.text(st.sampled_from('ab1 \n\t"${}%[]()<=>!&|?:,.*+-/\\#~é'), max_size=30))
def test_no_text_breaks_the_reader(text: str) -> None:
    file = parse("main.tf", text.encode())
    for attribute in file.body.attributes.values():
        assert attribute.expression is not None
    with suppress(ExpressionError, EvalError):
        run(text)


@settings(examples, max_examples=300)
@given(st.binary(max_size=40))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    parse("main.tf", data)


# --- conversions


@settings(examples, max_examples=600)
@given(KEYED, TYPES)
def test_a_conversion_done_twice_is_done_once(value: Value, type_: Type) -> None:
    try:
        once = convert(value, type_)
    except ConversionError:
        return
    assert raw_equal(convert(once, type_), once)


@settings(examples, max_examples=300)
@given(KEYED)
def test_a_value_is_of_its_own_type(value: Value) -> None:
    assert raw_equal(convert(value, type_of(value)), value)


@settings(examples, max_examples=600)
@given(st.lists(TYPES, min_size=1, max_size=3))
def test_unification_does_not_depend_on_the_order(types: list[Type]) -> None:
    assert unify(types) == unify(types[::-1])


@examples
@given(TYPES)
def test_a_type_unifies_with_itself(type_: Type) -> None:
    assert unify([type_, type_]) == type_


@examples
@given(st.lists(st.one_of(TEXTS, WORDS), max_size=8))
def test_a_set_has_no_order_of_its_own(texts: list[str]) -> None:
    assert make_set(texts, STRING) == make_set(texts[::-1], STRING)
    assert function("toset", tuple(texts)) == function("toset", tuple(reversed(texts)))


# --- marks and unknowns


@examples
@given(KEYED)
def test_what_is_made_of_a_sensitive_value_is_sensitive(value: Value) -> None:
    assert isinstance(function("jsonencode", Marked(value)), Marked)
    assert isinstance(function("jsonencode", (value, Marked(value))), Marked)


@examples
@given(KEYED)
def test_what_is_made_of_an_unknown_value_is_unknown(value: Value) -> None:
    found = function("jsonencode", (value, Unknown(STRING)))
    assert isinstance(found, Unknown)
    assert found.type is STRING


# --- the order of evaluation

LOCALS = {
    "a": "1",
    "b": "local.a + 1",
    "c": "[local.a, local.b, local.e.x]",
    "d": "{ for v in local.c : tostring(v) => v * 2 }",
    "e": '{ x = 3, y = "y${local.b}" }',
    "f": "local.broken",
    "broken": "local.nowhere + local.a",
    "g": "try(local.d[9], keys(local.d))",
    "h": "length(local.g) + module.m.n",
    "i": "terraform_data.t.input",
    "j": "terraform_data.t.id",
    "k": "local.l",
    "l": "[local.k]",
}
OUTPUTS = sorted(LOCALS)


def evaluation_of(folder: Path, order: list[str], files: list[int]) -> Evaluation:
    """The locals in that order, spread over files by the numbers."""
    texts: dict[int, list[str]] = {}
    for name, file in zip(order, files, strict=True):
        texts.setdefault(file, []).append(f"locals {{\n  {name} = {LOCALS[name]}\n}}\n")
        texts.setdefault((file + 1) % 3, []).append(f'output "{name}" {{\n  value = local.{name}\n}}\n')
    for file, blocks in texts.items():
        (folder / f"{file}.tf").write_text("".join(blocks))
    (folder / "main.tf").write_text(
        'resource "terraform_data" "t" {\n  input = local.c\n}\nmodule "m" {\n  source = "./m"\n  v = local.b\n}\n'
    )
    (folder / "m").mkdir()
    (folder / "m/main.tf").write_text('variable "v" {}\noutput "n" {\n  value = var.v * 10\n}\n')
    return Evaluation(SourceTree(folder), Options(GivenInputs(environment=False)))


def shown(value: Value) -> Any:
    if isinstance(value, Unknown):
        return "unknown"
    if isinstance(value, tuple):
        return [shown(item) for item in value]
    if isinstance(value, dict):
        return {key: shown(item) for key, item in sorted(value.items())}
    return value


EXPECTED = {
    "a": 1,
    "b": 2,
    "c": [1, 2, 3],
    "d": {"1": 2, "2": 4, "3": 6},
    "e": {"x": 3, "y": "y2"},
    "f": "unknown",
    "broken": "unknown",
    "g": ["1", "2", "3"],
    "h": 23,
    "i": [1, 2, 3],
    "j": "unknown",
}


@settings(examples, max_examples=60)
@given(st.permutations(OUTPUTS), st.lists(st.integers(0, 2), min_size=len(LOCALS), max_size=len(LOCALS)),
       st.permutations(OUTPUTS))  # fmt: skip
def test_the_order_does_not_matter(order: list[str], files: list[int], asked: list[str]) -> None:
    with TemporaryDirectory() as name:
        evaluation = evaluation_of(Path(name).resolve(), order, files)
        root = evaluation.root(Path(name).resolve())
        assert root is not None
        found = {output: shown(root.output(output)) for output in asked}
    cycle = {found.pop("k") == "unknown", found.pop("l") in ("unknown", ["unknown"])}
    assert found == EXPECTED
    assert cycle == {True}
    summaries = {problem.summary for problem in evaluation.problems.values()}
    assert summaries == {"Reference to undeclared local value", "Cycle"}


@pytest.mark.parametrize("name", ["upper", "jsonencode", "length", "keys"])
def test_asking_twice_gives_the_same(name: str) -> None:
    values: dict[str, Callable[[], Value]] = {
        "upper": lambda: function("upper", "a"),
        "jsonencode": lambda: function("jsonencode", {"b": 1, "a": 2}),
        "length": lambda: function("length", (1, 2)),
        "keys": lambda: function("keys", {"b": 1, "a": 2}),
    }
    assert raw_equal(values[name](), values[name]())
