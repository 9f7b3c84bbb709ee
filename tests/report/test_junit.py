"""JUnit XML: valid against Jenkins' schema, a suite a module, a case a policy."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
import xmlschema
from msgspec.structs import replace

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.report.junit import render
from tests.report import sample

SCHEMA = xmlschema.XMLSchema(str(Path(__file__).parent / "schemas" / "junit-10.xsd"))
RESULTS = {
    "library": sample.library(),
    "clean": sample.clean(),
    "hostile": sample.hostile(),
    "large": sample.large(12),
    "markup": sample.saying("]]> & <b a='1'>\" <!-- \x01\ufffe"),
}


def case(result: ScanResult, module: str, policy: str) -> ElementTree.Element:
    suites = ElementTree.fromstring(render(result))
    return next(
        case
        for suite in suites
        if suite.get("name") == module
        for case in suite
        if str(case.get("name")).endswith(f"[{policy}]")
    )


@pytest.mark.parametrize("name", RESULTS)
def test_it_is_valid(name: str) -> None:
    SCHEMA.validate(render(RESULTS[name]))


def test_the_schema_refuses_what_is_not_junit() -> None:
    with pytest.raises(xmlschema.XMLSchemaValidationError):
        SCHEMA.validate(render(sample.library()).replace("<failure ", "<fault ").replace("</failure>", "</fault>"))


@pytest.mark.parametrize("name", RESULTS)
def test_the_numbers_are_those_of_the_cases(name: str) -> None:
    suites = ElementTree.fromstring(render(RESULTS[name]))
    for suite in [*suites, suites]:
        assert int(suite.get("tests", "")) == len(list(suite.iter("testcase")))
        assert int(suite.get("failures", "")) == len(list(suite.iter("failure")))
        assert int(suite.get("errors", "")) == len(list(suite.iter("error")))


def test_a_finding_fails_its_case() -> None:
    (failure,) = case(sample.library(), sample.AURORA, "aws_rds_cluster_unencrypted")
    assert failure.tag == "failure"
    assert failure.get("message") == "high: storage_encrypted is false"
    text = failure.text or ""
    assert "at modules/rds-aurora-advanced/main.tf:31" in text
    assert "← encrypted = false (environments/production/production.tfvars:3)" in text
    assert "and 9 more instances (production)" in text


def test_findings_of_one_policy_in_one_module_are_one_case() -> None:
    (failure,) = case(sample.library(), sample.REDIS, "variable_without_description")
    assert failure.get("message") == "low: variable node_type has no description (and 7 more places)"
    assert "variable snapshot_window has no description" in (failure.text or "")


def test_a_finding_below_the_threshold_is_told_and_does_not_fail() -> None:
    result = sample.library()
    lenient = replace(result, summary=replace(result.summary, fail_on="high"))
    (told,) = case(lenient, sample.REDIS, "variable_without_description")
    assert told.tag == "system-out"
    assert "low: variable node_type has no description" in (told.text or "")
    (failure,) = case(lenient, sample.AURORA, "aws_rds_cluster_unencrypted")
    assert failure.tag == "failure"


def test_unknown_and_waived_are_skipped() -> None:
    (skipped,) = case(sample.library(), sample.AURORA, "aws_rds_cluster_without_customer_key")
    assert skipped.tag == "skipped"
    assert (skipped.get("message") or "").startswith("Unknown: var.kms_key_arn has no default")
    (skipped,) = case(sample.library(), sample.DYNAMODB, "aws_rds_cluster_backup_retention_short")
    assert (skipped.get("message") or "").startswith("Waived: ")


def test_a_pass_is_a_case_without_more() -> None:
    assert list(case(sample.library(), sample.DYNAMODB, "aws_dynamodb_table_unencrypted")) == []


def test_problems_are_a_suite_of_their_own() -> None:
    suites = ElementTree.fromstring(render(sample.library()))
    error, warning = next(suite for suite in suites if suite.get("name") == "problems")
    assert [one.tag for one in error] == ["error"]
    assert [one.tag for one in warning] == ["system-out"]
