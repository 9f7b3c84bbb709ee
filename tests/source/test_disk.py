"""What the file system says is asked again with the answers that it gave at first."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexandria_scan.source.disk import Answers, Disk


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    """Paths that are files, links of all sorts, and nothing."""
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "main.tf").write_text("")
    (tmp_path / "link").symlink_to("a/b")
    (tmp_path / "a" / "up").symlink_to("../link")
    (tmp_path / "circle").symlink_to("circle")
    (tmp_path / "lost").symlink_to("nowhere/at/all")
    names = (
        "a", "a/b/main.tf", "link", "link/main.tf", "a/up/main.tf", "circle", "circle/x", "lost", "lost/x", "gone/x",
        "link/..", "link/../up/main.tf", "a/b/../b/main.tf", ".",
    )  # fmt: skip
    return [tmp_path / name for name in names]


def test_links_lead_where_they_led(paths: list[Path]) -> None:
    disk = Disk()
    disk.answers = answers = Answers()
    for path in paths:
        disk.real(path)
    assert all(Disk().still_says({question: answer}) for question, answer in answers.said.items())
    assert Disk().still_says(answers.said)


def test_a_link_that_leads_elsewhere_is_seen(paths: list[Path], tmp_path: Path) -> None:
    disk = Disk()
    disk.answers = answers = Answers()
    disk.real(tmp_path / "a" / "up" / "main.tf")
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("a")
    assert not Disk().still_says(answers.said)


def test_names_that_begin_otherwise_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("")
    disk = Disk()
    disk.answers = answers = Answers()
    assert disk.starting(tmp_path, "licen") == [("LICENSE", False)]
    (tmp_path / "scan.sarif").write_text("")
    assert Disk().still_says(answers.said)
    (tmp_path / "licence.md").write_text("")
    assert not Disk().still_says(answers.said)
