"""A scan's view of all modules: folders are read once, roots are evaluated with their inputs."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

import msgspec

from alexandria_scan.evaluate.address import is_symbolic
from alexandria_scan.evaluate.budget import Budget, BudgetExceeded
from alexandria_scan.evaluate.children import is_constant
from alexandria_scan.evaluate.declarations import LOCAL, ModuleConfig, literal_text, parse_file, unread
from alexandria_scan.evaluate.errors import (
    CANNOT_OPEN,
    MISSING_FILE,
    EvalError,
    FinalError,
    InvalidCall,
    LimitExceeded,
)
from alexandria_scan.evaluate.functions.signature import Context
from alexandria_scan.evaluate.inputs import (
    GivenInputs,
    GivenValue,
    InputText,
    collect_inputs,
    given_files,
    undeclared_inputs,
    values_of_files,
)
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.parsed_files import ParsedFiles
from alexandria_scan.evaluate.render import no_template, render_template
from alexandria_scan.evaluate.scope import Scope
from alexandria_scan.evaluate.secret_values import secret_arguments, secret_values
from alexandria_scan.evaluate.types import DYNAMIC
from alexandria_scan.evaluate.values import Reason, Unknown, Value
from alexandria_scan.evaluate.variables import Declaration, read_declaration
from alexandria_scan.source.disk import FILE, FOLDER
from alexandria_scan.source.folders import SourceTree, Unreadable
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.tree import Attribute, SourceText, SyntaxFile

MAX_MODULE_DEPTH = 50
_DEFAULTS_HELP = "The module was evaluated with its defaults alone; a caller may have to pass a value here."
_BUILD_HELP = "If a build makes the file, scan after the build, or scan the plan; else correct the path."
_SYMBOLIC_HELP = "How many instances there are is not known: with none of them, this does not happen."
ProblemKey: TypeAlias = tuple[str, int, int, str, str]  # all of a problem but how bad it is
STRING_TEMPLATE = "<templatestring argument>"  # the name under which that function renders


class Options(msgspec.Struct, frozen=True):
    """`workspace` is None if nobody named one: it is `default` then, or unknown to ask what would be in
    `any_workspace`."""

    inputs: GivenInputs = msgspec.field(default_factory=GivenInputs)
    workspace: str | None = None
    any_workspace: bool = False


class Evaluation:
    """Reads folders below one source tree and evaluates roots in them. Problems are collected in `problems`.

    `lenient` is for library modules, which are evaluated with nothing but their defaults: an error that the right
    inputs would avoid is a warning then. `parsed` holds the files that other evaluations have parsed.
    """

    def __init__(self, source: SourceTree, options: Options | None = None, parsed: ParsedFiles | None = None) -> None:
        self.source = source
        self.parsed = parsed or ParsedFiles()
        self.options = options or Options()
        self.problems: dict[ProblemKey, Problem] = {}
        self._configs: dict[Path, ModuleConfig | None] = {}
        self._declarations: dict[tuple[int, str], Declaration] = {}
        self._contexts: dict[int, Context] = {}
        self._manifests: dict[Path, dict[str, str]] = {}
        self._locked: dict[Path, dict[str, str]] = {}
        self.texts: dict[str, SourceText] = {}
        self.secret_lines: dict[str, set[int]] = {}
        self.lenient = False
        self._roots: list[Module] = []
        self.limited = False  # whether a limit cut something short
        self.offered: dict[str, GivenValue] = {}  # what --var-file gives; some module should declare it

    # --- folders

    def config(self, folder: Path) -> ModuleConfig | None:
        """The declarations of a folder, or None if it cannot be read or holds no configuration."""
        if folder not in self._configs:
            self._configs[folder] = self._read(folder)
        return self._configs[folder]

    def _read(self, folder: Path) -> ModuleConfig | None:
        try:
            names = self.source.folder(folder).config_files
        except Unreadable as error:
            self.add(Problem(self.source.shown(folder), 0, 0, "Folder cannot be read", str(error)))
            return None
        if not names:
            return None
        files: list[SyntaxFile] = []
        missing: list[Reason] = []
        for name in names:
            path = folder / name
            try:
                data = self.source.read(path)
            except Unreadable as error:
                self.add(Problem(self.source.shown(path), 0, 0, "File cannot be read", str(error)))
                missing.append(unread(self.source.shown(path)))
                continue
            shown = self.source.shown(path)
            file = self.parsed.file(shown, data)
            self.texts[shown] = file.source
            files.append(file)
        config = self.parsed.config(self.source.shown(folder), files, tuple(missing))
        for problem in config.problems:
            self.add(problem)
        self._keep_secret(secret_values(config))
        return config

    def text(self, path: Path) -> SourceText | None:
        """Another file of the tree (a README), which findings may show; None if it cannot be read."""
        name = self.source.shown(path)
        if name not in self.texts:
            try:
                self.texts[name] = SourceText(name, self.source.read(path))
            except Unreadable as error:
                self.add(Problem(name, 0, 0, "File cannot be read", str(error)))
                return None
        return self.texts[name]

    def _keep_secret(self, attributes: Iterable[Attribute]) -> None:
        for attribute in attributes:
            place = attribute.span.location
            self.secret_lines.setdefault(place.file, set()).update(range(place.line, place.end_line + 1))

    def files(self) -> Iterator[tuple[Path, SyntaxFile]]:
        """The files that were read, each with its folder."""
        for folder, config in self._configs.items():
            for file in config.files if config is not None else ():
                yield folder, file

    def add(self, problem: Problem) -> None:
        key = (problem.file, problem.line, problem.column, problem.summary, problem.detail)
        self.problems.setdefault(key, problem)

    def add_syntax_problems(self) -> None:
        """Takes down what came to light when expressions were read: bad escapes and the like."""
        for _, file in self.files():
            for found in file.problems:
                self.add(Problem(found.file, found.line, found.column, found.summary, found.detail))

    def report(self, error: EvalError, module: Module, severity: str = "error", subject: str = "") -> None:
        """Takes down an evaluation error: Terraform, too, would stop there, unless it is a warning.

        In a `subject` that stands for instances whose number is not known it is one: there may be none.
        """
        self.limited = self.limited or isinstance(error, LimitExceeded)
        if isinstance(error, BudgetExceeded) and not error.first():
            return
        root = module.root.config.folder
        is_file = MISSING_FILE in error.detail or CANNOT_OPEN in error.detail  # which some build may make
        file = error.file or module.config.folder
        always = isinstance(error, (FinalError, InvalidCall)) or (
            not is_file and is_constant(error.locals, file, module)
        )
        anywhere = always and not isinstance(error, LimitExceeded)  # whatever the values are
        where = f" (in {module.path} of {root})" if module.path and not anywhere else ""
        detail = f"{error.detail}{where}" if error.detail else where.strip()
        way_out = _BUILD_HELP if is_file else ""
        if not always:
            if self.lenient:
                severity, way_out = "warning", way_out or _DEFAULTS_HELP
            elif is_symbolic(module.path) or is_symbolic(subject):
                severity, way_out = "warning", way_out or _SYMBOLIC_HELP
        problem = Problem(file, error.line, error.column, error.summary, detail, severity, way_out)
        self.add(problem)

    # --- roots and calls

    def root(self, folder: Path, automatic: bool = True) -> Module | None:
        """The module in `folder` as a root, with its inputs. `automatic` reads its own tfvars files."""
        config = self.config(folder)
        if config is None:
            return None
        problems: list[Problem] = []
        inputs = collect_inputs(folder, self.options.inputs, self.source, problems, automatic)
        files = given_files(self.options.inputs, self.source)
        values = values_of_files(inputs)
        own = {name: value for name, value in values.items() if value.file not in files}
        self.offered.update((name, value) for name, value in values.items() if name not in own)
        for problem in (*problems, *undeclared_inputs(own, config.variables)):
            self.add(problem)
        return self.root_with(config, folder, inputs)

    def root_with(
        self,
        config: ModuleConfig,
        folder: Path,
        inputs: dict[str, InputText],
        supposed: dict[str, Value] | None = None,
    ) -> Module:
        """The module in `folder` with the given inputs; `supposed` values take the place of any others."""
        module = Module(self, config, inputs=inputs, supposed=supposed)
        self._roots.append(module)
        self._contexts[id(module)] = self._context(folder)
        return module

    def release(self) -> None:
        """Drops the roots that were evaluated, and all that was computed in them. They are of no use after that."""
        for root in self._roots:
            root.release()
        self._roots.clear()
        self._contexts.clear()

    def context(self, root: Module) -> Context:
        return self._contexts[id(root)]

    def _context(self, folder: Path) -> Context:
        boundary, disk = self.source.boundary, self.source.disk
        budget = Budget()

        def render(text: str, name: str, names: dict[str, Value]) -> Value:
            function = "templatestring" if name == STRING_TEMPLATE else "templatefile"
            return render_template(
                text,
                name,
                names,
                Context(folder, boundary, no_template, {"template": function}, budget=budget, disk=disk),
            )

        return Context(folder, boundary, render, budget=budget, disk=disk)

    def root_folder(self, module: Module) -> Path:
        return self._contexts[id(module.root)].directory

    def called(self, module: Module, name: str) -> tuple[ModuleConfig, str] | None:
        """The configuration that a call leads to and its folder relative to the root's, or None."""
        found = self._target(module, name)
        if isinstance(found, Unknown):
            return None
        self._keep_secret(secret_arguments(module.config.calls[name], found[0]))
        return found

    def unresolved(self, module: Module, name: str) -> Unknown | None:
        """Why the outputs of a call are unknown, or None if its source is here."""
        found = self._target(module, name)
        return found if isinstance(found, Unknown) else None

    def _target(self, module: Module, name: str) -> tuple[ModuleConfig, str] | Unknown:
        subject = f"module.{name}"
        try:
            source = module.source(name)
        except EvalError as error:
            return self._call_problem(module, name, error.summary, error.detail)
        if isinstance(source, Unknown):
            return source
        root = self.root_folder(module)
        directory = self._directory(module, name, source, root)
        if directory is None:
            reason = Reason(
                subject,
                f"comes from {source}, which is not in the scanned tree",
                "run terraform init, or scan the plan",
                kind="input",
            )
            return Unknown(DYNAMIC, (reason,))
        if module.depth >= MAX_MODULE_DEPTH or self._calls_itself(module, root, directory):
            return self._call_problem(
                module, name, "Module calls itself", f"{source} leads back to a module that is calling it."
            )
        folder = Path(os.path.normpath(root / directory))
        if self.source.disk.kind(folder) != FOLDER:
            return self._call_problem(
                module, name, "Module not found", f"The folder {self.source.shown(folder)} does not exist."
            )
        config = self.config(folder)
        if config is None:
            return self._call_problem(
                module, name, "Module not found", f"{self.source.shown(folder)} holds no Terraform files."
            )
        return config, directory

    def _directory(self, module: Module, name: str, source: str, root: Path) -> str | None:
        if source.startswith(LOCAL):
            return Path(os.path.normpath(Path(module.directory, source))).as_posix()
        key = ".".join(part for part in _call_names(module, name))
        directory = self._manifest(root).get(key)
        return None if directory is None else Path(os.path.normpath(directory)).as_posix()

    def _manifest(self, root: Path) -> dict[str, str]:
        """Where `terraform init` put the modules of a root: .terraform/modules/modules.json."""
        if root not in self._manifests:
            entries: dict[str, str] = {}
            path = root / ".terraform" / "modules" / "modules.json"
            if self.source.disk.kind(path) == FILE:
                try:
                    listed = json.loads(self.source.read(path))["Modules"]
                    entries = {entry["Key"]: entry["Dir"] for entry in listed if entry["Key"]}
                except (ValueError, KeyError, TypeError, Unreadable) as error:
                    self.add(
                        Problem(
                            self.source.shown(path),
                            0,
                            0,
                            "Module manifest cannot be read",
                            str(error),
                            severity="warning",
                            help="Run terraform init again.",
                        )
                    )
            self._manifests[root] = entries
        return self._manifests[root]

    def locked_version(self, module: Module, provider: str) -> str | None:
        """The version of a provider that the lock file of the module's root has chosen, or None."""
        path = self.root_folder(module) / ".terraform.lock.hcl"
        if path not in self._locked:
            self._locked[path] = self._read_lock_file(path) if self.source.disk.kind(path) == FILE else {}
        return self._locked[path].get(provider)

    def _read_lock_file(self, path: Path) -> dict[str, str]:
        try:
            file = parse_file(self.source.shown(path), self.source.read(path))
        except Unreadable as error:
            self.add(Problem(self.source.shown(path), 0, 0, "Lock file cannot be read", str(error), "warning"))
            return {}
        found = {}
        for block in file.body.blocks_of("provider"):
            version = block.body.attributes.get("version")
            text = literal_text(version) if version is not None else None
            if text is not None and block.labels:
                found[block.labels[0].rpartition("/")[2]] = text
        return found

    def _calls_itself(self, module: Module, root: Path, directory: str) -> bool:
        target = os.path.normpath(root / directory)
        ancestor: Module | None = module
        while ancestor is not None:
            if os.path.normpath(root / ancestor.directory) == target:
                return True
            ancestor = ancestor.parent
        return False

    def _call_problem(self, module: Module, name: str, summary: str, detail: str) -> Unknown:
        block = module.config.calls[name]
        place = (block.body.attributes["source"].span if "source" in block.body.attributes else block.header).location
        self.add(Problem(place.file, place.line, place.column, summary, detail))
        return Unknown(DYNAMIC, (Reason(f"module.{name}", f"cannot be loaded: {detail}", "correct its source"),))

    # --- declarations

    def declaration(self, config: ModuleConfig, name: str, scope: Scope) -> Declaration:
        key = (id(config), name)
        if key not in self._declarations:
            self._declarations[key] = read_declaration(name, config.variables[name], scope)
        return self._declarations[key]


def _call_names(module: Module, name: str) -> list[str]:
    names = [name]
    current: Module | None = module
    while current is not None and current.call is not None:
        names.append(current.call.labels[0])
        current = current.parent
    return names[::-1]
