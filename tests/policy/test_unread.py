"""What cannot be read, or is not here, lets nobody conclude that something is absent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

TERRAFORM = 'terraform {\n  required_version = ">= 1.5.0"\n}\n'
BUCKET = 'resource "aws_s3_bucket" "data" {\n  bucket = "data"\n}\n'
UNCLOSED = 'locals {\n  broken = "${var.name\n}\n'


def verdicts(run: Run, folder: Path, *arguments: str) -> dict[tuple[str, str], tuple[str, str]]:
    """(verdict, reason) by (policy, address)."""
    report = json.loads(run(folder, "--format", "json", *arguments).out)
    return {
        (result["policy"], address): (result["verdict"], result["reason"])
        for result in report["results"]
        for address in result["addresses"]
    }


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.tf").write_text(text)
    return folder


@pytest.mark.parametrize(
    ("policy", "address"),
    [
        ("terraform_version_missing", "terraform"),
        ("variable_unused", "var.name"),
        ("aws_s3_bucket_unversioned", "aws_s3_bucket.data"),
        ("provider_version_missing", "terraform"),
    ],
)
def test_a_broken_file_leaves_open_what_it_may_declare(run: Run, tmp_path: Path, policy: str, address: str) -> None:
    files = {"main": BUCKET, "variables": 'variable "name" {\n  type = string\n}\n'}
    whole = verdicts(run, write(tmp_path / "whole", **files), "--policy", policy)
    broken = verdicts(run, write(tmp_path / "broken", **files, other=UNCLOSED), "--policy", policy)
    assert whole[policy, address][0] == "fail"
    assert broken[policy, address][0] == "unknown"
    assert "other.tf could not be read as a whole" in broken[policy, address][1]


def test_what_is_seen_still_decides(run: Run, tmp_path: Path) -> None:
    versioned = (
        BUCKET + 'resource "aws_s3_bucket_versioning" "data" {\n  bucket = aws_s3_bucket.data.id\n'
        '  versioning_configuration {\n    status = "Enabled"\n  }\n}\n'
    )
    folder = write(tmp_path / "m", main=versioned, terraform=TERRAFORM, other=UNCLOSED)
    found = verdicts(run, folder, "--policy", "terraform_version_missing", "--policy", "aws_s3_bucket_unversioned")
    assert found["terraform_version_missing", "terraform"][0] == "pass"
    assert found["aws_s3_bucket_unversioned", "aws_s3_bucket.data"][0] == "pass"


def test_a_name_that_a_broken_file_may_declare_is_no_second_problem(run: Run, tmp_path: Path) -> None:
    main = 'resource "aws_s3_bucket" "data" {\n  bucket = local.broken\n  force_destroy = var.destroy\n}\n'
    report = json.loads(run(write(tmp_path / "m", main=main, other=UNCLOSED), "--format", "json").out)
    assert [problem["file"].endswith("other.tf") for problem in report["problems"]] == [True]


def test_a_module_that_is_not_here_may_do_what_it_is_handed(run: Run, tmp_path: Path) -> None:
    call = 'module "log" {\n  source = "example/log/aws"\n  bucket = %s\n}\n'
    handed = write(tmp_path / "handed", main=BUCKET + call % "aws_s3_bucket.data.id")
    other = write(tmp_path / "other", main=BUCKET + call % '"another"')
    key = ("aws_s3_bucket_unversioned", "aws_s3_bucket.data")
    verdict, reason = verdicts(run, handed, "--policy", key[0])[key]
    assert verdict == "unknown"
    assert "module.log comes from example/log/aws" in reason
    assert verdicts(run, other, "--policy", key[0])[key][0] == "fail"


@pytest.mark.parametrize("none", ["count    = 0", "for_each = {}", "count    = var.log ? 1 : 0"])
def test_a_module_that_is_not_here_does_nothing_without_instances(run: Run, tmp_path: Path, none: str) -> None:
    call = f'module "log" {{\n  {none}\n  source = "example/log/aws"\n  bucket = aws_s3_bucket.data.id\n}}\n'
    variable = 'variable "log" {\n  type    = bool\n  default = false\n}\n'
    key = ("aws_s3_bucket_unversioned", "aws_s3_bucket.data")
    assert verdicts(run, write(tmp_path / "m", main=BUCKET + call + variable), "--policy", key[0])[key][0] == "fail"


def test_as_many_as_are_seen_there_are(run: Run, tmp_path: Path) -> None:
    cluster = 'resource "aws_rds_cluster" "c" {\n  engine = "aurora-postgresql"\n}\n'
    member = 'resource "aws_rds_cluster_instance" "%s" {\n  cluster_identifier = aws_rds_cluster.c.id\n}\n'
    policy = ("--policy", "aws_rds_cluster_single_instance", "--environment", "production")
    key = ("aws_rds_cluster_single_instance", "aws_rds_cluster.c")
    one = write(tmp_path / "one", main=cluster + member % "a", other=UNCLOSED)
    two = write(tmp_path / "two", main=cluster + member % "a" + member % "b", other=UNCLOSED)
    assert verdicts(run, one, *policy)[key][0] == "unknown"
    assert verdicts(run, two, *policy)[key][0] == "pass"


def test_an_output_that_a_broken_module_may_declare_is_unknown(run: Run, tmp_path: Path) -> None:
    write(tmp_path / "child", main='output "a" {\n  value = 1\n}\n', other=UNCLOSED)
    root = 'module "child" {\n  source = "../child"\n  size   = 3\n}\noutput "b" {\n  value = module.child.b\n}\n'
    report = json.loads(run(write(tmp_path / "root", main=root), "--format", "json").out)
    assert {problem["file"].rpartition("/")[2] for problem in report["problems"]} == {"other.tf"}


def test_claims_of_a_module_with_a_broken_file_are_inconclusive(run: Run, tmp_path: Path) -> None:
    variable = 'variable "name" {\n  type = string\n}\n'
    for name, other in (("whole", "locals {}\n"), ("broken", UNCLOSED)):
        folder = write(tmp_path / name, variables=variable, other=other)
        (folder / ".alexandria.yaml").write_text("module:\n  id: m\n  variable_count: 9\n")
    verdicts_of = {
        name: {claim["verdict"] for claim in json.loads(run(tmp_path / name, "--format", "json").out)["claims"]}
        for name in ("whole", "broken")
    }
    assert verdicts_of == {"whole": {"contradicted"}, "broken": {"inconclusive"}}
