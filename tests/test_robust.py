"""Outputs that cannot be written, readers that stop reading, interrupts: the right exit status, and no traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from alexandria_scan.deep_stack import with_deep_stack
from alexandria_scan.report import FORMATS
from tests.conftest import ROOT, Run, children, environment, needs_proc

MODULE = ROOT / "fixtures" / "modules" / "us-15-03-drifted" / "modules" / "rds"
FINDINGS, USAGE, INTERRUPTED = 1, 2, 130
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")


def program(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "alexandria_scan", *map(str, arguments)]


@pytest.mark.parametrize("format_", FORMATS)
def test_a_reader_that_stops_reading(format_: str) -> None:
    """`alexandria-scan ... | head -n 1`: the status is that of the scan, so that a gate with pipefail still holds."""
    read, write = os.pipe()
    os.close(read)
    done = subprocess.run(
        program(MODULE, "--format", format_), stdout=write, stderr=subprocess.PIPE, env=environment(), check=False
    )
    os.close(write)
    assert done.returncode == FINDINGS
    assert done.stderr == b""


def test_head(tmp_path: Path) -> None:
    script = '"$@" 2>err | head -n 1; echo "${PIPESTATUS[0]}"'
    command = ["bash", "-c", script, "bash", *program(MODULE, "--verbose", "--format", "json")]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "{\n1\n"
    assert (tmp_path / "err").read_text() == ""


@full
@pytest.mark.parametrize(
    "arguments", [("--version",), ("policies", "list"), ("evaluate", MODULE)], ids=lambda one: one[0]
)
def test_output_that_is_lost_at_the_very_end_is_no_success(arguments: tuple[str | Path, ...]) -> None:
    buffered = {name: value for name, value in environment().items() if name != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("wb") as device:
        done = subprocess.run(program(*arguments), env=buffered, stdout=device, stderr=subprocess.PIPE, check=False)
    assert done.returncode != 0
    assert b"No space left on device" in done.stderr


def test_what_a_policy_asked_for_at_the_end_is_done(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('variable "a" {}\n')
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "rule.yaml").write_text("title: A rule\nseverity: low\nvariable: '*'\nwhy: w\nfix: f\n")
    (rules / "rule.py").write_text(
        "import atexit\nfrom pathlib import Path\n\n"
        "atexit.register(lambda: Path('ended').write_text('yes'))\n\n\n"
        "def check(resource, param):\n    return iter(())\n"
    )
    command = program(tmp_path / "main.tf", "--policies", rules, "--policy", "rule", "--no-cache", "--jobs", "1")
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=False)
    assert (tmp_path / "ended").exists(), done.stdout + done.stderr


def test_a_profiler_gets_to_write_what_it_saw(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cProfile", "-m", "alexandria_scan", "--version"]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout.startswith("alexandria-scan ")
    assert "function calls" in done.stdout


@full
@pytest.mark.parametrize("format_", FORMATS)
def test_a_full_disk(run: Run, tmp_path: Path, format_: str) -> None:
    with Path("/dev/full").open("wb") as device:
        outcome = run(MODULE, "--format", format_, stdout=device, stderr=subprocess.PIPE, capture_output=False)
    assert outcome.status == USAGE
    assert "Standard output cannot be written: No space left on device." in outcome.err
    outcome = run(MODULE, "--output", f"{format_}=/dev/full")
    assert outcome.status == USAGE
    assert "/dev/full cannot be written: No space left on device." in outcome.err
    assert Path("/dev/full").is_char_device(), "the device is still there"
    assert list(tmp_path.iterdir()) == []


@full
@pytest.mark.parametrize("arguments", [("policies",), ("evaluate", MODULE)], ids=["policies", "evaluate"])
def test_a_full_disk_below_other_commands(run: Run, arguments: tuple[str | Path, ...]) -> None:
    with Path("/dev/full").open("wb") as device:
        outcome = run(*arguments, stdout=device, stderr=subprocess.PIPE, capture_output=False)
    assert outcome.status == USAGE
    assert "cannot be written: No space left on device." in outcome.err


@pytest.mark.parametrize("format_", FORMATS)
def test_a_folder_that_is_not_there(run: Run, format_: str) -> None:
    outcome = run(MODULE, "--output", f"{format_}=nowhere/report")
    assert outcome.status == USAGE
    assert "nowhere/report cannot be written: No such file or directory." in outcome.err
    assert outcome.out == ""


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="needs /proc, in which nobody can create a file")
def test_a_folder_that_can_only_be_read(run: Run) -> None:
    outcome = run(MODULE, "--output", "sarif=/proc/report.sarif")
    assert outcome.status == USAGE
    assert "/proc/report.sarif cannot be written: " in outcome.err
    assert "Name a file in a folder that is there and writable." in outcome.err


def test_a_folder_in_the_place_of_the_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "report").mkdir()
    outcome = run(MODULE, "--output", "sarif=report")
    assert outcome.status == USAGE
    assert "report cannot be written: Is a directory." in outcome.err
    assert list(tmp_path.iterdir()) == [tmp_path / "report"]


def test_a_report_that_cannot_be_written_leaves_the_one_before(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("before")
    assert run(MODULE, "--output", "json=a.json", "--output", "sarif=nowhere/b").status == USAGE
    assert run("nowhere", "--output", "json=a.json").status == USAGE
    assert (tmp_path / "a.json").read_text().startswith("{"), "the first report was whole when the second failed"
    assert not list(tmp_path.glob(".*"))


def test_a_link_is_written_through(run: Run, tmp_path: Path) -> None:
    (tmp_path / "link.csv").symlink_to("target.csv")
    run(MODULE, "--output", "csv=link.csv")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "target.csv").read_text(encoding="utf-8").startswith('"verdict"')


def test_two_reports_in_one_file_are_refused(run: Run, tmp_path: Path) -> None:
    outcome = run(MODULE, "--output", "sarif=report", "--output", "junit=./report")
    assert outcome.status == USAGE
    assert "Two reports would be written to" in outcome.err
    assert not (tmp_path / "report").exists()


def test_a_format_that_does_not_exist(run: Run) -> None:
    outcome = run(MODULE, "--output", "pdf=report.pdf")
    assert outcome.status == USAGE
    assert "There is no format 'pdf'." in outcome.err
    assert "markdown" in outcome.err
    assert run(MODULE, "--format", "pdf").status == USAGE


@pytest.mark.parametrize("format_", FORMATS)
def test_a_terminal_without_utf_8(run: Run, format_: str) -> None:
    """Text becomes ASCII; the other formats are UTF-8 whatever the terminal is, as their readers expect."""
    ascii_only = {
        "LANG": "C",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONIOENCODING": "ascii",
    }
    plain = run(MODULE, "--format", format_, env=ascii_only)
    assert plain.status == FINDINGS
    if format_ == "text":
        assert plain.out.isascii()
    else:
        assert plain.out == run(MODULE, "--format", format_).out


@needs_proc
def test_an_interrupt(tmp_path: Path) -> None:
    """Ctrl-C once the scan is under way: a sentence, status 130, and no half a report."""
    fixtures = ROOT / "fixtures"
    process = subprocess.Popen(
        program(fixtures, "--no-cache", "--jobs", "2", "--output", f"json={tmp_path}/a.json"),
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    assert children(process)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == INTERRUPTED
    assert err.decode().strip() == "alexandria-scan: interrupted, so there is no result."
    assert out == b""
    assert list(tmp_path.iterdir()) == []


def test_the_summary_of_a_github_step(run: Run, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    summary.write_text("before\n")
    outcome = run(MODULE, "--format", "github", env={"GITHUB_STEP_SUMMARY": str(summary)})
    assert outcome.status == FINDINGS
    text = summary.read_text(encoding="utf-8")
    assert text.startswith("before\n<!-- alexandria-scan: report -->\n")
    run(MODULE, "--format", "text", env={"GITHUB_STEP_SUMMARY": str(summary)})
    assert summary.read_text(encoding="utf-8") == text, "only the format github writes it"
    outcome = run(MODULE, "--format", "github", env={"GITHUB_STEP_SUMMARY": "/nowhere/summary"})
    assert outcome.status == USAGE
    assert "/nowhere/summary, which GITHUB_STEP_SUMMARY names, cannot be written" in outcome.err


def test_whoever_asks_for_a_deep_stack_keeps_the_limits_that_it_had() -> None:
    before = sys.getrecursionlimit(), threading.stack_size()
    assert with_deep_stack(sys.getrecursionlimit) > before[0]
    assert (sys.getrecursionlimit(), threading.stack_size()) == before
