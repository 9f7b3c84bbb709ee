"""Runs policies on a graph. A condition that meets an unknown is unknown by itself; a policy that fails to run is a
problem with its id, and the scan goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import Any

import msgspec

from alexandria_scan.evaluate.address import without_keys
from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.schema import is_hidden
from alexandria_scan.evaluate.types import BOOL
from alexandria_scan.evaluate.values import Reason, Unknown, Value, opened
from alexandria_scan.graph.model import Graph
from alexandria_scan.policy.deciding import Path, attribute_paths, deciding_path
from alexandria_scan.policy.defaults import Defaults
from alexandria_scan.policy.faults import ManifestFault, failed
from alexandria_scan.policy.manifest import Condition, Policy, Rule
from alexandria_scan.policy.message import message_text
from alexandria_scan.policy.python_policy import run_check
from alexandria_scan.policy.redact import redacted, redacted_origin
from alexandria_scan.policy.results import ExcerptLine, OriginStep, Result, VerdictName
from alexandria_scan.policy.scopes import NodeScope, Parameters, PolicyScope, Surroundings
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.tree import Location

Excerpt = Callable[[Location], tuple[ExcerptLine, ...]]


class Run(msgspec.Struct, frozen=True):
    """A policy as some controls want it: with other parameters, if they say so.

    `narrowed` holds the types of resources that a control is about, where that is not all that the policy judges. A run
    that is not `everywhere` judges only what one of its controls is about.
    """

    policy: Policy
    controls: tuple[str, ...] = ()
    overrides: dict[str, Any] = {}
    narrowed: dict[str, tuple[str, ...]] = {}
    everywhere: bool = True

    def controls_on(self, type_: str) -> tuple[str, ...]:
        if not self.narrowed:
            return self.controls
        return tuple(control for control in self.controls if type_ in self.narrowed.get(control, (type_,)))

    def judges(self, type_: str) -> bool:
        return self.everywhere or bool(self.controls_on(type_))

    def covers(self, other: Run) -> bool:
        """Whether it says of everything what the other one says."""
        if (self.policy.id, self.overrides) != (other.policy.id, other.overrides):
            return False
        types = {one for types in self.narrowed.values() for one in types}
        theirs = {one for types in other.narrowed.values() for one in types}
        return self.everywhere or (not other.everywhere and theirs <= types)

    def parameters(self, environment: str | None) -> dict[str, Any]:
        values = {parameter.name: parameter.value(environment) for parameter in self.policy.parameters}
        return {**values, **self.overrides}


class Decision(msgspec.Struct, frozen=True):
    """What a policy says about one node. `path` leads to what decided, below the node."""

    verdict: VerdictName
    message: str = ""
    path: Path | None = None
    reasons: tuple[Reason, ...] = ()
    place: Location | None = None


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
        found = _Found(graph, excerpt)
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
        said = None if type(value) is Unknown else False
        path = rule.attribute or deciding_path(rule.condition.node, scope, _set_names(node), said)
        if value is False:
            message = message_text(rule.message.node, scope, node.node) + _default_note(node, path)
            return Decision("fail", message, path)
        unknown = unknown or Decision("unknown", path=path, reasons=value.reasons)
    return unknown or _PASS


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


class _Found:
    """The results on a graph. Those of instances that share a cause are one; of what has no instances nothing is kept
    to find it by, for there are many of them in a large plan."""

    def __init__(self, graph: Graph, excerpt: Excerpt) -> None:
        self._graph = graph
        self._excerpt = excerpt
        self._results: list[Result] = []
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._addresses: dict[int, list[str]] = {}

    def add(self, run: Run, node: Any, decision: Decision, parameters: dict[str, Any]) -> None:
        location = _location(node, decision)
        if node.kind not in ("resource", "data") or "[" in node.address:
            key = (
                id(run), decision.verdict, location, decision.message, tuple(map(str, decision.reasons)), node.module,
                without_keys(node.address),
            )  # fmt: skip
            number = self._numbers.setdefault(key, len(self._results))
            if number < len(self._results):
                self._addresses.setdefault(number, []).append(node.address)
                return
        self._results.append(_result(run, node, decision, location, parameters, self._graph, self._excerpt))

    def results(self) -> list[Result]:
        for number, others in self._addresses.items():
            first = self._results[number]
            self._results[number] = msgspec.structs.replace(first, addresses=(*first.addresses, *others))
        return self._results


def _location(node: Any, decision: Decision) -> Location:
    location: Location = node.location
    if decision.place is not None:
        location = decision.place
    elif decision.path is not None and decision.verdict in ("fail", "unknown"):
        location = node.place(decision.path)
    return location


def _result(
    run: Run,
    node: Any,
    decision: Decision,
    location: Location,
    parameters: dict[str, Any],
    graph: Graph,
    excerpt: Excerpt,
) -> Result:
    policy = run.policy
    plain = Result(
        policy.id, policy.title, policy.severity, decision.verdict, node.address, (node.address,),
        graph.root, node.module, location, environment=graph.environment, parameters=parameters,
        controls=run.controls_on(node.type),
    )  # fmt: skip
    shown = decision.verdict in ("fail", "unknown")
    if not (shown or decision.message or decision.reasons):
        return plain
    origin: tuple[OriginStep, ...] = ()
    secret = policy.secret
    if shown and decision.path is not None:
        secret = secret or is_hidden(node.kind, node.type, decision.path)
        origin = tuple(
            OriginStep(place.file, place.line, redacted_origin(place.text, place.line, secret))
            for place in node.origin(decision.path)
        )
    return msgspec.structs.replace(
        plain,
        message=redacted(decision.message, source=False),
        reason="; ".join(str(reason) for reason in decision.reasons),
        decide="; ".join(dict.fromkeys(reason.decide for reason in decision.reasons if reason.decide)),
        origin=origin,
        excerpt=tuple(
            ExcerptLine(line.line, redacted(line.text, secret), line.marked)
            for line in (excerpt(location) if shown and _is_a_line(node, location) else ())
        ),
        needs=tuple(dict.fromkeys(reason.subject for reason in decision.reasons if reason.kind == "input")),
        attribute=_written(decision.path) if shown and decision.path is not None else "",
    )


def _is_a_line(node: Any, location: Location) -> bool:
    """Whether a line is to blame: not where a whole folder or file is."""
    whole = location.line == location.end_line and location.column == location.end_column == 1
    if node.kind in ("metadata", "metadata_fault", "library"):
        return not whole
    return node.kind not in ("module", "file") or location != node.location


def _written(path: Path) -> str:
    """A path as Terraform writes it: `ingress[0].cidr_blocks`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
