"""SARIF: valid against the standard's own schema, and what code scanning needs to follow a finding."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.policy.results import Waiver
from alexandria_scan.report.sarif import FINGERPRINT, render
from alexandria_scan.syntax.tree import Location
from tests.report import sample

SCHEMA = json.loads((Path(__file__).parent / "schemas" / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())
RESULTS = {
    "library": sample.library(),
    "clean": sample.clean(),
    "hostile": sample.hostile(),
    "large": sample.large(12),
    "markup": sample.saying("[x](http://e) {0} <b> ${y}"),
}


def run_of(result: ScanResult) -> Any:
    (run,) = json.loads(render(result))["runs"]
    return run


def told(result: ScanResult, policy: str, kind: str = "fail") -> Any:
    return next(one for one in run_of(result)["results"] if one["ruleId"] == policy and one["kind"] == kind)


@pytest.mark.parametrize("name", RESULTS)
def test_it_is_valid(name: str) -> None:
    VALIDATOR.validate(json.loads(render(RESULTS[name])))


def test_the_schema_refuses_what_is_not_sarif() -> None:
    made = json.loads(render(sample.library()))
    made["runs"][0]["results"][0]["level"] = "critical"
    with pytest.raises(jsonschema.ValidationError):
        VALIDATOR.validate(made)


def test_a_finding() -> None:
    one = told(sample.library(), "aws_rds_cluster_unencrypted")
    assert one["level"] == "error"
    assert one["message"]["text"].startswith("storage_encrypted is false\n")
    assert one["suppressions"] == []
    (place,) = one["locations"]
    assert place["physicalLocation"]["artifactLocation"] == {
        "uri": "modules/rds-aurora-advanced/main.tf",
        "uriBaseId": "%SRCROOT%",
    }
    region = place["physicalLocation"]["region"]
    assert region.pop("snippet") == {"text": "storage_encrypted       = var.storage_encrypted"}
    assert region == {"startLine": 31, "startColumn": 3, "endLine": 31, "endColumn": 50}
    assert one["properties"]["severity"] == "high"
    assert len(one["properties"]["addresses"]) == 10


def test_the_way_of_a_value_is_its_related_locations() -> None:
    related = told(sample.library(), "aws_rds_cluster_unencrypted")["relatedLocations"]
    assert [one["id"] for one in related] == [0, 1, 2, 3]
    last = related[-1]
    assert last["message"]["text"] == "encrypted = false"
    assert last["physicalLocation"]["artifactLocation"]["uri"] == "environments/production/production.tfvars"
    assert last["physicalLocation"]["region"] == {"startLine": 3}


def test_a_rule_has_help_and_a_link() -> None:
    run = run_of(sample.library())
    rules = run["tool"]["driver"]["rules"]
    for one in run["results"]:
        assert rules[one["ruleIndex"]]["id"] == one["ruleId"]
    rule = next(rule for rule in rules if rule["id"] == "aws_rds_cluster_unencrypted")
    assert rule["shortDescription"]["text"] == "Aurora cluster does not encrypt its storage"
    assert rule["helpUri"].startswith("https://docs.aws.amazon.com/")
    assert "Fix: Set storage_encrypted = true." in rule["help"]["text"]
    assert "**Fix:** Set storage_encrypted = true." in rule["help"]["markdown"]
    assert rule["properties"]["security-severity"] == "8.0"
    described = next(rule for rule in rules if rule["id"] == "variable_without_description")
    assert "security-severity" not in described["properties"], "a missing description is no vulnerability"


@pytest.mark.parametrize(
    ("severity", "level"),
    [("critical", "error"), ("high", "error"), ("medium", "warning"), ("low", "note"), ("info", "note")],
)
def test_levels(severity: str, level: str) -> None:
    result = sample.library()
    (one,) = (one for one in result.results if one.policy == "aws_rds_cluster_unencrypted")
    made = run_of(replace(result, results=(replace(one, severity=severity),)))
    assert made["results"][0]["level"] == level


def test_an_unknown_is_an_open_result() -> None:
    one = told(sample.library(), "aws_rds_cluster_without_customer_key", "open")
    assert one["level"] == "none"
    assert "var.kms_key_arn has no default; set var.kms_key_arn in a .tfvars file" in one["message"]["text"]


def test_a_waived_finding_is_suppressed() -> None:
    (one,) = (one for one in run_of(sample.library())["results"] if one["suppressions"])
    assert one["suppressions"] == [
        {
            "kind": "external",
            "status": "accepted",
            "justification": "Scratch data, rebuilt nightly (owner data-platform, until 2027-03-31)",
        }
    ]


@pytest.mark.parametrize(("file", "kind"), [("modules/a/main.tf", "inSource"), ("alexandria-scan.yaml", "external")])
def test_a_suppression_says_where_the_waiver_is(file: str, kind: str) -> None:
    result = sample.library()
    waiver = Waiver("Scratch data", "data-platform", "2027-03-31", Location(file, 7, 3), "fail")
    waived = tuple(replace(one, waiver=waiver) for one in result.results if one.verdict == "waived")
    made = replace(result, results=waived)
    VALIDATOR.validate(json.loads(render(made)))
    ((suppression,),) = (one["suppressions"] for one in run_of(made)["results"])
    assert suppression["kind"] == kind
    assert suppression["location"]["physicalLocation"]["artifactLocation"]["uri"] == file
    assert suppression["properties"] == {"owner": "data-platform", "until": "2027-03-31"}


def test_passes_are_left_out() -> None:
    assert "aws_dynamodb_table_unencrypted" not in render(sample.library())


def test_problems_are_notifications_and_the_run_is_not_successful() -> None:
    (invocation,) = run_of(sample.library())["invocations"]
    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 3)
    error, warning = invocation["toolExecutionNotifications"]
    assert (error["level"], warning["level"]) == ("error", "warning")
    assert 'Unexpected "}"' in error["message"]["text"]
    assert error["locations"][0]["physicalLocation"]["region"] == {"startLine": 41, "startColumn": 1}
    (clean,) = run_of(sample.clean())["invocations"]
    assert (clean["executionSuccessful"], clean["exitCode"]) == (True, 0)


def test_fingerprints_stay_when_lines_move_and_are_never_equal() -> None:
    result = sample.library()

    def moved(place: Location) -> Location:
        return replace(place, line=place.line + 7, end_line=place.end_line + 7)

    later = replace(result, results=tuple(replace(one, location=moved(one.location)) for one in result.results))
    now, then = (
        [one["partialFingerprints"][FINGERPRINT] for one in run_of(each)["results"]] for each in (result, later)
    )
    assert now == then
    assert len(set(now)) == len(now)


def test_a_path_is_a_uri() -> None:
    result = sample.library()
    odd = replace(result.results[0], location=Location("a b/ü#%.tf", 1))
    (one,) = run_of(replace(result, results=(odd,)))["results"]
    assert one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/%C3%BC%23%25.tf"


def test_text_from_files_is_no_link() -> None:
    result = sample.saying("[click](https://evil.example)")
    for one in run_of(result)["results"]:
        assert "](" not in one["message"]["text"]
        assert all("](" not in step["message"]["text"] for step in one["relatedLocations"])
    assert "[click](" not in json.dumps(
        [rule["help"]["markdown"] for rule in run_of(result)["tool"]["driver"]["rules"]]
    )
