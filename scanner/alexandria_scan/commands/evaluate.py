"""alexandria-scan evaluate PATH"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from alexandria_scan.commands.scope import workspace_of
from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.inputs import GivenInputs, undeclared_inputs
from alexandria_scan.evaluate.module import Module
from alexandria_scan.report.words import printable
from alexandria_scan.source.folders import SourceTree, boundary_of
from alexandria_scan.usage import UsageError


def run_evaluate(given: argparse.Namespace) -> int:
    from alexandria_scan.evaluate.as_plan import as_plan
    from alexandria_scan.evaluate.checks import check

    evaluation, root = evaluated_root(given)
    check(root, planned=True)
    plan = as_plan(root)
    sys.stdout.write(json.dumps(plan, indent=1, ensure_ascii=False) + "\n")
    return report_problems(evaluation)


def evaluated_root(given: argparse.Namespace) -> tuple[Evaluation, Module]:
    """The root in the folder that was asked for. Raises UsageError."""
    path = Path(given.path).absolute()
    if not path.is_dir():
        raise UsageError(f"{given.path} is not a folder.", "Give the folder of a root module.")
    workspace = workspace_of(given)
    options = Options(GivenInputs(given.inputs or ()), workspace)
    evaluation = Evaluation(SourceTree(boundary_of(path)), options)
    root = evaluation.root(path)
    if root is None:
        raise UsageError(f"There is no Terraform configuration in {given.path}.")
    for kind, text in given.inputs or ():
        name = text.partition("=")[0].strip()
        if kind == "var" and name not in root.config.variables:
            raise UsageError(f"{given.path} does not declare the variable {name!r} that --var sets.", "Check its name.")
    for problem in undeclared_inputs(evaluation.offered, root.config.variables):
        evaluation.add(problem)
    return evaluation, root


def report_problems(evaluation: Evaluation) -> int:
    """Prints the problems on standard error; 3 if there is any error among them."""
    status = 0
    for problem in sorted(evaluation.problems.values()):
        place = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
        detail = f": {problem.detail}" if problem.detail else ""
        print(printable(f"{place}: {problem.severity}: {problem.summary}{detail}"), file=sys.stderr)
        if problem.severity == "error":
            status = 3
    return status
