"""OSCAL: valid for compliance-trestle, every reference leads somewhere, each control is satisfied or says why not."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from alexandria_scan import bundled
from alexandria_scan.compliance.result import ControlScore, ScanResult, StandardScore
from alexandria_scan.compliance.standards import load_standards
from alexandria_scan.policy.content import Content
from alexandria_scan.policy.load import load_policies
from alexandria_scan.policy.results import VerdictName, Waiver
from alexandria_scan.report.oscal import render
from alexandria_scan.report.oscal.parts import token
from alexandria_scan.syntax.tree import Location
from tests.report import sample

WAIVER = Waiver("Rebuilt <b>nightly</b>", "data-platform", "2027-03-31", Location("waivers.yaml", 4, 3, 9, 1), "fail")


def waived() -> ScanResult:
    result = sample.library()
    found = [
        replace(one, verdict="waived", waiver=WAIVER) if one.policy == "aws_rds_cluster_unencrypted" else one
        for one in result.results
    ]
    return replace(result, results=tuple(found), as_of="2026-11-21")


def controls() -> ScanResult:
    """One standard: of its controls one of each verdict, one for paper only, and one for paper in part."""
    result = sample.library()
    verdicts: dict[str, VerdictName] = {"C(1)": "fail", "1.2": "pass", "C-3": "unknown", "C-4": "waived"}
    made = [
        ControlScore(id_, "MUST", f"Title of {id_}", "S", verdict, {"a": verdict, "b": "pass"}, ("some_policy",))
        for id_, verdict in verdicts.items()
    ]
    made[1] = replace(made[1], not_testable="Whether anybody reads the logs.")
    made.append(ControlScore("C-5", "MAY", "Guards are awake", "S", "not_applicable", {}, (), "A matter of people."))
    made.append(ControlScore("C-6", "MAY", "Queues have names", "S", "not_applicable", {}, ("some_policy",)))
    held = replace(
        result.results[0], verdict="pass", controls=("std-1/1.2",), root="b", module="b",
        location=Location("b/main tf:x.tf", 7, 1, 7, 9),
    )  # fmt: skip
    failed = replace(result.results[0], verdict="fail", controls=("std-1/C(1)",))
    return replace(
        result, results=(failed, held), standards=(StandardScore("std", "Standard", "1", 50.0, tuple(made)),)
    )


RESULTS = {
    "library": sample.library(),
    "clean": sample.clean(),
    "hostile": sample.hostile(),
    "large": sample.large(12),
    "markup": sample.saying("[x](http://e) {0} <b> ${y}"),
    "unprintable": sample.saying("a\x1b[31m\r\nb\u202ec\ud800\x00\ufffe"),
    "blank": sample.saying(" \n\u00a0\t "),
    "waived": waived(),
    "controls": controls(),
    "empty": replace(sample.clean(), standards=(), policies={}, results=()),
}


def document(result: ScanResult) -> Any:
    return json.loads(render(result))["assessment-results"]


def told(result: ScanResult) -> Any:
    (one,) = document(result)["results"]
    return one


def values(node: Any) -> dict[str, str]:
    return {one["name"]: one["value"] for one in node["props"]}


def found(node: Any, key: str) -> Iterator[str]:
    """Every value of a key, however deep."""
    for name, one in node.items() if isinstance(node, dict) else enumerate(node):
        if name == key:
            yield one
        elif isinstance(one, (dict, list)):
            yield from found(one, key)


@pytest.mark.parametrize("name", RESULTS)
def test_it_is_valid(name: str) -> None:
    reason = "compliance-trestle is not installed: pip install '.[oscal-test]', with Python 3.11 or newer"
    trestle = pytest.importorskip("trestle.oscal.assessment_results", reason=reason)
    trestle.AssessmentResults(**document(RESULTS[name]))
    broken = document(RESULTS[name])
    broken["results"][0]["finding"] = "is no key of OSCAL"
    with pytest.raises(ValueError, match="finding"):
        trestle.AssessmentResults(**broken)


@pytest.mark.parametrize("name", RESULTS)
def test_every_reference_leads_somewhere_and_no_uuid_is_used_twice(name: str) -> None:
    made = document(RESULTS[name])
    uuids = Counter(found(made, "uuid"))
    assert max(uuids.values()) == 1
    referred = ("observation-uuid", "risk-uuid", "subject-uuid", "actor-uuid", "component-uuid")
    assert {one for key in referred for one in found(made, key)} <= uuids.keys()
    assert made["import-ap"]["href"].removeprefix("#") in uuids


def test_a_finding_is_observed_with_its_evidence_and_is_an_open_risk() -> None:
    made = told(sample.library())
    title = "Aurora cluster does not encrypt its storage"
    one = next(one for one in made["observations"] if one.get("title") == title)
    assert one["description"] == "storage_encrypted is false"
    assert [evidence["href"] for evidence in one["relevant-evidence"]] == [
        "modules/rds-aurora-advanced/main.tf#L31",
        "modules/rds-aurora-advanced/main.tf#L31",
        "modules/rds-aurora-advanced/main.tf#L31",
        "environments/production/main.tf#L14",
        "environments/production/production.tfvars#L3",
    ]
    assert values(one)["instances"] == "10"
    risk = next(risk for risk in made["risks"] if risk["title"] == title)
    assert risk["status"] == "open"
    assert risk["related-observations"] == [{"observation-uuid": one["uuid"]}]
    assert risk["characterizations"][0]["facets"][0]["value"] == "high"
    assert risk["statement"].startswith("Storage, snapshots and replicas of the cluster")
    assert risk["remediations"][0]["description"].startswith("Set storage_encrypted = true.")
    assert "deadline" not in risk


def test_an_unknown_is_investigated_with_what_would_decide_it() -> None:
    made = told(sample.library())
    risks = [one for one in made["risks"] if one["status"] == "investigating"]
    assert len(risks) == sum(values(one)["verdict"] == "unknown" for one in made["observations"])
    risk = next(one for one in risks if "var.kms_key_arn has no default" in one["description"])
    assert risk["remediations"][0]["title"] == "What would decide it"


def test_a_waiver_is_an_approved_deviation_with_owner_deadline_and_place() -> None:
    (risk,) = [
        one for one in told(waived())["risks"]
        if one["status"] == "deviation-approved" and values(one).get("waiver-owner") == "data-platform"
    ]  # fmt: skip
    assert risk["deadline"] == "2027-03-31T23:59:59Z"
    assert values(risk)["waiver-reason"] == "Rebuilt <b>nightly</b>"
    assert values(risk)["waiver-until"] == "2027-03-31"
    assert values(risk)["without-waiver"] == "fail"
    assert risk["links"] == [{"href": "waivers.yaml#L4", "rel": "waiver", "text": "Where it is accepted"}]


def test_each_control_that_applied_is_satisfied_or_not_with_a_reason() -> None:
    made = told(controls())
    said = {
        one["target"]["target-id"]: (one["target"]["status"]["state"], one["target"]["status"]["reason"])
        for one in made["findings"]
    }
    assert said == {
        "c.1": ("not-satisfied", "fail"),
        "_1.2": ("satisfied", "pass"),
        "c-3": ("not-satisfied", "other"),
        "c-4": ("not-satisfied", "other"),
    }
    failing, holding, *_ = made["findings"]
    assert failing["description"] == "It fails in 1 module and holds in 1 module."
    assert len(failing["related-risks"]) == 1
    observed = {one["uuid"]: one for one in made["observations"]}
    (proof,) = [observed[one["observation-uuid"]] for one in holding["related-observations"]]
    assert proof["relevant-evidence"] == [{"href": "b/main%20tf%3Ax.tf#L7", "description": "Line 7."}]
    assert values(proof) == {"verdict": "pass", "checks": "1"}


def test_what_no_static_tool_can_test_is_listed_and_not_counted_as_reviewed() -> None:
    made = told(controls())
    (selection,) = made["reviewed-controls"]["control-selections"]
    assert [one["control-id"] for one in selection["include-controls"]] == ["c.1", "_1.2", "c-3", "c-4", "c-6"]
    assert [one["control-id"] for one in selection["exclude-controls"]] == ["c-5"]
    assert selection["remarks"] == "Not applicable, as nothing was scanned that it is about: C-6."
    (listed,) = made["attestations"]
    assert [(values(one)["control"], one["prose"]) for one in listed["parts"]] == [
        ("1.2", "Whether anybody reads the logs."),
        ("C-5", "A matter of people."),
    ]
    assert "Whether anybody reads the logs." in made["findings"][1]["remarks"]


def test_moments_are_the_day_that_was_asked_for() -> None:
    made = document(waived())
    assert made["metadata"]["last-modified"] == "2026-11-21T00:00:00Z"
    assert set(found(made, "collected")) == {"2026-11-21T00:00:00Z"}
    assert "remarks" not in made["metadata"]
    undated = document(sample.library())
    assert undated["metadata"]["last-modified"] == "1970-01-01T00:00:00Z"
    assert "--as-of" in undated["metadata"]["remarks"].replace("&#45;", "-")


def test_text_of_the_scanned_files_is_no_markup() -> None:
    text = render(sample.saying("[x](http://e) <script>alert(1)</script> ![i](http://e)"))
    made = json.loads(text)
    for key in ("title", "description", "remarks", "statement", "prose", "text"):
        for one in found(made, key):
            assert "<" not in one
            assert "[" not in one
            assert "http://" not in one


def test_another_result_is_another_document_and_a_flaw_keeps_its_risk() -> None:
    result = sample.library()
    first = next(one for one in result.results if one.policy == "aws_rds_cluster_unencrypted")
    moved = replace(first, location=replace(first.location, line=99))
    others = tuple(moved if one is first else one for one in result.results)
    before, after = document(result), document(replace(result, results=others))
    assert before["uuid"] != after["uuid"]
    assert [one["uuid"] for one in before["results"][0]["risks"]] == [
        one["uuid"] for one in after["results"][0]["risks"]
    ]


def test_ids_of_controls_stay_apart_within_each_built_in_standard() -> None:
    folder = bundled.folder("policies")
    for standard in load_standards([Content(folder)], load_policies(folder)):
        ids = Counter(token(one.id) for one in standard.controls)
        assert max(ids.values()) == 1, standard.id


@pytest.mark.parametrize(
    ("printed", "id_"), [("AC-4(21)", "ac-4.21"), ("1.4.2", "_1.4.2"), ("164.312(a)(2)(iv)", "_164.312.a.2.iv")]
)
def test_ids_of_controls_as_oscal_writes_them(printed: str, id_: str) -> None:
    assert token(printed) == id_
