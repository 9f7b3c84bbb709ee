"""Whose a key is, where a plan has what a data source found."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

ARN = "arn:aws:kms:eu-west-1:111122223333:key/"
OF_AWS, OWN = "1234abcd-12ab-34cd-56ef-1234567890ab", "5678abcd-12ab-34cd-56ef-1234567890ab"


def read(type_: str, label: str, /, **values: str) -> dict[str, Any]:
    address = f"data.{type_}.{label}"
    return {"address": address, "mode": "data", "type": type_, "name": label, "values": values}


READ = [
    read("aws_kms_alias", "of_aws", name="alias/aws/rds", target_key_arn=ARN + OF_AWS, target_key_id=OF_AWS),
    read("aws_kms_alias", "own", name="alias/orders", target_key_arn=ARN + OWN, target_key_id=OWN),
]
BY_ALIAS = [read("aws_kms_key", "of_aws", key_id="alias/aws/rds", arn=ARN + OF_AWS, id=OF_AWS)]
TWICE = [READ[0], read("aws_kms_key", "of_aws", key_id=OF_AWS, arn=ARN + OF_AWS.upper(), id=OF_AWS)]
MANAGED = [read("aws_kms_key", "of_aws", key_id=OF_AWS, arn=ARN + OF_AWS, id=OF_AWS, key_manager="AWS")]


@pytest.mark.parametrize(
    ("found", "key", "verdict"),
    [
        (READ, ARN + OF_AWS, "fail"),
        (READ, OF_AWS, "fail"),
        (READ, ARN + OWN, "pass"),
        (BY_ALIAS, ARN + OF_AWS, "fail"),
        (TWICE, ARN + OF_AWS.upper(), "fail"),
        (MANAGED, ARN + OF_AWS, "fail"),
        ([], ARN + OF_AWS, "pass"),
    ],
)
def test_a_key_that_a_plan_has_looked_up_is_whose_its_alias_says(
    run: Run, tmp_path: Path, found: list[dict[str, Any]], key: str, verdict: str
) -> None:
    values = {"engine": "aurora-postgresql", "storage_encrypted": True, "kms_key_id": key}
    cluster = {
        "address": "aws_rds_cluster.a",
        "mode": "managed",
        "type": "aws_rds_cluster",
        "name": "a",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {"actions": ["create"], "after": values, "after_unknown": {}, "after_sensitive": {}},
    }
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": [cluster],
        "prior_state": {"values": {"root_module": {"resources": found}}},
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    report = json.loads(
        run(tmp_path / "plan.json", "--policy", "aws_rds_cluster_kms_key_default", "--format", "json").out
    )
    assert [result["verdict"] for result in report["results"]] == [verdict]
