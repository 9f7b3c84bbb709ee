"""Runs a Python policy: the generator beside a manifest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from alexandria_scan.policy.scopes import NodeScope
from alexandria_scan.sdk import Parameters, Resource, UnknownValue, Verdict


def run_check(check: Callable[..., Any], node: NodeScope, parameters: dict[str, Any]) -> Verdict:
    """What the check's verdicts come to: the first fail, else the first unknown, else pass."""
    resource = Resource(node.node, node.attrs, node.meta, node.context.functions, node.surroundings.kept)
    verdicts: list[Verdict] = []
    try:
        for verdict in check(resource, Parameters(parameters)):
            verdicts.append(verdict)
    except UnknownValue as unknown:
        verdicts.append(Verdict("unknown", reasons=unknown.reasons, path=unknown.path))
    for wanted in ("fail", "unknown", "not_applicable"):
        for verdict in verdicts:
            if verdict.verdict == wanted:
                return verdict
    return Verdict("pass")
