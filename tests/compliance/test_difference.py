"""What callers of a module notice between two versions: every rule, with its near misses, as pairs in fixtures/diff."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from alexandria_scan.compliance.difference.compare import Versions, compare
from alexandria_scan.compliance.difference.module_tree import ModuleTree
from tests.conftest import ROOT

FIXTURES = ROOT / "fixtures" / "diff"
EFFECTS = {"major", "unknown", "minor", "patch"}
_EXPECT = re.compile(r"^# expect: (.+)$", re.MULTILINE)


def changes(old: Path, new: Path) -> set[tuple[str, str, str]]:
    """Effect, rule and subject of every change in the modules at the top."""
    trees = ModuleTree(old), ModuleTree(new)
    assert not [*trees[0].problems(), *trees[1].problems()]
    versions = {path: Versions() for tree in trees for path in tree.modules}
    top = next(module for module in compare(*trees, versions) if module.path == ".")
    return {(change.effect, change.rule, change.subject) for change in top.changes}


def expected(folder: Path) -> set[tuple[str, ...]]:
    texts = _EXPECT.findall((folder / "new" / "main.tf").read_text("utf-8"))
    return {tuple(text.split(" ", 2)) for text in texts if text != "nothing"}


CASES = sorted(path.name for path in FIXTURES.iterdir())


@pytest.mark.parametrize("name", CASES)
def test_every_rule_and_its_near_misses(name: str) -> None:
    folder = FIXTURES / name
    assert _EXPECT.search((folder / "new" / "main.tf").read_text("utf-8")), "says what is expected"
    assert changes(folder / "old", folder / "new") == expected(folder)


@pytest.mark.parametrize("name", CASES)
def test_a_version_against_itself_is_no_change(name: str) -> None:
    for side in ("old", "new"):
        folder = FIXTURES / name / side
        assert changes(folder, folder) == set()
