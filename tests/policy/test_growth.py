"""What policies do on many resources grows with their number, also where they ask about other resources."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from alexandria_scan.catalogue import Selection, load_catalogue
from alexandria_scan.config import Config
from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.graph.from_source import build
from alexandria_scan.policy.defaults import Defaults
from alexandria_scan.policy.engine import Engine
from alexandria_scan.policy.manifest import Policy
from alexandria_scan.policy.run import Run
from alexandria_scan.source.folders import SourceTree

FEW, MANY = 10, 120
TABLE = """
resource "aws_dynamodb_table" "of_{n}" {{
  name = "of-{n}"
  tags = {{ Backup = "plan-{n}" }}
}}
"""
DATABASE = """
resource "aws_rds_cluster" "of_{n}" {{
  cluster_identifier = "of-{n}"
  engine             = "aurora-postgresql"
}}
"""
WATCHED = """
resource "aws_cloudwatch_log_metric_filter" "of_{n}" {{
  name           = "of-{n}"
  log_group_name = aws_cloudwatch_log_group.trail.name
  pattern        = "{{ $.eventName = ConsoleLogin }}"
  metric_transformation {{
    name      = "of-{n}"
    namespace = "trail"
    value     = "1"
  }}
}}

resource "aws_cloudwatch_metric_alarm" "of_{n}" {{
  alarm_name          = "of-{n}"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = aws_cloudwatch_log_metric_filter.of_{n}.id
  namespace           = "trail"
  alarm_actions       = ["arn:aws:sns:eu-west-1:111122223333:alarms"]
}}
"""
CASES = {
    "aws_dynamodb_table_without_backup": TABLE
    + """
resource "aws_backup_selection" "of_{n}" {{
  name         = "of-{n}"
  plan_id      = "plan"
  iam_role_arn = "arn:aws:iam::111122223333:role/backup"
  resources    = [aws_dynamodb_table.of_{n}.arn]
}}

resource "aws_backup_selection" "tagged_{n}" {{
  name         = "tagged-{n}"
  plan_id      = "plan"
  iam_role_arn = "arn:aws:iam::111122223333:role/backup"
  selection_tag {{
    type  = "STRINGEQUALS"
    key   = "Backup"
    value = "plan-{n}"
  }}
}}
""",
    "aws_rds_tls_not_enforced": DATABASE
    + """
resource "aws_db_proxy" "of_{n}" {{
  name          = "of-{n}"
  engine_family = "POSTGRESQL"
  require_tls   = true
}}

resource "aws_db_proxy_target" "of_{n}" {{
  db_cluster_identifier = aws_rds_cluster.of_{n}.cluster_identifier
  db_proxy_name         = aws_db_proxy.of_{n}.name
  target_group_name     = "default"
}}
""",
    "aws_rds_cluster_alarms_missing": DATABASE
    + """
resource "aws_cloudwatch_metric_alarm" "of_{n}" {{
  alarm_name          = "of-{n}"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "CPUUtilization"
  namespace           = "AWS/RDS"
  dimensions          = {{ DBClusterIdentifier = aws_rds_cluster.of_{n}.cluster_identifier }}
}}
""",
    "aws_cloudtrail_event_unwatched": """
resource "aws_cloudwatch_log_group" "of_{n}" {{
  name = "of-{n}"
}}

resource "aws_cloudtrail" "of_{n}" {{
  name                       = "of-{n}"
  s3_bucket_name             = "trail"
  is_multi_region_trail      = true
  cloud_watch_logs_group_arn = "${{aws_cloudwatch_log_group.of_{n}.arn}}:*"
}}
"""
    + WATCHED.replace("aws_cloudwatch_log_group.trail", "aws_cloudwatch_log_group.of_{n}"),
    "aws_security_group_rules_open_together": """
resource "aws_security_group" "of_{n}" {{
  name = "of-{n}"
}}

resource "aws_vpc_security_group_ingress_rule" "of_{n}" {{
  for_each          = toset(["0.0.0.0/1", "128.0.0.0/1"])
  security_group_id = aws_security_group.of_{n}.id
  cidr_ipv4         = each.key
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
}}
""",
}
TRAIL = """
resource "aws_cloudwatch_log_group" "trail" {
  name = "trail"
}

resource "aws_cloudtrail" "trail" {
  name                       = "trail"
  s3_bucket_name             = "trail"
  is_multi_region_trail      = true
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.trail.arn}:*"
}
"""


def _calls(policy: Policy, defaults: Defaults, folder: Path, text: str) -> int:
    """How many functions are called to judge a root."""
    folder.mkdir(exist_ok=True)
    (folder / "main.tf").write_text(text)
    root = Evaluation(SourceTree(folder), Options(GivenInputs(environment=False))).root(folder)
    assert root is not None
    graph, engine = build(root, "root", "production"), Engine([Run(policy)], defaults)
    count = 0

    def called(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event == "call"

    before = sys.getprofile()
    sys.setprofile(called)
    try:
        engine.judge(graph, lambda location: ())
    finally:
        sys.setprofile(before)
    return count


def _growth(id_: str, text: str, once: str, top: Path) -> float:
    """How many times as much the policy does on many copies as on few, for each of them."""
    catalogue = load_catalogue(Selection(), Config())
    (policy,) = (policy for policy in catalogue.policies if policy.id == id_)

    def calls(copies: int) -> int:
        whole = once + "".join(text.format(n=n) for n in range(copies))
        return _calls(policy, catalogue.engine.defaults, top / str(copies), whole)

    calls(FEW)  # makes what is made once for all
    return calls(MANY) / calls(FEW) / (MANY / FEW)


@pytest.mark.parametrize("id_", CASES)
def test_each_resource_costs_the_same_however_many_there_are(id_: str, tmp_path: Path) -> None:
    assert _growth(id_, CASES[id_], "", tmp_path) < 1.3


def test_each_filter_and_alarm_of_a_trail_costs_the_same(tmp_path: Path) -> None:
    assert _growth("aws_cloudtrail_event_unwatched", WATCHED, TRAIL, tmp_path) < 1.3
