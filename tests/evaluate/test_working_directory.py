"""`path.cwd`: with `-chdir` Terraform keeps the folder in which it was called, which may be any."""

from __future__ import annotations

from pathlib import Path

from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.values import Unknown
from alexandria_scan.source.folders import SourceTree

CONFIGURATION = """\
locals {
  name  = basename(path.cwd)
  above = basename(dirname("${path.cwd}/a/../b"))
  below = basename("${path.cwd}/a/b")
}
"""


def test_the_folder_in_which_terraform_runs_has_no_known_name(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(CONFIGURATION)
    root = Evaluation(SourceTree(tmp_path)).root(tmp_path)
    assert root is not None
    for name in ("name", "above"):
        value = root.local(name)
        assert isinstance(value, Unknown)
        assert [reason.subject for reason in value.reasons] == ["path.cwd"]
    assert root.local("below") == "b"
