"""Whole configurations against the plans that real Terraform made of them, leaf by leaf."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from alexandria_scan.evaluate.as_plan import as_plan
from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.source.folders import SourceTree

ROOT = Path(__file__).parents[2]
CONFIGURATIONS = sorted((ROOT / "fixtures/language/configurations").iterdir())
PLANS = sorted((ROOT / "fixtures/plans").glob("*/case.json"))
MISSING = object()
UNKNOWN = "<unknown>"


def inputs(arguments: list[str], folder: Path) -> tuple[tuple[str, str], ...]:
    """The arguments of `terraform plan` as the scanner takes them."""
    found = []
    rest = iter(arguments)
    for argument in rest:
        name, sign, value = argument.partition("=")
        if name in ("-var-file", "--var-file"):
            found.append(("file", str(folder / (value if sign else next(rest)))))
        elif name in ("-var", "--var"):
            found.append(("var", value if sign else next(rest)))
    return tuple(found)


def evaluated(folder: Path, boundary: Path, case: dict[str, Any]) -> tuple[dict[str, Any], Evaluation]:
    environment = case.get("env", {})
    options = Options(GivenInputs(inputs(case.get("args", []), folder)), environment.get("TF_WORKSPACE", "default"))
    with mock.patch.dict(os.environ, environment):
        evaluation = Evaluation(SourceTree(boundary), options)
        root = evaluation.root(folder)
        assert root is not None
        return json.loads(json.dumps(as_plan(root))), evaluation


def leaves(value: Any, unknown: Any, path: tuple[Any, ...] = ()) -> dict[tuple[Any, ...], Any]:
    """Path -> value for every leaf; an unknown is UNKNOWN, an empty collection a leaf, a null none."""
    found: dict[tuple[Any, ...], Any] = {}
    if unknown is True:
        return {path: UNKNOWN}
    if isinstance(value, dict) or isinstance(unknown, dict):
        known, hidden = value if isinstance(value, dict) else {}, unknown if isinstance(unknown, dict) else {}
        if not known and not hidden:
            return {path: {}}
        for key in known.keys() | hidden.keys():
            found |= leaves(known.get(key), hidden.get(key, False), (*path, key))
    elif isinstance(value, list) or isinstance(unknown, list):
        items, gaps = value if isinstance(value, list) else [], unknown if isinstance(unknown, list) else []
        if not items and not gaps:
            return {path: []}
        for index in range(max(len(items), len(gaps))):
            item = items[index] if index < len(items) else None
            found |= leaves(item, gaps[index] if index < len(gaps) else False, (*path, index))
    elif value is not None:
        found[path] = value
    return found


def differences(ours: dict[str, Any], plan: dict[str, Any]) -> list[str]:
    """Every leaf of which the two say something different. That ours is unknown, or left out because the
    configuration does not set it, is no difference."""
    found = []
    mine = {change["address"]: change for change in ours["resource_changes"]}
    theirs = {change["address"]: change for change in plan.get("resource_changes", [])}
    symbolic = {address for address in mine if "[*]" in address}  # their number is not known to us
    blocks = {_block(address) for address in symbolic}
    expected = {address for address in theirs if _block(address) in blocks}
    for address in sorted((mine.keys() - symbolic) ^ (theirs.keys() - expected)):
        found.append(f"{address} only in {'ours' if address in mine else 'the plan'}")
    for address in sorted(mine.keys() & theirs.keys()):
        importing = [change[address]["change"].get("importing") for change in (mine, theirs)]
        found += [f"{address} importing: {importing}"] if importing[0] != importing[1] else []
        found += _compare(address, mine[address]["change"], theirs[address]["change"], attributes=True)
    outputs = plan.get("output_changes", {})
    assert ours["output_changes"].keys() == outputs.keys()
    for output, change in sorted(ours["output_changes"].items()):
        found += _compare(f"output.{output}", change, outputs[output], attributes=False)
    return found


def _block(address: str) -> str:
    return re.sub(r"\[[^\]]*\]", "", address)


def _compare(address: str, mine: Any, theirs: Any, attributes: bool) -> list[str]:
    """What is imported has its id already, and a data source what its provider answered: only the plan knows these."""
    left = leaves(mine.get("after"), mine["after_unknown"])
    right = leaves(theirs.get("after"), theirs.get("after_unknown", False))
    configured = (mine.get("after") or {}).keys() | (mine["after_unknown"] or {}).keys() if attributes else set()
    found = []
    for path in sorted(left.keys() | right.keys(), key=str):
        ours, plan = left.get(path, MISSING), right.get(path, MISSING)
        if _agree(path, ours, plan, left, right, attributes, configured) or ("importing" in theirs and path == ("id",)):
            continue
        if attributes and theirs["actions"] == ["read"] and path[0] not in configured:
            continue
        found.append(f"{address} {'.'.join(map(str, path))}: ours {ours!r}, the plan {plan!r}")
    return found + _sensitivity(address, mine.get("after_sensitive"), theirs.get("after_sensitive"))


def _agree(path: Any, ours: Any, plan: Any, left: Any, right: Any, attributes: bool, configured: Any) -> bool:
    prefixes = [path[:length] for length in range(len(path))]
    if ours == UNKNOWN or any(left.get(prefix) == UNKNOWN for prefix in prefixes):
        return True
    if ours is MISSING:
        if attributes and (path[0] not in configured or plan == UNKNOWN):
            return plan in (UNKNOWN, [], {}) or (path[0] not in configured and plan == UNKNOWN)
        return plan in ([], {})
    if plan is MISSING:
        return ours in ([], {})
    if isinstance(ours, (int, float)) and isinstance(plan, (int, float)) and not isinstance(ours, bool):
        return not isinstance(plan, bool) and abs(ours - plan) <= 1e-12 * abs(plan)
    return type(ours) is type(plan) and ours == plan


def _sensitivity(address: str, mine: Any, theirs: Any) -> list[str]:
    left, right = _trimmed(mine), _trimmed(theirs)
    return [] if left == right else [f"{address} sensitive: ours {left!r}, the plan {right!r}"]


def _trimmed(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: value for key, item in tree.items() if (value := _trimmed(item))} or False
    if isinstance(tree, list):
        parts = [_trimmed(item) for item in tree]
        return parts if any(parts) else False
    return tree


@pytest.mark.parametrize("folder", CONFIGURATIONS, ids=lambda folder: folder.name)
def test_a_configuration_evaluates_to_what_terraform_plans(folder: Path) -> None:
    case_file = folder / "case.json"
    case = json.loads(case_file.read_text()) if case_file.exists() else {}
    ours, evaluation = evaluated(folder / case.get("chdir", ""), folder, case)
    plan = json.loads((folder / "plan.json").read_text())
    assert differences(ours, plan) == []
    assert [problem for problem in evaluation.problems.values() if problem.severity == "error"] == []


def test_what_fails_where_there_may_be_no_instance_is_a_warning() -> None:
    folder = ROOT / "fixtures/language/configurations/counted-by-data"
    _, evaluation = evaluated(folder, folder, {})
    (problem,) = evaluation.problems.values()
    assert (problem.severity, problem.line, problem.summary) == ("warning", 38, "Invalid index")
    assert "How many instances there are is not known" in problem.help


@pytest.mark.parametrize("case_file", PLANS, ids=lambda path: path.parent.name)
def test_a_system_evaluates_to_what_terraform_plans(case_file: Path) -> None:
    case = json.loads(case_file.read_text())
    folder = ROOT / case["source"]
    ours, _ = evaluated(folder, ROOT / "fixtures/modules", case)
    plan = json.loads((case_file.parent / "plan.json").read_text())
    assert differences(ours, plan) == []
