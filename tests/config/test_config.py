"""The configuration file: what it may say, what is refused with its line, and a schema that agrees with the loader."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml

from alexandria_scan.commands.init_project import commented_config
from alexandria_scan.config import Config, EnvironmentConfig, WaiverRule, find_config, load_config
from alexandria_scan.config.options import OPTIONS, schema
from alexandria_scan.policy.manifest import PolicyError
from tests.conftest import ROOT

SCHEMA = ROOT / "reports" / "schemas" / "config-1.schema.json"

VALID = [
    "",
    "{}",
    "paths: modules",
    "paths: [modules, environments]\nexclude: ['**/old/', '!modules/old/']",
    "standards: [us-15-03]\nfail_on: never",
    "environments:\n  dev:\n  prod: {var_files: [a.tfvars, b.tfvars], vars: {a: x, b: 1, c: true}, workspace: prod}",
    "policies: rules\nparameters: {some_policy: {minimum_days: 14, names: [a]}}",
    "severity: {some_policy: info}\ndisable: [other]",
    "waivers: []",
    "waivers:\n  - {policy: a, reason: r}",
    "waivers:\n  - {policy: [a, b_*], reason: r, owner: o, until: 2027-01-31, address: x.y, path: m/, module: [m]}",
    "waivers:\n  - {policy: a, reason: r, until: soon}",  # counts as expired, and is reported
    "waivers_in_modules: true\nunwaivable: ['*_public']",
    "baseline: b.json\noutputs: {json: out.json}",
]
INVALID = [
    ("- a", 1, "mapping"),
    ("text", 1, "mapping"),
    ("fail_onn: low", 1, "did you mean 'fail_on'?"),
    ("\nfail_on: severe", 2, "fail_on is one of"),
    ("fail_on:", 1, "fail_on is one of"),
    ("paths: 3", 1, "must be a text or a list"),
    ("paths: [3]", 1, "must be a text or a list"),
    ("exclude: {a: b}", 1, "must be a text or a list"),
    ("environments: [dev]", 1, "mapping"),
    ("environments:\n  dev: 3", 2, "an environment has"),
    ("environments:\n  dev:\n    var_file: x", 3, "did you mean 'var_files'?"),
    ("environments:\n  dev:\n    vars: [a]", 3, "vars maps names"),
    ("environments:\n  dev:\n    vars: {a: [1]}", 3, "vars maps names"),
    ("environments:\n  dev:\n    workspace: 3", 3, "must be text"),
    ("parameters:\n  a: 3", 2, "mapping"),
    ("severity:\n  a: bad", 2, "a severity is one of"),
    ("waivers: {policy: a, reason: r}", 1, "must be a list"),
    ("waivers:\n  - a", 2, "a waiver has policy and reason"),
    ("waivers:\n  - {policy: a, reason: r}\n  - {policy: a}", 3, "has no reason"),
    ("waivers:\n  - {reason: r}", 2, "has no policy"),
    ("waivers:\n  - policy: a\n    reason: ' '", 3, "reason is empty"),
    ("waivers:\n  - policy: a\n    reason: r\n    untill: 2027-01-31", 4, "did you mean 'until'?"),
    ("waivers:\n  - policy: a\n    reason: r\n    until: 2027", 4, "must be text"),
    ("waivers:\n  - policy: 3\n    reason: r", 2, "must be a text or a list"),
    ("waivers_in_modules: maybe", 1, "must be true or false"),
    ("unwaivable: 3", 1, "must be a text or a list"),
    ("baseline: [a]", 1, "must be text"),
    ("outputs: [json]", 1, "mapping"),
    ("outputs:\n  json: 3", 2, "a format and the name of a file"),
    ("outputs:\n  json: ''", 2, "a format and the name of a file"),
]


def write(folder: Path, text: str) -> Path:
    path = folder / "alexandria-scan.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def data_of(text: str) -> object:
    """The data as an editor's YAML support sees it: a date is text."""
    return yaml.load(text, Loader=yaml.BaseLoader) if "2027-01-31" in text else yaml.safe_load(text)


@pytest.mark.parametrize("text", VALID)
def test_what_the_loader_takes_the_schema_takes(tmp_path: Path, text: str) -> None:
    load_config(write(tmp_path, text))
    jsonschema.validate(data_of(text), json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.mark.parametrize(("text", "line", "sentence"), INVALID)
def test_what_the_loader_refuses_the_schema_refuses(tmp_path: Path, text: str, line: int, sentence: str) -> None:
    with pytest.raises(PolicyError) as raised:
        load_config(write(tmp_path, text))
    assert sentence in str(raised.value)
    assert raised.value.line == line
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(data_of(text), json.loads(SCHEMA.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("exclude: ['!']", "pattern that is none"),
        ("waivers: [{policy: a, reason: r, path: '!'}]", "pattern that is none"),
        ("a: [", "not valid YAML"),
        ("paths: &x [a]\nexclude: *x", "aliases are not allowed"),
        (f"paths: {'[' * 200}{']' * 200}", "nested too deeply"),
    ],
)
def test_what_only_the_loader_sees(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(PolicyError, match=sentence):
        load_config(write(tmp_path, text))


def test_the_schema_in_the_repository_is_up_to_date() -> None:
    """Write it anew: json.dumps(alexandria_scan.config.options.schema(), indent=2)."""
    jsonschema.Draft202012Validator.check_schema(schema())
    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == schema()


def test_all_that_a_file_can_say(tmp_path: Path) -> None:
    text = "\n".join(option.example for option in OPTIONS)
    config = load_config(write(tmp_path, text))
    assert config == Config(
        file=tmp_path / "alexandria-scan.yaml",
        paths=(tmp_path / "modules", tmp_path / "environments"),
        exclude=("modules/legacy/", "**/sandbox/"),
        standards=("alexandria-module-standards",),
        environments=(
            EnvironmentConfig("development", ("development.tfvars",)),
            EnvironmentConfig("production", ("production.tfvars",), (("region", "eu-central-1"),), "production"),
        ),
        fail_on="low",
        policies=(tmp_path / "rules",),
        parameters={"aws_rds_cluster_backup_retention_short": {"minimum_days": 14}},
        severity={"module_license_missing": "info"},
        disable=("variable_unused",),
        waivers=(
            WaiverRule(
                0, ("aws_rds_cluster_backup_retention_short",), "Scratch data, rebuilt every night", "data-platform",
                "2027-01-31", ("module.scratch.aws_rds_cluster.main[0]",), ("environments/development/",),
                ("modules/rds",),
            ),
        ),
        waivers_in_modules=False,
        unwaivable=("*_public", "aws_database_password_hardcoded"),
        baseline=tmp_path / "alexandria-scan.baseline.json",
        outputs=(("json", tmp_path / "alexandria-scan.json"),),
    )  # fmt: skip


def test_the_commented_file_sets_nothing_and_names_every_option(tmp_path: Path) -> None:
    text = commented_config()
    assert load_config(write(tmp_path, text)) == Config(tmp_path / "alexandria-scan.yaml")
    for option in OPTIONS:
        assert f"\n#{option.name}:" in text


def test_it_is_found_upwards_to_the_top_of_the_repository(tmp_path: Path) -> None:
    inner = tmp_path / "repository" / "a" / "b"
    inner.mkdir(parents=True)
    write(tmp_path, "")
    assert find_config(inner) == tmp_path / "alexandria-scan.yaml"
    (tmp_path / "repository" / ".git").mkdir()
    assert find_config(inner) is None
    found = write(tmp_path / "repository", "")
    assert find_config(inner) == found
