"""A scan says the same in any number of processes, and where these fail."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from alexandria_scan.module_scan import HALVES, WHOLE, Part, scan_module
from alexandria_scan.report import json_report
from alexandria_scan.scan import Options, scan
from alexandria_scan.tree_scan import TreeScan
from alexandria_scan.workers import spread
from tests.conftest import Run, children, environment, needs_proc

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")

FIXTURES = Path(__file__).parent.parent / "fixtures" / "modules"
FEW = ("alex", "alex-drifted", "alexandria-data-layer-drifted/rds-aurora-advanced", "us-15-03-drifted")
MODULE = 'resource "aws_rds_cluster" "this" {\n  engine = "aurora-mysql"\n  storage_encrypted = %s\n}\n'


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for number in range(20):
        folder = tmp_path / "modules" / f"m{number:02}"
        folder.mkdir(parents=True)
        (folder / "main.tf").write_text(MODULE % ("true" if number % 3 else '"'))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(jobs: int, cache: bool = False) -> str:
    return of((Path("modules"),), jobs, cache)


def of(paths: tuple[Path, ...], jobs: int, cache: bool = False) -> str:
    return json_report.render(scan(Options(paths=tuple(map(str, paths)), jobs=jobs, cache=cache)))


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


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[Part]:
    """The parts of folders that this process judges, small ones too."""
    monkeypatch.setattr("alexandria_scan.tree_scan._WORTH_HALVING", 0)
    halves: list[Part] = []

    def noting(*given: object) -> object:
        assert isinstance(given[-1], Part)
        halves.append(given[-1])
        return scan_module(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("alexandria_scan.tree_scan.scan_module", noting)
    return halves


@pytest.mark.parametrize("name", FEW)
def test_few_folders_are_judged_in_two_halves_each(
    name: str, judged: list[Part], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALEXANDRIA_SCAN_CACHE", str(tmp_path))
    folder = (FIXTURES / name,)
    alone = of(folder, 1)
    assert judged == [WHOLE] * len(judged) != []
    judged.clear()
    assert of(folder, 8, cache=True) == alone
    assert all(part in HALVES for part in judged)
    judged.clear()
    assert of(folder, 1, cache=True) == alone
    assert judged == []  # what the halves came to is kept as one


def test_a_small_folder_is_judged_by_one_process(judged: list[Part], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = FIXTURES / "alex"
    monkeypatch.setattr("alexandria_scan.tree_scan._WORTH_HALVING", 100_000)
    assert sum(file.stat().st_size for file in folder.glob("*.tf")) < 100_000
    of((folder,), 8)
    assert judged == [WHOLE] * len(judged) != []


@pytest.mark.usefixtures("judged")
def test_a_circle_is_told_once_wherever_an_evaluation_begins(tmp_path: Path) -> None:
    circle = "locals {\n  x = local.z\n  y = local.x\n  z = local.y\n}\n"
    (tmp_path / "main.tf").write_text(circle + 'provider "aws" {\n  access_key = local.y\n}\n')
    alone = of((tmp_path,), 1)
    assert alone.count('"Cycle"') == 1
    assert of((tmp_path,), 2) == alone


def test_what_a_limit_cut_short_is_judged_as_a_whole(tmp_path: Path, judged: list[Part]) -> None:
    rows = "".join(
        f'output "o{n}" {{\n  value = [for x in range(1000) : [for y in range(900) : x]]\n}}\n' for n in range(5)
    )
    (tmp_path / "main.tf").write_text(rows)
    alone = of((tmp_path,), 1)
    assert "Evaluation too large" in alone
    judged.clear()
    assert of((tmp_path,), 2) == alone
    assert WHOLE in judged


@pytest.fixture
def spawning(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on macOS and Windows."""
    monkeypatch.setattr("alexandria_scan.workers.forks", lambda: False)
    monkeypatch.setattr("alexandria_scan.workers._WORTH_SPAWNING", 1)


@pytest.fixture
def judged_here(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The numbers of the folders that this process judges; it takes its time."""
    numbers: list[int] = []
    judged = TreeScan.judged

    def slowly(scan: TreeScan, number: int) -> bytes | None:
        numbers.append(number)
        time.sleep(1)
        return judged(scan, number)

    slowly.__name__ = "judged"  # by which the others know it
    monkeypatch.setattr(TreeScan, "judged", slowly)
    return numbers


@pytest.mark.parametrize("cache", [False, True])
def test_the_report_is_the_same_where_processes_are_started_anew(
    cache: bool, library: Path, spawning: None, judged_here: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALEXANDRIA_SCAN_CACHE", str(library / ".cache"))
    alone = told(1)
    assert judged_here == []
    (library / "json.py").write_text("raise SystemExit('what lies in the working directory is not run')")
    assert told(3, cache) == alone
    assert 0 < len(judged_here) < 20
    judged_here.clear()
    assert told(3, cache) == alone
    assert bool(judged_here) is not cache  # the others have kept what they found


def test_where_few_are_to_be_judged_nothing_is_started(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alexandria_scan.workers.forks", lambda: False)
    monkeypatch.setattr("alexandria_scan.spawned.subprocess.Popen", lambda *given, **options: pytest.fail("started"))
    assert told(4) == told(1)


@pytest.mark.parametrize("python", ["/missing/python", "/bin/false"])
def test_a_scan_goes_on_alone_where_nothing_can_be_started_anew(
    python: str, library: Path, spawning: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = told(1)
    monkeypatch.setattr("alexandria_scan.spawned.sys.executable", python)
    assert told(3) == alone


def test_a_scan_goes_on_alone_where_processes_die(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone, parent = told(1), os.getpid()
    from alexandria_scan.outcome import Outcome, packed

    def dying(outcome: Outcome) -> bytes | None:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)
        return packed(outcome)

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


SPAWNING = """\
import sys
from alexandria_scan import cli, workers
workers.forks = lambda: False
sys.exit(cli.main())
"""


@needs_proc
@pytest.mark.parametrize("program", [["-m", "alexandria_scan"], ["-c", SPAWNING]], ids=["forked", "spawned"])
def test_an_interrupt_ends_all_processes_without_a_traceback(program: list[str], library: Path) -> None:
    """The interrupt of a terminal goes to all processes of its session."""
    for number in range(20, 400):
        folder = library / "modules" / f"m{number:03}"
        folder.mkdir()
        (folder / "main.tf").write_text(MODULE % "true")
    started = subprocess.Popen(
        [sys.executable, *program, "modules", "--no-cache", "--jobs", "2"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, env=environment(),
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )  # fmt: skip
    processes = children(started)
    os.killpg(started.pid, signal.SIGINT)
    _, said = started.communicate(timeout=60)
    assert started.returncode == 130
    assert "interrupted" in said
    assert "Traceback" not in said
    for child in processes:
        _wait_for_the_end_of(child)


def _wait_for_the_end_of(process: int) -> None:
    with pytest.raises(ProcessLookupError):
        for _ in range(500):
            os.kill(process, 0)
            time.sleep(0.01)
