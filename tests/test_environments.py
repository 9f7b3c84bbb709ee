"""One root in several environments: which it is, and what each asks for."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

ROOT = """
variable "environment" {
  type = string
}
variable "retention" {
  type    = number
  default = 7
}
resource "aws_rds_cluster" "main" {
  engine                  = "aurora-postgresql"
  backup_retention_period = var.retention
  deletion_protection     = false
}
"""
POLICIES = ("aws_rds_cluster_backup_retention_short", "aws_rds_cluster_deletion_unprotected")
ONLY = tuple(option for name in POLICIES for option in ("--policy", name))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "main.tf").write_text(ROOT)
    (tmp_path / "envs").mkdir()
    (tmp_path / "envs" / "development.tfvars").write_text('environment = "development"\n')
    (tmp_path / "envs" / "production.tfvars").write_text('environment = "production"\nretention   = 14\n')
    return tmp_path


def verdicts(run: Run, *arguments: str) -> dict[tuple[str, str | None], str]:
    said = json.loads(run(".", *ONLY, *arguments, "--format", "json").out)
    return {(result["policy"], result["environment"]): result["verdict"] for result in said["results"]}


def test_a_folder_with_the_files_of_an_environment_is_a_root_in_each(run: Run, root: Path) -> None:
    """Although nothing else says so: it has no backend, no provider, and an input without a default."""
    (root / "alexandria-scan.yaml").write_text(
        "environments:\n"
        "  development: {var_files: [envs/development.tfvars]}\n"
        "  production: {var_files: [envs/production.tfvars]}\n"
    )
    retention, protection = POLICIES
    assert verdicts(run) == {
        (retention, "development"): "pass",
        (retention, "production"): "fail",
        (protection, "development"): "not_applicable",
        (protection, "production"): "fail",
    }
    assert "Environments side by side" in run(".", *ONLY).out


def test_a_module_that_is_called_stays_a_module(run: Run, root: Path) -> None:
    (root / "alexandria-scan.yaml").write_text("environments:\n  production: {var_files: [envs/production.tfvars]}\n")
    (root / "caller").mkdir()
    (root / "caller" / "main.tf").write_text('module "m" {\n  source      = "../"\n  environment = "development"\n}\n')
    said = json.loads(run(".", *ONLY, "--format", "json").out)
    assert {result["environment"] for result in said["results"] if result["root"] == "."} == {None}


@pytest.mark.parametrize(
    ("arguments", "retention", "protection"),
    [
        (["--environment", "development"], "pass", "not_applicable"),
        (["--environment", "staging"], "fail", "fail"),
        (["--environment", "production"], "fail", "fail"),
        (["--var", "environment=dev"], "pass", "not_applicable"),
        (["--var", "environment=prod", "--var", "retention=30"], "pass", "fail"),
        (["--var-file", "envs/production.tfvars"], "fail", "fail"),
        ([], "pass", "fail"),
    ],
    ids=" ".join,
)
def test_the_environment_that_is_given(
    run: Run, root: Path, arguments: list[str], retention: str, protection: str
) -> None:
    found = verdicts(run, *arguments)
    assert list(found.values()) == [retention, protection]


CLUSTER = """
resource "aws_rds_cluster" "main" {
  engine                  = "aurora-postgresql"
  backup_retention_period = 14
}
"""
DEFAULT_TAGS = 'provider "aws" {\n  default_tags {\n    tags = { Environment = "prod" }\n  }\n}\n'
CLOUD = 'terraform {\n  cloud {\n    workspaces {\n      name = "orders-production"\n    }\n  }\n}\n'


@pytest.mark.parametrize(
    ("code", "file", "arguments", "environment"),
    [
        ('variable "env" {\n  type    = string\n  default = "stg"\n}\n', "", [], "staging"),
        ('locals {\n  environment = "dev"\n}\n', "", [], "development"),
        (DEFAULT_TAGS, "", [], "production"),
        (CLOUD, "", [], "production"),
        (CLOUD, "", ["--workspace", "orders-staging"], "staging"),
        ("", "", ["--workspace", "production"], "production"),
        ("", "production.auto.tfvars", [], "production"),
        ("", "orders-prod.tfvars", ["--var-file", "orders-prod.tfvars"], "production"),
        ("", "orders-prod.tfvars", [], None),
        ("", "reproduction.auto.tfvars", [], None),
        ("", "dev-or-prod.auto.tfvars", [], None),
        (DEFAULT_TAGS, "dev.auto.tfvars", [], "production"),
    ],
)
def test_a_root_says_which_environment_it_is_for(
    run: Run, tmp_path: Path, code: str, file: str, arguments: list[str], environment: str | None
) -> None:
    (tmp_path / "main.tf").write_text(code + CLUSTER)
    if file:
        (tmp_path / file).write_text("")
    assert {found for _, found in verdicts(run, *arguments)} == {environment}


BY_WORKSPACE = 'locals {\n  environment = "${lower(terraform.workspace)}"\n}\n'
BY_CALL = 'module "m" {\n  source = "./m"\n  env    = terraform.workspace\n}\n'
BY_PROVIDER = DEFAULT_TAGS.replace('"prod"', "terraform.workspace")
BY_TAGS = 'resource "aws_sns_topic" "t" {\n  tags = { Environment = terraform.workspace }\n}\n'


@pytest.mark.parametrize("code", [BY_WORKSPACE, BY_CALL, BY_PROVIDER, BY_TAGS], ids=["local", "call", "tags", "own"])
@pytest.mark.parametrize(
    ("folder", "arguments", "environment"),
    [
        ("prod", [], "production"),
        ("main", [], None),
        ("main", ["--var-file", "dev.tfvars"], "development"),
        ("prod", ["--workspace", "staging"], "staging"),
    ],
)
def test_a_workspace_that_nobody_named_names_no_environment(
    run: Run, tmp_path: Path, code: str, folder: str, arguments: list[str], environment: str | None
) -> None:
    root = tmp_path / folder
    (root / "m").mkdir(parents=True)
    (root / "m" / "main.tf").write_text('variable "env" {\n  type = string\n}\n')
    (root / "main.tf").write_text(code + CLUSTER)
    (tmp_path / "dev.tfvars").write_text("")
    said = json.loads(run(folder, *ONLY, *arguments, "--format", "json").out)
    assert {result["environment"] for result in said["results"]} == {environment}


def test_a_folder_is_for_the_same_environment_from_within(run: Run, tmp_path: Path) -> None:
    (tmp_path / "prod").mkdir()
    (tmp_path / "prod" / "main.tf").write_text(CLUSTER)
    for scanned, where in ((".", tmp_path / "prod"), ("prod", tmp_path)):
        said = json.loads(run(scanned, *ONLY, "--format", "json", cwd=where).out)
        assert {result["environment"] for result in said["results"]} == {"production"}


def test_a_plan_says_it_with_the_default_tags(run: Run, tmp_path: Path) -> None:
    change = {"actions": ["create"], "after": {"engine": "aurora-postgresql"}, "after_unknown": {}}
    cluster = {"address": "aws_rds_cluster.main", "mode": "managed", "type": "aws_rds_cluster", "name": "main"}
    tags = {"default_tags": [{"tags": {"constant_value": {"Environment": "prod"}}}]}
    plan = {
        "format_version": "1.2",
        "resource_changes": [{**cluster, "change": change}],
        "configuration": {"provider_config": {"aws": {"name": "aws", "expressions": tags}}, "root_module": {}},
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    said = json.loads(run("plan.json", *ONLY, "--format", "json").out)
    assert {result["environment"] for result in said["results"]} == {"production"}


CONFIG = """environments:
  production: {var_files: [envs/production.tfvars]}
  development: {var_files: [envs/development.tfvars]}
  staging: {vars: {environment: staging}}
"""
PROTECTION = "aws_rds_cluster_deletion_unprotected"


TAGGED = """
variable "stage_of_topic" {
  default = "production"
}
resource "aws_rds_cluster" "main" {
  engine = "aurora-postgresql"
  tags   = { Environment = "production" }
}
resource "aws_sns_topic" "alarms" {
  tags = { Name = "alarms", Environment = var.stage_of_topic }
}
resource "aws_sns_topic" "untagged" {}
"""


@pytest.mark.parametrize(
    ("code", "environment"),
    [
        (TAGGED, "production"),
        (TAGGED.replace('default = "production"', 'default = "staging"'), None),
        (TAGGED.replace('default = "production"', ""), None),
    ],
    ids=["all agree", "one disagrees", "one is not known"],
)
def test_resources_say_it_with_their_tags_in_source_and_plan(
    run: Run, tmp_path: Path, code: str, environment: str | None
) -> None:
    (tmp_path / "main.tf").write_text(code)
    (tmp_path / "plan.json").write_text(run("evaluate", ".").out)
    for scanned in (".", "plan.json"):
        results = json.loads(run(scanned, *ONLY, "--format", "json").out)["results"]
        assert {result["environment"] for result in results} == {environment}


def test_environments_stand_side_by_side_in_the_order_in_which_code_goes_through_them(run: Run, root: Path) -> None:
    (root / "alexandria-scan.yaml").write_text(CONFIG)
    lines = run(".", *ONLY, "--width", "120").out.splitlines()
    assert next(line.split() for line in lines if "development" in line and "production" in line) == [
        "development", "staging", "production",
    ]  # fmt: skip
    assert next(line.split() for line in lines if line.startswith(f"  {PROTECTION} ")) == [
        PROTECTION, "n/a", "fails", "fails",
    ]  # fmt: skip


def test_where_a_row_does_not_fit_the_verdicts_are_below_the_policy(run: Run, root: Path) -> None:
    (root / "alexandria-scan.yaml").write_text(CONFIG)
    lines = run(".", *ONLY, "--width", "70").out.splitlines()
    assert lines[lines.index(f"  {PROTECTION}") + 1].split() == ["n/a", "fails", "fails"]


def test_markdown_and_html_compare_environments_too(run: Run, root: Path) -> None:
    (root / "alexandria-scan.yaml").write_text(CONFIG)
    markdown = run(".", *ONLY, "--format", "markdown").out
    assert "| policy | development | staging | production |" in markdown
    assert f"| `{PROTECTION}` | n/a | ❌ fails | ❌ fails |" in markdown
    html = run(".", *ONLY, "--format", "html").out
    assert "<th>development<th>staging<th>production" in html


def test_a_parameter_of_another_kind_is_wrong_use(run: Run, root: Path) -> None:
    (root / "alexandria-scan.yaml").write_text(f"parameters:\n  {POLICIES[0]}:\n    minimum_days: two weeks\n")
    outcome = run(".", *ONLY)
    assert outcome.status == 2
    assert f"alexandria-scan.yaml:3: parameter 'minimum_days' of policy {POLICIES[0]} is a number, not a text." in (
        outcome.err
    )
