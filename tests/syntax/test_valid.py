"""Odd files that Terraform accepts: they have the outputs and the resources that Terraform says."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.source.folders import SourceTree
from tests.conftest import ROOT
from tests.evaluate.recorded import plain, same

VALID = ROOT / "fixtures/language/valid"
RECORDED: dict[str, Any] = json.loads((VALID / "valid.json").read_text(), parse_float=Decimal)["files"]


def evaluated(name: str, folder: Path) -> Evaluation:
    (folder / name).write_bytes((VALID / name).read_bytes())
    return Evaluation(SourceTree(folder), Options(GivenInputs(environment=False)))


def test_every_file_has_a_record() -> None:
    assert {path.name for path in VALID.iterdir()} - {"valid.json"} == RECORDED.keys()


@pytest.mark.parametrize("name", sorted(RECORDED))
def test_a_file_that_terraform_accepts_means_the_same(name: str, tmp_path: Path) -> None:
    evaluation = evaluated(name, tmp_path)
    root = evaluation.root(tmp_path)
    assert root is not None
    wrong = []
    for output, recorded in RECORDED[name]["outputs"].items():
        value, unknown, _ = plain(root.output(output))
        if unknown or not same(value, recorded):
            wrong.append((output, value, recorded))
    assert wrong == []
    assert root.config.outputs.keys() == RECORDED[name]["outputs"].keys()
    addresses = [resource.address for key in root.config.resources for resource in root.instances(key).values()]
    assert sorted(addresses) == sorted(RECORDED[name]["resources"])
    evaluation.add_syntax_problems()
    assert list(evaluation.problems.values()) == []
