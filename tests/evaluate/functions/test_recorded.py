"""Every function against what real Terraform 1.11.4 said of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.functions.call import names
from tests.evaluate import recorded

FOLDER = recorded.FIXTURES / "functions"
FILES = sorted(FOLDER.glob("*.json"))

# Where Terraform knows a value and the scanner says that it does not: the only expressions for which that is right.
UNKNOWN = {
    "an infinity: Terraform computes with it but cannot store it": [
        "log(0, 10)", "log(8, 1)", "pow(0, -1)", "pow(10, 400)", 'yamldecode("a: .inf")', 'yamldecode("a: +.inf")',
    ],
    "the last digits depend on Go's own exponential function": ["pow(2, 1.5)"],
    "the time of the plan": ["length(plantimestamp())"],
    "Go's compressor": ['base64gzip("test")'],
    "character sets and scripts that Python has no such table of": [
        'textencodebase64("日本", "Shift_JIS")', 'textencodebase64("日本", "EUC-JP")',
        'textencodebase64("日本", "GB18030")', 'textencodebase64("日本", "GBK")', 'textencodebase64("日本", "Big5")',
        'textdecodebase64("k/qWew==", "Shift_JIS")', r'regex("\\p{Greek}+", "abcαβγ")',
    ],
}  # fmt: skip
UNKNOWN_TEXTS = {text for texts in UNKNOWN.values() for text in texts}

# Errors whose words are not compared: those of the parser, of other places in templates, of Go's own panics.
OTHER_WORDS = re.compile(
    r"^templatestring|^templatefile|decode_tfvars|^tonumber\(\"Inf\"\)|core::(lenght|upper\(\))|\\[ab]|^jsonencode"
)


def _cases() -> list[tuple[Path, dict[str, Any]]]:
    return [(path, case) for path in FILES for case in recorded.load(path)["cases"]]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_function_gives_what_terraform_gives(path: Path) -> None:
    module = recorded.context(FOLDER / "context")
    wrong = []
    for case in recorded.load(path)["cases"]:
        text = case["expr"]
        outcome = recorded.outcome(case, module)
        wanted = "unknown" if text in UNKNOWN_TEXTS else "same"
        if outcome != wanted:
            wrong.append(f"{text}: {outcome}")
    assert wrong == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_error_says_what_terraform_says(path: Path) -> None:
    module = recorded.context(FOLDER / "context")
    wrong = []
    for case in recorded.load(path)["cases"]:
        if case["ok"] or case["expr"] in UNKNOWN_TEXTS or OTHER_WORDS.search(case["expr"]):
            continue
        with pytest.raises(EvalError) as raised:
            recorded.evaluate(case["expr"], module)
        error = case["error"]
        said = (raised.value.summary, raised.value.detail.rstrip("."))
        if said != (error["summary"], error["detail"].rstrip(".")):
            wrong.append(f"{case['expr']}: {said}; Terraform: {error}")
    assert wrong == []


def test_what_is_expected_to_be_unknown_is_recorded() -> None:
    known = {case["expr"] for _, case in _cases()}
    assert known >= UNKNOWN_TEXTS


def test_every_function_is_recorded() -> None:
    texts = "\n".join(case["expr"] for _, case in _cases())
    assert [name for name in sorted(names()) if not re.search(rf"(?<![\w:]){re.escape(name)}\(", texts)] == []
