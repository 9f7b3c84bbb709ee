"""Resources of providers whose schema is not known: how their blocks nest is not known either."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from alexandria_scan.evaluate.evaluation import Evaluation, Options
from alexandria_scan.evaluate.inputs import GivenInputs
from alexandria_scan.evaluate.values import Unknown, Value
from alexandria_scan.source.folders import SourceTree
from tests.evaluate.recorded import evaluate

BLOCK = 'resource "{}" "a" {{\n  settings {{\n    name = "x"\n  }}\n  size = 3\n}}\n'
IN_JSON = {"resource": {"foo_thing": {"a": {"settings": {"name": "x"}, "size": 3, "names": ["x"]}}}}


def value(folder: Path, text: str) -> Value:
    evaluation = Evaluation(SourceTree(folder), Options(GivenInputs(environment=False)))
    root = evaluation.root(folder)
    assert root is not None
    found = evaluate(text, root)
    assert not evaluation.problems
    return found


@pytest.mark.parametrize("way", [".name", "[0].name", "[*].name", '["a"].name', ""])
@pytest.mark.parametrize("file", ["main.tf", "main.tf.json"])
def test_a_block_may_be_an_object_or_any_collection(tmp_path: Path, file: str, way: str) -> None:
    (tmp_path / file).write_text(BLOCK.format("foo_thing") if file == "main.tf" else json.dumps(IN_JSON))
    found = value(tmp_path, f"foo_thing.a.settings{way}")
    assert type(found) is Unknown
    assert [reason.subject for reason in found.reasons] == ["foo_thing.a.settings"]
    assert value(tmp_path, "foo_thing.a.size") == 3


def test_a_list_in_json_that_holds_no_object_is_no_block(tmp_path: Path) -> None:
    (tmp_path / "main.tf.json").write_text(json.dumps(IN_JSON))
    assert value(tmp_path, "foo_thing.a.names[0]") == "x"
