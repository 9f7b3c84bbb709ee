"""Nested blocks in JSON syntax: what is a block there is the provider's schema to say, at any depth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from alexandria_scan.evaluate.as_plan import as_plan
from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.scan import Options as ScanOptions
from alexandria_scan.scan import scan
from alexandria_scan.source.folders import SourceTree

HCL = """
variable "days" {
  default = [3, 30]
}
resource "aws_cloudfront_distribution" "cdn" {
  enabled = true
  default_cache_behavior {
    allowed_methods        = ["GET"]
    viewer_protocol_policy = "https-only"
    forwarded_values {
      query_string = false
      cookies {
        forward = "none"
      }
    }
  }
}
resource "aws_backup_plan" "nightly" {
  name = "nightly"
  dynamic "rule" {
    for_each = var.days
    content {
      rule_name         = "after ${rule.value}"
      target_vault_name = "vault"
      lifecycle {
        delete_after = rule.value
      }
    }
  }
}
resource "aws_launch_template" "web" {
  block_device_mappings {
    device_name = "/dev/sda1"
    ebs {
      encrypted = false
    }
  }
  block_device_mappings {
    device_name = "/dev/sdb"
  }
}
"""
BEHAVIOUR = {
    "//": "a comment",
    "allowed_methods": ["GET"],
    "viewer_protocol_policy": "https-only",
    "forwarded_values": {"query_string": False, "cookies": [{"forward": "none"}]},
}
RULE = {
    "rule_name": "after ${rule.value}",
    "target_vault_name": "vault",
    "lifecycle": {"delete_after": "${rule.value}"},
}
MAPPINGS = [{"device_name": "/dev/sda1", "ebs": {"encrypted": False}}, {"device_name": "/dev/sdb", "ebs": None}]
JSON = {
    "variable": {"days": {"default": [3, 30]}},
    "resource": {
        "aws_cloudfront_distribution": {"cdn": {"enabled": True, "default_cache_behavior": BEHAVIOUR}},
        "aws_backup_plan": {
            "nightly": {"name": "nightly", "dynamic": {"rule": {"for_each": "${var.days}", "content": RULE}}}
        },
        "aws_launch_template": {"web": {"block_device_mappings": MAPPINGS}},
    },
}


def planned(folder: Path) -> tuple[Any, Any]:
    evaluation = Evaluation(SourceTree(folder), Options(GivenInputs(environment=False)))
    root = evaluation.root(folder)
    assert root is not None
    plan = as_plan(root)
    assert not evaluation.problems
    return plan["planned_values"], plan["configuration"]["root_module"]["resources"]


def test_one_object_stands_for_a_block_wherever_a_list_may(tmp_path: Path) -> None:
    (tmp_path / "hcl").mkdir()
    (tmp_path / "hcl" / "main.tf").write_text(HCL)
    (tmp_path / "json").mkdir()
    (tmp_path / "json" / "main.tf.json").write_text(json.dumps(JSON))
    assert planned(tmp_path / "json") == planned(tmp_path / "hcl")


def test_a_block_that_is_written_as_an_argument_is_judged(tmp_path: Path) -> None:
    policy = json.dumps(json.dumps({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}))
    role = f'assume_role_policy = "{{}}"\n  inline_policy = [{{ name = "all", policy = {policy} }}]'
    (tmp_path / "main.tf").write_text(f'resource "aws_iam_role" "all" {{\n  {role}\n}}\n')
    outcome = scan(ScanOptions(paths=(str(tmp_path),)))
    assert not outcome.problems
    assert [one.verdict for one in outcome.results if one.policy == "aws_iam_policy_allows_everything"] == ["fail"]
