"""One scan: from paths through every room to the result that reports are made of."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from alexandria_scan import __version__
from alexandria_scan.acceptance import AcceptanceOptions, Comments, against_baseline, comments_of, waived
from alexandria_scan.catalogue import Catalogue, Selection, load_catalogue
from alexandria_scan.compliance.evidence import Evidence, evidence
from alexandria_scan.compliance.maturity_claim import all_claims
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
from alexandria_scan.compliance.verdict import summarize
from alexandria_scan.config import Config
from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.evaluation import Options as EvaluationOptions
from alexandria_scan.evaluate.folders import FoundFolder
from alexandria_scan.evaluate.inputs import GivenInputs, GivenValue, undeclared_inputs
from alexandria_scan.evaluate.module import Module
from alexandria_scan.graph.environment import environment_in_resources, environment_of
from alexandria_scan.graph.module_facts import ModuleFacts
from alexandria_scan.module_scan import Settings
from alexandria_scan.outcome import Outcome
from alexandria_scan.policy.environments import canonical
from alexandria_scan.policy.excerpt import excerpts
from alexandria_scan.policy.manifest import ENVIRONMENTS
from alexandria_scan.policy.results import Result, in_order
from alexandria_scan.source.exclusion import exclusion
from alexandria_scan.source.folders import CONFIG_SUFFIXES, SourceTree, boundary_of
from alexandria_scan.source.problems import Problem
from alexandria_scan.tree_facts import TreeFacts
from alexandria_scan.tree_scan import Judges, Progress, TreeScan
from alexandria_scan.usage import UsageError

if TYPE_CHECKING:
    from alexandria_scan.source.callers import Touched


class Options(msgspec.Struct, frozen=True):
    """What to scan and how. `inputs` are what --var and --var-file say; `source` is the source of a plan; `touched`
    limits the scan to what some files touch; `cache` allows to use what earlier scans found; `jobs` is how
    many processes may judge modules, and changes nothing of what they say."""

    paths: tuple[str, ...] = (".",)
    selection: Selection = msgspec.field(default_factory=Selection)
    config: Config = msgspec.field(default_factory=Config)
    inputs: tuple[tuple[str, str], ...] = ()
    environment: str | None = None
    workspace: str | None = None
    fail_on: str = "low"
    allow_incomplete: bool = False
    source: str | None = None
    posture: bool = False
    acceptance: AcceptanceOptions = msgspec.field(default_factory=AcceptanceOptions)
    touched: Touched | None = None
    with_checkov: bool = False
    cache: bool = False
    jobs: int = 1


class _Found(msgspec.Struct):
    results: list[Result] = []
    problems: list[Problem] = []
    modules: list[ScannedModule] = []
    plans: list[str] = []
    destroys: bool = False
    """Whether a plan takes resources away."""
    files: set[str] = set()
    resources: int = 0
    folders: set[Path] = set()
    variables: set[str] = set()
    offered: dict[str, GivenValue] = {}
    facts: list[ModuleFacts] = []
    comments: Comments = msgspec.field(default_factory=Comments)

    def add(self, outcome: Outcome) -> None:
        """Takes in what one folder came to; its problems are told once for all folders."""
        self.results += outcome.results
        self.problems += outcome.failures
        self.resources += outcome.resources
        self.files |= set(outcome.files)
        self.offered |= outcome.offered
        self.comments.add(outcome.comments)
        self.facts += [outcome.facts] if outcome.facts is not None else []


class Examination(msgspec.Struct, frozen=True):
    """A scan with what a promotion needs beside its result."""

    result: ScanResult
    facts: tuple[ModuleFacts, ...]
    evidence: Evidence
    catalogue: Catalogue


def scan(options: Options, progress: Progress | None = None) -> ScanResult:
    """Scans the paths. Raises UsageError and PolicyError; everything else is in the result."""
    return examine(options, progress).result


def examine(options: Options, progress: Progress | None = None) -> Examination:
    """Scans the paths, and keeps the facts of the modules of a library. Raises UsageError and PolicyError."""
    catalogue = load_catalogue(options.selection, options.config, options.with_checkov)
    _check_environment(options)
    if options.with_checkov:
        from alexandria_scan.checkov.join import require_checkov  # most scans do without it

        require_checkov(options.paths)
    found = _Found()
    for text in options.paths:
        _scan_path(text, options, catalogue, found, progress)
    if not found.modules and not found.plans and options.touched is None:
        folders = ("the working directory" if path == "." else path for path in options.paths)
        raise UsageError(
            f"There is no Terraform configuration in {', '.join(folders)}.",
            "Give a folder with .tf files, or a plan made by terraform show -json.",
        )
    if options.touched is None:
        _check_variables(options, found)
        found.problems += undeclared_inputs(found.offered, found.variables)
    policies = catalogue.infos()
    if options.with_checkov:
        policies |= _add_checkov(options, catalogue, found)
    told = [one for one in found.problems if found.modules or one.severity == "error"]
    judged = found.results or told or found.resources or (found.destroys and not found.modules)
    if not judged and options.touched is None:
        raise UsageError(
            f"There is nothing to judge in {', '.join(options.paths)}: no resource, and no policy that applies.",
            "Check the path, and what --policy and --standard leave.",
        )
    accepted, told = waived(found.results, found.comments, found.modules, catalogue, options.acceptance)
    accepted = in_order(accepted)
    modules = tuple(module.path for module in found.modules)
    accepted, baseline = against_baseline(accepted, (*modules, *found.plans), catalogue, options.acceptance)
    results = tuple(accepted)
    problems = tuple(sorted({*found.problems, *told}))
    standards: tuple[StandardScore, ...] = tuple(
        score(standard, results, catalogue.disabled) for standard in catalogue.standards
    )
    given = evidence(results, problems, found.modules, standards, lambda: catalogue.features)
    scanned = Scanned(
        modules,
        len(found.files),
        found.resources,
        tuple(found.plans),
        tuple(found.modules),
        options.touched.limit if options.touched is not None else "",
    )
    summary: Summary = summarize(results, problems, options.fail_on, options.allow_incomplete, scanned)
    result = ScanResult(
        tool=Tool("alexandria-scan", __version__),
        scanned=scanned,
        results=results,
        problems=problems,
        standards=standards,
        summary=summary,
        policies=policies,
        claims=all_claims(found.facts, given, lambda: catalogue.ladder),
        baseline=baseline,
        as_of=options.acceptance.as_of,
    )
    return Examination(result, tuple(found.facts), given, catalogue)


def _add_checkov(options: Options, catalogue: Catalogue, found: _Found) -> dict[str, PolicyInfo]:
    """Adds what the real Checkov says; returns its checks."""
    from alexandria_scan.checkov.join import Settings, join_checkov

    config, asked = options.config, options.selection.standards or options.config.standards
    settings = Settings(catalogue.engine.runs, config.severity, config.disable, bool(asked))
    broken = {problem.file for problem in found.problems if problem.severity == "error"}
    joined = join_checkov(options.paths, found.results, broken, settings)
    found.results = joined.results
    found.problems += joined.problems
    return joined.policies


def _check_environment(options: Options) -> None:
    """Refuses the name of an environment that no threshold and no configuration knows: it is a slip."""
    known = [*ENVIRONMENTS, *(environment.name for environment in options.config.environments)]
    if options.environment is not None and canonical(options.environment) not in {canonical(name) for name in known}:
        raise UsageError(
            f"There is no environment {options.environment!r}.",
            f"Known environments: {', '.join(dict.fromkeys(known))}; others are named in alexandria-scan.yaml.",
        )


def _check_variables(options: Options, found: _Found) -> None:
    """Refuses a --var that no module declares: the scan would judge other values than it was given."""
    for kind, text in options.inputs:
        name = text.partition("=")[0].strip()
        if kind == "var" and name not in found.variables:
            raise UsageError(
                f"No scanned module declares the variable {name!r} that --var sets.",
                "Check its name; a plan has its values already.",
            )


def _scan_path(text: str, options: Options, catalogue: Catalogue, found: _Found, progress: Progress | None) -> None:
    if text == "-":
        if sys.stdin is None:
            raise UsageError("Standard input is closed.", "Pipe a plan into it: terraform show -json tfplan | ...")
        _scan_plan("<stdin>", sys.stdin.buffer.read(), options, catalogue, found)
        return
    if not text:
        raise UsageError("A path is empty.", "Give a folder with .tf files, or a plan in JSON.")
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
    source, touched = SourceTree(boundary_of(top)), options.touched
    excluded = exclusion(options.config.file, options.config.exclude, top)
    paths = source.module_folders(top, excluded) if touched is None else touched.below(top)
    wanted = frozenset(
        path
        for path in paths
        if (touched is None or path in touched.scanned)
        and path.resolve() not in found.folders  # a folder that two paths lead to is scanned once
    )
    tree, problems = TreeFacts(source, options.cache), _Problems()
    facts = {path: tree.of(path) for path in paths}
    for one in facts.values():
        problems.add(one.problems)
        found.files |= set(one.files)
        found.comments.add(one.comments)
    settings = Settings(options.config, options.inputs, options.environment, options.workspace, options.posture)
    scanned = TreeScan(tree, facts, wanted, top, Judges(catalogue, settings, options.selection, options.with_checkov))
    for folder, outcome in zip(scanned.folders, scanned.outcomes(options.jobs, progress), strict=True):
        found.folders.add(folder.path.resolve())
        found.variables |= set(folder.outline.variables)
        found.modules.append(_scanned(folder, source, outcome))
        found.add(outcome)
        problems.add(outcome.problems)
    for outcome in scanned.of_libraries():
        found.add(outcome)
    found.problems += problems.found.values()
    tree.cache.prune()


class _Problems:
    """What went wrong in any folder, each thing once."""

    def __init__(self) -> None:
        self.found: dict[tuple[str, int, int, str, str], Problem] = {}

    def add(self, problems: Iterable[Problem]) -> None:
        for one in problems:
            self.found.setdefault((one.file, one.line, one.column, one.summary, one.detail), one)


def _scanned(folder: FoundFolder, source: SourceTree, outcome: Outcome) -> ScannedModule:
    calls, outline = tuple(source.shown(path) for path in folder.calls), folder.outline
    return ScannedModule(
        outline.folder, folder.kind, outline.files, outcome.resources, calls, outcome.blocks, outcome.edges,
        outcome.uncounted,
    )  # fmt: skip


def _scan_plan(name: str, data: bytes, options: Options, catalogue: Catalogue, found: _Found) -> None:
    from alexandria_scan.graph.from_plan import plan_graph, plan_problems  # most scans read no plan
    from alexandria_scan.source.plan_json import decode_plan

    evaluation, root = _source_of_plan(name, options)
    if root is not None:
        found.variables |= set(root.config.variables)
    try:
        plan = decode_plan(data)
        graph = plan_graph(name, data, plan, options.environment, root)
    except ValueError as error:
        raise UsageError(f"{name}: {error}") from None
    environment = graph.environment or (environment_of(root) if root is not None else None)
    graph.environment = canonical(environment or environment_in_resources(graph))
    excerpt = excerpts(evaluation.texts, evaluation.secret_lines) if evaluation is not None else excerpts({}, {})
    results, problems = catalogue.engine.judge(graph, excerpt)
    found.results += results
    found.problems += [*problems, *plan_problems(name, plan)]
    found.resources += sum(1 for node in graph.nodes if node.kind == "resource")
    found.plans.append(name)
    gone = [change for change in plan.resource_changes or () if not change.leaves_something()]
    found.destroys |= bool(gone) and not plan.deferred_changes
    if evaluation is not None and root is not None:
        found.comments.add(comments_of(evaluation))
        found.comments.homes[name] = root.config.folder
    joined = any(node.source is not None for node in graph.nodes if node.kind == "resource")
    if options.source is not None and graph.nodes and not joined:
        summary = "The source does not declare this plan's resources"
        detail = f"No resource of the plan is declared in {options.source}."
        way_out = "Give --source the folder of the root that was planned."
        found.problems.append(Problem(name, 0, 0, summary, detail, "warning", way_out))


def _source_of_plan(name: str, options: Options) -> tuple[Evaluation | None, Module | None]:
    """The root that was planned: the folder of --source, else the plan's own folder if it holds configuration."""
    if options.source is not None:
        folder = Path(options.source).absolute()
        if not folder.is_dir():
            raise UsageError(f"{options.source} is not a folder.", "--source takes the folder of a root module.")
    elif name == "<stdin>":
        return None, None
    else:
        folder = Path(name).absolute().parent
    source = SourceTree(boundary_of(folder))
    if not source.folder(folder).config_files:
        return None, None
    evaluation = Evaluation(source, EvaluationOptions(GivenInputs(options.inputs), options.workspace))
    return evaluation, evaluation.root(folder)
