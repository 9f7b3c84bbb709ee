"""What is declared to be sensitive, or looks like a secret, is not shown: not in a report in any format, in an excerpt,
an origin, a message, a problem, or an explanation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexandria_scan.cli import main
from alexandria_scan.evaluate.secret_names import LOOKS_SECRET, MARKS
from alexandria_scan.policy.excerpt import excerpts
from alexandria_scan.policy.redact import HIDDEN, redacted, redacted_problem
from alexandria_scan.report import FORMATS
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.tree import Location, SourceText
from tests.conftest import Run

SECRET = "swordfish-1234"
SOURCE = f"""
variable "secret" {{
  sensitive = true
  default   = "{SECRET}"
}}
variable "other" {{}}
resource "aws_rds_cluster" "main" {{
  engine              = "aurora-postgresql"
  master_password     = var.secret
  deletion_protection = var.secret == "x"
}}
module "inner" {{
  source = "./inner"
  token  = var.secret
}}
"""
INNER = """
variable "token" {
  sensitive = true
}
resource "aws_secretsmanager_secret_version" "main" {
  secret_id     = "orders"
  secret_string = jsonencode({ token = var.token })
}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "inner").mkdir()
    (tmp_path / "main.tf").write_text(SOURCE)
    (tmp_path / "inner" / "main.tf").write_text(INNER)
    return tmp_path


@pytest.mark.parametrize(
    "arguments",
    [
        ["--verbose"],
        ["--quiet"],
        ["--environment", "production", "--verbose"],
        *(["--format", name] for name in FORMATS),
    ],
    ids=" ".join,
)
def test_a_scan_does_not_print_it(root: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    main([str(root), *arguments])
    shown = "".join(capsys.readouterr())
    assert "rds" in shown
    assert SECRET not in shown


def test_nor_does_explain(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["explain", "aws_rds_cluster.main.master_password", str(root)])
    shown = "".join(capsys.readouterr())
    assert "(sensitive value)" in shown and 'variable "secret"' in shown
    assert SECRET not in shown


def test_nor_what_is_given_on_the_command_line(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(root), "--var", "secret=open sesame", "--format", "json"])
    shown = "".join(capsys.readouterr())
    assert "secret = (sensitive value)" in shown
    assert "open sesame" not in shown


# Ways in which a secret gets into what is scanned. Each begins with "S3CRET", but for those that are known by form.
KNOWN = ("S3CRET", "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI", "ghp_0123456789abcdefghijklmnopqrstuvwxyz")
ROOT = """
variable "declared" {
  type      = string
  sensitive = true
  default   = "S3CRET-default"
}
variable "from_tfvars" {
  type      = string
  sensitive = true
}
variable "admin_password" {
  default = "S3CRET-default-by-name"
}
variable "db_password" {}
variable "several_lines" {
  sensitive = true
  default = {
    a = "S3CRET-in-an-object"
    b = "S3CRET-below"
  }
}
locals {
  master_password = "S3CRET-local"
  address         = "postgres://app:S3CRET-in-address@db.example.com/app"
  wrong_password  = tonumber("S3CRET-in-a-problem")
}
resource "aws_rds_cluster" "literal" {
  engine          = "aurora-postgresql"
  master_password = "S3CRET-literal"
}
resource "aws_rds_cluster" "named" {
  master_password = var.admin_password
}
resource "aws_rds_cluster" "given" {
  master_password = var.db_password
}
resource "aws_db_instance" "local" {
  password          = local.master_password
  allocated_storage = tonumber(var.from_tfvars)
}
resource "aws_db_instance" "address" {
  identifier = local.address
}
resource "aws_iam_server_certificate" "key" {
  private_key = <<EOF
-----BEGIN RSA PRIVATE KEY-----
S3CRETinAPrivateKeyMIIEpAIBAAKCAQEA
-----END RSA PRIVATE KEY-----
EOF
}
resource "aws_instance" "script" {
  user_data = <<EOF
export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE
export AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
password: S3CRETunquoted
EOF
}
resource "aws_secretsmanager_secret_version" "json" {
  secret_string = jsonencode({
    username = "S3CRET-below-the-name"
    pin      = "S3CRET-too"
  })
}
resource "aws_ssm_parameter" "call" {
  auth_token = format("%s", "S3CRET-in-a-call")
}
# By its type, not by its name.
resource "aws_ssm_parameter" "secure" {
  type  = "SecureString"
  value = "S3CRET-parameter"
}
resource "aws_ssm_parameter" "plain" {
  type  = "String"
  value = local.greeting
}
resource "aws_ssm_parameter" "document" {
  type  = "SecureString"
  value = <<EOT
S3CRET-in-a-document
EOT
}
resource "aws_ssm_parameter" "given" {
  type  = "SecureString"
  value = var.given
}
resource "aws_directory_service_radius_settings" "main" {
  shared_secret = "S3CRET-shared"
}
resource "aws_iot_ca_certificate" "main" {
  ca_certificate_pem = "S3CRET-certificate"
}
resource "aws_rds_cluster" "wrong" {
  master_password = tonumber("S3CRET-in-a-reason") + 1
}
resource "aws_kms_ciphertext" "main" {
  plaintext = tobool("S3CRET-ciphertext")
}
variable "given" {}
locals {
  greeting = "S3CRET-local-for-an-argument"
}
resource "aws_lambda_function" "environment" {
  environment {
    variables = {
      DB_PASSWORD = "S3CRET-in-a-map"
      GITHUB      = "ghp_0123456789abcdefghijklmnopqrstuvwxyz"
    }
  }
}
module "inner" {
  source         = "./inner"
  admin_password = "S3CRET-argument"
  declared       = "S3CRET-sensitive-argument"
  checked        = var.declared
}
output "token" {
  value = "S3CRET-output"
}
"""
INNER_ROOT = """
variable "admin_password" {}
variable "declared" {
  sensitive = true
}
variable "checked" {
  validation {
    condition     = var.checked == "x"
    error_message = "it is ${var.checked}"
  }
}
resource "aws_rds_cluster" "inner" {
  engine          = var.declared
  master_password = var.admin_password
}
"""
TFVARS = (
    'from_tfvars = "S3CRET-tfvars"\ndb_password = "S3CRET-tfvars-by-name"\nunknown_password = "S3CRET-not-declared"\n'
)
# Policies that say as much as they can: they point at every attribute, and print its value.
RULES = {
    "says_passwords": ("resource: ['*']", "attrs.master_password == 0", "it is ${attrs.master_password}"),
    "says_instances": ("resource: ['*']", "attrs.password == 0", "${jsonencode(attrs.password)}"),
    "says_keys": ("resource: ['*']", "attrs.private_key == 0", "${attrs.private_key}"),
    "says_scripts": ("resource: ['*']", "attrs.user_data == 0", "${attrs.user_data}"),
    "says_strings": ("resource: ['*']", "attrs.secret_string == 0", "${attrs.secret_string}"),
    "says_tokens": ("resource: ['*']", "attrs.auth_token == 0", "${attrs.auth_token}"),
    "says_names": ("resource: ['*']", "attrs.identifier == 0", "${attrs.identifier}"),
    "says_maps": ("resource: ['*']", "attrs.environment == 0", "${jsonencode(attrs.environment)}"),
    "says_engines": ("resource: ['*']", "attrs.engine == 0", "${attrs.engine}"),
    "says_values": ("resource: ['*']", "attrs.value == 0", "${attrs.value} ${jsonencode(attrs.value)}"),
    "says_plaintext": ("resource: ['*']", "attrs.plaintext == 0", "${attrs.plaintext}"),
    "says_certificates": ("resource: ['*']", "attrs.ca_certificate_pem == 0", "${attrs.ca_certificate_pem}"),
    "says_blocks": ("resource: ['*']", "1 == 2", "no"),
    "says_locals": ("local: '*'", "1 == 2", "no"),
    "says_defaults": ("variable: '*'", "attrs.default == 0", "${jsonencode(attrs.default)} ${attrs.default}"),
    "says_outputs": ("output: '*'", "attrs.value == 0", "${attrs.value}"),
    "says_calls": ("module_call: '*'", "attrs.admin_password == 0", "${attrs.admin_password}"),
}


def talkative(folder: Path) -> Path:
    """Rules that are no secret's friends, in a folder."""
    folder.mkdir()
    for name, (target, condition, message) in RULES.items():
        manifest = f"title: It talks\nseverity: high\n{target}\nenforce:\n  - condition: {json.dumps(condition)}\n"
        manifest += f"    error_message: {json.dumps(message)}\nwhy: To see.\nfix: Nothing.\n"
        (folder / f"{name}.yaml").write_text(manifest)
    return folder


@pytest.mark.parametrize("format_", FORMATS)
def test_no_secret_gets_into_any_format(run: Run, tmp_path: Path, format_: str) -> None:
    rules = talkative(tmp_path / "rules")
    (tmp_path / "root" / "inner").mkdir(parents=True)
    (tmp_path / "root" / "main.tf").write_text(ROOT)
    (tmp_path / "root" / "terraform.tfvars").write_text(TFVARS)
    (tmp_path / "root" / "inner" / "main.tf").write_text(INNER_ROOT)
    options = ("--verbose", "--posture", "--environment", "production", "--policies", rules)
    outcome = run(
        "root", *options, "--var", "db_password=S3CRET-given", "--var", "given=S3CRET-var", "--format", format_
    )
    for name in RULES:
        assert name in outcome.out, f"{name} found nothing, so it proves nothing"
    assert "Invalid value" in outcome.out, "nor does a problem that is not there"
    for secret in KNOWN:
        lines = [line for line in outcome.said.splitlines() if secret in line]
        assert lines == []


@pytest.mark.parametrize("format_", FORMATS)
def test_a_default_that_is_only_there_for_a_hidden_argument_is_not_shown(
    run: Run, tmp_path: Path, format_: str
) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "main.tf").write_text(
        'variable "given" {\n  default = "S3CRET-default"\n}\n'
        'resource "aws_ssm_parameter" "main" {\n  name  = "x"\n  type  = "SecureString"\n  value = var.given\n}\n'
    )
    outcome = run("root", "--verbose", "--format", format_)
    assert "aws_ssm_parameter_hardcoded" in outcome.out and "variable_description_missing" in outcome.out
    assert "S3CRET" not in outcome.said


@pytest.mark.parametrize(
    ("value", "secret"),
    [
        ("local.all.inner", "S3CRET-all"),
        ("local.all[var.which]", "S3CRET-all"),
        ("jsonencode(local.all)", "S3CRET-all"),
        ('"${local.plain}"', "S3CRET-plain"),
        ("var.given", "S3CRET-given"),
        ("var.given.inner", "S3CRET-given"),
    ],
)
def test_what_a_hidden_argument_is_made_of_is_not_shown_beside_it_either(
    run: Run, tmp_path: Path, value: str, secret: str
) -> None:
    inner = tmp_path / "root" / "inner"
    inner.mkdir(parents=True)
    (inner / "main.tf").write_text(
        'variable "given" {}\nvariable "which" {\n  default = "inner"\n}\n'
        'locals {\n  all   = { inner = "S3CRET-all" }\n  plain = "S3CRET-plain"\n}\n'
        f'resource "aws_ssm_parameter" "main" {{\n  name  = "x"\n  value = {value}\n}}\n'
    )
    (tmp_path / "root" / "main.tf").write_text(
        'module "inner" {\n  source = "./inner"\n  given  = { inner = "S3CRET-given" }\n}\n'
    )
    outcome = run("root", "--verbose", "--policies", talkative(tmp_path / "rules"), "--format", "json")
    for name, line in (("S3CRET-all", "all   ="), ("S3CRET-plain", "plain ="), ("S3CRET-given", "given  =")):
        assert line in outcome.out, f"{name} stands in no excerpt, so it proves nothing"
        assert (name in outcome.said) == (name != secret)
    assert r"default = \"inner\"" in outcome.out, "what chooses an element is no secret"


def test_explain_does_not_show_a_hidden_argument(run: Run, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'variable "given" {}\nlocals {\n  greeting = "S3CRET-local"\n}\n'
        'resource "aws_ssm_parameter" "a" {\n  name  = "shown"\n  value = local.greeting\n}\n'
        'resource "aws_ssm_parameter" "b" {\n  name  = "shown"\n  value = var.given\n}\n'
    )
    for address in ("aws_ssm_parameter.a.value", "aws_ssm_parameter.a", "aws_ssm_parameter.b.value"):
        outcome = run("explain", address, "--var", "given=S3CRET-given")
        assert f"{address.removesuffix('.value')}.value = (sensitive value)" in outcome.out
        assert "S3CRET" not in outcome.said
    assert 'name = "shown"' in run("explain", "aws_ssm_parameter.a").out


@pytest.mark.parametrize("format_", FORMATS)
def test_nor_does_one_from_a_plan(run: Run, tmp_path: Path, format_: str) -> None:
    values = {"master_password": "S3CRET-planned", "engine": "aurora-mysql", "identifier": "S3CRET-marked"}
    parameter = {"type": "SecureString", "value": "S3CRET-parameter"}
    other = {"address": "aws_ssm_parameter.main", "mode": "managed", "type": "aws_ssm_parameter", "name": "main"}
    address = {"address": "aws_rds_cluster.main", "mode": "managed", "type": "aws_rds_cluster", "name": "main"}
    provider = {"provider_name": "registry.terraform.io/hashicorp/aws", "schema_version": 0}
    marks = {"identifier": True}
    change = {"actions": ["create"], "before": None, "after": values, "after_unknown": {}, "after_sensitive": marks}
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "variables": {"admin_password": {"value": "S3CRET-variable"}},
        "planned_values": {
            "outputs": {"password": {"sensitive": True, "type": "string", "value": "S3CRET-planned-output"}},
            "root_module": {
                "resources": [
                    {**address, **provider, "values": values, "sensitive_values": marks},
                    {**other, **provider, "values": parameter, "sensitive_values": {}},
                ]
            },
        },
        "resource_changes": [
            {**address, **provider, "change": {**change, "before_sensitive": False}},
            {**other, **provider, "change": {**change, "after": parameter, "after_sensitive": {}}},
        ],
        "configuration": {"root_module": {}},
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    outcome = run("plan.json", "--verbose", "--policies", talkative(tmp_path / "rules"), "--format", format_)
    assert all(name in outcome.out for name in ("says_passwords", "says_names", "says_values"))
    assert "S3CRET" not in outcome.said


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('master_password = "x1"', "master_password = (hidden)"),
        ('  "DB_PASSWORD": "x1", "engine": "mysql"', '  "DB_PASSWORD": (hidden), "engine": "mysql"'),
        ('client_secret = "x1${var.y}"', "client_secret = (hidden)"),
        ('password = tonumber("x1")', "password = tonumber((hidden))"),
        ("export API_KEY=x1y2", "export API_KEY=(hidden)"),
        ("token: ab12/cd", "token: (hidden)"),
        ('client_secrets = "x1"', "client_secrets = (hidden)"),
        ('passwords = ["x1", "x2"]', "passwords = [(hidden), (hidden)]"),
        ('tokens = { a = "x1" }', "tokens = { a = (hidden) }"),
        ('secret_value = "x1"', "secret_value = (hidden)"),
        ('url = "https://u:x1@example.com/"', 'url = "https://(hidden)@example.com/"'),
        ("id = AKIAIOSFODNN7EXAMPLE", "id = (hidden)"),
        (r'"{\"password\":\"x1\",\"user\":\"bob\"}"', r'"{\"password\":(hidden),\"user\":\"bob\"}"'),
        (r'"{\"x-api-key\": \"x1\"}"', r'"{\"x-api-key\": (hidden)}"'),
        (r'"{\"token\": \"x1\\\"x2\"}"', r'"{\"token\": (hidden)}"'),
        (r'"{\"a\":\"{\\\"pwd\\\":\\\"x1\\\"}\"}"', r'"{\"a\":\"{\\\"pwd\\\":(hidden)}\"}"'),
        (r'echo "{\"tokens\": [\"x1\", \"x2', r'echo "{\"tokens\": [\(hidden)'),
        (r"export PASSWORD=\"x1\"", r"export PASSWORD=\(hidden)"),
        ("api-key: abc123", "api-key: (hidden)"),
        ('"secretKey" = "x1"', '"secretKey" = (hidden)'),
        ("a -----BEGIN PRIVATE KEY----- x1 -----END PRIVATE KEY----- b", "a (hidden) b"),
    ],
)
def test_a_secret_in_a_line(line: str, shown: str) -> None:
    assert redacted(line) == shown


@pytest.mark.parametrize(
    "line",
    [
        "master_password = var.master_password",
        'master_password = "${random_password.main.result}"',
        "manage_master_user_password = true",
        "password = null",
        "password_length = 16",
        'password_policy = "strict"',
        'api_key_required = "no"',
        'api_key_source = "HEADER"',
        'secret_arns = ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:x"]',
        "auth_token = data.aws_x.y[0].token",
        'http_tokens = "optional"',
        'secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:x"',
        'private_key_path = "keys/id_rsa.pub"',
        'variable "auth_token": default     = null',
        'resource "aws_secretsmanager_secret" "main" {',
        'source = "git::https://example.com/x.git?ref=v1"',
        'password == "x"',
        'auth_token = ""',
        r'"{\"password\":\"${var.password}\",\"engine\":\"x\"}"',
        r'"{\"password\":\"\"}"',
    ],
)
def test_what_is_no_secret_stays(line: str) -> None:
    assert redacted(line) == line


def test_a_message_is_prose() -> None:
    text = "the password: missing. token = none"
    assert redacted(text, source=False) == text
    assert redacted('set password = "x1"', source=False) == "set password = (hidden)"


def test_a_problem_says_no_more_than_its_line() -> None:
    problem = Problem("main.tf", 3, 1, "Wrong value", 'cannot convert "x1" to number')
    assert redacted_problem(problem, 'password = tonumber("x1")').detail == "cannot convert (hidden) to number"
    assert redacted_problem(problem, 'size = tonumber("x1")') == problem


MISSING = 'Invalid value for "inputMap" parameter: the given object has no attribute {}.'


@pytest.mark.parametrize(
    ("line", "detail", "shown"),
    [
        ('user_password = lookup(var.auth, "user_password")', MISSING.format('"user_password"'),
         MISSING.format('"user_password"')),
        ('user_password = local.a["x1"].x3 == "x2"', 'This object does not have an attribute named "x3".',
         'This object does not have an attribute named "x3".'),
        ('password = [lookup(var.a, local.b), "x1"]', MISSING.format('"x1"'), MISSING.format("(hidden)")),
        ('password = lookup(var.a, local.b) == "x1"', MISSING.format('"x1"'), MISSING.format("(hidden)")),
        ('password = lookup(var.a, var.token)', MISSING.format('"x1"'), MISSING.format("(hidden)")),
        ('name = lookup(var.a, var.token)', MISSING.format('"x1"'), MISSING.format("(hidden)")),
        ('name = lookup(var.a, var.title)', MISSING.format('"x1"'), MISSING.format('"x1"')),
        ('password = tonumber("x1")', 'Invalid value for "v" parameter: cannot convert "x1" to number.',
         'Invalid value for "v" parameter: cannot convert (hidden) to number.'),
        ('password = regex("x1", "x2")', 'Call to function "regex" failed: function "x1" and parameter "x2".',
         'Call to function "regex" failed: function (hidden) and parameter (hidden).'),
    ],
)  # fmt: skip
def test_names_in_a_problem_are_no_values(line: str, detail: str, shown: str) -> None:
    problem = Problem("main.tf", 3, 1, "Invalid function argument", detail)
    assert redacted_problem(problem, line).detail == shown


def test_what_the_author_of_a_validation_says_is_not_taken_for_the_name_of_a_parameter() -> None:
    said = Problem("main.tf", 3, 1, "Invalid value for variable", 'Invalid value for "x1".')
    assert redacted_problem(said, 'password = "x1"').detail == "Invalid value for (hidden)."


def test_lines_of_a_document_under_a_secrets_name_are_not_shown() -> None:
    source = b'secret_string = <<-EOT\n  user: app\n  pin: 12\nEOT\nother = {\n  a = "x"\n}\n'
    shown = excerpts({"f": SourceText("f", source)}, {})(Location("f", 1, 1, 4, 4))
    assert [line.text for line in shown] == [
        "secret_string = <<-EOT",
        "(sensitive value)",
        "(sensitive value)",
        "EOT",
        "other = {",
        '  a = "x"',
    ]


def test_explain_hides_what_is_named_as_a_secret_and_what_a_terminal_would_obey(run: Run, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        'locals {\n  title = "\x1b[31mred\x9b1m"\n}\nresource "aws_db_instance" "a" {\n  password = "S3CRET-x"\n}\n'
    )
    outcome = run("explain", "aws_db_instance.a.password")
    assert "S3CRET" not in outcome.said
    assert "aws_db_instance.a.password = (sensitive value)" in outcome.out
    assert not set("\x1b\x9b") & set(run("explain", "local.title").said)


@given(st.from_regex(LOOKS_SECRET.pattern))
def test_whatever_looks_like_a_secret_has_one_of_the_marks_that_are_looked_for_first(text: str) -> None:
    found = LOOKS_SECRET.search(text)
    assert found is not None and any(mark in text for mark in MARKS)
    assert found.group() not in redacted(text) or found.group() in HIDDEN
