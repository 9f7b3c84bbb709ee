"""Which files are read, and which never are."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexandria_scan.source.folders import SourceTree, Unreadable, boundary_of


def write(path: Path, text: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_folders_with_configuration_are_found_and_hidden_ones_are_not(tmp_path: Path) -> None:
    for name in (
        "a/main.tf",
        "b/c/main.tofu",
        "d/x.tf.json",
        ".terraform/modules/m/main.tf",
        ".git/x.tf",
        "e/readme.md",
    ):
        write(tmp_path / name)
    found = SourceTree(tmp_path).module_folders(tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["a", "b/c", "d"]


def test_a_tofu_file_stands_in_place_of_the_tf_file_of_its_name(tmp_path: Path) -> None:
    for name in ("main.tf", "main.tofu", "other.tf", "x.tf.json", "x.tofu.json"):
        write(tmp_path / name)
    assert SourceTree(tmp_path).folder(tmp_path).config_files == ["main.tofu", "other.tf", "x.tofu.json"]


def test_variable_files_are_listed_in_order_of_name(tmp_path: Path) -> None:
    for name in ("b.auto.tfvars", "terraform.tfvars", "a.auto.tfvars.json", "main.tf"):
        write(tmp_path / name)
    folder = SourceTree(tmp_path).folder(tmp_path)
    assert folder.variable_files == ["a.auto.tfvars.json", "b.auto.tfvars", "terraform.tfvars"]


def test_nothing_outside_the_boundary_is_read(tmp_path: Path) -> None:
    secret = write(tmp_path / "secret.tf", "locals {}")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "link.tf").symlink_to(secret)
    tree = SourceTree(inside)
    for path in (secret, inside / "link.tf", inside / ".." / "secret.tf", Path("/etc/passwd")):
        with pytest.raises(Unreadable, match="leads outside the scanned tree"):
            tree.read(path)
    assert tree.read_files == set()


def test_a_link_inside_the_boundary_is_read(tmp_path: Path) -> None:
    write(tmp_path / "real.txt", "text")
    (tmp_path / "link.tf").symlink_to(tmp_path / "real.txt")
    assert SourceTree(tmp_path).read(tmp_path / "link.tf") == b"text"


def test_the_boundary_is_the_repository_around_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "repository" / ".git").mkdir(parents=True)
    deep = tmp_path / "repository" / "modules" / "a"
    deep.mkdir(parents=True)
    assert boundary_of(deep) == tmp_path / "repository"
    lone = tmp_path / "lone" / "a"
    lone.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert boundary_of(lone) == tmp_path
    monkeypatch.chdir(deep)
    assert boundary_of(lone) == lone
