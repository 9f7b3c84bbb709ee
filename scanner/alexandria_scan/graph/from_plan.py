"""A plan as a graph: every resource and data source that will be there once it is applied."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator

from alexandria_scan.evaluate.address import Index, split_address, steps_of, without_keys
from alexandria_scan.evaluate.check_blocks import all_resources
from alexandria_scan.evaluate.expansion import Key
from alexandria_scan.evaluate.module import Module
from alexandria_scan.graph.model import Graph, ResourceNode
from alexandria_scan.graph.plan_configuration import ConfigurationTree
from alexandria_scan.graph.plan_environment import environment_of_plan
from alexandria_scan.graph.plan_resource import PlanContext, PlanResource, Recorded
from alexandria_scan.graph.source_resource import SourceResource
from alexandria_scan.patterns import pattern
from alexandria_scan.source.plan_json import NO_TEXT, Plan, ResourceChange, StateResource
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.tree import Location

_KINDS = {"managed": "resource", "data": "data"}
_ADDRESS = pattern(rb'"address"\s*:\s*"((?:[^"\\]|\\.)*)"')
_CHANGES = pattern(rb'"resource_changes"\s*:')
_KEPT = 4 << 20  # bytes of JSON whose decoded form is kept, besides a sixteenth of the plan


def plan_graph(name: str, data: bytes, plan: Plan, environment: str | None, source: Module | None = None) -> Graph:
    """The graph of a decoded plan. `source`, the evaluated root, gives findings their places; without an
    `environment` the graph has what the plan's variables say, as they spell it."""
    graph = Graph(name, "plan", environment=environment or environment_of_plan(plan))
    tree = ConfigurationTree(plan.configuration, (plan.variables or {}).keys(), plan.is_evaluated())
    context = PlanContext(tree, _KEPT + len(data) // 16)
    locate = _locator(name, data)
    for record in _records(plan):
        _add(graph, context, record, locate)
    if source is not None:
        join(graph, source)
    return graph


def join(graph: Graph, source: Module) -> int:
    """Gives the plan's resources their places in the source; returns how many are declared there."""
    exact: dict[str, SourceResource] = {}
    blocks: dict[str, SourceResource] = {}
    for module in source.tree():
        for instance, _ in all_resources(module):
            exact[instance.address] = resource = SourceResource(instance)
            blocks.setdefault(without_keys(instance.address), resource)
    joined = 0
    for node in graph.nodes:
        found = exact.get(node.address) or blocks.get(without_keys(node.address))
        if found is not None and isinstance(node, PlanResource):
            node.join(found)
            joined += 1
    return joined


def plan_problems(name: str, plan: Plan) -> list[Problem]:
    """What the plan itself says is wrong or left open: an error, failed checks, deferred changes."""
    problems = []
    if plan.errored:
        help_ = "Correct the error that terraform plan shows, and plan again."
        detail = "Terraform stopped with an error: resources may be missing."
        problems.append(Problem(name, 0, 0, "The plan is not complete", detail, help=help_))
    if plan.deferred_changes:
        detail = f"{len(plan.deferred_changes)} resource changes are deferred and were not judged."
        problems.append(Problem(name, 0, 0, "The plan defers changes", detail, "warning"))
    for check in plan.checks or ():
        if check.status not in ("fail", "error"):
            continue
        instances = [found for found in check.instances or () if found.status in ("fail", "error")]
        for instance in instances:
            messages = "; ".join(problem.message for problem in instance.problems or ())
            place = instance.address.to_display or check.address.to_display
            problems.append(Problem(name, 0, 0, f"Check failed: {place}", messages, "warning"))
        if not instances:
            problems.append(Problem(name, 0, 0, f"Check failed: {check.address.to_display}", "", "warning"))
    return problems


def _records(plan: Plan) -> Iterator[ResourceChange | StateResource]:
    """One for each resource that will be there: its change, else what is planned or was read."""
    seen = set()
    for change in plan.resource_changes or ():
        seen.add(change.address)
        if change.leaves_something():
            yield change
    planned = plan.planned_values.root_module if plan.planned_values is not None else None
    prior = plan.prior_state.values if plan.prior_state is not None else None
    read = prior.root_module if prior is not None else None
    for module, data_only in ((planned, False), (read, True)):
        for resource in module.all_resources() if module is not None else ():
            if resource.address not in seen and (resource.mode == "data" or not data_only):
                seen.add(resource.address)
                yield resource


def _add(
    graph: Graph,
    context: PlanContext,
    record: ResourceChange | StateResource,
    locate: Callable[[str], Location],
) -> None:
    kind = _KINDS.get(record.mode)
    if kind is None or not record.address:
        return
    path, rest = split_address(record.address)
    steps = steps_of(rest)
    names = [step for step in steps if isinstance(step, str)]
    if len(names) < 2:
        return
    key: Key = steps[-1].key if isinstance(steps[-1], Index) else None
    node = PlanResource(
        context,
        kind,
        record.type or names[-2],
        record.name or names[-1],
        record.index if isinstance(record.index, (int, str)) else key,
        record.address,
        path,
        (record.provider_name or names[-2].partition("_")[0]).rpartition("/")[2],
        _recorded(record),
        locate(record.address),
    )
    added: ResourceNode = node
    graph.add(added)
    context.add(node)


def _recorded(record: ResourceChange | StateResource) -> Recorded:
    if isinstance(record, StateResource):
        return Recorded(record.values, NO_TEXT, record.sensitive_values, whole=record.mode != "data", created=False)
    change = record.change
    created = "create" in change.actions or "read" in change.actions
    return Recorded(change.after, change.after_unknown, change.after_sensitive, whole=False, created=created)


def _locator(name: str, data: bytes) -> Callable[[str], Location]:
    """Where an address stands in the plan, if that is written in lines. Instances of a block share one line."""
    if data.count(b"\n", 0, -1) < 2:
        whole = Location(name)
        return lambda address: whole
    lines = _lines(data)
    places: dict[str, Location] = {}

    def locate(address: str) -> Location:
        block = without_keys(address)
        if block not in places:
            line = lines.get(address, 0)
            places[block] = Location(name, line, 1, line, 1) if line else Location(name)
        return places[block]

    return locate


def _lines(data: bytes) -> dict[str, int]:
    """The line of every address among the resource changes, or if there are none anywhere."""
    start = _CHANGES.search(data)
    breaks = [match.start() for match in re.finditer(rb"\n", data)]
    found: dict[str, int] = {}
    for match in _ADDRESS.finditer(data, start.end() if start is not None else 0):
        address = match.group(1).decode("utf-8", "replace").replace('\\"', '"')
        found.setdefault(address, bisect_left(breaks, match.start()) + 1)
    return found
