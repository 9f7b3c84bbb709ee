"""A scan says the same in any number of processes, and where these fail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from alexandria_scan.report import json_report
from alexandria_scan.scan import Options, scan
from alexandria_scan.workers import spread
from tests.conftest import Run, environment

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")

MODULE = 'resource "aws_rds_cluster" "this" {\n  engine = "aurora-mysql"\n  storage_encrypted = %s\n}\n'


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for number in range(20):
        folder = tmp_path / "modules" / f"m{number:02}"
        folder.mkdir(parents=True)
        (folder / "main.tf").write_text(MODULE % ("true" if number % 3 else '"'))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(jobs: int) -> str:
    return json_report.render(scan(Options(paths=("modules",), jobs=jobs)))


def test_every_number_comes_back_from_another_process() -> None:
    found: dict[int, bytes] = {}
    spread(range(50), 3, lambda number: f"{number} {os.getpid()}".encode() * 9999, found.__setitem__)
    assert sorted(found) == list(range(50))
    assert all(data.startswith(f"{number} ".encode()) for number, data in found.items())
    assert str(os.getpid()).encode() not in {data.split()[1] for data in found.values()}


def test_what_fails_in_a_process_is_left_to_the_caller() -> None:
    def work(number: int) -> bytes | None:
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)
        if number == 5:
            raise ValueError(number)
        return None if number == 7 else b"done"

    found: dict[int, bytes] = {}
    spread(range(10), 2, work, found.__setitem__)
    assert {3, 5, 7}.isdisjoint(found)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)  # none is left


def test_the_report_is_the_same_in_any_number_of_processes(library: Path) -> None:
    alone = told(1)
    assert "storage_encrypted" in alone
    assert told(2) == alone
    assert told(7) == alone


def test_a_scan_goes_on_alone_where_processes_die(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone, parent = told(1), os.getpid()
    from alexandria_scan.outcome import packed

    def dying(outcome: object) -> bytes | None:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return packed(outcome)  # type: ignore[arg-type]

    monkeypatch.setattr("alexandria_scan.tree_scan.packed", dying)
    assert told(2) == alone


def test_a_scan_goes_on_alone_where_no_process_can_be_started(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = told(1)

    def refused() -> int:
        raise BlockingIOError(11, "Resource temporarily unavailable")

    monkeypatch.setattr("alexandria_scan.workers.os.fork", refused)
    assert told(2) == alone


def test_the_number_of_processes_is_a_number(run: Run, tmp_path: Path) -> None:
    for wrong in ("0", "-1", "many"):
        assert run(".", "--jobs", wrong).status == 2


def test_an_interrupt_ends_all_processes_without_a_traceback(library: Path) -> None:
    """The interrupt of a terminal goes to all processes of the scan."""
    for number in range(20, 400):
        folder = library / "modules" / f"m{number:03}"
        folder.mkdir()
        (folder / "main.tf").write_text(MODULE % "true")
    started = subprocess.Popen(
        [sys.executable, "-m", "alexandria_scan", "modules", "--no-cache", "--jobs", "2"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, env=environment(),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    children = Path(f"/proc/{started.pid}/task")
    while started.poll() is None and not any(_children(children)):
        time.sleep(0.01)
    os.killpg(started.pid, signal.SIGINT)
    _, said = started.communicate(timeout=60)
    assert started.returncode == 130
    assert "interrupted" in said
    assert "Traceback" not in said
    with pytest.raises(ProcessLookupError):
        for _ in range(500):
            os.killpg(started.pid, 0)
            time.sleep(0.01)


def _children(tasks: Path) -> list[str]:
    try:
        return [child for task in tasks.iterdir() for child in (task / "children").read_text().split()]
    except OSError:
        return []
