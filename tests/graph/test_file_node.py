"""Configuration files as nodes: what is shown of them, and what is not."""

from pathlib import Path

import pytest

from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.graph.file_node import file_nodes
from alexandria_scan.graph.model import SimpleNode
from alexandria_scan.source.folders import SourceTree
from alexandria_scan.syntax.tree import Location


def nodes(folder: Path) -> list[SimpleNode]:
    evaluation = Evaluation(SourceTree(folder))
    config = evaluation.config(folder)
    assert config is not None
    return list(file_nodes(config))


@pytest.mark.parametrize(
    ("text", "line", "column", "change"),
    [
        ("locals {\n  a = 1\n  bc=2\n}\n", 2, 4, "2 blanks are expected before =, found 1"),
        ("locals {\n a = 1\n}\n", 2, 1, "2 blanks are expected before a, found 1"),
        ("locals {\n\ta = 1\n}\n", 2, 1, "2 blanks are expected before a, not tabs"),
        ("locals {\n  a = [ 1]\n}\n", 2, 8, "no blanks are expected before a number, found 1"),
        ("locals {\n  a =  1\n}\n", 2, 6, "1 blank is expected before a number, found 2"),
        ("locals {\n  a = 1  \n}\n", 2, 8, "nothing is expected at the end of the line"),
        ('locals {\n  a = "${local.b}"\n}\n', 2, 6, "local.b is expected"),
        ('locals {\n  a =  "swordfish"\n}\n', 2, 6, "1 blank is expected before a string, found 2"),
        ('locals {\n  a = [ "swordfish" ]\n}\n', 2, 8, "no blanks are expected before a string, found 1"),
        ('locals {\n  a = "${var.b }:swordfish"\n}\n', 2, 15, "no blanks are expected before }, found 1"),
        ('locals {\n  a = [[ "swordfish" ]]\n}\n', 2, 9, "no blanks are expected before a string, found 1"),
    ],
)
def test_the_first_difference_is_told_in_words(tmp_path: Path, text: str, line: int, column: int, change: str) -> None:
    (tmp_path / "main.tf").write_text(text)
    (node,) = nodes(tmp_path)
    assert node.attribute("unformatted") == {"file": node.address, "line": line, "column": column, "change": change}
    assert node.place(("unformatted",)) == Location(node.address, line, column, line, column + 1)


def test_json_and_files_that_do_not_parse_have_no_node(tmp_path: Path) -> None:
    (tmp_path / "main.tf.json").write_text('{"locals": {"a": 1}}')
    (tmp_path / "broken.tf").write_text("locals {\n")
    (tmp_path / "good.tf").write_text("locals {\n}\n")
    assert [node.name for node in nodes(tmp_path)] == ["good.tf"]


def test_lines_are_counted_in_characters_whatever_ends_them(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_bytes(("# " + "é" * 98 + "\r\n# " + "x" * 10 + "\r\n").encode())
    (node,) = nodes(tmp_path)
    assert [(line["line"], line["length"]) for line in node.attribute("long_lines")] == [(1, 100)]
