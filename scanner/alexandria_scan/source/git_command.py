"""The plain git command, led by neither a git that runs us nor the configuration of a repository."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from subprocess import CompletedProcess

# A repository may name programs of its own in its configuration; none of them is run.
_SAFE = (
    "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false",
    "-c", "log.showSignature=false", "-c", "diff.external=",
)  # fmt: skip
# A hook is run with GIT_DIR and GIT_INDEX_FILE, which are about its repository. These are about the user.
_KEPT = ("GIT_CONFIG_", "GIT_SSH", "GIT_SSL", "GIT_HTTP", "GIT_ASKPASS", "GIT_EXEC_PATH", "GIT_CEILING")


class GitError(ValueError):
    """Git cannot tell: a sentence that says why. `help` is the way out."""

    def __init__(self, message: str, help_: str = "") -> None:
        super().__init__(message)
        self.help = help_


def run_git(
    folder: Path, *arguments: str, timeout: float | None = None, fetch: bool = True, given: bytes | None = None
) -> CompletedProcess[bytes]:
    """Runs git in a folder, without a terminal. `fetch` lets a partial clone bring what it lacks; `given` is what git
    reads. Raises OSError, and subprocess.TimeoutExpired; an exit status is the caller's to judge."""
    import subprocess  # most scans need no other program

    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("GIT_") or name.startswith(_KEPT)
    }
    environment |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    if not fetch:
        environment["GIT_NO_LAZY_FETCH"] = "1"
    return subprocess.run(
        ["git", "--no-pager", *_SAFE, *arguments],
        cwd=folder, env=environment, input=given or b"", capture_output=True, timeout=timeout, check=False,
    )  # fmt: skip


def said_by(done: CompletedProcess[bytes]) -> str:
    """The first line of what git said of its failure."""
    lines = os.fsdecode(done.stderr).strip().splitlines()
    return lines[0].removeprefix("fatal: ") if lines else f"exit status {done.returncode}"
