"""Every condition, filter and threshold of a policy matters: change it, and a fixture of the policy tells.

A policy is changed in memory, one thing at a time: a condition is replaced by its negation or by true, the filter is
negated or removed, a parameter is moved far up, far down, or flipped. If the fixtures then still say what they said,
they do not test that thing.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from alexandria_scan.commands.policy_fixtures import check_policy
from alexandria_scan.policy.content import Content
from alexandria_scan.policy.defaults import load_defaults
from alexandria_scan.policy.load import load_policies
from alexandria_scan.policy.manifest import ENVIRONMENTS, Condition, Parameter, Policy

ROOT = Path(__file__).parents[2]
POLICIES = load_policies(ROOT / "policies", "policies")
FIXTURES = ROOT / "fixtures" / "policies"
DEFAULTS = load_defaults([Content(ROOT / "policies")])
FAR = 100_000

SURVIVORS: dict[tuple[str, str], str] = {
    (
        "terraform_version_missing",
        "condition 0 true",
    ): "the second condition fails too; the first has the better message",
    ("aws_dynamodb_table_key_insufficient", "condition 1 true"): "it is for controls that ask for key = customer",
    (
        "aws_memorydb_cluster_snapshot_retention_short",
        "minimum_days down in development",
    ): "it is 0, and no value is less",
    ("aws_elasticache_replication_group_snapshot_retention_short", "minimum_days down in development"): "the same",
    (
        "aws_elasticache_serverless_cache_snapshot_retention_short",
        "minimum_snapshots down in development",
    ): "the same",
    ("aws_rds_cluster_minimum_capacity_low", "minimum_capacity down in development"): "the same",
}
"""What no fixture can tell, and why."""


def mutants(policy: Policy) -> Iterator[tuple[str, Policy]]:
    """The changed policies, each with a name for what was changed."""
    for index, rule in enumerate(policy.rules):
        for name, text in (("negated", f"!({rule.condition.text})"), ("true", "true")):
            changed = replace(rule, condition=Condition(text, policy.file))
            yield f"condition {index} {name}", replace(policy, rules=_swapped(policy.rules, index, changed))
    if policy.filter is not None:
        yield "filter negated", replace(policy, filter=Condition(f"!({policy.filter.text})", policy.file))
        yield "filter removed", replace(policy, filter=None)
    for index, parameter in enumerate(policy.parameters):
        for name, moved in _moved(parameter):
            yield name, replace(policy, parameters=_swapped(policy.parameters, index, moved))


def _moved(parameter: Parameter) -> Iterator[tuple[str, Parameter]]:
    for name, value in _other_values(parameter.default):
        yield f"{parameter.name} {name}", replace(parameter, default=value)
    for environment in ENVIRONMENTS:
        for name, value in _other_values(parameter.by_environment.get(environment)):
            others = {**parameter.by_environment, environment: value}
            yield f"{parameter.name} {name} in {environment}", replace(parameter, by_environment=others)


def _other_values(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, bool):
        yield "flipped", not value
    elif isinstance(value, (int, float)):
        yield "up", value + FAR
        yield "down", value - FAR


def _swapped(items: tuple[Any, ...], index: int, item: Any) -> tuple[Any, ...]:
    return (*items[:index], item, *items[index + 1 :])


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_a_fixture_tells_when_a_policy_is_changed(policy: Policy) -> None:
    unnoticed = {name for name, mutant in mutants(policy) if not check_policy(mutant, FIXTURES / policy.id, DEFAULTS)}
    assert unnoticed == {name for id_, name in SURVIVORS if id_ == policy.id}


def test_survivors_are_of_policies_that_exist() -> None:
    assert {id_ for id_, _ in SURVIVORS} <= {policy.id for policy in POLICIES}
