"""Values by their address: every form of address, and a way out of every wrong one."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.explain import ExplainError, explain
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.values import Unknown
from alexandria_scan.source.folders import SourceTree

SOURCE = """\
variable "open" { type = list(string) }
variable "tags" { default = { a = { b = [1, 2] } } }
locals { m = { x = [{ y = 1 }] } }
resource "aws_security_group" "sg" {
  count = 2
  name  = "sg${count.index}"
  ingress {
    from_port   = 1
    cidr_blocks = ["10.0.0.0/8"]
  }
  dynamic "ingress" {
    for_each = var.open
    content {
      cidr_blocks = [ingress.value]
    }
  }
}
resource "aws_s3_bucket" "b" {
  for_each = toset(["x.y"])
  bucket   = each.key
  tags     = { Name = each.key }
  versioning { enabled = true }
}
resource "aws_kms_key" "k" {
  count       = length(var.open)
  description = "k"
}
data "aws_region" "r" {}
module "db" {
  source = "./db"
  name   = "n"
}
module "many" {
  source   = "./db"
  for_each = toset(["a", "b.c"])
  name     = each.key
}
module "far" { source = "example/vpc/aws" }
output "o" { value = local.m }
"""
CALLED = """\
variable "name" {}
resource "aws_kms_key" "k" { description = "key ${var.name}" }
output "d" { value = { a = aws_kms_key.k.description } }
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Module:
    folder = tmp_path_factory.mktemp("root")
    (folder / "db").mkdir()
    (folder / "main.tf").write_text(SOURCE)
    (folder / "db" / "main.tf").write_text(CALLED)
    module = Evaluation(SourceTree(folder)).root(folder)
    assert module is not None
    return module


@pytest.mark.parametrize(
    ("address", "values"),
    [
        ("var.tags.a.b[1]", [2]),
        ("local.m.x[0].y", [1]),
        ("output.o.x[0]", [{"y": 1}]),
        ("module.db", [{"a": "key n"}]),
        ("module.db.d", [{"a": "key n"}]),
        ("module.db.d.a", ["key n"]),
        ('module.db.d["a"]', ["key n"]),
        ("module.db.var.name", ["n"]),
        ('module.many["b.c"].aws_kms_key.k.description', ["key b.c"]),
        ("module.many.aws_kms_key.k.description", ["key a", "key b.c"]),
        ("aws_security_group.sg.name", ["sg0", "sg1"]),
        ("aws_security_group.sg[1].name", ["sg1"]),
        ("aws_security_group.sg[0].ingress[0].cidr_blocks[0]", ["10.0.0.0/8"]),
        ('aws_s3_bucket.b["x.y"].tags.Name', ["x.y"]),
        ('resource.aws_s3_bucket.b["x.y"].bucket', ["x.y"]),
        ("aws_s3_bucket.b.versioning.enabled", [True]),
        ("aws_kms_key.k[*].description", ["k"]),
        ("aws_kms_key.k[5].description", ["k"]),
        ("path.module", ["."]),
        ("terraform.workspace", ["default"]),
    ],
)
def test_a_value_is_found_by_its_address(root: Module, address: str, values: list[object]) -> None:
    assert [answer.value for answer in explain(root, address)] == values


def test_the_chain_leads_through_the_call(root: Module) -> None:
    (answer,) = explain(root, 'module.many["b.c"].aws_kms_key.k.description')
    assert [place.text for place in answer.places] == ['description = "key ${var.name}"', "name     = each.key"]


def test_blocks_whose_number_is_not_known_are_unknown_and_not_missing(root: Module) -> None:
    (answer,) = explain(root, "aws_security_group.sg[0].ingress[1].cidr_blocks")
    assert isinstance(answer.value, Unknown)
    assert [reason.subject for reason in answer.value.reasons] == ["var.open"]


@pytest.mark.parametrize(
    ("address", "message", "help_"),
    [
        ("var.tag", "There is no variable 'tag' in the root.", "Did you mean tags?"),
        ("local.zzz", "There is no local value 'zzz' in the root.", "Local values here: m."),
        ("module.db.nope", "There is no output 'nope' in module.db.", "Outputs here: d."),
        ("module.dbb.d", "There is no module call 'dbb' in the root.", "Did you mean db?"),
        ("module.db[0].d", "module.db has neither count nor for_each, and so no instance [0].", "Leave the index out."),
        ('module.many["z"].d', 'module.many has no instance ["z"].', 'Its instances: ["a"], ["b.c"].'),
        (
            "module.far.vpc_id",
            "What is in module.far is not known: it comes from example/vpc/aws, which is not in the scanned tree.",
            "Run terraform init, or scan the plan.",
        ),
        ("aws_kms_key.kk", "There is no resource aws_kms_key.kk in the root.", "Did you mean aws_kms_key.k?"),
        ("aws_security_group.sg[7].name", "aws_security_group.sg has no instance [7].", "Its instances: [0], [1]."),
        ("aws_kms_key.k.descriptio", "aws_kms_key.k[*] has no attribute 'descriptio'.", "Did you mean description?"),
        (
            "aws_s3_bucket.b.versioning[0].enbled",
            "aws_s3_bucket.b[\"x.y\"].versioning[0] has no attribute 'enbled'.",
            "Did you mean enabled?",
        ),
        (
            "aws_s3_bucket.b.versioning[3].enabled",
            'There is no block aws_s3_bucket.b["x.y"].versioning[3].',
            "There are 1 of them, numbered from 0.",
        ),
        (
            "aws_security_group.sg[0].ingress.from_port",
            "There are 2 blocks aws_security_group.sg[0].ingress.",
            "Say which: aws_security_group.sg[0].ingress[0].from_port.",
        ),
    ],
)
def test_a_wrong_address_is_told_what_there_is(root: Module, address: str, message: str, help_: str) -> None:
    with pytest.raises(ExplainError) as refused:
        explain(root, address)
    assert (str(refused.value), refused.value.help) == (message, help_)


def test_blocks_tell_what_they_are_made_for_and_what_nothing_sets_is_no_secret(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        """
variable "cidrs" {
  default = ["10.0.0.0/8"]
}

resource "aws_security_group" "sg" {
  dynamic "ingress" {
    for_each = var.cidrs
    content {
      cidr_blocks = [ingress.value]
    }
  }
}

resource "aws_rds_cluster" "c" {
  count = length(var.cidrs) - 1
}

resource "aws_rds_cluster" "d" {
  master_password_wo = "s3cret"
}
"""
    )
    root = Evaluation(SourceTree(tmp_path)).root(tmp_path)
    assert root is not None
    (ingress,) = explain(root, "aws_security_group.sg.ingress")
    assert [place.text for place in ingress.places] == [
        "for_each = var.cidrs",
        'variable "cidrs": default = ["10.0.0.0/8"]',
    ]
    (unset,) = explain(root, "aws_rds_cluster.d.master_password")
    assert (unset.value, unset.hidden) == (None, False)
    (given,) = explain(root, "aws_rds_cluster.d.master_password_wo")
    assert given.hidden
    with pytest.raises(ExplainError, match="has no instance") as caught:
        explain(root, "aws_rds_cluster.c.engine")
    assert "count = length(var.cidrs) - 1" in caught.value.help
    assert ":16" in caught.value.help
