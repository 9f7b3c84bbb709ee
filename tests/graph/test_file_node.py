"""Configuration files as nodes: what is shown of them, and what is not."""

from pathlib import Path

from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.graph.file_node import file_nodes
from alexandria_scan.graph.model import SimpleNode
from alexandria_scan.source.folders import SourceTree
from alexandria_scan.syntax.tree import Location


def nodes(folder: Path) -> list[SimpleNode]:
    evaluation = Evaluation(SourceTree(folder))
    config = evaluation.config(folder)
    assert config is not None
    return list(file_nodes(config, evaluation.secret_lines))


def test_the_finding_stands_at_the_first_line_that_would_change(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("locals {\n  a = 1\n  bc=2\n}\n")
    (node,) = nodes(tmp_path)
    assert node.attribute("unformatted")["expected"] == "  a  = 1"
    assert node.place(("unformatted",)) == Location(node.address, 2, 1, 2, 2)


def test_a_default_that_is_sensitive_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('variable "x" {\n  sensitive = true\n  default="swordfish"\n}\n')
    (node,) = nodes(tmp_path)
    shown = node.attribute("unformatted")
    assert shown is not None
    assert "swordfish" not in str(shown)


def test_json_and_files_that_do_not_parse_have_no_node(tmp_path: Path) -> None:
    (tmp_path / "main.tf.json").write_text('{"locals": {"a": 1}}')
    (tmp_path / "broken.tf").write_text("locals {\n")
    (tmp_path / "good.tf").write_text("locals {\n}\n")
    assert [node.name for node in nodes(tmp_path)] == ["good.tf"]


def test_lines_are_counted_in_characters_whatever_ends_them(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_bytes(("# " + "é" * 98 + "\r\n# " + "x" * 10 + "\r\n").encode())
    (node,) = nodes(tmp_path)
    assert [(line["line"], line["length"]) for line in node.attribute("long_lines")] == [(1, 100)]
