"""Claimed against measured: what a module says of itself, and what its code and this scan come to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from alexandria_scan.compliance.evidence import Evidence
from alexandria_scan.compliance.result import ClaimResult
from alexandria_scan.graph.module_facts import FILE_CLAIMS, ModuleFacts
from alexandria_scan.graph.readme_numbers import Claim

Verdict = Literal["verified", "contradicted", "inconclusive"]


class Finding(msgspec.Struct, frozen=True):
    """What a claim comes to: the verdict, what was measured, and a remark."""

    verdict: Verdict
    measured: str = ""
    detail: str = ""


def judge_claims(facts: ModuleFacts, given: Evidence) -> list[ClaimResult]:
    """Every claim of a module that something here measures, in order of file and line."""
    found = []
    for claim in facts.claims:
        measure = _MEASURES.get(claim.subject)
        if measure is None:
            continue
        finding = measure(claim, facts, given)
        if finding is not None:
            plus = "+" if claim.at_least and claim.subject != "validated" else ""
            found.append(
                ClaimResult(
                    facts.path, _named(claim), f"{_told(claim.value)}{plus}{' %' * (claim.subject == 'validated')}",
                    finding.measured, finding.verdict, claim.location, _inside(finding.detail, facts.path),
                )
            )  # fmt: skip
    return sorted(found, key=lambda one: (one.location.file, one.location.line, one.claim, one.claimed))


def _inside(detail: str, path: str) -> str:
    """Places in the module as seen from its folder: the claim's own place says which that is."""
    return detail.replace(f"{path}/", "") if path != "." else detail


def _named(claim: Claim) -> str:
    names = {"validated": "variables with validation", "features": "feature", "documentation.examples": "example"}
    return names.get(claim.subject, claim.subject)


def _told(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return ", ".join(f"{name} {one}" for name, one in sorted(value.items()))
    return str(value)


def _number(measure: Callable[[ModuleFacts], int]) -> Callable[[Claim, ModuleFacts, Evidence], Finding]:
    def compare(claim: Claim, facts: ModuleFacts, given: Evidence) -> Finding:
        number = measure(facts)
        holds = number >= claim.value if claim.at_least else number == claim.value
        return Finding("verified" if holds else "contradicted", str(number))

    return compare


def _validated(claim: Claim, facts: ModuleFacts, given: Evidence) -> Finding:
    if not facts.validatable:
        return Finding("inconclusive", "none can be validated")
    share = 100 * facts.validated / facts.validatable
    measured = f"{int(share)} %"
    return Finding(
        "verified" if share >= claim.value else "contradicted", measured,
        f"{facts.validated} of {facts.validatable} that can be validated",
    )  # fmt: skip


def _resource_count(claim: Claim, facts: ModuleFacts, given: Evidence) -> Finding:
    """By default or in an example: how many there are depends on the inputs."""
    folders = {"by default": facts.path, **{name: facts.at(name) for name in facts.examples}}
    counts = {name: given.scanned[path].resources for name, path in folders.items() if path in given.scanned}
    meeting = [
        name for name, number in counts.items() if (number >= claim.value if claim.at_least else number == claim.value)
    ]
    if meeting:
        return Finding("verified", str(counts[meeting[0]]), meeting[0])
    told = ", ".join(f"{number} {'' if name == 'by default' else 'in '}{name}" for name, number in counts.items())
    open_ = {name: one for name in counts if (one := given.scanned[folders[name]].uncounted)}
    if any(counts[name] - number <= claim.value for name, number in open_.items()):
        return Finding("inconclusive", told, f"how many there are of {max(open_.values())} is not known")
    return Finding("contradicted", told) if counts else Finding("inconclusive", "", "not evaluated")


def _example(claim: Claim, facts: ModuleFacts, given: Evidence) -> Finding:
    name = str(claim.value).strip("/").removeprefix("./")
    if name not in facts.examples:
        return Finding("contradicted", "missing")
    path = facts.at(name)
    problem = given.problem_in(path)
    if problem is not None:
        return Finding("contradicted", "does not evaluate", f"{problem.summary} ({problem.file}:{problem.line})")
    if path not in given.scanned:
        return Finding("inconclusive", "not evaluated", "the example was not scanned")
    return Finding("verified", "evaluates", f"{given.scanned[path].resources} resources")


def _feature(claim: Claim, facts: ModuleFacts, given: Evidence) -> Finding:
    from alexandria_scan.compliance.feature_proof import prove  # few modules claim any

    meant = given.features().meant(str(claim.value))
    if not meant:
        return Finding("inconclusive", "", "no policy proves this feature")
    proof = prove(meant, facts, given.results.get(facts.path, []), given.by_module.get(facts.path, []))
    return Finding(proof.verdict, proof.measured, proof.detail)


def _version(claim: Claim, facts: ModuleFacts, given: Evidence) -> Finding:
    others = [(facts.releases[0].version, f"{facts.changelog}:{facts.releases[0].line}")] if facts.releases else []
    others += [(facts.folder_version, "the folder's name")] if facts.folder_version is not None else []
    different = [(version, where) for version, where in others if version != claim.value]
    if different:
        return Finding("contradicted", different[0][0], different[0][1])
    if others:
        return Finding("verified", others[0][0], others[0][1])
    return Finding("inconclusive", "", "there is no CHANGELOG with versions, and no folder that names one")


def _terraform(claim: Claim, facts: ModuleFacts, given: Evidence) -> Finding:
    return _constraint(str(claim.value), facts.required_version, "required_version")


def _providers(claim: Claim, facts: ModuleFacts, given: Evidence) -> Finding:
    assert isinstance(claim.value, dict)
    for name, wanted in sorted(claim.value.items()):
        found = _constraint(str(wanted), facts.providers.get(name), f"required_providers.{name}")
        if found.verdict != "verified":
            return Finding(found.verdict, f"{name} {found.measured}".strip(), found.detail)
    return Finding("verified", "the same")


def _constraint(claimed: str, found: str | None, name: str) -> Finding:
    if found is None:
        return Finding("contradicted", "none", f"{name} is not set")
    same = sorted(claimed.replace(" ", "").split(",")) == sorted(found.replace(" ", "").split(","))
    return Finding("verified" if same else "contradicted", found)


def _unit_tests(claim: Claim, facts: ModuleFacts, given: Evidence) -> Finding | None:
    return _tests(claim, [test for test in facts.tests if "integration" not in test.lower()])


def _integration_tests(claim: Claim, facts: ModuleFacts, given: Evidence) -> Finding | None:
    return _tests(claim, [test for test in facts.tests if "integration" in test.lower()])


def _tests(claim: Claim, tests: list[str]) -> Finding | None:
    if claim.value is not True:
        return None
    if not tests:
        return Finding("contradicted", "no such test")
    return Finding("verified", f"{len(tests)} file{'' if len(tests) == 1 else 's'}", tests[0])


def _passing(claim: Claim, facts: ModuleFacts, given: Evidence) -> Finding | None:
    if claim.value is not True:
        return None
    severe = given.severe(facts.path)
    if severe:
        return Finding("contradicted", _findings(severe))
    return Finding("inconclusive", "", "it was not run here; this scan has no high or critical finding")


def _vulnerabilities(claim: Claim, facts: ModuleFacts, given: Evidence) -> Finding:
    severe = given.severe(facts.path)
    if severe > claim.value:
        return Finding("contradicted", _findings(severe))
    return Finding("verified", _findings(severe))


def _findings(severe: int) -> str:
    return f"{severe} high or critical finding{'' if severe == 1 else 's'}"


def _compliance(claim: Claim, facts: ModuleFacts, given: Evidence) -> Finding:
    framework = given.features().framework(str(claim.value))
    if framework is None:
        return Finding("inconclusive", "", "no standard here is for it")
    scores = [
        (score.score, standard.title)
        for standard in given.standards
        for score in standard.modules
        if standard.name == framework.standard and score.module == facts.path and score.score is not None
    ]
    if not scores:
        return Finding("inconclusive", "", f"scan with --standard {framework.standard}")
    worst, title = min(scores)
    return Finding("verified" if worst >= 100 else "contradicted", f"{int(worst)} %", title)


def _file(claim: Claim, facts: ModuleFacts, given: Evidence) -> Finding:
    if "://" in str(claim.value):
        return Finding("inconclusive", "", "an address, which is not looked up")
    there = facts.files.get(str(claim.value), False)
    return Finding("verified", "there") if there else Finding("contradicted", "missing")


Measure = Callable[[Claim, ModuleFacts, Evidence], Finding | None]
_MEASURES: dict[str, Measure] = {
    "variable_count": _number(lambda facts: facts.variables),
    "variables": _number(lambda facts: facts.variables),
    "output_count": _number(lambda facts: facts.outputs),
    "outputs": _number(lambda facts: facts.outputs),
    "examples": _number(lambda facts: len(facts.examples)),
    "resources": _resource_count,
    "performance.resource_count": _resource_count,
    "validated": _validated,
    "documentation.examples": _example,
    "features": _feature,
    "version": _version,
    "dependencies.terraform_version": _terraform,
    "dependencies.provider_versions": _providers,
    "testing.unit_tests": _unit_tests,
    "testing.integration_tests": _integration_tests,
    "security.checkov_passing": _passing,
    "security.tfsec_passing": _passing,
    "security.vulnerabilities": _vulnerabilities,
    "security.compliance": _compliance,
    **dict.fromkeys(FILE_CLAIMS, _file),
}
