"""Environments side by side: what holds in which."""

from __future__ import annotations

import msgspec

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.policy.results import Result

_WORST = ("fail", "unknown", "waived", "pass", "not_applicable")


class EnvironmentTable(msgspec.Struct, frozen=True):
    """A root that was evaluated for several environments: a policy and its verdict in each. `rows` are those that
    differ, `same` the number of policies that say the same in all, `failing` how many of these fail in all."""

    root: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    same: int
    failing: int


def environment_tables(result: ScanResult) -> list[EnvironmentTable]:
    roots: dict[str, dict[str, list[Result]]] = {}
    for one in result.results:
        if one.environment:
            roots.setdefault(one.root, {}).setdefault(one.environment, []).append(one)
    return [_table(root, found) for root, found in sorted(roots.items()) if len(found) > 1]


def _table(root: str, found: dict[str, list[Result]]) -> EnvironmentTable:
    names = tuple(sorted(found))
    verdicts = {name: _by_policy(found[name]) for name in names}
    policies = sorted(set().union(*verdicts.values()))
    rows = [(policy, tuple(verdicts[name].get(policy, "not_applicable") for name in names)) for policy in policies]
    differing = tuple(row for row in rows if len(set(row[1])) > 1)
    failing = sum(set(said) == {"fail"} for _, said in rows)
    return EnvironmentTable(root, names, differing, len(rows) - len(differing), failing)


def _by_policy(results: list[Result]) -> dict[str, str]:
    worst: dict[str, str] = {}
    for one in results:
        before = worst.get(one.policy, "not_applicable")
        worst[one.policy] = min(before, one.verdict, key=_WORST.index)
    return worst
