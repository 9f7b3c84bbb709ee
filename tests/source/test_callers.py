"""Which modules a change touches, and who calls them."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexandria_scan.source.callers import Touched, touched_by
from alexandria_scan.source.folders import SourceTree

FILES = {
    "modules/db/main.tf": 'resource "x" "y" {\n  policy = file("${path.module}/policy.tftpl")\n}\n',
    "modules/db/policy.tftpl": "",
    "modules/db/README.md": "",
    "modules/db/tests/unit.tftest.hcl": "",
    "modules/db/examples/complete/main.tf": 'module "db" {\n  source = "../../"\n}\n',
    "modules/db/modules/alarm/main.tf": "",
    "modules/stack/main.tf": 'module "db" {\n  source = "../db"\n}\n',
    "modules/json/main.tf.json": '{"module": {"db": {"source": "../db"}}}',
    "modules/other/main.tf": 'locals {\n  text = file("${path.module}/../../shared/banner.txt")\n}\n',
    "environments/prod/main.tf": 'module "stack" {\n  source = "../../modules/stack"\n}\n',
    "environments/prod/prod.tfvars": "",
    "shared/banner.txt": "",
    "LICENSE": "",
    "README.md": "",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def touch(tree: Path, *names: str) -> Touched:
    return touched_by([tree / name for name in names], [tree], SourceTree(tree).module_folders)


DB = {"modules/db", "modules/db/examples/complete", "modules/stack", "modules/json", "environments/prod"}
ALL = {
    *DB, "modules/db/modules/alarm", "modules/other",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "scanned"),
    [
        ("modules/db/main.tf", DB),
        ("modules/db/gone.tf", DB),
        ("modules/db/policy.tftpl", DB),
        ("modules/db/README.md", {"modules/db"}),
        ("modules/db/docs/more.md", {"modules/db"}),
        ("modules/db/tests/unit.tftest.hcl", {"modules/db"}),
        ("modules/db/examples/complete/main.tf", {"modules/db", "modules/db/examples/complete"}),
        ("modules/db/modules/alarm/main.tf", {"modules/db/modules/alarm"}),
        ("modules/stack/main.tf", {"modules/stack", "environments/prod"}),
        ("environments/prod/prod.tfvars", {"environments/prod"}),
        ("shared/banner.txt", {"modules/other"}),
        ("LICENSE", ALL),
        ("modules/db/LICENSE.md", {"modules/db", "modules/db/examples/complete", "modules/db/modules/alarm"}),
        ("README.md", set()),
    ],
)
def test_what_a_file_touches(tree: Path, name: str, scanned: set[str]) -> None:
    found = touch(tree, name)
    assert {path.relative_to(tree).as_posix() for path in found.scanned} == scanned
    assert [path.name for path in found.idle] == ([] if scanned else [name])


def test_a_module_that_was_deleted_touches_its_callers(tree: Path) -> None:
    (tree / "modules/db/main.tf").unlink()
    found = touch(tree, "modules/db/main.tf")
    assert tree / "modules/stack" in found.scanned
    assert tree / "modules/db" not in found.scanned


def test_what_decides_the_kind_of_a_module_is_known(tree: Path) -> None:
    """A library module is told from a root by its callers, and a submodule by the module around it."""
    assert touch(tree, "modules/db/README.md").known >= {tree / "modules/stack", tree / "modules/json"}
    assert tree / "modules/db" in touch(tree, "modules/db/modules/alarm/main.tf").known


def test_what_is_scanned_is_told(tree: Path) -> None:
    assert touch(tree, "modules/stack/main.tf").limit == "Only what 1 file touches: 2 of 7 modules."
    assert touch(tree, "README.md", "x.md").limit == "Nothing was scanned: 2 files touch no module."


def test_a_tree_that_is_reached_by_a_link(tree: Path) -> None:
    (tree / "link").symlink_to(tree / "modules", target_is_directory=True)
    top = tree / "link"
    found = touched_by([tree / "modules/stack/main.tf"], [top], SourceTree(tree).module_folders)
    assert found.scanned == {top / "stack"}
