"""Headings and tables that a README has as HTML."""

import pytest

from alexandria_scan.syntax.markdown import Heading, Paragraph, Row, Table, parse_markdown

TABLE = (
    "<table>\n<tr><th>Name</th><th>Default</th></tr>\n{}<tr>\n  <td><code>size</code></td>\n"
    "  <td>3</td>\n</tr>\n</table>\n"
)


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("between", ["", "\n"])
def test_a_table(between: str, ends: str) -> None:
    text = f"# M\n\n{TABLE.format(between)}\nAfter.\n".replace("\n", ends)
    _, table, after = parse_markdown(text)
    blank = len(between)
    row = Row(5 + blank, ("<code>size</code>", "3"))
    assert table == Table(Row(4, ("Name", "Default")), (row,))
    assert after == Paragraph(11 + blank, "After.", False)


def test_a_heading() -> None:
    found = parse_markdown('<h2 align="center">The <b>inputs</b></h2>\n\ntext\n')
    assert found[0] == Heading(1, 2, "The <b>inputs</b>", "The inputs")


def test_two_tables_in_one_block() -> None:
    found = parse_markdown("<table><tr><td>a</td></tr></table>\n<table><tr><td>b</td></tr></table>\n")
    assert found == (Table(Row(1, ("a",)), ()), Table(Row(2, ("b",)), ()))


@pytest.mark.parametrize(
    "text",
    ["<!-- <table><tr><td>a</td></tr></table> -->\n", "<table>\n", "<div>\n</div>\n", "<table><tr></table>\n"],
)
def test_what_is_neither(text: str) -> None:
    assert parse_markdown(text) == ()


def test_a_table_without_an_end_goes_on_to_the_end() -> None:
    (table,) = parse_markdown("<table>\n<tr><td>a\n\n<tr><td>b\n\n# Not a heading\n")
    assert isinstance(table, Table) and [row.line for row in (table.header, *table.rows)] == [2, 4]
