"""Which data sources wait for the apply because of another."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

import pytest

from alexandria_scan.evaluate import configured
from alexandria_scan.evaluate.configured import is_deferred
from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.source.folders import SourceTree

_DATA = 'data "terraform_remote_state" "d{}" {{\n  backend = "local"\n  config = {{ path = {} }}\n}}\n'
_CHAIN = [_DATA.format(n, f"data.terraform_remote_state.d{n + 1}.outputs.x") for n in range(5)]


@pytest.mark.parametrize(("end", "deferred"), [("terraform_data.late.id", True), ('"state"', False)])
def test_a_chain_of_data_sources_is_walked_once(end: str, deferred: bool, tmp_path: Path) -> None:
    text = "".join([*_CHAIN, _DATA.format(5, end), 'resource "terraform_data" "late" {}\n'])
    (tmp_path / "main.tf").write_text(text)
    root = Evaluation(SourceTree(tmp_path)).root(tmp_path)
    assert root is not None
    sources = [root.instances(("data", "terraform_remote_state", f"d{n}"))[None] for n in range(6)]
    itself = configured._is_deferred_itself
    with mock.patch.object(configured, "_is_deferred_itself", side_effect=itself) as looked:
        assert [is_deferred(source) for source in sources] == [deferred] * 6
    assert looked.call_count == 6
