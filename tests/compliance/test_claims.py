"""Claims against what is so: a module is written, scanned, and what it says of itself is judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexandria_scan.compliance.features import load_features
from alexandria_scan.compliance.result import ClaimResult
from alexandria_scan.compliance.standards import load_standards
from alexandria_scan.policy.content import Content
from alexandria_scan.policy.load import load_policies
from alexandria_scan.scan import Options, scan
from tests.conftest import ROOT

HEAD = (
    "module:\n  id: table\n  version: 1.0.0\n  maturity: experimental\n  category: data/nosql\n  description: A table\n"
)
TABLE = """
variable "name" {
  type = string
  validation {
    condition     = var.name != ""
    error_message = "No."
  }
}
variable "recovery" {
  type    = bool
  default = false
}
variable "days" {
  type    = number
  default = 7
}
resource "aws_dynamodb_table" "this" {
  name     = var.name
  hash_key = "id"
  attribute {
    name = "id"
    type = "S"
  }
  point_in_time_recovery {
    enabled = var.recovery
  }
  deletion_protection_enabled = true
}
output "arn" {
  value = aws_dynamodb_table.this.arn
}
"""


def module(folder: Path, more: str = "", readme: str = "", code: str = TABLE) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "main.tf").write_text(code)
    (folder / ".alexandria.yaml").write_text(HEAD + more)
    if readme:
        (folder / "README.md").write_text(readme)
    return folder


def example(folder: Path, name: str, arguments: str) -> None:
    path = folder / "examples" / name
    path.mkdir(parents=True)
    (path / "main.tf").write_text(f'module "table" {{\n  source = "../.."\n  name   = "a"\n  {arguments}\n}}\n')


def claims(folder: Path) -> list[ClaimResult]:
    return list(scan(Options(paths=(str(folder),))).claims)


def judged(folder: Path, claim: str, claimed: str = "") -> tuple[str, str]:
    found = [one for one in claims(folder) if one.claim == claim and claimed in ("", one.claimed)]
    assert len(found) == 1, found
    return found[0].verdict, found[0].measured


@pytest.mark.parametrize(
    ("more", "claim", "verdict", "measured"),
    [
        ("  variable_count: 3\n", "variable_count", "verified", "3"),
        ("  variable_count: 65\n", "variable_count", "contradicted", "3"),
        ("  output_count: 1\n", "output_count", "verified", "1"),
        ("  documentation:\n    examples: [examples/basic]\n", "example", "verified", "evaluates"),
        ("  documentation:\n    examples: [{path: examples/other}]\n", "example", "contradicted", "missing"),
        ("  documentation:\n    examples: [examples/broken]\n", "example", "contradicted", "does not evaluate"),
        ("  documentation:\n    changelog: CHANGELOG.md\n", "documentation.changelog", "contradicted", "missing"),
        ("  documentation: {changelog: ../../../etc/passwd}\n", "documentation.changelog", "contradicted", "missing"),
        ("  documentation:\n    readme_url: https://a.example/\n", "documentation.readme_url", "inconclusive", ""),
        ("  features: [Deletion protection]\n", "feature", "verified", "by default"),
        ("  features: [PITR]\n", "feature", "verified", "on request"),
        ("  features: [Alarms]\n", "feature", "contradicted", "never"),
        ("  features: [Sharks with lasers]\n", "feature", "inconclusive", ""),
        ("  testing: {unit_tests: true}\n", "testing.unit_tests", "contradicted", "no such test"),
        ("  performance: {resource_count: 1}\n", "performance.resource_count", "verified", "1"),
        ("  dependencies: {terraform_version: '>= 1.5'}\n", "dependencies.terraform_version", "contradicted", "none"),
        ("  security: {compliance: [Alexandria]}\n", "security.compliance", "contradicted", None),
        ("  security: {compliance: [HIPAA]}\n", "security.compliance", "inconclusive", ""),
        ("  security: {compliance: [house rules]}\n", "security.compliance", "inconclusive", ""),
    ],
)  # fmt: skip
def test_a_claim_is_held_against_what_is_so(
    tmp_path: Path, more: str, claim: str, verdict: str, measured: str | None
) -> None:
    folder = module(tmp_path / "table", more)
    example(folder, "basic", "")
    example(folder, "recovering", "recovery = true")
    (folder / "examples/broken").mkdir()
    (folder / "examples/broken/main.tf").write_text('module "table" {\n  source = "../.."\n  nam = = 1\n}\n')
    found = judged(folder, claim)
    assert found[0] == verdict
    assert measured is None or found[1] == measured


@pytest.mark.parametrize(
    ("claimed", "verdict"), [(1, "inconclusive"), (2, "verified"), (3, "inconclusive"), (0, "contradicted")]
)
def test_a_number_of_resources_is_not_denied_where_one_depends_on_the_caller(
    tmp_path: Path, claimed: int, verdict: str
) -> None:
    """One resource is there, of the other none or many: two if it counts as one."""
    folder = module(tmp_path / "table", f"  performance: {{resource_count: {claimed}}}\n")
    more = (
        'variable "names" {\n  type = set(string)\n}\n\nresource "aws_sns_topic" "more" {\n  for_each = var.names\n}\n'
    )
    (folder / "more.tf").write_text(more)
    assert judged(folder, "performance.resource_count")[0] == verdict


def test_a_feature_that_no_example_has_is_contradicted(tmp_path: Path) -> None:
    folder = module(tmp_path / "table", "  features: [PITR]\n")
    example(folder, "basic", "")
    assert judged(folder, "feature") == ("contradicted", "not by default")


def test_with_the_posture_the_input_that_turns_a_feature_on_is_named(tmp_path: Path) -> None:
    folder = module(tmp_path / "table", "  features: [PITR]\n")
    (found,) = [one for one in scan(Options(paths=(str(folder),), posture=True)).claims if one.claim == "feature"]
    assert (found.verdict, found.measured, found.detail) == ("verified", "on request", "with var.recovery")


@pytest.mark.parametrize(
    ("line", "claim", "claimed", "verdict"),
    [
        ("It has **3+ variables** with validation.", "variables", "3+", "verified"),
        ("65+ variables", "variables", "65+", "contradicted"),
        ("- 2 inputs", "variables", "2", "contradicted"),
        ("1 output", "outputs", "1", "verified"),
        ("1,200 resources", "resources", "1200", "contradicted"),
        ("95 % of the variables are validated", "variables with validation", "95 %", "contradicted"),
        ("50% of variables with validation", "variables with validation", "50 %", "verified"),
        ("100% validated", "variables with validation", "100 %", "contradicted"),
        ("over 30 outputs", "outputs", "30+", "contradicted"),
        ("More than **2** variables", "variables", "2+", "verified"),
        ("- **Variables**: 65+", "variables", "65+", "contradicted"),
        ("| Outputs | 1 |", "outputs", "1", "verified"),
        ("Below `<!--` there is 1 output", "outputs", "1", "verified"),
    ],
)
def test_numbers_of_a_readme(tmp_path: Path, line: str, claim: str, claimed: str, verdict: str) -> None:
    folder = module(tmp_path / "table", readme=f"# table\n\n{line}\n")
    (found,) = [one for one in claims(folder) if one.location.file.endswith("README.md")]
    assert (found.claim, found.claimed, found.verdict, found.location.line) == (claim, claimed, verdict, 3)


@pytest.mark.parametrize(
    "line",
    [
        "```\n65 variables\n```",
        "version 1.65 variables",
        "at most 3 subnets",
        "up to 40 inputs",
        "fewer than 10 variables",
        "about 20 variables, ~30 outputs",
        "<!-- 80+ variables -->",
        "<!--\n\n80+ variables",
        "Variables: 3 of them are required",
        "derived from stage 0 outputs",
        "version 2 outputs",
        "## Variables",
    ],
)
def test_what_is_no_number_of_the_module_is_no_claim(tmp_path: Path, line: str) -> None:
    folder = module(tmp_path / "table", readme=f"# table\n\n{line}\n")
    assert [one for one in claims(folder) if one.location.file.endswith("README.md")] == []


def test_the_version_is_that_of_the_changelog(tmp_path: Path) -> None:
    folder = module(tmp_path / "table")
    assert judged(folder, "version")[0] == "inconclusive"
    (folder / "CHANGELOG.md").write_text("# Changelog\n\n## [1.1.0] - 2026-01-31\n")
    assert judged(folder, "version") == ("contradicted", "1.1.0")
    (folder / "CHANGELOG.md").write_text("# Changelog\n\n## [1.0.0] - 2026-01-31\n")
    assert judged(folder, "version") == ("verified", "1.0.0")


def test_a_maturity_that_is_not_earned_is_contradicted(tmp_path: Path) -> None:
    folder = module(tmp_path / "table")
    assert judged(folder, "maturity") == ("verified", "experimental")
    text = (folder / ".alexandria.yaml").read_text()
    (folder / ".alexandria.yaml").write_text(text.replace("experimental", "stable"))
    assert judged(folder, "maturity") == ("contradicted", "experimental")


def test_what_the_registry_repeats_is_one_claim_and_what_it_says_otherwise_another(tmp_path: Path) -> None:
    module(tmp_path / "table", "  variable_count: 3\n  output_count: 1\n")
    entry = "modules:\n  - id: table\n    path: table\n    variable_count: 65\n    output_count: 1\n"
    (tmp_path / "module-registry.yaml").write_text(entry)
    found = [one for one in claims(tmp_path) if one.claim.endswith("_count")]
    assert [(Path(one.location.file).name, one.claim, one.verdict) for one in found] == [
        ("module-registry.yaml", "variable_count", "contradicted"),
        (".alexandria.yaml", "variable_count", "verified"),
        (".alexandria.yaml", "output_count", "verified"),
    ]


def test_roots_and_examples_claim_nothing(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('terraform {\n  backend "s3" {}\n}\nresource "aws_vpc" "a" {}\n')
    assert claims(tmp_path) == []


def test_features_and_frameworks_are_known_policies_and_standards() -> None:
    policies = load_policies(ROOT / "policies", "policies", check=False)
    found = load_features(ROOT / "policies", {policy.id for policy in policies})
    names = {standard.name for standard in load_standards([Content(ROOT / "policies")], policies)}
    assert {one.standard for one in found.frameworks} <= names
    assert all(one.words and (one.policies or one.resources) for one in found.features)
    assert all(word == word.lower() for one in found.features for word in one.words)


def test_a_level_that_git_would_decide_says_who_asks_git() -> None:
    folder = ROOT / "fixtures" / "modules" / "module-marketplace" / "compute" / "serverless" / "lambda-basic"
    (found,) = [one for one in scan(Options(paths=(str(folder),))).claims if one.claim == "maturity"]
    assert found.verdict == "inconclusive"
    assert "alexandria-scan promote decides it, it asks git" in found.detail
