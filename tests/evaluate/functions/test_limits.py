"""Nothing that a configuration can write makes a function run long or fill the memory."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from alexandria_scan.evaluate.errors import EvalError, LimitExceeded
from alexandria_scan.evaluate.functions.call import call
from alexandria_scan.evaluate.functions.limits import MAX_TEXT
from alexandria_scan.evaluate.types import STRING
from alexandria_scan.evaluate.values import ListVal
from tests.evaluate.functions.test_call import CONTEXT, error, run

WIDE = ListVal(map(str, range(1000)), STRING)
LINES = "\n" * 1_000_000
BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


MOST_CALLS = 20_000_000


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """Ends a test in which too many functions are called."""
    calls = 0

    def counted(*_: object) -> None:
        nonlocal calls
        calls += 1
        assert calls < MOST_CALLS

    sys.setprofile(counted)
    yield
    sys.setprofile(None)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("setproduct", [WIDE, WIDE, WIDE]),
        ("format", ["%1000000000d", 1]),
        ("format", ["%.999999999999f", 1]),
        ("format", ["%-1000001s", "a"]),
        ("indent", [1000, LINES]),
        ("replace", [LINES, "\n", "x" * 1000]),
        ("replace", [LINES, "/\n/", "x" * 1000]),
        ("join", ["x" * 100_000, WIDE]),
        ("split", ["", LINES]),
        ("regexall", ["", LINES]),
        ("yamldecode", [BOMB]),
        ("yamldecode", ["[" * 5000]),
        ("jsondecode", ["[" * 100_000]),
        ("csvdecode", ["a\n" + "1\n" * 200_000]),
        ("regex", ["(" * 500, "a"]),
        ("concat", [WIDE] * 200),
        ("jsonencode", ["x" * (MAX_TEXT + 1)]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_growth_is_bounded(name: str, arguments: list[Any]) -> None:
    with pytest.raises(LimitExceeded):
        call(name, arguments, CONTEXT)


def test_range_has_terraform_s_own_limit() -> None:
    summary, detail = error("range", 10**9)
    assert summary == "Error in function call"
    assert "more than 1024 values were generated" in detail


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("(a+)+$", "a" * 5000 + "b"),
        ("(a|a)*c", "a" * 5000 + "b"),
        ("(a|aa)+$", "a" * 5000 + "b"),
        ("(.*)*x", "a" * 2000),
        ("a*a*a*a*a*a*a*b", "a" * 2000),
        (r"^(([a-z])+.)+[A-Z]([a-z])+$", "a" * 2000),
        (r"(\w+\s?)+!$", "word " * 500),
        ("(a|b|ab)*c", "ab" * 2000),
        ("(?:(?:a?){30}){30}b", "a" * 500),
        ("(x+x+)+y", "x" * 2000),
    ],
)
def test_no_pattern_backtracks_for_ever(pattern: str, text: str) -> None:
    with pytest.raises(EvalError, match=r"did not match any part|takes too long"):
        run("regex", pattern, text)


def test_a_long_text_is_searched_quickly() -> None:
    text = "\n".join(f"line {number}: value={number}" for number in range(20_000))
    assert len(run("regexall", r"value=(\d+)", text)) == 20_000
