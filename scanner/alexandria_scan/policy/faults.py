"""Where a policy itself is at fault: what went wrong while it ran, and in which of its lines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.policy.manifest import Policy, PolicyError
from alexandria_scan.policy.redact import redacted
from alexandria_scan.source.problems import Problem


class ManifestFault(Exception):
    """A condition that has no value. `place` leads to it in the manifest."""

    def __init__(self, message: str, place: tuple[str | int, ...]) -> None:
        super().__init__(message)
        self.place = place


def failed(policy: Policy, node: Any, error: BaseException) -> Problem:
    """The problem that an error on a node is."""
    file = policy.file
    if isinstance(error, ManifestFault) and (line := _line(file, error.place)):
        file = f"{file}, line {line}"
    return Problem(
        node.location.file,
        node.location.line,
        node.location.column,
        f"Policy {policy.id} could not be run",
        redacted(f"On {node.address}: {_said(policy, error)}", source=False),
        help=f"Correct {file}.",
    )


def _line(file: str, place: tuple[str | int, ...]) -> int:
    """The line of a manifest, or 0 if it cannot be read from here: a built-in one is named within the package."""
    from alexandria_scan.source.yaml_document import line_of

    try:
        return line_of(Path(file).read_text("utf-8"), place)
    except (OSError, UnicodeDecodeError):
        return 0


def _said(policy: Policy, error: BaseException) -> str:
    """What a policy raised, and in which line of its code."""
    if isinstance(error, (ManifestFault, PolicyError)):
        return str(error)
    if isinstance(error, EvalError):
        return error.detail or error.summary
    line, step = 0, error.__traceback__
    while step is not None:
        if policy.python is not None and step.tb_frame.f_code.co_filename == str(policy.python.path):
            line = step.tb_lineno
        step = step.tb_next
    place = f"{policy.python.path.name}:{line}: " if policy.python is not None and line else ""
    return f"{place}{type(error).__name__}: {error}"
