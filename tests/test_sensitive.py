"""What is declared to be sensitive is not shown: not in a report, an excerpt, an origin, or an explanation."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexandria_scan.cli import main

SECRET = "swordfish-1234"
SOURCE = f"""
variable "secret" {{
  sensitive = true
  default   = "{SECRET}"
}}
variable "other" {{}}
resource "aws_rds_cluster" "main" {{
  engine              = "aurora-postgresql"
  master_password     = var.secret
  deletion_protection = var.secret == "x"
}}
module "inner" {{
  source = "./inner"
  token  = var.secret
}}
"""
INNER = """
variable "token" {
  sensitive = true
}
resource "aws_secretsmanager_secret_version" "main" {
  secret_id     = "orders"
  secret_string = jsonencode({ token = var.token })
}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "inner").mkdir()
    (tmp_path / "main.tf").write_text(SOURCE)
    (tmp_path / "inner" / "main.tf").write_text(INNER)
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [["--verbose"], ["--quiet"], ["--format", "json"], ["--environment", "production", "--verbose"]],
    ids=" ".join,
)
def test_a_scan_does_not_print_it(root: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main([str(root), *arguments])
    shown = "".join(capsys.readouterr())
    assert "aws_rds_cluster" in shown
    assert SECRET not in shown


def test_nor_does_explain(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["explain", "aws_rds_cluster.main.master_password", str(root)])
    shown = "".join(capsys.readouterr())
    assert "(sensitive value)" in shown and 'variable "secret"' in shown
    assert SECRET not in shown


def test_nor_what_is_given_on_the_command_line(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(root), "--var", "secret=open sesame", "--format", "json"])
    shown = "".join(capsys.readouterr())
    assert "secret = (sensitive value)" in shown
    assert "open sesame" not in shown
