"""What a root is because nobody named its workspace, which is taken to be `default`: what it says for that alone is not
meant, and errors are warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TypeAlias, TypeVar

import msgspec

from alexandria_scan.evaluate.checks import check
from alexandria_scan.evaluate.evaluation import Evaluation, ProblemKey
from alexandria_scan.evaluate.module import Module
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.tree import SyntaxProblem

_HELP = "The workspace is taken to be default; --workspace names another."
_Place: TypeAlias = tuple[str, int, int, str]
_T = TypeVar("_T")


def forgive_default_workspace(evaluation: Evaluation, folder: Path, known: Iterable[ProblemKey]) -> None:
    """Makes warnings of the errors, beside those `known` before, that the root in `folder` would not have if
    `terraform.workspace` were unknown. Whether there are such errors does not hang on what else was found."""
    if not _assumed(evaluation):
        return
    before = frozenset(known)
    errors = {
        key: problem
        for key, problem in evaluation.problems.items()
        if key not in before and problem.severity == "error" and problem.line
    }
    everywhere = _errors_anywhere(evaluation, folder) if errors else None
    if everywhere is None:
        return
    for key, problem in errors.items():
        if _place(problem) not in everywhere:
            evaluation.problems[key] = msgspec.structs.replace(
                problem, severity="warning", help=f"{problem.help} {_HELP}".strip()
            )


def meant(root: Module, found: _T | None, ask: Callable[[Module], _T | None]) -> _T | None:
    """What was `found` in the root; what `ask` finds in it with an unknown workspace, if it is assumed and read."""
    evaluation = root.evaluation
    if found is None or not _assumed(evaluation):
        return found
    other = _with_unknown_workspace(evaluation)
    again = ask(other.root_with(root.config, evaluation.root_folder(root), root.inputs))
    other.release()
    return again


def _assumed(evaluation: Evaluation) -> bool:
    """Whether nobody named the workspace, and a file that was read asks for it."""
    return evaluation.options.workspace is None and any(
        b".workspace" in file.source.data for _, file in evaluation.files()
    )


def _with_unknown_workspace(evaluation: Evaluation) -> Evaluation:
    options = msgspec.structs.replace(evaluation.options, any_workspace=True)
    return Evaluation(evaluation.source, options, evaluation.parsed)


def _errors_anywhere(evaluation: Evaluation, folder: Path) -> set[_Place] | None:
    """Where the root has errors in any workspace; None if a limit kept it from being found out."""
    from alexandria_scan.evaluate.as_plan import as_plan  # most scans do not ask

    other = _with_unknown_workspace(evaluation)
    for path, _ in list(evaluation.files()):
        other.config(path)
    root = other.root(folder)
    if root is not None:
        check(root)
        as_plan(root)
    other.add_syntax_problems()
    found = {_place(one) for one in other.problems.values() if one.severity == "error"}
    found |= {_place(one) for _, file in evaluation.files() for one in file.problems}  # whoever has read the expression
    limited = other.limited
    other.release()
    return None if limited else found


def _place(problem: Problem | SyntaxProblem) -> _Place:
    return problem.file, problem.line, problem.column, problem.summary
