"""Nested blocks in JSON syntax: what is a block there is the provider's schema to say, at any depth."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

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


ALL = '{"actions": ["*"], "resources": ["*"]}'
NO_OBJECT = 'A "statement" block is written as a JSON object.'


def judged(folder: Path) -> tuple[list[tuple[int, int, str]], set[str]]:
    outcome = scan(ScanOptions(paths=(str(folder),)))
    problems = [(problem.line, problem.column, problem.detail) for problem in outcome.problems]
    return problems, {one.verdict for one in outcome.results if one.policy.startswith("aws_iam_policy_document_")}


@pytest.mark.parametrize(
    ("statement", "column", "detail"),
    [
        (
            '{"actions": ["*"], "resources": ["*"], "actions": ["s3:*"]}',
            40,
            'The property "actions" stands here twice.',
        ),
        (f'["${{path.root}}", {ALL}]', 2, NO_OBJECT),
        (f"[true, {ALL}]", 2, NO_OBJECT),
        ("true", 1, NO_OBJECT),
        ("5", 1, NO_OBJECT),
    ],
)
def test_what_is_no_block_is_a_problem_at_its_place(statement: str, column: int, detail: str, tmp_path: Path) -> None:
    """Terraform 1.11.4 refuses each of these as a "lifecycle" block."""
    text = f'{{"data": {{"aws_iam_policy_document": {{"d": {{"statement":\n{statement}}}}}}}}}'
    (tmp_path / "main.tf.json").write_text(text)
    assert judged(tmp_path) == ([(2, column, detail)], {"unknown"})


def test_an_argument_that_is_no_block_is_a_problem_at_its_place(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('data "aws_iam_policy_document" "d" {\n  statement = true\n}\n')
    assert judged(tmp_path) == ([(2, 3, "object required.")], {"unknown"})


def test_a_block_of_the_language_that_is_none_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "main.tf.json").write_text('{"resource": {"terraform_data": {"a": {"lifecycle": true}}}}')
    assert judged(tmp_path)[0] == [(1, 53, 'A "lifecycle" block is written as a JSON object.')]
