"""Comments that accept findings: what they say, and which lines they are about."""

from __future__ import annotations

import pytest

from alexandria_scan.syntax.ignore import IgnoreComment, ignore_comments
from alexandria_scan.syntax.parse import parse

SAID = 'alexandria:ignore some_policy reason="Because"'


def read(text: str) -> list[IgnoreComment]:
    return ignore_comments(parse("m/main.tf", text.encode()))


def only(text: str) -> IgnoreComment:
    (found,) = read(text)
    return found


def test_what_it_says() -> None:
    found = only(
        '# alexandria:ignore one,two_* reason="It is \\"so\\"" until=2027-01-31 owner=data-platform\nlocals {}\n'
    )
    assert found.policies == ("one", "two_*")
    assert (found.reason, found.until, found.owner) == ('It is "so"', "2027-01-31", "data-platform")
    assert found.fault == ""
    assert (found.location.file, found.location.line, found.location.column) == ("m/main.tf", 1, 1)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (f'\n# {SAID}\nresource "a" "b" {{\n  x = 1\n}}\n', (2, 5)),
        (f'\n// {SAID}\n# about the block\nresource "a" "b" {{\n  x = 1\n}}\n', (2, 6)),
        (f'\nresource "a" "b" {{ # {SAID}\n  x = 1\n}}\n', (2, 4)),
        (f'\nresource "a" "b" {{\n  # {SAID}\n  x = 1\n}}\n', (2, 5)),
        (f'\nresource "a" "b" {{\n  # {SAID}\n\n  x = 1\n}}\n', (2, 6)),
        (f'\nresource "a" "b" {{\n  x = 1\n}} # {SAID}\n', (2, 4)),
        (f"\nlocals {{}} # {SAID}\n", (2, 2)),
        (f"\nvariable \"x\" {{ type = string }} /* {SAID} */\n", (2, 2)),
        (f'\nresource "a" "b" {{\n  y = 1\n  # {SAID}\n  x = [\n    1,\n  ]\n}}\n', (4, 7)),
        (f'\nresource "a" "b" {{\n  y = 1\n  x = 1 // {SAID}\n}}\n', (4, 4)),
        (f'\nresource "a" "b" {{\n  y = 1\n  x = [\n    1, # {SAID}\n  ]\n}}\n', (4, 6)),
        (f'\nresource "a" "b" {{\n  y = 1\n  x = [\n    # {SAID}\n    1,\n  ]\n}}\n', (4, 7)),
        (f'\nresource "a" "b" {{\n  y = 1\n  # {SAID}\n  in {{\n    z = 1\n  }}\n}}\n', (4, 7)),
        (f'\nresource "a" "b" {{\n  y = 1\n  in {{\n    # {SAID}\n    z = 1\n  }}\n}}\n', (4, 7)),
        (f'\r\n# {SAID}\r\nresource "a" "b" {{\r\n  x = 1\r\n}}\r\n', (2, 5)),
        (f"# {SAID}\n\nlocals {{}}\n", (1, 1)),
    ],
)  # fmt: skip
def test_the_lines_that_it_is_about(text: str, lines: tuple[int, int]) -> None:
    found = only(text)
    assert (found.first, found.last) == lines
    assert found.fault == ""


@pytest.mark.parametrize(
    "text",
    [
        f"\n# {SAID}\n\nlocals {{}}\n",
        f"\nlocals {{}}\n# {SAID}\n",
        f'\nresource "a" "b" {{\n  x = 1\n  # {SAID}\n}}\n',
        f"\n# {SAID}\n",
    ],
)
def test_a_comment_that_stands_at_nothing(text: str) -> None:
    assert "stands neither" in only(text).fault


def test_a_module_call_is_named_where_the_comment_is_about_all_of_it() -> None:
    assert only(f'\nmodule "db" {{ # {SAID}\n  source = "./db"\n}}\n').call == "db"
    assert only(f'\nmodule "db" {{\n  source = "./db" # {SAID}\n}}\n').call == ""


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ('p owner="x"', "it gives no reason"),
        ('p reason=""', "it gives no reason"),
        ('reason="x"', "it names no policy"),
        ('p reason="x" untill=2027-01-31', "did you mean until?"),
        ('p reason="x', "cannot be read"),
        ("", "it names no policy"),
    ],
)
def test_what_cannot_be_understood(said: str, fault: str) -> None:
    assert fault in only(f"# alexandria:ignore {said}\nlocals {{}}\n").fault


def test_other_text_is_no_comment() -> None:
    assert read(f'locals {{\n  x = "# {SAID}"\n  y = <<EOT\n# {SAID}\nEOT\n}}\n') == []
    assert read("# see alexandria:ignore in the manual\nlocals {}\n") == []
    assert read("# alexandria:ignored\nlocals {}\n") == []


def test_a_file_with_a_mistake_keeps_its_comments() -> None:
    (found,) = read(f"# {SAID}\nlocals {{\n  x = 1\n}}\n\nresource {{{{\n")
    assert found.policies == ("some_policy",)
