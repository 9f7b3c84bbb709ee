"""Plans that `evaluate` writes, read again: what it did not know stays unknown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from alexandria_scan.evaluate.as_plan import as_plan
from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.evaluate.values import Unknown
from alexandria_scan.graph.from_plan import plan_graph
from alexandria_scan.source.folders import SourceTree
from alexandria_scan.source.plan_json import decode_plan

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
