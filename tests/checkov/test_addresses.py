"""What Checkov calls a thing, and what we call it."""

from __future__ import annotations

import pytest

from alexandria_scan.checkov.addresses import address_of, module_and_rest, target_of
from alexandria_scan.checkov.run import Outcome, Record


@pytest.mark.parametrize(
    ("kind", "theirs", "ours", "target"),
    [
        ("resource.aws.X", "aws_vpc.main", "aws_vpc.main", ("resource", "aws_vpc")),
        (
            "resource.aws.X",
            'module.a["x.y"].aws_vpc.main[0]',
            'module.a["x.y"].aws_vpc.main[0]',
            ("resource", "aws_vpc"),
        ),
        ("data.aws.X", "aws_vpc.main", "data.aws_vpc.main", ("data", "aws_vpc")),
        ("data.aws.X", "module.a.module.b.aws_vpc.main", "module.a.module.b.data.aws_vpc.main", ("data", "aws_vpc")),
        ("provider.aws.X", "aws.default", "provider.aws", ("provider", "aws")),
        ("provider.aws.X", "aws.second", "provider.aws.second", ("provider", "aws")),
        ("module.generic.X", "vpc", "module.vpc", ("module_call", "vpc")),
        ("module.generic.X", "module.a.vpc", "module.a.module.vpc", ("module_call", "vpc")),
    ],
)
def test_a_thing_has_our_address(kind: str, theirs: str, ours: str, target: tuple[str, str]) -> None:
    record = Record(
        "CKV_AWS_1", "", Outcome("FAILED"), theirs, "/main.tf", check_class=f"checkov.terraform.checks.{kind}"
    )
    assert address_of(record) == ours
    assert target_of(ours) == target


def test_what_is_only_known_as_a_data_source_is_one() -> None:
    record = Record("CKV2_AWS_40", "", Outcome("FAILED"), "module.a.aws_iam_policy_document.x", "/main.tf")
    assert address_of(record) == "module.a.data.aws_iam_policy_document.x"


def test_a_module_of_any_name_is_told_from_its_resource() -> None:
    assert module_and_rest("module.module.aws_x.module") == ("module.module", "aws_x.module")
