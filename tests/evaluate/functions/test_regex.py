"""The two ways in which a pattern is run find the same."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alexandria_scan.evaluate.functions.regex_classes import RegexError
from alexandria_scan.evaluate.functions.regex_machine import Program
from alexandria_scan.evaluate.functions.regex_syntax import parse
from alexandria_scan.evaluate.functions.regex_translate import Untranslatable, cost, translate
from alexandria_scan.evaluate.functions.regexes import Expression

ATOMS = st.sampled_from(
    ["a", "b", ".", "[ab]", "[^a]", r"\d", r"\w", r"\W", r"\s", r"\b", "^", "$", "(?i)", "(?m)", "x", "-", "[b-x]"]
)
REPEATS = st.sampled_from(["", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{2,}"])
PIECES = st.recursive(
    st.builds(lambda atom, repeat: atom + repeat, ATOMS, REPEATS),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.builds(lambda part, repeat: f"({part}){repeat}", inner, REPEATS),
        st.builds(lambda left, right: f"(?:{left}|{right})", inner, inner),
    ),
    max_leaves=6,
)


@settings(max_examples=300)
@given(PIECES, st.text("abxAB1 -\n", max_size=8), st.integers(0, 3))
def test_python_s_engine_agrees_with_the_machine(text: str, subject: str, start: int) -> None:
    try:
        pattern = parse(text)
        cost(pattern.root, len(subject))
        compiled = re.compile(translate(pattern), re.ASCII)
    except (RegexError, Untranslatable):
        return
    start = min(start, len(subject))
    match = compiled.search(subject, start)
    expected = None if match is None else tuple(place for span in match.regs for place in span)
    assert Program(pattern).search(subject, start) == expected


@pytest.mark.parametrize("text", ["(a*)*", "(a|b)*", "((a)|b)+", "(?:a*b*)*", r"(\pL)+"])
def test_patterns_that_are_left_to_the_machine(text: str) -> None:
    with pytest.raises(Untranslatable):
        cost(parse(text).root, 10)
        translate(parse(text))


@settings(max_examples=300)
@given(
    st.sampled_from(["", "", "^", r"\A", "(?i)", "(?m)^"]), PIECES, st.text("abxAB1 -\n", max_size=8), st.integers(0, 3)
)
def test_an_expression_finds_what_the_machine_finds(begin: str, text: str, subject: str, start: int) -> None:
    """Whether it asks Python's engine, the machine, or only how a match would begin."""
    try:
        expression = Expression(begin + text)
    except RegexError:
        return
    start = min(start, len(subject))
    assert expression.search(subject, start) == Program(expression.pattern).search(subject, start)


@pytest.mark.parametrize(
    ("text", "anchored", "begin"),
    [
        ("arn:[a-z]*", False, "arn:"), ("^aws_(db|rds)", True, "aws_"), (r"\Ax", True, "x"), ("a?b", False, ""),
        ("ab|ac", False, ""), ("(?i)ab", False, ""), ("(?m)^ab", False, ""), ("[a]b", False, "ab"), ("", False, ""),
    ],
)  # fmt: skip
def test_what_every_match_begins_with(text: str, anchored: bool, begin: str) -> None:
    expression = Expression(text)
    assert (expression._anchored, expression._begin) == (anchored, begin)


def test_a_long_text_without_the_beginning_of_a_match_takes_no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's engine would take too long for some such texts, and the machine takes long for all."""
    monkeypatch.setattr(Program, "search", lambda *given: pytest.fail("the machine has been asked"))
    expression = Expression("arn:aws[a-z-]*:[a-z0-9-]+:[a-z0-9-]*:[0-9]{12}:")
    assert expression.search("ar" * 20_000, 0) is None
