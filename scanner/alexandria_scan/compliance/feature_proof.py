"""Whether a feature that a module claims is there: by the policies that prove it, in the module and in its examples."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from alexandria_scan.compliance.features import Feature
from alexandria_scan.graph.module_facts import ModuleFacts
from alexandria_scan.policy.results import Result


class Proof(msgspec.Struct, frozen=True):
    """`measured` says what a caller gets: by default, on request (some example has it), or never."""

    verdict: Literal["verified", "contradicted", "inconclusive"]
    measured: str
    detail: str = ""


def prove(features: list[Feature], facts: ModuleFacts, own: list[Result], elsewhere: Iterable[Result]) -> Proof:
    """The worst of what the features come to. `own` are the results on the module by itself, `elsewhere` those on what
    it declares where others call it."""
    others: dict[str, list[Result]] = {}
    examples = {facts.at(name): name for name in facts.examples}
    for result in elsewhere:
        if result.root in examples:
            others.setdefault(examples[result.root], []).append(result)
    proofs = [
        _prove(feature, facts, [one for one in own if _counts(one, feature, facts)], others) for feature in features
    ]
    order = ("contradicted", "inconclusive", "verified")
    return min(proofs, key=lambda proof: order.index(proof.verdict))


def _counts(result: Result, feature: Feature, facts: ModuleFacts) -> bool:
    return result.policy in feature.policies and result.verdict != "not_applicable" and result.root == facts.path


def _prove(feature: Feature, facts: ModuleFacts, own: list[Result], others: dict[str, list[Result]]) -> Proof:
    """`others` are the results by example."""
    there = sorted(set(feature.resources) & set(facts.resource_types))
    if feature.resources and not there:
        return Proof("contradicted", "never", f"no {' or '.join(feature.resources)} in the code")
    if own and all(result.verdict in ("pass", "waived") for result in own):
        return Proof("verified", "by default", ", ".join(sorted({result.policy for result in own})))
    with_it: list[str] = []
    without: list[Result] = []
    for name, results in sorted(others.items()):
        found = [one for one in results if one.policy in feature.policies and one.verdict != "not_applicable"]
        if found:
            open_ = [one for one in found if one.verdict not in ("pass", "waived")]
            with_it += [] if open_ else [name]
            without += open_
    if with_it:
        return Proof("verified", "on request" if without or own else "where it is used", f"in {', '.join(with_it)}")
    missing = [one for one in own if one.verdict not in ("pass", "waived")]
    if missing and all(one.posture == "on request" for one in missing):
        inputs = sorted({name for one in missing for name in one.posture_variables})
        return Proof("verified", "on request", f"with {', '.join(inputs)}")
    for measured, results in (("not by default", own), ("in no example", without)):
        first = next((one for one in results if one.verdict == "fail"), None)
        if first is not None:
            place = f"{first.location.file}:{first.location.line}"
            return Proof("contradicted", measured, f"{first.policy} fails at {place}")
    unknown = next((one for one in (*own, *without) if one.verdict == "unknown"), None)
    if unknown is not None:
        return Proof("inconclusive", "depends on inputs", unknown.reason)
    if there:
        return Proof("verified", "there", there[0])
    return Proof("inconclusive", "", "nothing that it is about was judged in the module or its examples")
