"""The audit report as a user asks for it: with a day, with earlier results, from a scan and from a saved result."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

SOURCE = 'resource "aws_db_instance" "main" {\n  storage_encrypted = false\n}\n'
POLICY = ("--policy", "aws_db_instance_unencrypted")


@pytest.fixture
def scanned(run: Run, tmp_path: Path) -> Path:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text(SOURCE)
    (tmp_path / "history").mkdir()
    run("m", *POLICY, "--as-of", "2026-01-31", "--output", "json=history/january.json")
    run("m", *POLICY, "--output", "json=now.json")
    return tmp_path


def test_the_day_is_the_one_that_was_asked_for(run: Run, scanned: Path) -> None:
    assert json.loads((scanned / "history" / "january.json").read_text())["as_of"] == "2026-01-31"
    assert json.loads((scanned / "now.json").read_text())["as_of"] == ""
    assert "<dd>2026-02-28</dd>" in run("report", "now.json", "--as-of", "2026-02-28", "--format", "html").out
    other = run("report", "history/january.json", "--as-of", "2026-02-28", "--format", "html")
    assert other.status == 2 and "The result is of 2026-01-31, not of 2026-02-28." in other.err


def test_a_trend_from_a_scan_and_from_a_saved_result(run: Run, scanned: Path) -> None:
    of_scan = run("m", *POLICY, "--history", "history", "--format", "html")
    of_saved = run("report", "now.json", "--history", "history", "--format", "html")
    assert of_scan == of_saved
    assert "<td>january<td>2026-01-31" in of_scan.out


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("history/broken.json", "{", "history/broken.json: This is not JSON"),
        ("history/other.json", "{}", 'the key "schema_version" is missing'),
    ],
)
def test_a_history_with_what_is_no_result(run: Run, scanned: Path, name: str, text: str, sentence: str) -> None:
    (scanned / name).write_text(text)
    outcome = run("report", "now.json", "--history", "history", "--format", "html")
    assert outcome.status == 2 and sentence in outcome.err and outcome.out == ""


def test_a_history_that_is_not_there(run: Run, scanned: Path) -> None:
    assert "nowhere cannot be read" in run("report", "now.json", "--history", "nowhere", "--format", "html").err
    (scanned / "empty").mkdir()
    assert "There is no .json file in empty." in run("report", "now.json", "--history", "empty", "--format", "html").err
