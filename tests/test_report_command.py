"""`report` as a user starts it: any format from saved results, and sentences about what is no result."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from alexandria_scan.report import FORMATS
from tests.conftest import ROOT, Run

MODULE = ROOT / "fixtures" / "modules" / "us-15-03-drifted"
POLICY = ("--policy", "variable_description_missing", "--policy", "aws_rds_cluster_deletion_unprotected")


@pytest.fixture
def saved(run: Run, tmp_path: Path) -> Path:
    outcome = run("us-15-03-drifted", *POLICY, "--output", f"json={tmp_path}/scan.json", cwd=MODULE.parent)
    assert outcome.status == 1
    return tmp_path / "scan.json"


@pytest.mark.parametrize("format_", FORMATS)
def test_the_report_of_a_saved_result_is_that_of_the_scan(run: Run, saved: Path, format_: str) -> None:
    scan = run("us-15-03-drifted", *POLICY, "--format", format_, cwd=MODULE.parent)
    report = run("report", saved, "--format", format_)
    assert report == scan


def test_several_at_once(run: Run, saved: Path, tmp_path: Path) -> None:
    outputs = [part for name in FORMATS for part in ("--output", f"{name}=made.{name}")]
    outcome = run("report", saved, *outputs, "--format", "json")
    assert outcome.out == saved.read_text()
    for name in FORMATS:
        made = (tmp_path / f"made.{name}").read_bytes().decode()
        assert made == run("report", saved, "--format", name).out
    assert {path.name for path in tmp_path.iterdir()} == {"scan.json", *(f"made.{name}" for name in FORMATS)}


def test_from_standard_input(run: Run, saved: Path) -> None:
    with saved.open("rb") as file:
        assert run("report", "-", "--format", "json", stdin=file).out == saved.read_text()


def test_two_repositories(run: Run, saved: Path) -> None:
    outcome = run("report", f"network={saved}", f"data={saved}", "--format", "json")
    made, one = json.loads(outcome.out), json.loads(saved.read_text())
    assert outcome.status == 1
    assert len(made["results"]) == 2 * len(one["results"])
    assert made["summary"]["fail"] == 2 * one["summary"]["fail"]
    assert {path.partition("/")[0] for path in made["scanned"]["modules"]} == {"network", "data"}


def test_the_same_result_twice_counts_once(run: Run, saved: Path) -> None:
    made = json.loads(run("report", saved, saved, "--format", "json").out)
    assert made == json.loads(saved.read_text())


def test_results_that_contradict_each_other(run: Run, saved: Path, tmp_path: Path) -> None:
    other: Any = json.loads(saved.read_text())
    next(one for one in other["results"] if one["verdict"] == "fail")["verdict"] = "pass"
    (tmp_path / "other.json").write_text(json.dumps(other))
    outcome = run("report", saved, "other.json")
    assert outcome.status == 2
    assert "scan.json and other.json say different things of us-15-03-drifted/" in outcome.err
    assert "NAME=FILE" in outcome.err


def test_another_threshold(run: Run, saved: Path) -> None:
    assert run("report", saved, "--fail-on", "critical").status == 0
    assert run("report", saved, "--fail-on", "info").status == 1


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "This is not JSON"),
        ("{", "This is not JSON"),
        ("\x00\xff", "This is not JSON"),
        ("[]", "This is not a result of alexandria-scan"),
        ("{}", 'the key "schema_version" is missing'),
        ('{"schema_version": 2}', "This result has schema_version 2; this alexandria-scan reads version 1."),
        ('{"schema_version": 1}', 'Object missing required field "tool"'),
        ("[" * 200_000, "This is not a result of alexandria-scan"),
        ('{"schema_version": 1, "tool": ' + "[" * 200_000, "nested too deeply"),
        ('{"format_version": "1.2"}', 'the key "schema_version" is missing'),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_is_no_result(run: Run, tmp_path: Path, text: str, sentence: str) -> None:
    (tmp_path / "x.json").write_text(text, encoding="latin-1")
    outcome = run("report", "x.json")
    assert outcome.status == 2
    assert outcome.err.startswith("alexandria-scan: x.json: ")
    assert sentence in outcome.err
    assert outcome.out == ""


def test_a_status_that_there_is_not(run: Run, saved: Path, tmp_path: Path) -> None:
    made: Any = json.loads(saved.read_text())
    made["summary"]["exit_status"] = 99
    (tmp_path / "x.json").write_text(json.dumps(made))
    outcome = run("report", "x.json")
    assert outcome.status == 2
    assert "This result has the exit status 99, which there is not." in outcome.err


def test_files_that_are_not_there(run: Run, tmp_path: Path) -> None:
    for name in ("nowhere.json", "name=nowhere.json", "."):
        outcome = run("report", name)
        assert outcome.status == 2
        assert f"alexandria-scan: {name.rpartition('=')[2]} cannot be read: " in outcome.err
    assert run("report").status == 2


def test_a_file_whose_name_has_a_sign(run: Run, saved: Path, tmp_path: Path) -> None:
    (tmp_path / "a=b.json").write_bytes(saved.read_bytes())
    assert run("report", "a=b.json", "--format", "json").out == saved.read_text()


def test_text_options(run: Run, saved: Path) -> None:
    assert "Exit status 1." in run("report", saved, "--quiet").out
    assert max(map(len, run("report", saved, "--width", "60").out.splitlines())) < 140
    assert "\x1b[" in run("report", saved, "--color", "always").out
