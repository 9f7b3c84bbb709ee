"""The scan of one module folder: whatever it comes to follows from what is read, from its settings, and from nothing
that another folder left behind, so that it may be kept, or be found out elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from alexandria_scan.acceptance import comments_of, without_excluded
from alexandria_scan.catalogue import Catalogue
from alexandria_scan.config import Config, EnvironmentConfig
from alexandria_scan.evaluate.any_workspace import forgive_default_workspace
from alexandria_scan.evaluate.checks import check
from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.evaluation import Options as EvaluationOptions
from alexandria_scan.evaluate.folders import FoundFolder, ModuleFolder
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.evaluate.parsed_files import ParsedFiles
from alexandria_scan.evaluate.values import Value
from alexandria_scan.graph.block_references import SHOWN, block_references
from alexandria_scan.graph.environment import environment_of, environment_of_resources
from alexandria_scan.graph.from_source import build
from alexandria_scan.graph.library import Libraries
from alexandria_scan.graph.library_nodes import nodes_of_folder
from alexandria_scan.graph.model import Graph
from alexandria_scan.graph.module_facts import ModuleFacts, module_facts
from alexandria_scan.outcome import Outcome
from alexandria_scan.policy.environments import canonical
from alexandria_scan.policy.excerpt import excerpts
from alexandria_scan.policy.redact import redacted, redacted_problem
from alexandria_scan.policy.results import Result
from alexandria_scan.source.disk import FILE, Disk
from alexandria_scan.source.exclusion import Exclusion
from alexandria_scan.source.folders import CONFIG_SUFFIXES, FORMATTED_SUFFIXES, VARIABLE_SUFFIXES, SourceTree
from alexandria_scan.source.problems import Problem

REUSED = ("library", "submodule")
_HALF = frozenset(["resource", "data", "variable", "output", "local"])  # take about as long as all the rest of a scan


class Part(msgspec.Struct, frozen=True):
    """What of a folder is scanned: the kinds of nodes that it `judges`; whether it `checks` all expressions; whether it
    takes down the `facts` of the module."""

    judges: Callable[[str], bool]
    checks: bool
    facts: bool


WHOLE = Part(lambda kind: True, checks=True, facts=True)
HALVES = (
    Part(lambda kind: kind not in _HALF, checks=True, facts=False),
    Part(lambda kind: kind in _HALF, checks=False, facts=True),
)
"""Two processes take one each, the first of them the one that has less to send back; `joined` makes one outcome of
both."""


class Settings(msgspec.Struct, frozen=True):
    """What a scan of a module depends on beside the files and the policies. `inputs` are what --var and --var-file
    say."""

    config: Config
    inputs: tuple[tuple[str, str], ...] = ()
    environment: str | None = None
    workspace: str | None = None
    posture: bool = False


def scan_module(
    tree: SourceTree,
    libraries: Libraries,
    found: FoundFolder,
    settings: Settings,
    catalogue: Catalogue,
    excluded: Exclusion | None,
    parsed: ParsedFiles | None = None,
    part: Part = WHOLE,
) -> Outcome:
    """Evaluates a folder and runs the policies on it. `parsed` holds files that were parsed before."""
    source = SourceTree(tree.boundary, tree.disk)
    evaluation = Evaluation(source, parsed=parsed)
    evaluation.texts |= libraries.texts_about(found.path)
    config = evaluation.config(found.path)
    if config is None:  # it went while it was scanned
        return Outcome(problems=[shown(problem, evaluation) for problem in evaluation.problems.values()], whole=False)
    folder = found.opened(config)
    folder = msgspec.structs.replace(folder, kind=_kind(source.disk, folder, settings))
    for called in libraries.parts(found.path):
        evaluation.config(called)  # what it calls is judged as the module's
    excerpt = excerpts(evaluation.texts, evaluation.secret_lines)
    outcome, types = Outcome(), set[str]()
    for graph in _graphs(evaluation, libraries, folder, settings, part.checks):
        results, failures = catalogue.engine.judge(graph, excerpt, part.judges)
        if settings.posture and folder.kind in REUSED:
            results = _with_posture(results, evaluation, folder, catalogue)
        outcome.results += without_excluded(results, excluded)
        outcome.failures += failures
        resources = [node for node in graph.nodes if node.kind == "resource"]
        if len(resources) >= outcome.resources:
            outcome.resources = len(resources)
            outcome.uncounted = sum(1 for node in resources if node.symbolic)
        types |= {type_ for kind, type_ in graph.targets() if kind == "resource"}
    if part.facts:
        blocks, edges = block_references(folder.config)
        outcome.blocks, outcome.edges = blocks[:SHOWN], edges[:SHOWN]
        outcome.facts = _without_secrets(module_facts(evaluation, libraries, folder, types))
        outcome.comments = comments_of(evaluation)
    evaluation.add_syntax_problems()
    outcome.problems = [shown(problem, evaluation) for problem in evaluation.problems.values()]
    outcome.offered = dict(evaluation.offered)
    outcome.files = sorted(map(str, terraform_files(source)))
    outcome.whole = not evaluation.limited
    evaluation.release()
    return outcome


def terraform_files(source: SourceTree) -> set[Path]:
    """The files that were read of those that Terraform reads."""
    suffixes = (*CONFIG_SUFFIXES, *VARIABLE_SUFFIXES, *FORMATTED_SUFFIXES)
    return {path for path in source.read_files if path.name.endswith(suffixes)}


def shown(problem: Problem, evaluation: Evaluation) -> Problem:
    """The problem without secrets of the source line that it is about."""
    text = evaluation.texts.get(problem.file)
    known = text is not None and 0 < problem.line <= text.line_count()
    secret = problem.line in evaluation.secret_lines.get(problem.file, ())
    return redacted_problem(problem, text.line(problem.line) if text is not None and known else "", secret)


def _without_secrets(facts: ModuleFacts | None) -> ModuleFacts | None:
    """The facts with the secrets hidden that the README, the CHANGELOG and the metadata may show."""
    if facts is None:
        return None
    changed = msgspec.structs.replace
    return changed(
        facts,
        name=_hidden(facts.name),
        readme=_redacted_lines(facts.readme),
        releases=tuple(changed(one, text=_redacted_lines(one.text)) for one in facts.releases),
        stated={path: changed(one, value=_hidden(one.value)) for path, one in facts.stated.items()},
        claims=tuple(changed(one, value=_hidden(one.value)) for one in facts.claims),
    )


def _redacted_lines(text: str) -> str:
    return "".join(map(redacted, text.splitlines(keepends=True)))


def _hidden(value: Value) -> Value:
    """A value of the metadata without what looks like a secret."""
    if isinstance(value, str):
        return redacted(value, source=False)
    if isinstance(value, tuple):
        return tuple(map(_hidden, value))
    return {name: _hidden(one) for name, one in value.items()} if isinstance(value, dict) else value


def _graphs(
    evaluation: Evaluation, libraries: Libraries, folder: ModuleFolder, settings: Settings, checked: bool
) -> Iterator[Graph]:
    """The folder evaluated: once, or a root once for each environment that the configuration file has for it. Where it
    is `checked`, everything in it is."""
    disk = evaluation.source.disk
    environments = [
        environment
        for environment in settings.config.environments
        if folder.kind == "root" and settings.environment in (None, environment.name)
    ]
    matching = [environment for environment in environments if _is_for(disk, folder, environment, settings)]
    if not matching:
        evaluation.lenient = folder.kind in REUSED
        given = GivenInputs(settings.inputs, environment=not evaluation.lenient)
        evaluation.options = EvaluationOptions(given, settings.workspace)
        yield from _graph(evaluation, libraries, folder, settings.environment, checked)
    evaluation.lenient = False
    for environment in matching:
        files = tuple(("file", str(path)) for path in _var_files(disk, folder, environment, settings))
        values = tuple(("var", f"{name}={value}") for name, value in environment.vars)
        given = GivenInputs((*files, *values, *settings.inputs))
        evaluation.options = EvaluationOptions(given, environment.workspace or settings.workspace)
        yield from _graph(evaluation, libraries, folder, environment.name, checked)


def _kind(disk: Disk, folder: ModuleFolder, settings: Settings) -> str:
    """The folder's kind: what has the variable files of an environment in it is a root, however it looks otherwise."""
    environments = [environment for environment in settings.config.environments if environment.var_files]
    given = any(
        all(disk.kind(folder.path / name) == FILE for name in environment.var_files) for environment in environments
    )
    return "root" if folder.kind == "library" and not folder.called and given else folder.kind


def _is_for(disk: Disk, folder: ModuleFolder, environment: EnvironmentConfig, settings: Settings) -> bool:
    """Whether a root has this environment: it has all the variable files that the environment names."""
    return len(_var_files(disk, folder, environment, settings)) == len(environment.var_files)


def _var_files(disk: Disk, folder: ModuleFolder, environment: EnvironmentConfig, settings: Settings) -> list[Path]:
    bases = [folder.path] + ([settings.config.file.parent] if settings.config.file is not None else [])
    found = []
    for name in environment.var_files:
        path = next((base / name for base in bases if disk.kind(base / name) == FILE), None)
        if path is not None:
            found.append(path)
    return found


def _graph(
    evaluation: Evaluation, libraries: Libraries, folder: ModuleFolder, environment: str | None, checked: bool
) -> Iterator[Graph]:
    root = evaluation.root(folder.path)
    if root is None:
        return
    known = list(evaluation.problems)
    if checked:
        check(root)
    files = evaluation.source.folder(folder.path).variable_files
    graph = build(root, folder.kind, canonical(environment or environment_of(root, files)))
    if graph.environment is None:
        graph.environment = canonical(environment_of_resources(root, graph))
    for node in nodes_of_folder(evaluation, libraries, folder):
        graph.add(node)
    evaluation.add_syntax_problems()
    yield graph
    if not evaluation.lenient:
        forgive_default_workspace(evaluation, folder.path, known)


def _with_posture(
    results: list[Result], evaluation: Evaluation, folder: ModuleFolder, catalogue: Catalogue
) -> list[Result]:
    """The results on a library module with what its callers can get."""
    from alexandria_scan.evaluate.suppose import anything, candidates  # most scans do not ask
    from alexandria_scan.policy.posture import Candidates, with_posture

    # the problems of this one are those of values nobody passed
    plain = Evaluation(evaluation.source, evaluation.options, evaluation.parsed)
    config = plain.config(folder.path)
    assert config is not None
    module = plain.root_with(config, folder.path, {})
    unknown = anything(module)

    def judge(supposed: dict[str, Value]) -> list[Result]:
        graph = build(plain.root_with(config, folder.path, {}, {**unknown, **supposed}), folder.kind, None)
        return catalogue.engine.judge(graph, lambda location: ())[0]

    on_resources = frozenset(
        policy.id for policy in catalogue.policies if all(kind == "resource" for kind, _ in policy.targets)
    )
    found = with_posture(results, judge, lambda name, asked: Candidates(*candidates(module, name, asked)), on_resources)
    plain.release()
    return found
