"""Plans that `evaluate` writes: their configuration is Terraform's, and read again they are judged as the source."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from alexandria_scan.evaluate.as_plan import as_plan
from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.evaluate.values import Unknown
from alexandria_scan.graph.environment import environment_of
from alexandria_scan.graph.from_plan import plan_graph
from alexandria_scan.graph.from_source import build
from alexandria_scan.policy.environments import canonical
from alexandria_scan.source.folders import SourceTree
from alexandria_scan.source.plan_json import decode_plan
from tests.graph import comparison
from tests.graph.plans import read_plan
from tests.graph.test_plan_verdicts import verdicts

CONFIGURATION = """
variable "encrypted" {}

resource "terraform_data" "keys" {
  for_each = toset(["a"])
  input    = 1
}

resource "aws_elasticache_replication_group" "a" {
  for_each                   = toset(["a"])
  description                = "fixed"
  at_rest_encryption_enabled = var.encrypted
  kms_key_id                 = terraform_data.keys[each.key].id
  user_group_ids             = [for a in [terraform_data.keys["a"].id] : a]
  num_node_groups            = null
}

output "sizes" {
  value = tolist([1, 2])
}
"""


def evaluated(folder: Path) -> dict[str, Any]:
    (folder / "main.tf").write_text(CONFIGURATION)
    root = Evaluation(SourceTree(folder), Options(GivenInputs(environment=False))).root(folder)
    assert root is not None
    return as_plan(root)


def test_a_variable_without_a_value_is_unknown_and_not_null(tmp_path: Path) -> None:
    data = json.dumps(evaluated(tmp_path)).encode()
    graph = plan_graph("plan.json", data, decode_plan(data), None)
    resource = graph.resource('aws_elasticache_replication_group.a["a"]')
    assert resource is not None
    assert isinstance(resource.attribute("at_rest_encryption_enabled"), Unknown)
    assert resource.attribute("num_node_groups") is None


def test_the_configuration_has_constants_and_references_as_in_a_plan(tmp_path: Path) -> None:
    plan = evaluated(tmp_path)
    (group,) = [r for r in plan["configuration"]["root_module"]["resources"] if r["type"] != "terraform_data"]
    assert group["expressions"]["description"] == {"constant_value": "fixed"}
    assert group["expressions"]["kms_key_id"] == {"references": ["terraform_data.keys", "each.key"]}
    by_key = ['terraform_data.keys["a"].id', 'terraform_data.keys["a"]', "terraform_data.keys"]
    assert group["expressions"]["user_group_ids"] == {"references": by_key}
    assert plan["planned_values"]["outputs"]["sizes"]["type"] == ["list", "number"]
    assert {change["provider_name"] for change in plan["resource_changes"]} == {
        "terraform.io/builtin/terraform",
        "registry.terraform.io/hashicorp/aws",
    }


@lru_cache(maxsize=2)
def plan_of(case: comparison.Case) -> bytes:
    return json.dumps(as_plan(comparison.evaluated(case))).encode()


@pytest.mark.parametrize("case", comparison.cases(), ids=lambda case: case.name)
def test_the_configuration_is_what_terraform_shows(case: comparison.Case) -> None:
    theirs = json.loads(case.plan.read_text(encoding="utf-8"))["configuration"]
    assert list(differences(json.loads(plan_of(case))["configuration"], theirs, "")) == []


def differences(ours: Any, theirs: Any, path: str) -> Any:
    """Every key that is not the same. `schema_version` comes from the provider. Where there are references, Terraform
    may say a constant besides: what it makes of an expression that sees nothing. Of a template in JSON syntax it shows
    the text as a constant; we show its value."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        written = json.dumps(theirs.get("constant_value", theirs.get("description")))
        template = "${" in written or "%{" in written
        left_out = {"constant_value", "description"} if template or "references" in ours else set()
        for key in sorted((ours.keys() | theirs.keys()) - left_out - {"schema_version"}):
            if key in ours and key in theirs:
                yield from differences(ours[key], theirs[key], f"{path}.{key}")
            elif not _is_template(theirs.get(key)):
                yield f"{path}.{key}", ours.get(key, "absent"), theirs.get(key, "absent")
    elif isinstance(ours, list) and isinstance(theirs, list) and len(ours) == len(theirs):
        for at, (left, right) in enumerate(zip(ours, theirs, strict=True)):
            yield from differences(left, right, f"{path}[{at}]")
    elif (type(ours), ours) != (type(theirs), theirs):
        yield path, ours, theirs


def _is_template(expression: Any) -> bool:
    return isinstance(expression, dict) and "${" in str(expression.get("constant_value"))


@pytest.mark.parametrize("case", comparison.cases(), ids=lambda case: case.name)
def test_an_evaluated_plan_is_judged_as_its_source(case: comparison.Case) -> None:
    plan = read_plan("plan.json", plan_of(case), None)
    environment = canonical(plan.environment)
    theirs = verdicts(build(comparison.evaluated(case), "root", None), environment)
    ours = verdicts(plan, environment)
    different = {key: (theirs[key], ours[key]) for key in theirs.keys() & ours.keys() if theirs[key] != ours[key]}
    assert {key: pair for key, pair in different.items() if pair[1] != "unknown"} == {}


def test_a_dynamic_block_of_unknown_number_is_not_taken_for_absent(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        """
variable "cidrs" {}

resource "aws_security_group" "a" {
  dynamic "ingress" {
    for_each = var.cidrs
    content {
      cidr_blocks = [ingress.value]
    }
  }
}

resource "aws_security_group" "none" {
}

data "aws_kms_key" "k" {
  key_id = "alias/database"
}

resource "aws_rds_cluster" "by_data" {
  kms_key_id = data.aws_kms_key.k.arn
}
"""
    )
    root = Evaluation(SourceTree(tmp_path), Options(GivenInputs(environment=False))).root(tmp_path)
    assert root is not None
    graph = read_plan("plan.json", json.dumps(as_plan(root)).encode(), None)
    read = {node.address: node for node in graph.resources()}
    assert isinstance(read["aws_security_group.a"].attribute("ingress"), Unknown)
    assert read["aws_security_group.none"].attribute("ingress") is None
    assert isinstance(read["aws_rds_cluster.by_data"].attribute("kms_key_id"), Unknown)


@pytest.mark.parametrize(
    ("block", "environment"),
    [
        ('module "a" {\n source = "./a"\n env = "staging"\n}', "staging"),
        ('module "a" {\n source = "./a"\n env = "staging"\n environment = { LEVEL = "info" }\n}', "staging"),
        ('module "a" {\n source = "./a"\n env = "staging"\n stage = aws_sns_topic.t.name\n}', None),
        ('provider "aws" {\n default_tags {\n tags = { Environment = "production" }\n }\n}', "production"),
        ('provider "aws" {\n default_tags {\n tags = { Owner = "us" }\n }\n}', None),
    ],
)
def test_the_environment_of_a_plan_is_in_its_calls_or_tags(tmp_path: Path, block: str, environment: str | None) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "main.tf").write_text(
        'variable "env" {}\nvariable "environment" {\n default = {}\n}\nvariable "stage" {\n default = ""\n}\n'
    )
    (tmp_path / "main.tf").write_text(block + '\nresource "aws_sns_topic" "t" {}\n')
    root = Evaluation(SourceTree(tmp_path), Options(GivenInputs(environment=False))).root(tmp_path)
    assert root is not None
    assert read_plan("plan.json", json.dumps(as_plan(root)).encode(), None).environment == environment
    assert environment_of(root) == environment
