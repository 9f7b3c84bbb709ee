"""Plan JSON as a graph, in one step."""

from __future__ import annotations

from alexandria_scan.evaluate.module import Module
from alexandria_scan.graph.from_plan import plan_graph
from alexandria_scan.graph.model import Graph
from alexandria_scan.source.plan_json import decode_plan


def read_plan(name: str, data: bytes, environment: str | None, source: Module | None = None) -> Graph:
    """The graph of the plan JSON in `data`; see `plan_graph`. Raises ValueError where it is no plan."""
    return plan_graph(name, data, decode_plan(data), environment, source)
