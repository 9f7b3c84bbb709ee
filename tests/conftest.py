"""What tests of several rooms share: the program as a user starts it, in an environment that says nothing."""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# The same examples on every machine, however busy it is.
settings.register_profile(
    "tests", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("tests")

ROOT = Path(__file__).parents[1]
SCANNER = ROOT / "scanner"
# Variables of whoever runs the tests that would change what the program does or prints.
_SILENCED = (
    "NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS", "LINES", "TERM", "TF_WORKSPACE", "PYTHONPATH",
    "GITHUB_STEP_SUMMARY",
)  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """What a run of the program came to."""

    status: int
    out: str
    err: str

    @property
    def said(self) -> str:
        """Everything that the user saw."""
        return self.out + self.err


Run = Callable[..., Outcome]

# What scans keep for each other during a run of the tests, and never what the user's own scans have kept.
_CACHE = tempfile.mkdtemp(prefix="alexandria-scan-tests-")
atexit.register(shutil.rmtree, _CACHE, ignore_errors=True)


def environment(**changes: str) -> dict[str, str]:
    """The environment of a run: that of the tests without what would change the outcome, and with the changes."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in _SILENCED and not name.startswith(("TF_VAR_", "ALEXANDRIA_SCAN_"))
    }
    return {**kept, "PYTHONPATH": str(SCANNER), "PYTHONUTF8": "1", "ALEXANDRIA_SCAN_CACHE": _CACHE, **changes}


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs alexandria-scan in the test's own folder, without a terminal. No traceback or internal error may be seen.

    `run("scan", "modules", env={"NO_COLOR": "1"})`; other options are those of `subprocess.run`.
    """

    def run_program(*arguments: str | Path, env: Mapping[str, str] | None = None, **options: Any) -> Outcome:
        done = subprocess.run(
            [sys.executable, "-m", "alexandria_scan", *map(str, arguments)],
            env=environment(**(env or {})),
            check=False,
            timeout=120,
            **{"cwd": tmp_path, "stdin": subprocess.DEVNULL, "capture_output": True, **options},
        )
        outcome = Outcome(done.returncode, _text(done.stdout), _text(done.stderr))
        assert "Traceback" not in outcome.said and "internal error" not in outcome.said, outcome.said
        return outcome

    return run_program


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc, which says who started whom")


def children(process: subprocess.Popen[Any]) -> list[int]:
    """The processes that it has started, as soon as there are any; none if it ends before. Needs `needs_proc`."""
    tasks = Path(f"/proc/{process.pid}/task")
    while process.poll() is None:
        with contextlib.suppress(OSError):
            if found := [int(child) for task in tasks.iterdir() for child in (task / "children").read_text().split()]:
                return found
        time.sleep(0.01)
    return []


def _text(data: bytes | None) -> str:
    return (data or b"").decode("utf-8", "backslashreplace")
