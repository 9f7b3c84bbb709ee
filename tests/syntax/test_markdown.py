"""Markdown as elements with lines, and what a reader sees of them."""

import pytest

from alexandria_scan.syntax.markdown import (
    Fence,
    Heading,
    Paragraph,
    Row,
    Table,
    code_text,
    lines_without_comments,
    parse_markdown,
    plain,
)

TEXT = """Title
=====

## `name` <a name="x"></a> [of](#of) *it* #

- first
- second

| A | B |
|---|:-:|
| `a\\|b` | c |

```HCL title
module "x" {
```
"""


@pytest.mark.parametrize("text", [TEXT, TEXT.replace("\n", "\r\n")], ids=["unix", "windows"])
def test_elements_have_the_lines_of_their_text(text: str) -> None:
    assert parse_markdown(text) == (
        Heading(1, 1, "Title", "Title"),
        Heading(4, 2, '`name` <a name="x"></a> [of](#of) *it*', "name  of it"),
        Paragraph(6, "first", True),
        Paragraph(7, "second", True),
        Table(Row(9, ("A", "B")), (Row(11, ("`a|b`", "c")),)),
        Fence(14, "hcl", 'module "x" {\n'),
    )


def test_headings_in_code_are_none() -> None:
    assert parse_markdown("```\n# no\n```\n\n    # no\n") == (Fence(2, "", "# no\n"), Fence(5, "", "# no\n"))


def test_a_code_block_in_a_list_has_its_own_line() -> None:
    assert parse_markdown("1. Do:\n\n   ```tf\n   x = 1\n   ```\n")[1] == Fence(4, "tf", "x = 1\n")


@pytest.mark.parametrize(
    ("markdown", "seen"),
    [
        ("", ""),
        ("as it is", "as it is"),
        ("**bold** _x_", "bold x"),
        (r"a\_b", "a_b"),
        ("&lt;x&gt;", "<x>"),
        ("a<br/>b", "a\nb"),
        ("![image](x)", ""),
    ],
)
def test_what_a_reader_sees(markdown: str, seen: str) -> None:
    assert plain(markdown) == seen


@pytest.mark.parametrize(
    ("markdown", "code"),
    [
        ("`null`", "null"),
        ("``a`b``", "a`b"),
        ("n/a", "n/a"),
        ('<pre>{<br>  "a": 1<br/>}</pre>', '{\n  "a": 1\n}'),
        ("<code>&lt;x&gt;</code>", "<x>"),
        ('`""`', '""'),
        ("", ""),
    ],
)
def test_the_code_in_a_cell(markdown: str, code: str) -> None:
    assert code_text(markdown) == code


def test_links_by_reference_are_read_as_links() -> None:
    (heading,) = parse_markdown("## [1.1.0] - 2026-03-02\n\n[1.1.0]: https://example.com/1.1.0\n")
    assert heading == Heading(1, 2, "[1.1.0] - 2026-03-02", "1.1.0 - 2026-03-02")


def test_items_of_a_list_without_blank_lines_end_where_a_block_begins() -> None:
    assert parse_markdown("- *a*\n  b\n  > c\n- \\_d\n") == (
        Paragraph(1, "*a*\nb", True),
        Paragraph(3, "c", False),
        Paragraph(4, "\\_d", True),
    )


def test_a_link_whose_text_ends_with_its_line_is_there_once() -> None:
    assert parse_markdown("# X\n\n[![Build](a)\n](b) is\nthere\n")[1:] == (
        Paragraph(3, "[![Build](a)\n](b) is\nthere", False),
    )
    assert parse_markdown("a  \n*b*\\\nc\n") == (Paragraph(1, "a\n*b*\nc", False),)


def test_html_in_a_table_of_html_belongs_to_the_table() -> None:
    text = "<table>\n<tr><td>a</td></tr>\n\n<tr><td>\n\n<h2>x</h2>\n\n</td></tr>\n</table>\n\n<h2>y</h2>\n"
    assert parse_markdown(text) == (
        Table(Row(2, ("a",)), (Row(4, ("<h2>x</h2>",)),)),
        Heading(11, 2, "y", "y"),
    )


def test_lines_may_end_as_on_old_machines() -> None:
    assert parse_markdown("# a\r\rb\r") == (Heading(1, 1, "a", "a"), Paragraph(3, "b", False))


def test_comments_are_blank_but_code_is_not() -> None:
    text = "a <!-- é\n b --> c\n\n<!-- x\n\ny -->\n\n`<!-- d -->`\n\n```\n<!-- e -->\n```"
    assert lines_without_comments(text) == [
        "a       ", "       c", "", "      ", "", "     ", "", "`<!-- d -->`", "", "```", "<!-- e -->", "```",
    ]  # fmt: skip


@pytest.mark.parametrize("text", [">" * 20_000, "- " * 5_000, "[" * 20_000, "|a" * 5_000 + "\n" + "|-" * 5_000, "\0"])
def test_nothing_is_too_strange_to_be_read(text: str) -> None:
    parse_markdown(text)
    plain(text)
