"""A policy says the same of a root's source and of its plan, but that one of them may know more."""

from __future__ import annotations

from functools import lru_cache

import pytest

from alexandria_scan import bundled
from alexandria_scan.graph.model import Graph
from alexandria_scan.policy.content import Content
from alexandria_scan.policy.defaults import load_defaults
from alexandria_scan.policy.engine import Engine
from alexandria_scan.policy.environments import canonical
from alexandria_scan.policy.load import load_policies
from alexandria_scan.policy.run import Run
from tests.graph.comparison import Case, cases, graphs

Verdicts = dict[tuple[str, str], str]


@lru_cache(maxsize=1)
def engine() -> Engine:
    folder = bundled.folder("policies")
    policies = load_policies(folder, "policies")
    return Engine([Run(policy) for policy in policies], load_defaults([Content(folder)]))


def verdicts(graph: Graph, environment: str | None) -> Verdicts:
    graph.environment = environment
    results, _ = engine().judge(graph, lambda location: ())
    return {
        (result.policy, address): result.verdict
        for result in results
        for address in result.addresses
        if graph.resource(address) is not None
    }


@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_verdicts_agree_apart_from_unknowns(case: Case) -> None:
    found = graphs(case)
    environment = canonical(found.plan.environment)
    source = verdicts(found.source, environment)
    alone, joined = verdicts(found.plan, environment), verdicts(found.joined, environment)
    for plan in (alone, joined):
        different = {
            key: (source[key], plan[key])
            for key in source.keys() & plan.keys()
            if source[key] != plan[key] and "unknown" not in (source[key], plan[key])
        }
        assert different == {}
    # With its source at hand, a plan leaves nothing open that the source decides.
    left = {key for key in joined if joined[key] == "unknown" and source.get(key) in ("pass", "fail")}
    assert {key for key in left if not _is_write_only(key, case)} == set()


def _is_write_only(key: tuple[str, str], case: Case) -> bool:
    """Whether it is about a secret that a write-only argument takes from a variable or an ephemeral resource: no plan
    tells what that was."""
    return case.name in ("write-only", "ephemeral-resources") and key[0].endswith("_hardcoded")
