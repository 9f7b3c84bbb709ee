"""The five systems: what keeps its promises passes, what breaks them is found, at the file that breaks them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.scan import Options, scan

MODULES = Path(__file__).parents[1] / "fixtures" / "modules"

# (policy, file in which it is located), as the table in fixtures/modules/README.md says what is broken.
BROKEN = {
    "us-15-03-drifted": [
        ("aws_rds_tls_not_enforced", "modules/rds/main.tf"),
        ("aws_rds_cluster_deletion_unprotected", "modules/rds/main.tf"),
        ("aws_rds_cluster_backup_retention_short", "modules/rds/main.tf"),
        ("aws_rds_cluster_final_snapshot_skipped", "modules/rds/main.tf"),
        ("aws_rds_cluster_logs_not_exported", "modules/rds/main.tf"),
        ("aws_database_password_hardcoded", "modules/rds/main.tf"),
        ("variable_secret_not_sensitive", "modules/rds/variables.tf"),
        ("aws_rds_cluster_instance_performance_insights_off", "modules/rds/main.tf"),
        ("aws_rds_cluster_single_instance", "modules/rds/main.tf"),
        ("aws_vpc_security_group_ingress_rule_database_port_open", "modules/rds/main.tf"),
        ("aws_rds_cluster_iam_authentication_off", "modules/rds/main.tf"),
        ("aws_elasticache_replication_group_snapshot_retention_short", "modules/rds/elasticache.tf"),
        ("variable_name_not_snake_case", "modules/rds/variables.tf"),
        ("variable_type_missing", "modules/rds/variables.tf"),
        ("variable_description_missing", "modules/rds/variables.tf"),
        ("aws_elasticache_replication_group_plaintext_accepted", "modules/rds/elasticache.tf"),
        ("output_secret_not_sensitive", "modules/rds/outputs.tf"),
        ("provider_version_unbounded", "modules/rds/versions.tf"),
        ("module_complete_example_missing", "modules/rds/main.tf"),
        ("module_integration_tests_missing", "modules/rds/main.tf"),
        ("module_readme_sections_missing", "modules/rds/README.md"),
    ],
    "alex-drifted": [
        ("aws_rds_cluster_instance_public", "main.tf"),
        ("output_secret_not_sensitive", "outputs.tf"),
        ("aws_security_group_database_port_open", "network.tf"),
        ("aws_rds_tls_not_enforced", "main.tf"),
        ("aws_rds_cluster_final_snapshot_skipped", "main.tf"),
        ("aws_rds_cluster_deletion_unprotected", "main.tf"),
        ("aws_rds_cluster_iam_authentication_off", "main.tf"),
        ("aws_vpc_default_used", "data.tf"),
        ("variable_type_missing", "variables.tf"),
        ("provider_version_missing", "versions.tf"),
    ],
    "alexandria-data-layer-drifted": [
        ("aws_rds_tls_not_enforced", "rds-aurora-advanced/main.tf"),
        ("aws_rds_cluster_unencrypted", "rds-aurora-advanced/main.tf"),
        ("aws_rds_cluster_deletion_unprotected", "rds-aurora-advanced/main.tf"),
        ("aws_dynamodb_table_pitr_off", "dynamodb-advanced/main.tf"),
        ("aws_dynamodb_table_deletion_unprotected", "dynamodb-advanced/main.tf"),
        ("aws_elasticache_replication_group_single_az", "elasticache-redis/main.tf"),
        ("aws_kms_key_rotation_off", "elasticache-redis/main.tf"),
        ("variable_secret_not_sensitive", "elasticache-redis/variables.tf"),
    ],
    "database-addons-drifted": [
        ("aws_database_password_hardcoded", "mysql-rds/main.tf"),
        ("aws_dynamodb_table_deletion_unprotected", "dynamodb/main.tf"),
    ],
    "module-marketplace-drifted": [
        ("aws_sqs_queue_unencrypted", "integration/messaging/sqs-basic/main.tf"),
        ("module_tests_missing", "integration/messaging/sqs-basic/main.tf"),
        ("module_tier_contradicts_variables", "patterns/multi-tier-app/worker-standard/.alexandria.yaml"),
        ("module_readme_example_input_unknown", "patterns/multi-tier-app/worker-standard/README.md"),
        ("aws_rds_tls_not_enforced", "data/databases/rds-postgres/main.tf"),
        ("aws_cloudwatch_log_group_kms_key_default", "observability/logging/cloudwatch-logs-basic/main.tf"),
        ("module_folder_name_invalid", "compute/serverless/Lambda_Functions/main.tf"),
        ("module_changelog_missing", "foundations/networking/vpc-basic/main.tf"),
        ("module_versions_disagree", "data/databases/rds-postgres/.alexandria.yaml"),
        ("module_complexity_contradicts_variables", "data/databases/rds-postgres/.alexandria.yaml"),
        ("module_deprecated_without_way_out", "observability/logging/cloudwatch-logs-basic/.alexandria.yaml"),
        ("module_deprecated_unannounced", "observability/logging/cloudwatch-logs-basic/.alexandria.yaml"),
        ("module_metadata_contradicts_registry", "observability/logging/cloudwatch-logs-basic/.alexandria.yaml"),
        ("module_dependency_upward", "compute/serverless/Lambda_Functions/main.tf"),
        ("module_dependency_upward", "foundations/networking/vpc-basic/main.tf"),
        ("module_dependency_unsupported", "foundations/networking/vpc-basic/main.tf"),
        ("module_metadata_missing", "compute/serverless/Lambda_Functions/main.tf"),
        ("module_version_not_semantic", "module-registry.yaml"),
        ("metadata_value_invalid", "module-registry.yaml"),
        ("registry_entry_folder_missing", "module-registry.yaml"),
        ("registry_entry_duplicate", "module-registry.yaml"),
        ("module_dependency_cycle", "observability/logging/cloudwatch-logs-basic/.alexandria.yaml"),
        ("module_dependency_cycle", "foundations/networking/vpc-basic/main.tf"),
        ("module_dependency_unknown", "observability/logging/cloudwatch-logs-basic/.alexandria.yaml"),
        ("module_archived_changed", "security/access-control/kms-basic/.alexandria.yaml"),
        ("metadata_key_unknown", "security/access-control/kms-basic/.alexandria.yaml"),
        ("module_unregistered", "security/access-control/kms-basic/.alexandria.yaml"),
    ],
}
# What is left in a system that keeps its promises: opinions beyond them, none of them high.
KEPT = ("us-15-03", "alex", "alexandria-data-layer", "database-addons", "module-marketplace")


@cache
def scanned(system: str) -> ScanResult:
    return scan(Options(paths=(str(MODULES / system),)))


def found(system: str) -> set[tuple[str, str]]:
    top = MODULES / system
    return {
        (one.policy, (Path.cwd() / one.location.file).resolve().relative_to(top).as_posix())
        for one in scanned(system).results
        if one.verdict == "fail"
    }


@pytest.mark.parametrize("system", BROKEN)
def test_a_broken_promise_is_found_where_it_is_broken(system: str) -> None:
    assert [pair for pair in BROKEN[system] if pair not in found(system)] == []


@pytest.mark.parametrize("system", KEPT)
def test_a_system_that_keeps_its_promises_has_no_grave_finding(system: str) -> None:
    grave = [
        (one.policy, one.address, one.root, one.message)
        for one in scanned(system).results
        if one.verdict == "fail" and one.severity in ("critical", "high")
    ]
    assert grave == []


@pytest.mark.parametrize("system", [*KEPT, *BROKEN])
def test_nothing_in_the_systems_is_a_problem_to_read(system: str) -> None:
    assert [problem for problem in scanned(system).problems if problem.severity == "error"] == []


def test_what_a_missing_input_decides_is_unknown_and_says_so() -> None:
    unknown = [
        one
        for one in scanned("us-15-03-drifted").results
        if one.verdict == "unknown" and one.policy == "aws_elasticache_replication_group_unencrypted"
    ]
    assert unknown
    assert all("var.redis_at_rest_encryption has no value" in one.reason for one in unknown)
    assert all("set var.redis_at_rest_encryption" in one.decide for one in unknown)


def test_two_scans_give_the_same_result() -> None:
    options = Options(paths=(str(MODULES / "alex-drifted"),))
    assert scan(options) == scan(options)
