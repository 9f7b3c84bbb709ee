"""What is remembered of a folder of policies counts only as long as it is true."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from alexandria_scan.policy.content import PACK, Content, cache_file
from alexandria_scan.policy.manifest import PolicyError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "policies"
    (found / "aws").mkdir(parents=True)
    (found / "aws" / "one.yaml").write_text("title: first\n")
    (found / "aws" / "one.py").write_text("")
    (found / ".hidden.yaml").write_text("title: hidden\n")
    return found


def title(content: Content) -> object:
    return content.yaml("aws/one.yaml", "one").data["title"]


def kept(folder: Path, cache: Path) -> None:
    content = Content(folder, cache)
    assert title(content) == "first"
    content.keep()


def test_names_are_relative_and_hidden_files_are_left_out(folder: Path) -> None:
    content = Content(folder)
    assert content.yaml_names() == ["aws/one.yaml"]
    assert content.holds("aws/one.py")
    assert not content.holds("aws/two.py")


def test_a_file_that_changed_is_read_again(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.json"
    kept(folder, cache)
    (folder / "aws" / "one.yaml").write_text("title: second one\n")
    assert title(Content(folder, cache)) == "second one"


def test_a_file_of_the_same_size_at_another_time_is_read_again(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.json"
    kept(folder, cache)
    (folder / "aws" / "one.yaml").write_text("title: other\n")
    os.utime(folder / "aws" / "one.yaml", ns=(1, 1))
    assert title(Content(folder, cache)) == "other"


def test_what_is_remembered_is_not_read_again(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.json"
    kept(folder, cache)
    remembered = json.loads(cache.read_text())
    remembered["data"]["aws/one.yaml"]["title"] = "remembered"
    cache.write_text(json.dumps(remembered))
    assert title(Content(folder, cache)) == "remembered"


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"stamps": 1, "data": {}}', "\0"])
def test_a_broken_cache_is_none(folder: Path, tmp_path: Path, broken: str) -> None:
    cache = tmp_path / "cache.json"
    cache.write_text(broken)
    kept(folder, cache)
    assert title(Content(folder, cache)) == "first"


def test_a_cache_that_cannot_be_written_is_none(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept(folder, tmp_path / "file" / "cache.json")


def test_a_pack_stands_for_the_folder(folder: Path, tmp_path: Path) -> None:
    pack = {"stamps": {"aws/one.yaml": [0, 0]}, "data": {"aws/one.yaml": {"title": "packed"}}}
    (folder / PACK).write_text(json.dumps(pack))
    assert title(Content(folder, tmp_path / "cache.json", built_in=True)) == "packed"
    assert title(Content(folder, built_in=True)) == "packed", "whether there is a cache or not"
    assert title(Content(folder)) == "first", "the user's own folders have no pack"


def test_a_link_that_leads_nowhere_is_said(folder: Path) -> None:
    (folder / "aws" / "lost.yaml").symlink_to(folder / "nowhere")
    with pytest.raises(PolicyError, match="cannot be listed"):
        Content(folder)


def test_two_checkouts_have_caches_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALEXANDRIA_SCAN_CACHE", str(tmp_path))
    one, other = cache_file(tmp_path / "one"), cache_file(tmp_path / "other")
    assert one is not None
    assert one != other
    monkeypatch.setenv("ALEXANDRIA_SCAN_CACHE", "")
    assert cache_file(tmp_path / "one") is None
