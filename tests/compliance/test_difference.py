"""What callers of a module notice between two versions: every rule, with its near misses, as pairs in fixtures/diff."""

from __future__ import annotations

import gc
import re
import shutil
from pathlib import Path

import pytest

from alexandria_scan.compliance.difference.compare import Versions, compare
from alexandria_scan.compliance.difference.module_tree import ModuleTree, is_unchanged
from alexandria_scan.evaluate.garbage import Garbage
from alexandria_scan.evaluate.module import Module
from tests.conftest import ROOT

FIXTURES = ROOT / "fixtures" / "diff"
EFFECTS = {"major", "unknown", "minor", "patch"}
_EXPECT = re.compile(r"^# expect: (.+)$", re.MULTILINE)


def changes(old: Path, new: Path) -> set[tuple[str, str, str]]:
    """Effect, rule and subject of every change in the modules at the top."""
    trees = ModuleTree(old), ModuleTree(new)
    versions = {path: Versions() for tree in trees for path in tree.modules}
    top = next(module for module in compare(*trees, versions) if module.path == ".")
    assert not [*trees[0].problems(), *trees[1].problems()]
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
def test_a_version_against_itself_is_no_change(name: str, tmp_path: Path) -> None:
    for side in ("old", "new"):
        folder = FIXTURES / name / side
        assert changes(folder, folder) == set()
        noted = shutil.copytree(folder, tmp_path / side)
        (noted / "NOTES.md").write_text("So that the module is evaluated.\n", "utf-8")
        assert changes(folder, noted) == set()


READING = """
variable "unused" {
  default = 1
}

output "text" {
  value = %s
}
"""


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ('jsondecode(file("${path.module}/../shared/text.json"))', ""),
        ("module.called.text", 'jsondecode(file("${path.module}/../shared/text.json"))'),
        ("module.called.text", 'jsondecode(file("${dirname(path.module)}/shared/text.json"))'),
        ("module.called.text", "jsondecode(file(var.path))"),
        ('jsondecode(file("${path.module}/linked/text.json"))', ""),
        ('jsondecode(file("${path.module}/.hidden/text.json"))', ""),
    ],
)
def test_a_file_outside_of_a_module_can_change_it(text: str, called: str, tmp_path: Path) -> None:
    found = []
    for side, shared in (("old", '"a"'), ("new", "[1]")):
        top = tmp_path / side
        path = '  path   = "${path.module}/../shared/text.json"\n' if "var.path" in called else ""
        call = f'module "called" {{\n  source = "../called"\n{path}}}\n' if called else ""
        files = {
            "modules/main/main.tf": READING % text + call,
            "modules/called/main.tf": READING % (called or 1) + ('variable "path" {}\n' if path else ""),
            "modules/shared/text.json": shared,
        }
        if ".hidden" in text:
            files["modules/main/.hidden/text.json"] = shared
        for name, data in files.items():
            (top / name).parent.mkdir(parents=True, exist_ok=True)
            (top / name).write_text(data, "utf-8")
        if "linked" in text:
            (top / "modules/main/linked").symlink_to("../shared")
        found.append(ModuleTree(top))
    old, new = found
    modules = compare(old, new, dict.fromkeys(old.modules, Versions()))
    main = next(one for one in modules if one.path == "modules/main")
    assert [(one.rule, one.subject) for one in main.changes] == [("output_retyped", "output.text")]


def test_only_what_may_have_changed_is_opened(tmp_path: Path) -> None:
    trees = []
    for side, default in (("old", 1), ("new", 2)):
        for name, called in (("base", ""), ("on-base", "base"), ("other", ""), ("on-other", "other")):
            folder = tmp_path / side / name
            folder.mkdir(parents=True)
            value = default if name == "base" else 0
            call = f'module "called" {{\n  source = "../{called}"\n}}\n' if called else ""
            (folder / "main.tf").write_text(f'variable "a" {{\n  default = {value}\n}}\n{call}', "utf-8")
        trees.append(ModuleTree(tmp_path / side))
    old, new = trees
    unchanged = {path for path in old.modules if is_unchanged(old, new, path)}
    assert unchanged == {"other", "on-other"}


@pytest.mark.parametrize("together", [True, False], ids=["one library", "a module at a time"])
def test_modules_that_were_compared_are_not_kept(together: bool, tmp_path: Path) -> None:
    for side in ("old", "new"):
        for number in range(100):
            folder = tmp_path / side / f"module-{number}"
            folder.mkdir(parents=True)
            (folder / "main.tf").write_text(f'output "a" {{\n  value = "{side}"\n}}\n', "utf-8")
    names = [""] if together else [f"module-{number}" for number in range(100)]
    gc.disable()
    try:
        gc.collect()
        before, garbage = _modules_held(), Garbage()
        for name in names:
            old, new = ModuleTree(tmp_path / "old" / name), ModuleTree(tmp_path / "new" / name)
            compare(old, new, dict.fromkeys(old.modules, Versions()), garbage)
        assert _modules_held() == before
    finally:
        gc.enable()
        gc.unfreeze()


def _modules_held() -> int:
    """How many evaluated modules there are, even those that a collector would not look at any more."""
    gc.unfreeze()
    return sum(isinstance(one, Module) for one in gc.get_objects())
