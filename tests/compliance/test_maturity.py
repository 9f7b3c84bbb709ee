"""The maturity ladder: what each kind of evidence proves, and that no level is skipped."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from alexandria_scan.compliance.evidence import Evidence
from alexandria_scan.compliance.features import Features
from alexandria_scan.compliance.ladder import BESIDE, LEVELS, load_ladder
from alexandria_scan.compliance.maturity import judge
from alexandria_scan.compliance.maturity_case import Case, Handed
from alexandria_scan.compliance.maturity_measures import MEASURES
from alexandria_scan.compliance.result import ClaimResult, ControlScore, ScannedModule, StandardScore
from alexandria_scan.graph.changelog import releases
from alexandria_scan.graph.module_facts import ModuleFacts, Stated
from alexandria_scan.policy.load import load_policies
from alexandria_scan.policy.manifest import PolicyError
from alexandria_scan.policy.results import Result, VerdictName
from alexandria_scan.source.evidence_files import Coverage, CoveredFile, RanTest
from alexandria_scan.source.git_history import History, Tag
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.tree import Location
from tests.conftest import ROOT

POLICIES = {policy.id for policy in load_policies(ROOT / "policies", "policies", check=False)}
LADDER = load_ladder(ROOT / "policies", MEASURES, POLICIES)
HERE = Location("vpc/.alexandria.yaml", 4, 3)
CHANGELOG = "## [1.0.0] - 2026-03-01\n\n- Faster\n\n## [1.0.0-beta.1] - 2026-01-15\n\n## [0.1.0] - 2026-01-01\n"
FACTS = ModuleFacts(
    path="vpc", folder=Path("/library/vpc"), name="vpc", kind="library", layer=None, variables=1, validatable=0,
    validated=0, outputs=0, examples=(), calling_examples=(), tests=(), required_version=None,
    providers={}, resource_types=(), changelog="vpc/CHANGELOG.md", releases=releases(CHANGELOG), folder_version=None,
    readme="", headings=(), todo=None, stated={}, claims=(), files={},
)  # fmt: skip
NOTHING = Evidence({}, {}, {}, {}, (), Features)


def case(
    handed: Handed | None = None, *, claims: tuple[ClaimResult, ...] = (), alone: bool = True,
    evidence: Evidence = NOTHING, stated: dict[str, Any] | None = None, **facts: Any,
) -> Case:  # fmt: skip
    says = {key: Stated(value, HERE) for key, value in (stated or {}).items()}
    return Case(replace(FACTS, stated=says, **facts), evidence, claims, None, handed or Handed(), alone)


def outcome(kind: str, given: Case, **parameters: Any) -> tuple[bool, str]:
    found = MEASURES[kind](given, parameters)
    assert found.detail
    return found.met, found.evidence


def result(policy: str, verdict: VerdictName) -> Result:
    return Result(policy, "", "low", verdict, "vpc", ("vpc",), "vpc", "vpc", HERE)


def control(id_: str, section: str, verdict: VerdictName | None, **examples: VerdictName) -> ControlScore:
    modules = {f"vpc/examples/{name}": one for name, one in examples.items()}
    own = {"vpc": verdict} if verdict is not None else {}
    return ControlScore(id_, "MUST", id_, section, verdict or "not_applicable", {**own, **modules})


def scored(*controls: ControlScore, **more: Any) -> Case:
    standard = StandardScore("standard", "Standard", "1", None, controls)
    return replace(case(examples=("examples/a",), **more), standard=standard)


DOC = {"sections": ["DOC"], "controls": ["STR-05"]}
SEC = {"sections": ["SEC"], "of_resources": True, "attested_by": "security.checkov_passing"}
CHECKOV: dict[str, Any] = {"security.checkov_passing": True}


@pytest.mark.parametrize(
    ("parameters", "given", "expected"),
    [
        (DOC, scored(), (False, "inconclusive")),
        (DOC, scored(control("DOC-01", "DOC", None), control("STR-05", "STR", "fail")), (False, "verified")),
        (DOC, scored(control("DOC-01", "DOC", "pass"), control("STR-05", "STR", "pass")), (True, "verified")),
        (DOC, scored(control("DOC-01", "DOC", "pass"), control("STR-05", "STR", "waived")), (True, "attested")),
        (SEC, scored(), (True, "verified")),
        (SEC, scored(resource_types=("azurerm_lb",)), (False, "inconclusive")),
        (SEC, scored(resource_types=("azurerm_lb",), stated=CHECKOV), (True, "attested")),
        (SEC, scored(outside=("module.x",)), (False, "inconclusive")),
        (SEC, scored(control("SEC-01", "SEC", "pass"), outside=("module.x",)), (False, "inconclusive")),
        (SEC, scored(control("SEC-01", "SEC", "pass"), resource_types=("aws_lb",)), (True, "verified")),
        (SEC, scored(control("SEC-01", "SEC", "unknown"), resource_types=("aws_lb",)), (False, "inconclusive")),
        (SEC, scored(control("SEC-01", "SEC", "unknown", a="pass"), resource_types=("aws_lb",)), (True, "verified")),
        (SEC, scored(control("SEC-01", "SEC", "unknown", a="waived"), resource_types=("aws_lb",)), (True, "attested")),
        (SEC, scored(control("SEC-01", "SEC", "unknown", a="fail"), resource_types=("aws_lb",)),
         (False, "inconclusive")),
    ],
)  # fmt: skip
def test_controls(parameters: dict[str, Any], given: Case, expected: tuple[bool, str]) -> None:
    assert outcome("controls", given, **parameters) == expected


def test_what_was_counted_in_a_part_of_the_files_meets_nothing() -> None:
    standard = StandardScore("standard", "Standard", "1", None, ())
    whole = {one.id: one.evidence for one in judge(replace(case(), standard=standard), LADDER, "beta").criteria}
    part = {one.id: one for one in judge(replace(case(whole=False), standard=standard), LADDER, "beta").criteria}
    for name in ("readme", "variables-described", "formatted", "security"):
        assert whole[name] == "verified"
        assert (part[name].met, part[name].evidence) == (False, "inconclusive")


UNIT, UNIT_FAILED = RanTest("tests/unit/a.tftest.hcl a", False), RanTest("tests/unit/a.tftest.hcl b", True)
FILES = ("tests/unit/a.tftest.hcl",)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (case(), (False, "verified")),
        (case(stated={"testing.unit_tests": True}), (False, "contradicted")),
        (case(tests=FILES), (False, "inconclusive")),
        (case(tests=FILES, stated={"testing.test_status": "passing"}), (True, "attested")),
        (case(tests=FILES, stated={"testing.test_status": "failing"}), (False, "attested")),
        (case(Handed(junit=(UNIT,)), tests=FILES), (True, "verified")),
        (case(Handed(junit=(UNIT, UNIT_FAILED)), tests=FILES), (False, "verified")),
        (case(Handed(junit=(UNIT_FAILED,)), tests=FILES, stated={"testing.test_status": "passing"}),
         (False, "contradicted")),
        (case(Handed(junit=()), tests=FILES), (False, "inconclusive")),
        (case(Handed(junit=(RanTest("other/tests/unit a", False),)), tests=FILES, alone=False),
         (False, "inconclusive")),
        (case(Handed(junit=(RanTest("vpc/tests/unit a", False),)), tests=FILES, alone=False), (True, "verified")),
        (case(tests=("tests/integration/a.tftest.hcl",)), (False, "verified")),
    ],
)  # fmt: skip
def test_tests(given: Case, expected: tuple[bool, str]) -> None:
    assert outcome("tests", given, tests="unit") == expected


HALF = Coverage((CoveredFile("vpc/main.tf", 1, 2), CoveredFile("dns/main.tf", 2, 2)), 75.0)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (case(), (False, "inconclusive")),
        (case(stated={"testing.coverage_percent": 70}), (True, "attested")),
        (case(stated={"testing.coverage_percent": 69}), (False, "attested")),
        (case(Handed(coverage=HALF)), (True, "verified")),
        (case(Handed(coverage=HALF), alone=False), (False, "verified")),
        (case(Handed(coverage=HALF), alone=False, stated={"testing.coverage_percent": 90}), (False, "contradicted")),
    ],
)
def test_coverage(given: Case, expected: tuple[bool, str]) -> None:
    assert outcome("coverage", given, minimum=70) == expected


DAY = datetime.date(2026, 9, 1)
BACKWARDS = releases("## 1.0.0 - 2026-01-01\n## 1.0.0-beta.1 - 2026-02-01\n")
TAGGED = History(Path("/library"), (Tag("vpc/v1.0.0-beta.1", "2026-01-15"), Tag("vpc/v1.0.0", "2026-03-01")))
LATE = History(Path("/library"), (Tag("vpc-1.0.0-beta.1", "2026-02-20"), Tag("vpc-1.0.0", "2026-03-01")))
OTHERS = History(Path("/library"), (Tag("v1.0.0-beta.1", "2026-01-15"), Tag("dns/v1.0.0-beta.1", "2020-01-01")))
COMMITTED = History(
    Path("/library"), (),
    {Path("/library/vpc/CHANGELOG.md"): {"1.0.0-beta.1": "2026-01-16", "1.0.0": "2026-03-01"}},
)  # fmt: skip
IMPORTED = History(
    Path("/library"), (),
    {Path("/library/vpc/CHANGELOG.md"): {"1.0.0-beta.1": "2026-08-01", "1.0.0": "2026-08-01"}},
)  # fmt: skip


@pytest.mark.parametrize(
    ("level", "minimum", "given", "expected"),
    [
        ("beta", 30, case(Handed(as_of=DAY)), (True, "attested")),
        ("beta", 46, case(Handed(as_of=DAY)), (False, "attested")),
        ("beta", 30, case(Handed(as_of=DAY, history=TAGGED)), (True, "verified")),
        ("beta", 30, case(Handed(as_of=DAY, history=LATE)), (False, "contradicted")),
        ("beta", 30, case(Handed(as_of=DAY, history=OTHERS)), (True, "attested")),
        ("beta", 30, case(Handed(as_of=DAY, history=COMMITTED)), (True, "verified")),
        ("beta", 30, case(Handed(as_of=DAY, history=IMPORTED)), (True, "attested")),
        ("beta", 30, case(Handed(as_of=datetime.date(2026, 1, 1))), (False, "verified")),
        ("beta", 30, case(Handed(as_of=datetime.date(2026, 2, 1))), (False, "attested")),
        ("beta", 30, case(), (True, "attested")),
        ("beta", 30, case(Handed(as_of=DAY), releases=BACKWARDS), (False, "verified")),
        ("beta", 30, case(releases=BACKWARDS), (False, "verified")),
        ("beta", 30, case(releases=releases("## 1.0.0-beta.1 - 2026-01-01")), (False, "inconclusive")),
        ("beta", 30, case(Handed(as_of=DAY), releases=releases("## 1.0.0 - 2026-03-01")), (False, "verified")),
        ("beta", 30, case(Handed(as_of=DAY), releases=()), (False, "inconclusive")),
        ("stable", 180, case(Handed(as_of=DAY)), (True, "attested")),
        ("stable", 180, case(Handed(as_of=datetime.date(2026, 8, 1))), (False, "attested")),
        ("stable", 180, case(), (False, "inconclusive")),
        ("stable", 180, case(Handed(as_of=DAY, history=TAGGED)), (True, "verified")),
        ("stable", 180, case(Handed(as_of=DAY), releases=(), stated={"lifecycle.stabilized": "2026-01-01"}),
         (True, "attested")),
    ],
)  # fmt: skip
def test_days_on_a_level(level: str, minimum: int, given: Case, expected: tuple[bool, str]) -> None:
    assert outcome("days", given, level=level, minimum=minimum) == expected


def test_tags_without_a_name_are_about_a_repository_of_one_module() -> None:
    history = replace(OTHERS, top=Path("/library/vpc"))
    assert outcome("days", case(Handed(as_of=DAY, history=history)), level="beta", minimum=30) == (True, "verified")


SECOND = History(Path("/library"), (Tag("vpc/v2.0.0", "2026-04-01"),))
EXAMPLE = {"vpc/examples/a": ScannedModule("vpc/examples/a", "example", 1, 1, ("vpc",))}
SCANNED = Evidence({}, {}, {}, EXAMPLE, (), Features)
PROBLEM = Problem("vpc/modules/x/main.tf", 3, 1, "Unclosed block", "A brace is missing.")
BROKEN = Evidence(
    {}, {}, {"vpc/modules/x": PROBLEM, "vpc/examples/b": PROBLEM},
    {**EXAMPLE, "vpc": ScannedModule("vpc", "library", 1, 1, ("vpc/modules/x",))}, (), Features,
)  # fmt: skip
JUDGED = Evidence({"vpc": [result("readme", "not_applicable")]}, {}, {}, {}, (), Features)


def feature(verdict: str) -> ClaimResult:
    return ClaimResult("vpc", "feature", "PITR", "", verdict, HERE)


@pytest.mark.parametrize(
    ("kind", "parameters", "given", "expected"),
    [
        ("features", {}, case(), (False, "inconclusive")),
        ("features", {}, case(claims=(feature("verified"),)), (True, "verified")),
        ("features", {}, case(claims=(feature("verified"), feature("inconclusive"))), (True, "attested")),
        ("features", {}, case(claims=(feature("verified"), feature("contradicted"))), (False, "contradicted")),
        ("interface", {}, case(), (False, "inconclusive")),
        ("interface", {}, case(todo=HERE), (False, "verified")),
        ("interface", {}, case(stated={"version": "0.9.0"}), (False, "verified")),
        ("interface", {}, case(stated={"version": "two"}), (False, "inconclusive")),
        ("examples", {"minimum": 2}, case(calling_examples=("examples/a",)), (False, "verified")),
        ("examples", {"minimum": 2}, case(calling_examples=("examples/a", "examples/b")), (True, "verified")),
        ("benchmarks", {"tolerance_percent": 20}, case(), (False, "inconclusive")),
        ("benchmarks", {"tolerance_percent": 20}, case(stated={"performance.state_size_kb": 9}), (True, "attested")),
        ("benchmarks", {"tolerance_percent": 20},
         case(Handed(benchmark={"state_size_kb": 10.8}), stated={"performance.state_size_kb": 9}), (True, "verified")),
        ("benchmarks", {"tolerance_percent": 20},
         case(Handed(benchmark={"state_size_kb": 11}), stated={"performance.state_size_kb": 9}),
         (False, "contradicted")),
        ("released", {}, case(), (True, "attested")),
        ("released", {}, case(Handed(history=TAGGED)), (True, "verified")),
        ("released", {}, case(Handed(history=COMMITTED)), (True, "verified")),
        ("released", {}, case(Handed(history=replace(TAGGED, tags=TAGGED.tags[:1]))), (False, "contradicted")),
        ("released", {}, case(releases=releases("## 1.0.0-rc.1 - 2026-01-01")), (False, "verified")),
        ("open_bugs", {}, case(), (False, "inconclusive")),
        ("open_bugs", {}, case(stated={"metrics.issues_open": 0}), (True, "attested")),
        ("open_bugs", {}, case(stated={"metrics.issues_open": 3}), (False, "inconclusive")),
        ("open_bugs", {}, case(stated={"metrics.issues_open": 3, "metrics.critical_bugs_open": 0}), (True, "attested")),
        ("open_bugs", {}, case(stated={"metrics.critical_bugs_open": 1}), (False, "attested")),
        ("stated", {"key": "metrics.production_teams", "minimum": 3}, case(), (False, "inconclusive")),
        ("stated", {"key": "metrics.production_teams", "minimum": 3}, case(stated={"metrics.production_teams": 3}),
         (True, "attested")),
        ("stated", {"key": "metrics.production_teams", "minimum": 3}, case(stated={"metrics.production_teams": 2}),
         (False, "attested")),
        ("stated", {"key": "metrics.production_teams", "minimum": 3}, case(stated={"metrics.production_teams": "many"}),
         (False, "inconclusive")),
        ("stated", {"key": "x.y", "most": 0}, case(stated={"x.y": 1}), (False, "attested")),
        ("stated", {"key": "security.last_review"}, case(stated={"security.last_review": "2026-01-01"}),
         (True, "attested")),
        ("cost", {"tolerance_percent": 20}, case(), (False, "inconclusive")),
        ("cost", {"tolerance_percent": 20}, case(stated={"cost.estimated_monthly_usd": 100}), (False, "inconclusive")),
        ("cost", {"tolerance_percent": 20},
         case(stated={"cost.estimated_monthly_usd": 100, "cost.actual_monthly_usd": 125}), (True, "attested")),
        ("cost", {"tolerance_percent": 20},
         case(stated={"cost.estimated_monthly_usd": 100, "cost.actual_monthly_usd": 126}), (False, "attested")),
        ("cost", {"tolerance_percent": 20},
         case(Handed(benchmark={"actual_monthly_usd": 90}), stated={"cost.estimated_monthly_usd": 100}),
         (True, "verified")),
        ("cost", {"tolerance_percent": 20},
         case(Handed(benchmark={"actual_monthly_usd": 50}), stated={"cost.estimated_monthly_usd": 100}),
         (False, "contradicted")),
        ("migration", {}, case(), (True, "verified")),
        ("migration", {}, case(stated={"version": "2.0.0"}), (False, "verified")),
        ("migration", {}, case(stated={"version": "2.0.0"}, headings=("migration from 1.x",)), (True, "verified")),
        ("migration", {}, case(stated={"version": "2.0.0", "lifecycle.migration_guide": "a.md"}),
         (False, "contradicted")),
        ("migration", {}, case(stated={"version": "2.0.0", "lifecycle.migration_guide": "a.md"}, files={"a.md": True}),
         (True, "verified")),
        *(
            ("migration", {}, case(stated={"version": "2.1.0"}, guides=guides), (met, "verified"))
            for guides, met in (
                (("docs/UPGRADE-2.0.md",), True),
                (("UPGRADE-1.0.md", "UPGRADE-2.0.md"), True),
                (("docs/migrate-v1-to-v2.md",), True),
                (("UPGRADING.md",), True),
                (("docs/UPGRADE-12.0.md",), False),
                (("docs/UPGRADE-1.2.md",), False),
            )
        ),
        ("changelog", {"patterns": ["faster"]}, case(), (True, "verified")),
        ("changelog", {"patterns": ["slower"]}, case(), (False, "verified")),
        ("changelog", {"patterns": ["faster"]}, case(Handed(as_of=datetime.date(2026, 2, 1))), (False, "verified")),
        ("case_studies", {"minimum": 2}, case(), (False, "inconclusive")),
        ("case_studies", {"minimum": 2}, case(stated={"lifecycle.case_studies": ("a", "b")}), (False, "contradicted")),
        ("case_studies", {"minimum": 2},
         case(stated={"lifecycle.case_studies": ("a", "b")}, files={"a": True, "b": True}), (True, "verified")),
        ("case_studies", {"minimum": 2},
         case(stated={"lifecycle.case_studies": ("a", "https://b")}, files={"a": True, "https://b": True}),
         (True, "attested")),
        ("use", {}, case(), (False, "inconclusive")),
        ("use", {}, case(callers=("web",)), (True, "verified")),
        ("use", {}, case(stated={"metrics.active_deployments": 2}), (True, "attested")),
        ("resources", {"most": 20}, case(), (False, "inconclusive")),
        ("valid", {}, case(), (True, "verified")),
        ("example", {}, case(), (False, "verified")),
        ("example", {}, case(calling_examples=("examples/a",)), (False, "inconclusive")),
        ("example", {}, case(calling_examples=("examples/a",), evidence=SCANNED), (True, "verified")),
        ("example", {}, case(calling_examples=("examples/a",), evidence=BROKEN), (False, "verified")),
        ("example", {}, case(examples=("examples/b",), evidence=BROKEN), (False, "inconclusive")),
        ("examples", {"minimum": 2},
         case(calling_examples=("examples/a",), examples=("examples/a", "examples/b"), evidence=BROKEN),
         (False, "inconclusive")),
        ("valid", {}, case(evidence=BROKEN), (False, "verified")),
        ("policies", {"policies": ["readme"]}, case(evidence=JUDGED), (False, "inconclusive")),
        ("coverage", {"minimum": 50}, case(stated={"testing.coverage_percent": 8000}), (False, "inconclusive")),
        ("stated", {"key": "security.last_review", "date": True}, case(stated={"security.last_review": "never"}),
         (False, "inconclusive")),
        ("stated", {"key": "security.last_review", "date": True},
         case(Handed(as_of=DAY), stated={"security.last_review": "2027-01-01"}), (False, "inconclusive")),
        ("stated", {"key": "security.last_review", "date": True},
         case(Handed(as_of=DAY), stated={"security.last_review": "2026-01-01"}), (True, "attested")),
        ("released", {}, case(Handed(as_of=datetime.date(2026, 2, 1))), (False, "verified")),
        ("migration", {}, case(releases=()), (False, "inconclusive")),
        ("migration", {}, case(Handed(history=SECOND), releases=()), (False, "verified")),
        ("migration", {}, case(stated={"version": "v2.0.0"}), (False, "verified")),
        ("migration", {}, case(stated={"version": "2.0.0"}, headings=("minor version upgrades",)),
         (False, "verified")),
        ("migration", {}, case(stated={"version": "2.0.0", "lifecycle.migration_guide": "https://a"},
                               files={"https://a": True}), (True, "attested")),
        ("case_studies", {"minimum": 2},
         case(stated={"lifecycle.case_studies": ("a", "a")}, files={"a": True}), (False, "verified")),
        ("way_out", {}, case(stated={"lifecycle.replacement": "", "lifecycle.removed": "2027-01-01",
                                     "lifecycle.migration_guide": "a"}, files={"a": True}), (False, "verified")),
        ("warning", {"words": ["deprecated"]}, case(readme="Not deprecated.\n\n## Inputs\n\n- `x`: Deprecated"),
         (False, "verified")),
        ("unchanged", {}, case(Handed(history=SECOND), stated={"lifecycle.archived": "2026-03-01"}),
         (False, "contradicted")),
        ("unchanged", {}, case(releases=(), stated={"lifecycle.archived": "2026-03-01"}), (False, "inconclusive")),
        ("unchanged", {}, case(releases=releases("## 1.1.0\n"), stated={"lifecycle.archived": "2026-03-01"}),
         (False, "inconclusive")),
        ("controls", {"sections": ["SEC"]}, case(), (False, "inconclusive")),
        ("way_out", {}, case(), (False, "verified")),
        ("warning", {"words": ["deprecated"]}, case(readme="Deprecated."), (True, "verified")),
        ("warning", {"words": ["deprecated"]}, case(readme="Fine."), (False, "verified")),
        ("unchanged", {}, case(), (False, "inconclusive")),
        ("unchanged", {}, case(stated={"lifecycle.archived": "2026-02-01"}), (False, "contradicted")),
        ("unchanged", {}, case(stated={"lifecycle.archived": "2026-03-01"}), (True, "verified")),
    ],
)  # fmt: skip
def test_a_criterion(kind: str, parameters: dict[str, Any], given: Case, expected: tuple[bool, str]) -> None:
    assert outcome(kind, given, **parameters) == expected


@pytest.mark.parametrize(("most", "met"), [(12, True), (11, False)])
def test_the_most_resources_of_the_module_or_an_example_count(most: int, met: bool) -> None:
    scanned = {"vpc": ScannedModule("vpc", "library", 1, 5), "vpc/examples/a": ScannedModule("", "example", 1, 12)}
    given = case(examples=("examples/a",), evidence=Evidence({}, {}, {}, scanned, (), Features))
    assert outcome("resources", given, most=most) == (met, "verified")


def test_a_number_of_resources_that_is_not_known_is_told() -> None:
    scanned = {"vpc": ScannedModule("vpc", "library", 1, 5, uncounted=2)}
    given = case(evidence=Evidence({}, {}, {}, scanned, (), Features))
    assert MEASURES["resources"](given, {"most": 5}).detail == ("5 or more, as the count of 2 is not known,")


def test_a_level_is_skipped_neither_by_asking_nor_by_earning() -> None:
    promotion = judge(case(stated={"maturity": "alpha"}), LADDER, "stable")
    (skipped,) = [one for one in promotion.criteria if one.id == "no-level-skipped"]
    assert not skipped.met and "beta comes first" in skipped.detail
    assert [one.id for one in judge(case(stated={"maturity": "alpha"}), LADDER, "beta").criteria].count(skipped.id) == 0


def test_a_level_without_evidence_is_not_earned_and_that_is_a_demotion() -> None:
    promotion = judge(case(stated={"maturity": "stable"}), LADDER, None)
    assert (promotion.claimed, promotion.earned, promotion.to) == ("stable", "experimental", "stable")
    assert promotion.demoted and not promotion.met
    assert all(one.next for one in promotion.missing())


def test_without_metadata_the_version_says_what_is_claimed() -> None:
    assert judge(case(stated={"version": "1.0.0-beta.1"}), LADDER, None).claimed == "beta"
    assert judge(case(), LADDER, None).claimed is None


def test_attested_evidence_can_be_left_out() -> None:
    given = case(stated={"maturity": "stable", "testing.coverage_percent": 99})
    met = {one.id: one.met for one in judge(given, LADDER, "alpha").criteria}
    verified = {one.id: one.met for one in judge(given, LADDER, "alpha", verified_only=True).criteria}
    assert (met["coverage"], verified["coverage"]) == (True, False)
    assert verified["valid"] is True


def test_ceilings_of_a_lower_level_do_not_count_above_it() -> None:
    ids = [(one.level, one.id) for one in judge(case(), LADDER, "mature").criteria if one.id == "resources"]
    assert ids == [("mature", "resources")]


@pytest.mark.parametrize("level", BESIDE)
def test_a_level_beside_the_ladder_is_judged_alone(level: str) -> None:
    promotion = judge(case(stated={"maturity": level}), LADDER, None)
    assert {one.level for one in promotion.criteria} == {level}
    assert promotion.demoted


def test_the_ladder_has_every_level_and_says_what_to_do() -> None:
    assert list(LADDER) == [*LEVELS, *BESIDE]
    for level in LADDER.values():
        assert level.criteria and level.service_level
        assert len({one.id for one in level.criteria}) == len(level.criteria)
    kinds = {one.kind for level in LADDER.values() for one in level.criteria}
    assert kinds == set(MEASURES)  # a measure that no criterion uses would never run
    floors = [
        one.parameters["minimum"] for level in LADDER.values() for one in level.criteria if one.kind == "coverage"
    ]
    assert floors == [50, 70, 80, 90]
    ceilings = [
        one.parameters["most"] for level in LADDER.values() for one in level.criteria if one.kind == "resources"
    ]
    assert ceilings == [20, 50, 100, 200, 500]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("level: alpha", "level: beta"), "the level of this file"),
        (("kind: example", "kind: hearsay"), "the kind of evidence is one of"),
        (("module_readme_missing", "module_readme_misses"), "there is no policy"),
        (("criteria:", "criterions:"), "unknown key"),
    ],
)
def test_a_mistake_in_the_ladder_is_told_with_its_line(tmp_path: Path, change: tuple[str, str], told: str) -> None:
    (tmp_path / "maturity").mkdir()
    for name in LADDER:
        text = (ROOT / "policies" / "maturity" / f"{name}.yaml").read_text()
        text = text.replace(*change) if name == "alpha" else text
        (tmp_path / "maturity" / f"{name}.yaml").write_text(text)
    with pytest.raises(PolicyError, match=r"alpha\.yaml:\d+: .*" + told):
        load_ladder(tmp_path, MEASURES, POLICIES)
