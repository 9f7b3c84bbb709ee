"""What policies decided as results: with place, origin, excerpt, without secrets, one for all that have one cause."""

from __future__ import annotations

from typing import Any

import msgspec

from alexandria_scan.evaluate.address import without_keys
from alexandria_scan.evaluate.schema import is_hidden
from alexandria_scan.evaluate.values import Reason
from alexandria_scan.graph.model import Graph
from alexandria_scan.policy.deciding import Path
from alexandria_scan.policy.excerpt import Excerpt
from alexandria_scan.policy.redact import redacted, redacted_origin
from alexandria_scan.policy.results import ExcerptLine, OriginStep, Result, VerdictName
from alexandria_scan.policy.run import Run
from alexandria_scan.syntax.tree import Location


class Decision(msgspec.Struct, frozen=True):
    """What a policy says about one node. `path` leads to what decided, below the node."""

    verdict: VerdictName
    message: str = ""
    path: Path | None = None
    reasons: tuple[Reason, ...] = ()
    place: Location | None = None


class Found:
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
