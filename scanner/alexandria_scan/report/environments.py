"""Environments side by side: what holds in which."""

from __future__ import annotations

import msgspec

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.policy.results import Result

Row = tuple[str, tuple[str, ...]]
_ORDER = ("development", "staging", "production")
_WORST = ("fail", "unknown", "waived", "pass", "not_applicable")


class EnvironmentTable(msgspec.Struct, frozen=True):
    """A root that was evaluated for several environments: each policy and its verdict in each. `rows` are those that
    differ, `same` those that say the same in all, `failing` the number of these that fail in all."""

    root: str
    names: tuple[str, ...]
    rows: tuple[Row, ...]
    same: tuple[Row, ...]
    failing: int


def environment_tables(result: ScanResult) -> list[EnvironmentTable]:
    """A table for each root with more than one environment; development, staging and production in this order."""
    roots: dict[str, dict[str, list[Result]]] = {}
    for one in result.results:
        if one.environment:
            roots.setdefault(one.root, {}).setdefault(one.environment, []).append(one)
    return [_table(root, found) for root, found in sorted(roots.items()) if len(found) > 1]


def _table(root: str, found: dict[str, list[Result]]) -> EnvironmentTable:
    names = tuple(sorted(found, key=lambda name: (_ORDER.index(name) if name in _ORDER else len(_ORDER), name)))
    verdicts = {name: _by_policy(found[name]) for name in names}
    policies = sorted(set().union(*verdicts.values()))
    rows = [(policy, tuple(verdicts[name].get(policy, "not_applicable") for name in names)) for policy in policies]
    differing = tuple(row for row in rows if len(set(row[1])) > 1)
    same = tuple(row for row in rows if len(set(row[1])) == 1)
    return EnvironmentTable(root, names, differing, same, sum("fail" in said for _, said in same))


def _by_policy(results: list[Result]) -> dict[str, str]:
    worst: dict[str, str] = {}
    for one in results:
        before = worst.get(one.policy, "not_applicable")
        worst[one.policy] = min(before, one.verdict, key=_WORST.index)
    return worst
