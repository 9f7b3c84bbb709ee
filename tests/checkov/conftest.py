"""A program that stands in for Checkov: it prints what a test tells it to."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from alexandria_scan.checkov import join, run
from alexandria_scan.usage import UsageError

Stand = Callable[..., Path]
COMMAND = run.checkov_command


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Stand:
    """`stand_in(output, status=0, errors="")`: what it prints, a text or the report's data, and how it ends.

    Returns the file in which it writes down its arguments and the folder that it was started in.
    """
    folder = tmp_path / "checkov stands in"
    folder.mkdir()

    def make(output: Any, status: int = 0, errors: str = "") -> Path:
        program, called = folder / "checkov", folder / "called.json"
        text = output if isinstance(output, str) else json.dumps(output)
        program.write_text(
            f"#!{sys.executable}\nimport json, os, sys\n"
            f"json.dump([*sys.argv[1:], os.getcwd()], open({str(called)!r}, 'w'))\n"
            f"sys.stdout.write({text!r})\nsys.stderr.write({errors!r})\nsys.exit({status})\n"
        )
        program.chmod(0o755)
        for module in (run, join):
            monkeypatch.setattr(module, "checkov_command", lambda: str(program))
        return called

    return make


def record(check: str, resource: str, file: Path, result: str = "FAILED", **more: Any) -> dict[str, Any]:
    """One entry of Checkov's report."""
    return {
        "check_id": check,
        "check_name": f"What {check} asks",
        "check_result": {"result": result, "evaluated_keys": ["key"], **more.pop("check_result", {})},
        "resource": resource,
        "file_path": f"/{file.name}",
        "file_abs_path": str(file),
        "file_line_range": [1, 3],
        "severity": None,
        "guideline": None,
        "check_class": "checkov.terraform.checks.resource.aws.Some",
        "caller_file_path": None,
        **more,
    }


def report(*failed: dict[str, Any], **more: list[Any]) -> dict[str, Any]:
    return {"check_type": "terraform", "results": {"failed_checks": list(failed), **more}}


@cache
def missing(version: str = "") -> str:
    """Why a test with the real Checkov cannot be run; "" if it can. It needs us in its own environment."""
    try:
        command = COMMAND()
    except UsageError as error:
        return str(error)
    python = Path(command).parent / "python"
    code = "import checkov.version, msgspec, tree_sitter_hcl; print(checkov.version.version)"
    asked = [str(python), "-c", code]
    needs = subprocess.run(asked, capture_output=True, text=True, check=False) if python.exists() else None
    if needs is None or needs.returncode:
        return f"{command} is in an environment without what alexandria-scan needs"
    found = needs.stdout.strip()
    return "" if version in ("", found) else f"this is of Checkov {version}, and {command} is {found}"
