"""The picture of a module: its resources and module calls, and which refers to which."""

from __future__ import annotations

from pathlib import Path

from alexandria_scan.scan import Options, scan

SOURCE = """
locals {
  key = aws_kms_key.main.arn
}
data "aws_vpc" "main" {}
resource "aws_kms_key" "main" {
  count = 2
}
resource "aws_rds_cluster" "main" {
  kms_key_id = local.key
  depends_on = [aws_kms_key.main]
}
resource "aws_rds_cluster_instance" "main" {
  cluster_identifier = aws_rds_cluster.main.id
  dynamic "timeouts" {
    for_each = [for name in ["a"] : "${module.network.subnets[name]}-${data.aws_vpc.main.id}"]
    content {}
  }
}
resource "aws_eip" "alone" {}
module "network" {
  source = "./network"
  self   = module.network.subnets
}
"""


def test_which_blocks_refer_to_which(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(SOURCE)
    (tmp_path / "network").mkdir()
    (tmp_path / "network" / "main.tf").write_text("")
    module = scan(Options(paths=(str(tmp_path),))).scanned.details[0]
    assert module.blocks == (
        "aws_eip.alone",
        "aws_kms_key.main",
        "aws_rds_cluster.main",
        "aws_rds_cluster_instance.main",
        "module.network",
    )
    assert module.edges == (
        ("aws_rds_cluster.main", "aws_kms_key.main"),
        ("aws_rds_cluster_instance.main", "aws_rds_cluster.main"),
        ("aws_rds_cluster_instance.main", "module.network"),
    )


def test_a_picture_has_a_limit(tmp_path: Path) -> None:
    names = [f"n{number:03}" for number in range(205)]
    blocks = [f'resource "aws_eip" "{name}" {{\n  a = aws_eip.n000.id\n  b = aws_eip.n001.id\n}}' for name in names]
    (tmp_path / "main.tf").write_text("\n".join(blocks))
    module = scan(Options(paths=(str(tmp_path),))).scanned.details[0]
    assert len(module.blocks) == len(module.edges) == 200
