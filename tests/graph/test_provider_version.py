"""Which provider version a default is looked up for."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.graph.from_source import build
from alexandria_scan.source.folders import SourceTree

MAIN = """
terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.0"
    }
  }
}

resource "aws_redshift_cluster" "this" {
  cluster_identifier = "a"
  node_type          = "ra3.large"
}
"""
LOCK = """
provider "registry.terraform.io/hashicorp/aws" {
  version     = "6.69.1"
  constraints = ">= 5.0.0"
}
"""


@pytest.mark.parametrize(("lock", "version"), [(None, ">= 5.0"), (LOCK, "6.69.1"), ("provider {", ">= 5.0")])
def test_the_lock_file_decides_before_the_constraint(tmp_path: Path, lock: str | None, version: str) -> None:
    (tmp_path / "main.tf").write_text(MAIN)
    if lock is not None:
        (tmp_path / ".terraform.lock.hcl").write_text(lock)
    root = Evaluation(SourceTree(tmp_path)).root(tmp_path)
    assert root is not None
    (node,) = build(root, "root", None).resources()
    assert node.provider_version() == version
