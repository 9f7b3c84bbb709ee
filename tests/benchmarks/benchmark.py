"""Start-up, cold scans and their memory, beside Checkov where it is installed: `make benchmark`. Asserts nothing.

    python tests/benchmarks/benchmark.py [RUNS]

Each run is a process of its own with nothing kept from the one before. Medians are of wall time; memory is the largest
resident set that the operating system saw. Python's compiled files are kept in a folder of the benchmark's own, so
that what is measured is a program that is installed, whatever the environment says about writing them.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
MODULES = ROOT / "fixtures" / "modules"
DATABASE = MODULES / "us-15-03" / "modules" / "rds"
PROGRAM = [sys.executable, "-m", "alexandria_scan"]


class Run(NamedTuple):
    """Seconds of wall time, peak memory in MB, exit status."""

    seconds: float
    memory: float
    status: int


def measured(command: Sequence[str | Path]) -> Run:
    started = time.perf_counter()
    process = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    unit = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is in bytes there, in kilobytes elsewhere
    return Run(seconds, usage.ru_maxrss * unit / 1e6, process.returncode)


def repeated(command: Sequence[str | Path], runs: int) -> Run:
    """The medians of several runs, after one that warms the files up."""
    measured(command)
    found = [measured(command) for _ in range(runs)]
    return Run(median(run.seconds for run in found), median(run.memory for run in found), found[0].status)


def start_up(runs: int) -> None:
    python = repeated([sys.executable, "-c", "pass"], runs).seconds
    version = repeated([*PROGRAM, "--version"], runs).seconds
    print(f"python -c pass                 {python * 1000:6.0f} ms")
    print(
        f"alexandria-scan --version      {version * 1000:6.0f} ms   {version / python:.2f} times as long; "
        f"twice and 50 ms are {python * 2000 + 50:.0f} ms"
    )


def scans(runs: int, alone: Path) -> None:
    folders = (
        ("database module", alone),
        ("the same with its examples", DATABASE),
        ("repository", MODULES / "alexandria-data-layer"),
        ("all fixtures", MODULES),
    )
    checkov = checkov_command()
    print(f"\n{'cold scan, text report':30} {'files':>5} {'resources':>9} {'seconds':>8} {'MB':>4} {'exit':>4}", end="")
    print(f"   {'checkov':>8} {'ratio':>6}" if checkov else "")
    for name, folder in folders:
        run = repeated([*PROGRAM, folder, "--no-cache"], runs)
        scanned = json.loads(
            subprocess.run([*PROGRAM, folder, "--format", "json"], cwd=ROOT, capture_output=True, check=False).stdout
        )["scanned"]
        shown = f"{run.seconds:8.3f} {run.memory:4.0f} {run.status:4}"
        print(f"{name:30} {scanned['files']:5} {scanned['resources']:9} {shown}", end="")
        if checkov:
            other = repeated([*checkov, "--directory", folder], max(1, runs // 4))
            print(f"   {other.seconds:8.3f} {other.seconds / run.seconds:6.1f}", end="")
        print()
    print(f"\nCheckov: {' '.join(map(str, checkov))}" if checkov else "\nCheckov is not installed: no comparison.")


def checkov_command() -> list[str | Path]:
    """How to run Checkov, from this environment or from the path; empty if it is not installed."""
    found = shutil.which("checkov", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    options = ["--framework", "terraform", "--compact", "--quiet", "--skip-download"]
    return [found, *options] if found else []


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 11
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors, median of {runs} runs\n")
    with tempfile.TemporaryDirectory(prefix="alexandria-scan-benchmark-") as name:
        os.environ["PYTHONPYCACHEPREFIX"] = str(Path(name) / "compiled")
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        alone = Path(name) / "rds"
        shutil.copytree(DATABASE, alone, ignore=shutil.ignore_patterns("examples"))
        start_up(runs)
        scans(runs, alone)
    return 0


if __name__ == "__main__":
    sys.exit(main())
