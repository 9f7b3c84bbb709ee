"""The built-in standards ask what their controls ask, and no more: by port, type of resource and engine."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexandria_scan.catalogue import Selection
from alexandria_scan.compliance.standards import Standard, load_standards
from alexandria_scan.policy.content import Content
from alexandria_scan.policy.load import load_policies
from alexandria_scan.scan import Options, scan

ROOT = Path(__file__).parents[2]
POLICIES = load_policies(ROOT / "policies", "policies")
STANDARDS = {standard.id: standard for standard in load_standards([Content(ROOT / "policies")], POLICIES)}

GROUP = """
resource "aws_security_group" "this" {
  ingress {
    from_port   = FROM
    to_port     = UPTO
    protocol    = "KIND"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
RULE = """
resource "aws_security_group_rule" "this" {
  type              = "ingress"
  security_group_id = "sg-1"
  from_port         = FROM
  to_port           = UPTO
  protocol          = "KIND"
  cidr_blocks       = ["0.0.0.0/0"]
}
"""
INGRESS = """
resource "aws_vpc_security_group_ingress_rule" "this" {
  security_group_id = "sg-1"
  from_port         = FROM
  to_port           = UPTO
  ip_protocol       = "KIND"
  cidr_ipv4         = "0.0.0.0/0"
}
"""
FORMS = (GROUP, RULE, INGRESS)


def verdict(folder: Path, text: str, standard: str, control: str) -> str:
    (folder / "main.tf").write_text(text)
    result = scan(Options(paths=(str(folder),), selection=Selection(standards=(standard,))))
    (scored,) = [one for score in result.standards for one in score.controls if one.id == control]
    return scored.verdict


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("ports", "remote_administration", "file_sharing", "high_risk"),
    [
        (("22", "22", "tcp"), "fail", "pass", "fail"),
        (("3000", "4000", "tcp"), "fail", "pass", "fail"),
        (("445", "445", "tcp"), "pass", "fail", "fail"),
        (("9443", "9443", "tcp"), "pass", "pass", "pass"),
        (("443", "443", "tcp"), "pass", "pass", "pass"),
        (("0", "0", "-1"), "fail", "fail", "fail"),
        (("-1", "-1", "icmp"), "pass", "pass", "pass"),
    ],
)
def test_a_control_about_some_ports_judges_these(
    tmp_path: Path,
    form: str,
    ports: tuple[str, str, str],
    remote_administration: str,
    file_sharing: str,
    high_risk: str,
) -> None:
    text = form.replace("FROM", ports[0]).replace("UPTO", ports[1]).replace("KIND", ports[2])
    assert verdict(tmp_path, text, "cis-aws-foundations-5.0.0", "5.3") == remote_administration
    assert verdict(tmp_path, text, "cis-aws-foundations-5.0.0", "5.1.2") == file_sharing
    assert verdict(tmp_path, text, "aws-fsbp-1.0.0", "EC2.19") == high_risk


DOCUMENTDB = """
resource "aws_docdb_cluster" "this" {
  db_cluster_parameter_group_name = aws_docdb_cluster_parameter_group.this.name
}

resource "aws_docdb_cluster_parameter_group" "this" {
  family = "docdb5.0"

  parameter {
    name  = "tls"
    value = "MODE"
  }
}
"""


@pytest.mark.parametrize(("mode", "expected"), [("disabled", "fail"), ("enabled", "fail"), ("tls1.2+", "pass")])
def test_security_hub_refuses_what_documentdb_has_by_default(tmp_path: Path, mode: str, expected: str) -> None:
    assert verdict(tmp_path, DOCUMENTDB.replace("MODE", mode), "aws-fsbp-1.0.0", "DocumentDB.6") == expected


LAUNCHED = 'resource "aws_instance" "this" {\n  ami = "ami-1"\n}\n'
TEMPLATE = 'resource "aws_launch_template" "this" {\n  image_id = "ami-1"\n}\n'
REST_STAGE = 'resource "aws_api_gateway_stage" "this" {\n  stage_name = "live"\n}\n'
NETWORK = 'resource "aws_lb" "this" {\n  load_balancer_type = "network"\n}\n'
TLS = 'resource "aws_lb_listener" "this" {\n  load_balancer_arn = aws_lb.this.arn\n  protocol = "TLS"\n}\n'


@pytest.mark.parametrize(
    ("text", "judged", "not_judged"),
    [
        (LAUNCHED, "EC2.8", "EC2.170"),
        (TEMPLATE, "EC2.170", "EC2.8"),
        (LAUNCHED, "EC2.3", "EC2.181"),
        (REST_STAGE, None, "APIGateway.9"),
        (NETWORK + TLS, "ELB.6", "ELB.5"),
    ],
)
def test_a_control_is_about_its_own_resources(tmp_path: Path, text: str, judged: str | None, not_judged: str) -> None:
    if judged:
        assert verdict(tmp_path, text, "aws-fsbp-1.0.0", judged) != "not_applicable"
    assert verdict(tmp_path, text, "aws-fsbp-1.0.0", not_judged) == "not_applicable"


@pytest.mark.parametrize("standard", STANDARDS.values(), ids=STANDARDS)
def test_a_control_is_proved_or_says_why_it_cannot_be(standard: Standard) -> None:
    assert [one.id for one in standard.controls if not one.proofs and not one.not_testable] == []
    identifiers = [one.id for one in standard.controls]
    assert sorted(set(identifiers)) == sorted(identifiers)


@pytest.mark.parametrize(
    ("standard", "control"),
    [("hipaa-security-rule-2013", "164.308(a)(4)(ii)(A)"), ("soc2-tsc-2017", "CC7.4"), ("aws-fsbp-1.0.0", "IAM.5")],
)
def test_what_only_people_can_judge_is_not_scored(standard: str, control: str) -> None:
    (found,) = [one for one in STANDARDS[standard].controls if one.id == control]
    assert found.proofs == ()


DECRYPTION = """
resource "aws_iam_policy" "this" {
  policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "ACTION"
      Resource  = "*"
      Condition = { StringEquals = { "kms:ViaService" = "s3.eu-central-1.amazonaws.com" } }
    }]
  })
}
"""
DECRYPTION_DOCUMENT = """
data "aws_iam_policy_document" "this" {
  statement {
    actions   = ["ACTION"]
    resources = ["*"]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.eu-central-1.amazonaws.com"]
    }
  }
}
"""


@pytest.mark.parametrize("text", [DECRYPTION, DECRYPTION_DOCUMENT])
@pytest.mark.parametrize("action", ["kms:Decrypt", "*"])
def test_security_hub_takes_no_condition_on_keys_into_account(tmp_path: Path, text: str, action: str) -> None:
    """KMS.1 "doesn't take into account any conditionals in the Condition element"."""
    assert verdict(tmp_path, text.replace("ACTION", action), "aws-fsbp-1.0.0", "KMS.1") == "fail"


def test_security_hub_takes_no_condition_in_inline_policies_into_account(tmp_path: Path) -> None:
    text = DECRYPTION.replace("ACTION", "kms:Decrypt").replace("aws_iam_policy", "aws_iam_role_policy")
    assert verdict(tmp_path, text, "aws-fsbp-1.0.0", "KMS.2") == "fail"
