"""Every built-in policy on its fixtures, and every fixture with its policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from alexandria_scan.commands.policy_fixtures import check_policies, check_policy
from alexandria_scan.compliance.standards import load_standards
from alexandria_scan.policy.content import Content
from alexandria_scan.policy.defaults import load_defaults
from alexandria_scan.policy.load import load_policies
from alexandria_scan.policy.manifest import Condition, Policy

ROOT = Path(__file__).parents[2]
POLICIES = load_policies(ROOT / "policies", "policies")
FIXTURES = ROOT / "fixtures" / "policies"
DEFAULTS = load_defaults([Content(ROOT / "policies")])


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_a_policy_says_what_its_fixtures_expect(policy: Policy) -> None:
    assert [str(mismatch) for mismatch in check_policy(policy, FIXTURES / policy.id, DEFAULTS)] == []


def test_no_policy_is_without_fixtures_and_no_fixture_without_a_policy() -> None:
    missing = [str(mismatch) for mismatch in check_policies([], FIXTURES, DEFAULTS)]
    assert len(missing) == len(POLICIES)  # with no policy at all, every folder is one too many
    assert {path.name for path in FIXTURES.iterdir()} == {policy.id for policy in POLICIES}


def test_every_policy_says_why_and_how_to_fix_it_with_a_source() -> None:
    assert [p.id for p in POLICIES if not (p.why and p.fix and p.references)] == []


def test_every_policy_proves_a_control() -> None:
    standards = load_standards([Content(ROOT / "policies")], POLICIES)
    proving = {proof.policy for standard in standards for control in standard.controls for proof in control.proofs}
    assert sorted({policy.id for policy in POLICIES} - proving) == []


def test_every_control_has_a_policy_or_says_why_not() -> None:
    for standard in load_standards([Content(ROOT / "policies")], POLICIES):
        assert [control.id for control in standard.controls if not (control.proofs or control.not_testable)] == []


def test_ids_of_controls_are_unique_in_a_standard() -> None:
    for standard in load_standards([Content(ROOT / "policies")], POLICIES):
        ids = [control.id for control in standard.controls]
        assert len(ids) == len(set(ids)), standard.name


def test_a_fixture_that_expects_what_is_not_so_is_told(tmp_path: Path) -> None:
    policy = next(policy for policy in POLICIES if policy.id == "aws_rds_cluster_unencrypted")
    folder = tmp_path / policy.id
    folder.mkdir()
    (folder / "pass.tf").write_text('resource "aws_rds_cluster" "a" {\n  engine = "aurora-postgresql"\n}\n')
    (folder / "fail.tf").write_text(
        'resource "aws_rds_cluster" "a" { # expect: fail\n'
        '  engine = "aurora-postgresql"\n  storage_encrypted = true\n}\n'
    )
    told = [str(mismatch) for mismatch in check_policy(policy, folder, DEFAULTS)]
    assert any("pass.tf:1" in text and "fail was not expected" in text for text in told)
    assert any("fail.tf:1" in text and "fail was expected here" in text for text in told)


def test_an_expectation_that_is_no_verdict_is_told(tmp_path: Path) -> None:
    policy = next(policy for policy in POLICIES if policy.id == "aws_rds_cluster_unencrypted")
    cluster = '  engine = "aurora-postgresql"\n'
    (tmp_path / "pass.tf").write_text(
        f'resource "aws_rds_cluster" "a" {{ # expect: pass\n{cluster}  storage_encrypted = true\n}}\n'
    )
    (tmp_path / "fail.tf").write_text(f'resource "aws_rds_cluster" "a" {{ # expect: fial\n{cluster}}}\n')
    (tmp_path / "not.tf").write_text(
        f'resource "aws_rds_cluster" "a" {{ # expect: pass\n{cluster}  engine_mode = "serverless"\n  count = 0\n}}\n'
    )
    told = [str(mismatch) for mismatch in check_policy(policy, tmp_path, DEFAULTS)]
    assert any("fail.tf:1: " in text and "'fial' is no verdict; it is one of pass, fail" in text for text in told)
    assert any("not.tf:1: " in text and "pass was expected here" in text for text in told)
    assert not any("pass.tf" in text for text in told)


def test_a_policy_that_cannot_be_run_is_told_once_and_by_its_file(tmp_path: Path) -> None:
    policy = next(policy for policy in POLICIES if policy.id == "aws_rds_cluster_unencrypted")
    broken = replace(policy, rules=(replace(policy.rules[0], condition=Condition("attr.engine", policy.file)),))
    for name in ("pass.tf", "fail.tf"):
        (tmp_path / name).write_text('resource "aws_rds_cluster" "a" {\n  engine = "aurora-mysql"\n}\n')
    (told,) = check_policy(broken, tmp_path, DEFAULTS)
    assert told.place == policy.file
    assert '"attr" is not known in a condition; attrs, meta, param are.' in told.message


def test_what_the_code_of_a_policy_raises_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "cluster_bad.yaml").write_text("title: Bad\nseverity: low\nresource: aws_rds_cluster\n")
    (tmp_path / "cluster_bad.py").write_text("def check(resource, param):\n    yield resource.gett('engine')\n")
    cases = tmp_path / "fixtures" / "cluster_bad"
    cases.mkdir(parents=True)
    (cases / "pass.tf").write_text('resource "aws_rds_cluster" "a" {\n  engine = "aurora-mysql"\n}\n')
    (told,) = check_policies(load_policies(tmp_path, "rules"), tmp_path / "fixtures", DEFAULTS)
    assert told.place == "rules/cluster_bad.yaml"
    assert "cluster_bad.py:2: AttributeError: 'Resource' object has no attribute 'gett'" in told.message


def test_names_of_secrets_that_are_given_stand_in_place_of_the_built_in_ones(tmp_path: Path) -> None:
    policy = next(policy for policy in POLICIES if policy.id == "variable_secret_not_sensitive")
    given = replace(policy, parameters=(replace(policy.parameters[0], default="^(pin|max_tokens)$"),))
    (tmp_path / "fail.tf").write_text(
        'variable "PIN" { # expect: fail\n  type = string\n}\n'
        'variable "max_tokens" { # expect: fail\n  type = string\n}\n'
        'variable "password" { # expect: not_applicable\n  type = string\n}\n'
    )
    (tmp_path / "pass.tf").write_text('variable "pin" {\n  type      = string\n  sensitive = true\n}\n')
    assert [str(mismatch) for mismatch in check_policy(given, tmp_path, DEFAULTS)] == []
    assert check_policy(policy, tmp_path, DEFAULTS) != []


def test_where_keys_of_customers_are_asked_for_a_table_may_have_no_other(tmp_path: Path) -> None:
    policy = next(policy for policy in POLICIES if policy.id == "aws_dynamodb_table_key_insufficient")
    given = replace(policy, parameters=(replace(policy.parameters[0], default="customer"),))
    table = 'resource "aws_dynamodb_table" "a" {{\n server_side_encryption {{\n  enabled = true\n  {} {}\n }}\n}}\n'
    looked_up = 'data "aws_kms_alias" "a" {{\n  name = "alias/{}"\n}}\n'
    key = "kms_key_arn = data.aws_kms_alias.a.target_key_arn"
    (tmp_path / "pass.tf").write_text(table.format(key, "") + looked_up.format("orders"))
    (tmp_path / "fail.tf").write_text(table.format(key, "# expect: fail") + looked_up.format("aws/dynamodb"))
    assert [str(mismatch) for mismatch in check_policy(given, tmp_path, DEFAULTS)] == []
