"""Installs a wheel into an environment of its own, far from the checkout, and compares what it does with the checkout.

    python tests/packaging/try_wheel.py dist/alexandria_scan-0.1.0-py3-none-any.whl

The Python that runs this has the checkout installed (`make wheel` sees to that). Everything runs in `/`, with an
environment that says nothing about the checkout.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

FIXTURE = Path(__file__).parents[2] / "fixtures" / "modules" / "us-15-03-drifted"
PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")


class Failed(Exception):
    """The wheel does not do what it must; the text says what."""


def main(wheel: Path) -> int:
    with tempfile.TemporaryDirectory(prefix="alexandria-scan-wheel-") as name:
        folder = Path(name)
        venv.create(folder / "venv", with_pip=True)
        python = folder / "venv" / "bin" / "python"
        # not _run: pip may need the proxy, index and certificates that the environment names
        subprocess.run(
            [python, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", wheel.resolve()], check=True
        )
        module = folder / "module"
        shutil.copytree(FIXTURE, module)
        try:
            _try(python, module)
        except Failed as failed:
            print(f"{wheel.name}: {failed}", file=sys.stderr)
            return 1
    return 0


def _try(python: Path, module: Path) -> None:
    command = python.with_name("alexandria-scan")
    version = _run([command, "--version"]).decode().strip()
    here = _run([sys.executable, "-m", "alexandria_scan", "--version"]).decode().strip()
    _same("--version", version, here)

    arguments = ["policies", "list", "--format", "json"]
    policies = _run([command, *arguments])
    _same("policies list", policies, _run([sys.executable, "-m", "alexandria_scan", *arguments]))
    if b'"id"' not in policies:
        raise Failed("it lists no policy")

    arguments = [str(module), "--format", "json"]
    result = _run([command, *arguments], status=1)
    _same("the scan", result, _run([sys.executable, "-m", "alexandria_scan", *arguments], status=1))

    _one_name_in_site_packages(python)

    bundled = next(python.parents[1].glob("lib/python*/site-packages/alexandria_scan/bundled/policies"))
    shutil.rmtree(bundled)
    _run([command, str(module)], status=2)
    print(f"{version}: the wheel and the checkout agree, and the wheel refuses to run without its policies")


def _one_name_in_site_packages(python: Path) -> None:
    code = (
        "from importlib.metadata import files\n"
        "print(*sorted({f.parts[0] for f in files('alexandria-scan') if f.parts[0] != '..'}))"
    )
    names = _run([python, "-c", code]).decode().split()
    if [name for name in names if not name.endswith(".dist-info")] != ["alexandria_scan"]:
        raise Failed(f"it installs {', '.join(names)}, and should install alexandria_scan only")


def _same(what: str, wheel: str | bytes, checkout: str | bytes) -> None:
    if wheel != checkout:
        raise Failed(f"{what} differs from that of the checkout")


def _run(command: list[str | Path], status: int = 0) -> bytes:
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    done = subprocess.run(command, cwd="/", env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode != status or b"Traceback" in done.stderr:
        shown = " ".join(map(str, command))
        message = done.stderr.decode(errors="replace").strip()
        raise Failed(f"{shown}\nexit status {done.returncode}, not {status}\n{message}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
