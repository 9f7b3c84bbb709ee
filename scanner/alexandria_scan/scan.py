"""One scan: from paths through every room to the result that reports are made of."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

from alexandria_scan import __version__, bundled
from alexandria_scan.compliance.result import (
    PolicyInfo,
    Scanned,
    ScannedModule,
    ScanResult,
    StandardScore,
    Summary,
    Tool,
)
from alexandria_scan.compliance.score import score
from alexandria_scan.compliance.standards import Standard, load_standards, runs_for
from alexandria_scan.compliance.verdict import summarize
from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.evaluation import Options as EvaluationOptions
from alexandria_scan.evaluate.folders import ModuleFolder, classify
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.evaluate.suppose import anything, candidates
from alexandria_scan.evaluate.values import Value
from alexandria_scan.graph.environment import environment_of
from alexandria_scan.graph.from_source import build, modules
from alexandria_scan.graph.model import Graph
from alexandria_scan.graph.module_folder import folder_node
from alexandria_scan.policy.defaults import load_defaults
from alexandria_scan.policy.engine import Engine
from alexandria_scan.policy.environments import canonical
from alexandria_scan.policy.excerpt import excerpts
from alexandria_scan.policy.load import load_policies
from alexandria_scan.policy.manifest import Policy
from alexandria_scan.policy.posture import Candidates, with_posture
from alexandria_scan.policy.results import Result
from alexandria_scan.source.folders import CONFIG_SUFFIXES, SourceTree, boundary_of
from alexandria_scan.source.problems import Problem

Progress = Callable[[str, int, int], None]


class UsageError(ValueError):
    """The scan was asked for something that cannot be done. `help` is the way out."""

    def __init__(self, message: str, help_: str = "") -> None:
        super().__init__(message)
        self.help = help_


@dataclass(frozen=True, slots=True)
class Options:
    """What to scan and how. `policies` are folders of a user's own; `inputs` what --var and --var-file say."""

    paths: tuple[str, ...] = (".",)
    standards: tuple[str, ...] = ()
    policies: tuple[Path, ...] = ()
    only: tuple[str, ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    environment: str | None = None
    workspace: str = "default"
    fail_on: str = "low"
    allow_incomplete: bool = False
    python_policies: bool = True
    source: str | None = None
    posture: bool = False


@dataclass(slots=True)
class Catalogue:
    """Policies and standards that are in force."""

    policies: list[Policy]
    standards: list[Standard]
    engine: Engine


@dataclass(slots=True)
class _Found:
    results: list[Result] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    modules: list[ScannedModule] = field(default_factory=list)
    plans: list[str] = field(default_factory=list)
    files: set[Path] = field(default_factory=set)
    resources: int = 0


def load_catalogue(options: Options) -> Catalogue:
    """Everything that can be run, cut down to what was asked for. Raises PolicyError and UsageError."""
    folders = [bundled.folder("policies"), *options.policies]
    policies: dict[str, Policy] = {}
    for index, folder in enumerate(folders):
        shown = "policies" if index == 0 else folder.as_posix()
        for policy in load_policies(folder, shown, options.python_policies, check=index > 0):
            policies[policy.id] = policy
    if not policies:
        raise UsageError("There is no policy to run.", "Check the folders given with --policies.")
    standards = _chosen(load_standards(folders, policies.values()), options.standards)
    wanted = _chosen_policies(policies, options.only)
    runs = runs_for(wanted, standards, only_controls=bool(options.standards))
    return Catalogue(wanted, standards, Engine(runs, load_defaults(folders)))


def _chosen(standards: list[Standard], names: tuple[str, ...]) -> list[Standard]:
    if not names:
        return [standard for standard in standards if standard.default]
    found = []
    for name in names:
        matches = [standard for standard in standards if name in (standard.name, standard.id)]
        if not matches:
            known = ", ".join(standard.id for standard in standards)
            raise UsageError(f"There is no standard {name!r}.", f"Known standards: {known}.")
        found += matches
    return found


def _chosen_policies(policies: dict[str, Policy], only: tuple[str, ...]) -> list[Policy]:
    for id_ in only:
        if id_ not in policies:
            import difflib

            close = difflib.get_close_matches(id_, policies, 1)
            hint = f"Did you mean {close[0]}?" if close else "alexandria-scan policies list shows all of them."
            raise UsageError(f"There is no policy {id_!r}.", hint)
    return [policy for id_, policy in sorted(policies.items()) if not only or id_ in only]


def scan(options: Options, progress: Progress | None = None) -> ScanResult:
    """Scans the paths. Raises UsageError and PolicyError; everything else is in the result."""
    catalogue = load_catalogue(options)
    found = _Found()
    for text in options.paths:
        _scan_path(text, options, catalogue, found, progress)
    if not found.modules and not found.plans:
        raise UsageError(
            f"There is no Terraform configuration in {', '.join(options.paths)}.",
            "Give a folder with .tf files, or a plan made by terraform show -json.",
        )
    results = tuple(sorted(found.results, key=_result_order))
    problems = tuple(sorted(set(found.problems)))
    standards: tuple[StandardScore, ...] = tuple(score(standard, results) for standard in catalogue.standards)
    summary: Summary = summarize(results, problems, options.fail_on, options.allow_incomplete)
    return ScanResult(
        tool=Tool("alexandria-scan", __version__),
        scanned=Scanned(
            tuple(module.path for module in found.modules),
            len(found.files),
            found.resources,
            tuple(found.plans),
            tuple(found.modules),
        ),
        results=results,
        problems=problems,
        standards=standards,
        summary=summary,
        policies={policy.id: _info(policy) for policy in catalogue.policies},
    )


def _result_order(result: Result) -> tuple[object, ...]:
    place = result.location
    return (
        result.module, place.file, place.line, place.column, result.policy, result.root, result.address,
        result.verdict, result.message, str(result.parameters),
    )  # fmt: skip


def _info(policy: Policy) -> PolicyInfo:
    return PolicyInfo(
        policy.title,
        policy.severity,
        policy.target,
        policy.why,
        policy.fix,
        policy.references,
        policy.equivalents,
    )


def _scan_path(text: str, options: Options, catalogue: Catalogue, found: _Found, progress: Progress | None) -> None:
    if text == "-":
        _scan_plan("<stdin>", sys.stdin.buffer.read(), options, catalogue, found)
        return
    path = Path(text).absolute()
    if not path.exists():
        raise UsageError(f"{text} does not exist.", "Give a folder with .tf files, or a plan in JSON.")
    if path.is_dir():
        _scan_tree(path, options, catalogue, found, progress)
    elif path.name.endswith(CONFIG_SUFFIXES):
        _scan_tree(path.parent, options, catalogue, found, progress)
    elif path.suffix == ".json":
        _scan_plan(text, path.read_bytes(), options, catalogue, found)
    else:
        raise UsageError(
            f"{text} is neither a folder, nor Terraform source, nor a plan in JSON.",
            "Turn a plan file into JSON with: terraform show -json PLANFILE > plan.json",
        )


def _scan_tree(top: Path, options: Options, catalogue: Catalogue, found: _Found, progress: Progress | None) -> None:
    source = SourceTree(boundary_of(top))
    evaluation = Evaluation(source, EvaluationOptions(GivenInputs(options.inputs), options.workspace))
    library = EvaluationOptions(GivenInputs(options.inputs, environment=False), options.workspace)
    folders = classify(evaluation, source.module_folders(top), top)
    excerpt = excerpts(evaluation.texts)
    for number, folder in enumerate(folders):
        if progress is not None:
            progress(folder.config.folder, number, len(folders))
        evaluation.options = library if folder.kind == "library" else evaluation.options
        graph = _graph(evaluation, folder, options)
        if graph is None:
            continue
        results, problems = catalogue.engine.judge(graph, excerpt)
        if options.posture and folder.kind in ("library", "submodule"):
            results = _with_posture(results, evaluation, folder, catalogue)
        found.results += results
        found.problems += problems
        count = sum(1 for node in graph.nodes if node.kind == "resource")
        found.resources += count
        found.modules.append(_scanned(folder, source, count))
    found.files |= source.read_files
    found.problems += evaluation.problems.values()


def _with_posture(
    results: list[Result], evaluation: Evaluation, folder: ModuleFolder, catalogue: Catalogue
) -> list[Result]:
    """The results on a library module with what its callers can get."""
    plain = Evaluation(evaluation.source, evaluation.options)  # its problems are those of values nobody passed
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
    return with_posture(results, judge, lambda name: Candidates(*candidates(module, name)), on_resources)


def _scanned(folder: ModuleFolder, source: SourceTree, resources: int) -> ScannedModule:
    calls = tuple(source.shown(path) for path in folder.calls)
    return ScannedModule(folder.config.folder, folder.kind, len(folder.config.files), resources, calls)


def _graph(evaluation: Evaluation, folder: ModuleFolder, options: Options) -> Graph | None:
    root = evaluation.root(folder.path)
    if root is None:
        return None
    for module in modules(root):
        module.check_variables()
    environment = canonical(options.environment or environment_of(root))
    graph = build(root, folder.kind, environment)
    graph.add(folder_node(evaluation, folder))
    evaluation.add_syntax_problems()
    return graph


def _scan_plan(name: str, data: bytes, options: Options, catalogue: Catalogue, found: _Found) -> None:
    from alexandria_scan.graph.from_plan import read_plan  # most scans read no plan

    try:
        graph = read_plan(name, data, canonical(options.environment))
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from None
    results, problems = catalogue.engine.judge(graph, lambda location: ())
    found.results += results
    found.problems += problems
    found.resources += sum(1 for node in graph.nodes if node.kind == "resource")
    found.plans.append(name)


def policy_list(options: Options) -> Iterable[tuple[Policy, tuple[str, ...]]]:
    """Every policy with the controls that it proves, over all standards."""
    folders = [bundled.folder("policies"), *options.policies]
    policies = [policy for folder in folders for policy in load_policies(folder, folder.name)]
    controls: dict[str, list[str]] = {}
    for standard in load_standards(folders, policies):
        for control in standard.controls:
            for proof in control.proofs:
                controls.setdefault(proof.policy, []).append(f"{standard.id}/{control.id}")
    return [(policy, tuple(controls.get(policy.id, ()))) for policy in policies]
