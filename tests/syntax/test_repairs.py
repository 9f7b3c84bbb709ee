"""What HCL allows and tree-sitter's grammar does not: it reads the same all the same."""

from __future__ import annotations

import pytest

from alexandria_scan.syntax.parse import parse
from alexandria_scan.syntax.repairs import readable, repaired
from alexandria_scan.syntax.tree import Literal, Template


@pytest.mark.parametrize(
    ("text", "other"),
    [
        (b"x = 1e3", b"x = 111"),
        (b"x = a[ * ].b", b"x = a[*]  .b"),
        ("x = <<-é\n  a\n  é\n".encode(), b"x = <<-MM\n  a\n  MM\n"),
        (b'x = "a1e3"', b'x = "a1e3"'),
    ],
)
def test_what_the_grammar_does_not_know_is_written_in_as_many_bytes(text: bytes, other: bytes) -> None:
    assert repaired(text) == other
    assert len(repaired(text)) == len(text)


def test_the_text_of_a_heredoc_with_another_marker_is_that_of_the_file() -> None:
    file = parse("main.tf", "x = <<-日本\n  é [ * ] 1e3\n  日本\ny = a[ *].b\n".encode())
    assert file.problems == []
    node = file.body.attributes["x"].expression
    assert isinstance(node, Template) and isinstance(node.parts[0], Literal)
    assert node.parts[0].value == "é [ * ] 1e3\n"


def test_a_comment_may_be_in_another_encoding() -> None:
    assert readable("é".encode("latin-1") + b"x") == b"?x"
    assert parse("main.tf", b"# \xe9\nlocals {\n}\n").problems == []
    (problem,) = parse("main.tf", b'# \xe9\nlocals {\n  a = "\xe9"\n}\n').problems
    assert problem.summary == "Invalid character encoding"


@pytest.mark.parametrize("blank", ["\r", "\f", "\v"])
def test_a_blank_that_is_none_is_a_problem_outside_of_texts(blank: str) -> None:
    (problem,) = parse("main.tf", f"locals {{\n{blank}a = 1\n}}\n".encode()).problems
    assert (problem.line, problem.summary) == (2, "Invalid character")
    assert parse("main.tf", f"# a{blank}b\nlocals {{\n}}\n".encode()).problems == []
