"""Where the configuration file and the baseline of what is scanned are."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

FILE_NAMES = ("alexandria-scan.yaml", "alexandria-scan.yml")
BASELINE_NAME = "alexandria-scan.baseline.json"


def find_config(start: Path) -> Path | None:
    """The nearest configuration file, from `start` upwards to the repository's top."""
    return _upwards(start, FILE_NAMES)


def find_baseline(start: Path) -> Path | None:
    """The nearest baseline, from `start` upwards to the repository's top."""
    return _upwards(start, (BASELINE_NAME,))


def _upwards(start: Path, names: Iterable[str]) -> Path | None:
    start = Path(os.path.realpath(start))
    for folder in (start, *start.parents) if start.is_dir() else start.parents:
        for name in names:
            if (folder / name).is_file():
                return folder / name
        if (folder / ".git").exists():
            break
    return None
