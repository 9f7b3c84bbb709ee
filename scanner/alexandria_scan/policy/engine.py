"""Runs policies on a graph. A condition that meets an unknown is unknown by itself; a policy that fails to run is a
problem with its id, and the scan goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import Any

from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.types import BOOL
from alexandria_scan.evaluate.values import Reason, Unknown, Value, opened
from alexandria_scan.graph.model import Graph
from alexandria_scan.policy.deciding import Path, attribute_paths, deciding_path
from alexandria_scan.policy.defaults import Defaults
from alexandria_scan.policy.excerpt import Excerpt
from alexandria_scan.policy.faults import ManifestFault, failed
from alexandria_scan.policy.found import Decision, Found
from alexandria_scan.policy.manifest import Condition, Policy, Rule
from alexandria_scan.policy.message import message_text
from alexandria_scan.policy.python_policy import run_check
from alexandria_scan.policy.results import Result
from alexandria_scan.policy.run import Run
from alexandria_scan.policy.scopes import NodeScope, Parameters, PolicyScope, Surroundings
from alexandria_scan.source.problems import Problem

_PASS = Decision("pass")
_NOT_APPLICABLE = Decision("not_applicable")


class Engine:
    """Policies indexed by what they judge."""

    def __init__(self, runs: Iterable[Run], defaults: Defaults) -> None:
        self.runs = list(runs)
        self.defaults = defaults
        self._by_target: dict[tuple[str, str], list[Run]] = {}
        self._exact: dict[tuple[str, str], list[int]] = {}
        self._globs: dict[str, list[tuple[str, int]]] = {}
        for number, run in enumerate(self.runs):
            for kind, pattern in run.policy.targets:
                if set("*?[") & set(pattern):
                    self._globs.setdefault(kind, []).append((pattern, number))
                else:
                    self._exact.setdefault((kind, pattern), []).append(number)

    def judge(
        self, graph: Graph, excerpt: Excerpt, judged: Callable[[str], bool] = lambda kind: True
    ) -> tuple[list[Result], list[Problem]]:
        """Every result on the nodes whose kind is `judged`, instances with one cause together, and the policies that
        failed to run."""
        found = Found(graph, excerpt)
        problems: list[Problem] = []
        surroundings = Surroundings(graph, self.defaults)
        given: dict[int, Given] = {}
        for node in graph.nodes:
            runs = self._runs(node.kind, node.type)
            if not runs or not judged(node.kind):
                continue
            scope = NodeScope(surroundings, node)
            for run in runs:
                parameters = given.get(id(run))
                if parameters is None:
                    parameters = given[id(run)] = Given(run.parameters(graph.environment))
                try:
                    decision = decide(run.policy, scope, parameters)
                except (Exception, SystemExit) as error:
                    problems.append(failed(run.policy, node, error))
                    continue
                found.add(run, node, decision, parameters.plain)
            scope.close()
        return found.results(), problems

    def _runs(self, kind: str, type_: str) -> list[Run]:
        key = (kind, type_)
        if key not in self._by_target:
            matching = {number for glob, number in self._globs.get(kind, ()) if glob == "*" or fnmatchcase(type_, glob)}
            found = [self.runs[number] for number in sorted(matching.union(self._exact.get(key, ())))]
            self._by_target[key] = [run for run in found if run.judges(type_)]
        return self._by_target[key]


class Given:
    """The parameters of a policy as the manifest has them, and as a condition sees them."""

    __slots__ = ("plain", "values")

    def __init__(self, plain: dict[str, Any]) -> None:
        self.plain = plain
        self.values = Parameters({name: _value(value) for name, value in plain.items()})


def decide(policy: Policy, node: NodeScope, parameters: Given) -> Decision:
    """One policy on one node. Raises ManifestFault, or what its code raises, where the policy itself is at fault."""
    scope = PolicyScope(node, parameters.values)
    applies: Value = True
    if policy.filter is not None:
        applies = _truth(policy.filter, scope, node, "filter")
        if applies is False:
            return _NOT_APPLICABLE
    if policy.python is not None:
        said = run_check(policy.python.check, node, parameters.plain)
        decision = Decision(said.verdict, said.message, said.path, said.reasons, said.place)
    else:
        decision = _enforce(policy.rules, scope, node)
    if type(applies) is Unknown and decision.verdict != "pass":
        paths = list(attribute_paths(policy.filter.node)) if policy.filter is not None else []
        return Decision("unknown", reasons=applies.reasons, path=paths[0] if paths else None)
    return decision


def _enforce(rules: tuple[Rule, ...], scope: PolicyScope, node: NodeScope) -> Decision:
    unknown: Decision | None = None
    for index, rule in enumerate(rules):
        value = _truth(rule.condition, scope, node, "enforce", index, "condition")
        if value is True:
            continue
        path = _path(rule, scope, node, None if type(value) is Unknown else False)
        if value is False:
            message = message_text(rule.message.node, scope, node.node) + _default_note(node, path)
            return Decision("fail", message, path)
        unknown = unknown or Decision("unknown", path=path, reasons=value.reasons)
    return unknown or _PASS


def _path(rule: Rule, scope: PolicyScope, node: NodeScope, said: bool | None) -> Path | None:
    """What decided: the attribute that the rule names, and of several such blocks the one."""
    found = deciding_path(rule.condition.node, scope, _set_names(node), said)
    named = rule.attribute
    if named is None or found is None:
        return named or found
    below = found[: len(named) + 1]
    return below if below[:-1] == named and isinstance(below[-1], int) else named


def _set_names(node: NodeScope) -> frozenset[str]:
    return frozenset(node.node.attribute_names())


def _truth(condition: Condition, scope: PolicyScope, node: NodeScope, *place: str | int) -> Value:
    """The value of the condition at a `place` of the manifest: True, False or Unknown. Raises ManifestFault where the
    policy itself is at fault."""
    try:
        bare, _ = opened(condition.compiled(scope))
    except EvalError as error:
        missing = _missing(condition, node)
        if missing is None:
            raise ManifestFault(error.detail or error.summary, place) from error
        return missing
    if bare is None:
        raise ManifestFault("the condition is null; a policy must say true or false", place)
    try:
        return convert(bare, BOOL)
    except ConversionError as error:
        raise ManifestFault(f"the condition is not true or false: {error.message}", place) from None


def _missing(condition: Condition, node: NodeScope) -> Unknown | None:
    """Unknown, if the condition could not be computed because an argument that it needs is null."""
    for path in attribute_paths(condition.node):
        if len(path) == 1 and node.attrs.attribute(str(path[0])) is None:
            reason = Reason(f"{node.node.address}.{path[0]}", "is not set", f"set {path[0]}")
            return Unknown(BOOL, (reason,), True)
    return None


def _default_note(node: NodeScope, path: Path | None) -> str:
    """Says so where the finding rests on a default."""
    if path is None or not node.is_default(str(path[0])):
        return ""
    return f" ({path[0]} is not set; this is its default)" if len(path) == 1 else ""


def _value(value: Any) -> Value:
    if isinstance(value, list):
        return tuple(map(_value, value))
    if isinstance(value, dict):
        return {str(key): _value(item) for key, item in value.items()}
    return Fraction(str(value)) if isinstance(value, float) else value
