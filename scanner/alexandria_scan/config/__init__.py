"""The configuration file: alexandria-scan.yaml, found upwards from what is scanned."""

from __future__ import annotations

from pathlib import Path

from alexandria_scan.config.find import BASELINE_NAME, FILE_NAMES, find_baseline, find_config
from alexandria_scan.config.model import Config, EnvironmentConfig, WaiverRule

__all__ = [
    "BASELINE_NAME",
    "FILE_NAMES",
    "Config",
    "EnvironmentConfig",
    "WaiverRule",
    "find_baseline",
    "find_config",
    "load_config",
    "place_in",
]


def load_config(path: Path) -> Config:
    """Raises PolicyError, with file and line, for what is wrong with the file."""
    from alexandria_scan.config.load import read_config  # many scans have no such file

    return read_config(path)


def place_in(config: Config, key: str, *path: str) -> str:
    """Where something stands in the configuration file, as a message about it begins; "" without a file."""
    if config.file is None:
        return ""
    from alexandria_scan.config.load import place

    return place(config.file, key, *path)
