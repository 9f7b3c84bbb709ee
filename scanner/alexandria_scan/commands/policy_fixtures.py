"""Tests of policies: Terraform files whose comments say what must be found, for the built-in policies and a user's.

`fixtures/<id>/*.tf` are roots of one file each; `fixtures/<id>/<name>/` are folders, for policies that judge a folder.
A comment `# expect: fail` (unknown, not_applicable, pass) stands on the line where the result must be. A file or folder
whose name begins with `pass` or `fail` must hold at least one such result.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from alexandria_scan.evaluate.declarations import declare, parse_file
from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.folders import classify, outlines
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.evaluate.module import Module
from alexandria_scan.graph.environment import environment_of, environment_of_resources
from alexandria_scan.graph.file_node import file_nodes
from alexandria_scan.graph.from_source import build
from alexandria_scan.graph.library import Libraries
from alexandria_scan.graph.library_nodes import graphs_of_libraries, nodes_of_folder
from alexandria_scan.graph.model import Graph
from alexandria_scan.patterns import pattern
from alexandria_scan.policy.defaults import Defaults
from alexandria_scan.policy.engine import Engine
from alexandria_scan.policy.environments import canonical
from alexandria_scan.policy.manifest import Policy
from alexandria_scan.policy.results import Result
from alexandria_scan.policy.run import Run
from alexandria_scan.source.folders import SourceTree

_COMMENTED = (".tf", ".tfvars", ".hcl", ".md", ".yaml", ".yml")
_EXPECT = pattern(r"(?:#|<!--)\s*expect:\s*(\w+)")
_VERDICTS = ("pass", "fail", "unknown", "not_applicable")


class Mismatch(msgspec.Struct, frozen=True):
    """Something that a fixture expects and the policy does not say, or the other way round."""

    policy: str
    place: str
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.policy}: {self.message}"


def check_policies(policies: list[Policy], fixtures: Path, defaults: Defaults) -> list[Mismatch]:
    """Runs every policy on its fixtures. A policy without fixtures and fixtures without a policy are mismatches."""
    found: list[Mismatch] = []
    known = {policy.id for policy in policies}
    folders = {path.name for path in fixtures.iterdir() if path.is_dir()} if fixtures.is_dir() else set()
    found += [
        Mismatch(id_, str(fixtures), "has no fixtures, such as pass.tf and fail.tf in a folder of its name")
        for id_ in sorted(known - folders)
    ]
    found += [Mismatch(id_, str(fixtures / id_), "there is no such policy") for id_ in sorted(folders - known)]
    for policy in policies:
        if policy.id in folders:
            found += check_policy(policy, fixtures / policy.id, defaults)
    return found


def check_policy(policy: Policy, folder: Path, defaults: Defaults) -> list[Mismatch]:
    """What the policy says on its fixtures that they do not expect."""
    found: list[Mismatch] = []
    verdicts: set[str] = set()
    engine = Engine([Run(policy)], defaults)
    for case in sorted(folder.iterdir()):
        if case.name.startswith(".") or not (case.is_dir() or case.name.endswith((".tf", ".tf.json"))):
            continue
        results, mismatches = judge_case(policy, case, engine)
        if any(mismatch.place == policy.file for mismatch in mismatches):
            return mismatches[:1]  # what it says elsewhere follows from that
        found += mismatches
        said = {result.verdict for result in results}
        verdicts |= said
        found += _compare(policy, case, results)
        for wanted in ("pass", "fail"):
            if case.name.startswith(wanted) and wanted not in said:
                found.append(Mismatch(policy.id, case.as_posix(), f"holds nothing that must {wanted}"))
    for wanted in ("pass", "fail"):
        if wanted not in verdicts:
            found.append(Mismatch(policy.id, folder.as_posix(), f"no fixture in which the policy must {wanted}"))
    return found


def judge_case(policy: Policy, case: Path, engine: Engine) -> tuple[list[Result], list[Mismatch]]:
    results: list[Result] = []
    mismatches: list[Mismatch] = []
    for evaluation, graph in _graphs(case):
        judged, problems = engine.judge(graph, lambda location: ())
        results += judged
        for problem in problems:
            message = f"could not be run on the block at {problem.file}:{problem.line}. {problem.detail}"
            mismatches.append(Mismatch(policy.id, policy.file, message))
        for problem in evaluation.problems.values():
            place = f"{problem.file}:{problem.line}"
            mismatches.append(Mismatch(policy.id, place, f"{problem.summary}: {problem.detail}"))
    return results, mismatches


def _graphs(case: Path) -> Iterator[tuple[Evaluation, Graph]]:
    boundary = case if case.is_dir() else case.parent
    evaluation = Evaluation(SourceTree(boundary), Options(GivenInputs(environment=False)))
    if case.is_dir():
        source = evaluation.source
        folders = classify(source, outlines(evaluation, source.module_folders(case)), case)
        libraries = Libraries(source, folders, case)
        for folder in folders:
            root = evaluation.root(folder.path)
            if root is not None:
                graph = _graph(root, folder.kind)
                for node in nodes_of_folder(evaluation, libraries, folder.opened(root.config)):
                    graph.add(node)
                yield evaluation, graph
        yield from ((evaluation, graph) for graph in graphs_of_libraries(libraries))
        return
    file = parse_file(evaluation.source.shown(case), case.read_bytes())
    config = declare(evaluation.source.shown(case.parent), [file])
    for problem in config.problems:
        evaluation.add(problem)
    graph = _graph(evaluation.root_with(config, case.parent, {}), "root")
    for node in file_nodes(config):
        graph.add(node)
    yield evaluation, graph


def _graph(root: Module, kind: str) -> Graph:
    graph = build(root, kind, canonical(environment_of(root)))
    if graph.environment is None:
        graph.environment = canonical(environment_of_resources(root, graph))
    return graph


def _compare(policy: Policy, case: Path, results: list[Result]) -> list[Mismatch]:
    expected = dict(_expectations(case))
    if case.is_dir() and not expected:
        return _compare_folder(policy, case, results)
    found = [
        Mismatch(policy.id, f"{file}:{line}", f"{wanted!r} is no verdict; it is one of {', '.join(_VERDICTS)}")
        for (file, line), wanted in expected.items()
        if wanted not in _VERDICTS
    ]
    expected = {place: wanted for place, wanted in expected.items() if wanted in _VERDICTS}
    met: set[tuple[str, int]] = set()
    for result in results:
        place = (result.location.file, result.location.line)
        wanted = expected.get(place)
        if wanted == result.verdict:
            met.add(place)
        elif result.verdict in ("fail", "unknown"):
            text = result.message or result.reason
            found.append(Mismatch(policy.id, f"{place[0]}:{place[1]}", f"{result.verdict} was not expected: {text}"))
    for place, wanted in expected.items():
        if place not in met:
            said = ", ".join(
                f"{result.verdict} {result.message or result.reason}".strip()
                for result in results
                if (result.location.file, result.location.line) == place
            )
            got = f"; the policy says {said}" if said else ""
            found.append(Mismatch(policy.id, f"{place[0]}:{place[1]}", f"{wanted} was expected here{got}"))
    return found


def _compare_folder(policy: Policy, case: Path, results: list[Result]) -> list[Mismatch]:
    """A folder without comments: its name says the verdict."""
    wanted = next(
        (name for name in ("not_applicable", "pass", "fail", "unknown") if case.name.startswith(name)), "pass"
    )
    bad = {"fail", "unknown"} - {wanted}
    return [
        Mismatch(
            policy.id,
            case.as_posix(),
            f"{result.verdict} was not expected: {result.message or result.reason}",
        )
        for result in results
        if result.verdict in bad or (wanted == "not_applicable" and result.verdict == "pass")
    ]


def _expectations(case: Path) -> Iterator[tuple[tuple[str, int], str]]:
    files = [path for path in sorted(case.rglob("*")) if path.name.endswith(_COMMENTED)] if case.is_dir() else [case]
    tree = SourceTree(case if case.is_dir() else case.parent)
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            match = _EXPECT.search(line)
            if match is not None:
                yield (tree.shown(file), number), match.group(1)
