"""Markdown: it fits a comment, can be replaced in place, and text from files is text."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from msgspec.structs import replace

from alexandria_scan.report.markdown import LIMIT, MARKER, render
from alexandria_scan.report.markdown_text import code, escaped
from tests.report import sample

OWN_HTML = re.compile(r"<!-- alexandria-scan: report -->|</?(details|summary|sub)>|<details><summary>[^<>]*</summary>")


def tokens(text: str) -> list[Token]:
    flat: list[Token] = []
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text):
        flat += [token, *(token.children or [])]
    return flat


def shown(text: str) -> str:
    """What a reader sees of a paragraph."""
    (inline,) = (token for token in MarkdownIt("commonmark").parse(text) if token.type == "inline")
    return "".join(token.content for token in inline.children or []).replace("\u200b", "")


def test_what_an_owner_sees_first() -> None:
    lines = [line for line in render(sample.library()).splitlines() if line]
    assert lines[:3] == [
        MARKER,
        "## alexandria-scan: ⚠️ incomplete",
        "Incomplete: 1 file did not parse, and 12 findings. Exit status 3.",
    ]
    assert lines[3:6] == [
        "| critical | high | medium | low | unknown | waived | problems | checks passed |",
        "| --: | --: | --: | --: | --: | --: | --: | --: |",
        "| 1 | 2 | 1 | 8 | 3 | 1 | 2 | 212 |",
    ]
    assert "- **critical: Security group lets the whole internet in** `aws_security_group_open_ingress`" in "\n".join(
        lines
    )


def test_a_clean_scan_is_short() -> None:
    assert render(sample.clean()).splitlines()[2] == "## alexandria-scan: ✅ compliant"
    assert len(render(sample.clean())) < 700


def test_a_finding() -> None:
    text = render(sample.library())
    at = text.index("Aurora cluster does not encrypt its storage")
    assert "`modules/rds-aurora-advanced/main.tf:31`" in text[at:]
    assert "← `encrypted = false` (`environments/production/production.tfvars:3`)" in text[at:]
    assert "*Fix:* Set storage_encrypted = true." in text[at:]


@pytest.mark.parametrize("modules", [40, 300])
def test_it_fits_a_comment_and_says_what_is_left_out(modules: int) -> None:
    result = sample.large(modules)
    text = render(result)
    size = len(text.encode())
    assert size <= LIMIT
    assert size > LIMIT * 0.95, "and uses the room that there is"
    shown_ = text.count("\n- **")
    hidden = re.search(r"Not shown: ([\d,]+) findings and ([\d,]+) unknown checks\.", text)
    assert hidden is not None
    found = sum(one.verdict == "fail" for one in result.results)
    assert shown_ + int(hidden[1].replace(",", "")) == found
    unknown = re.search(r"What could not be decided, and why \((\d+)\)", text)
    assert unknown is not None, "some of each kind are shown"
    assert int(unknown[1]) + int(hidden[2]) == sum(one.verdict == "unknown" for one in result.results)


def test_the_least_severe_are_left_out() -> None:
    result = sample.large(60)
    found = Counter(one.severity for one in result.results if one.verdict == "fail")
    text = render(result)
    left_out = {name: found[name] - text.count(f"- **{name}: ") for name in ("critical", "high", "medium", "low")}
    assert left_out["critical"] == 0
    assert 0 < left_out["high"] < found["high"]
    assert (left_out["medium"], left_out["low"]) == (found["medium"], found["low"])


def test_long_and_hostile_text_fits_as_well() -> None:
    assert len(render(sample.saying("*" * 5000)).encode()) <= LIMIT
    assert len(render(sample.saying("\u202e[@" * 5000)).encode()) <= LIMIT


def test_long_lists_are_folded() -> None:
    text = render(sample.large(12))
    before = text.partition("<details>")[0]
    assert before.count("\n- **") == 10
    assert text.count("<details>") == text.count("</details>") > 0
    assert re.search(r"<details><summary>modules/team-02/service-002 \(\d\)</summary>\n\n- \*\*", text)


MARKUP = [
    "[x](http://evil.example)", "![x](http://evil.example/p.png)", "<script>alert(1)</script>", "<img src=x onerror=y>",
    "*bold* **b** _e_ __f__ ~~s~~", "`code` ``c``", "a | b | c", "# heading", "- item", "+ item", "1. item", "12) item",
    "> quote", "---", "===", "```\nfence\n```", "    indented", "<!-- comment", "--> </details>", "&lt;b&gt; &#42;",
    "http://evil.example", "www.evil.example", "a\\", "\\*x\\*", "$x$", "</details><h1>", "[x]: http://evil.example",
    "<https://evil.example>", "|---|---|", "~~~\nx",
]  # fmt: skip


@pytest.mark.parametrize("text", MARKUP)
def test_text_from_files_is_no_markup(text: str) -> None:
    """The same tokens as for a harmless text, but for what they say."""
    made, harmless = tokens(render(sample.saying(text))), tokens(render(sample.saying("harmless")))
    kinds = [token.type for token in made if token.type not in ("text", "text_special")]
    assert kinds == [token.type for token in harmless if token.type not in ("text", "text_special")]
    for token in made:
        if token.type in ("html_block", "html_inline"):
            assert all(OWN_HTML.fullmatch(line) for line in token.content.splitlines() if line), token.content


@pytest.mark.parametrize("text", [*MARKUP, "aws_rds_cluster.main[0]", "a_b __init__ x_", "50 % of #1, ${var.x}", "1.5"])
def test_escaped_text_reads_as_it_is(text: str) -> None:
    assert shown(escaped(text)) == " ".join(text.split("\n")).strip()
    if text.strip():
        assert " ".join(shown(f"x {code(text)}").split()) == " ".join(f"x {text}".split())


@pytest.mark.parametrize("text", ["@octocat", "see #12", "!3", "%4", "~label", "&5", "mail@example.com"])
def test_nobody_is_mentioned_and_nothing_referred_to(text: str) -> None:
    assert re.search(r"[@#!%~&]\w", escaped(text).replace("&#8203;", "\u200b").replace("&#", "")) is None


def test_names_stay_readable() -> None:
    assert escaped("variable node_type has no description (and 7 more)") == (
        "variable node_type has no description (and 7 more)"
    )


def test_the_numbers_are_those_of_the_results() -> None:
    result = replace(sample.library(), standards=())
    assert render(result).count("\n- **") == 14  # 12 causes, 2 problems
