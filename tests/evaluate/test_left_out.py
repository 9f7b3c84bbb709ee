"""A null in a text: an argument that a resource leaves out may have a default of the provider, nothing else has."""

from __future__ import annotations

from pathlib import Path

from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.values import Unknown
from alexandria_scan.source.folders import SourceTree

CONFIGURATION = """\
resource "aws_docdb_cluster" "main" {}

locals {
  nothing = null
  left    = "host:${aws_docdb_cluster.main.port}/"
  null    = "host:${local.nothing}/"
}
"""


def test_what_a_resource_leaves_out_is_unknown_in_a_text(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(CONFIGURATION)
    evaluation = Evaluation(SourceTree(tmp_path))
    root = evaluation.root(tmp_path)
    assert root is not None
    left = root.local("left")
    assert isinstance(left, Unknown)
    assert [(reason.subject, reason.decide) for reason in left.reasons] == [
        ("aws_docdb_cluster.main.port", "set port, or scan the plan")
    ]
    assert (left.prefix, left.suffix) == ("host:", "/")
    assert list(evaluation.problems) == []
    root.local("null")
    assert [(problem.line, problem.summary) for problem in evaluation.problems.values()] == [
        (6, "Invalid template interpolation value")
    ]
