"""Writes reports/samples: what each format says of one small module. `make samples` runs it; a test keeps them fresh.

The module is fixtures/modules/alex-drifted, copied to a folder where nothing else is, neither history nor
configuration, and scanned for one standard on one day. So the samples change with that module, the policies of that
standard, and the formats only.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from alexandria_scan.compliance.standards import load_standards
from alexandria_scan.policy.content import Content
from alexandria_scan.policy.load import load_policies
from tests.conftest import environment

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "reports" / "samples"

FILES = {
    "text": "report.txt",
    "json": "report.json",
    "markdown": "report.md",
    "html": "report.html",
    "sarif": "report.sarif",
    "junit": "report.junit.xml",
    "github": "report.github.txt",
    "gitlab": "report.gitlab.json",
    "csv": "report.csv",
    "oscal": "report.oscal.json",
}
"""Format -> file. A format that is added here gets a sample."""

PICTURE, PICTURE_LINES = "terminal.svg", 63
MODULE, DAY, WIDTH = "modules/alex", "2026-06-01", 100
STANDARD = "alex-production-checklist"
CONFIGURATION = """\
waivers:
  - policy: [aws_rds_cluster_final_snapshot_skipped]
    module: [modules/alex]
    reason: The data is made anew from its sources every night
    owner: data-platform
    until: 2026-12-31
"""


def made() -> dict[str, bytes]:
    """The samples by the names of their files. Raises RuntimeError with what a scan says that does not work."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "fixtures" / "modules" / "alex-drifted", folder / MODULE)
        (folder / "alexandria-scan.yaml").write_text(CONFIGURATION, encoding="utf-8")
        outputs = [part for format_, file in FILES.items() for part in ("--output", f"{format_}={file}")]
        coloured = _scan(folder, *outputs, "--color", "always")
        samples = {file: (folder / file).read_bytes() for file in FILES.values()}
    return {**samples, PICTURE: _picture(coloured.decode()).encode()}


def _scan(folder: Path, *arguments: str) -> bytes:
    scan = [sys.executable, "-m", "alexandria_scan", MODULE, "--standard", STANDARD, "--as-of", DAY]
    policies = [part for policy in _policies() for part in ("--policy", policy)]
    done = subprocess.run(
        [*scan, *policies, "--width", str(WIDTH), *arguments], cwd=folder, env=environment(), capture_output=True
    )
    if done.returncode != 1:
        raise RuntimeError(done.stderr.decode())
    return done.stdout


def _policies() -> list[str]:
    """The policies of the standard, so that a result holds no others."""
    folder = ROOT / "policies"
    (standard,) = (one for one in load_standards([Content(folder)], load_policies(folder)) if one.name == STANDARD)
    return sorted({proof.policy for control in standard.controls for proof in control.proofs})


def _picture(report: str) -> str:
    """The beginning of a report with terminal colours as an SVG that asks no network for a font."""
    from rich.console import Console
    from rich.text import Text

    console = Console(record=True, width=WIDTH, file=StringIO(), legacy_windows=False)
    console.print(Text.from_ansi("\n".join(report.splitlines()[:PICTURE_LINES])), soft_wrap=True)
    svg = console.export_svg(title=f"alexandria-scan {MODULE}", unique_id="report")
    without = re.sub(r"@font-face\s*\{.*?\}\s*", "", svg, flags=re.DOTALL)
    return "".join(f"{line.rstrip()}\n" for line in without.splitlines())


def main() -> None:
    SAMPLES.mkdir(exist_ok=True)
    samples = made()
    for path in SAMPLES.iterdir():
        if path.name not in samples:
            path.unlink()
    for name, data in samples.items():
        (SAMPLES / name).write_bytes(data)


if __name__ == "__main__":
    main()
