"""The configuration file: alexandria-scan.yaml, found upwards from what is scanned."""

from alexandria_scan.config.find import BASELINE_NAME, FILE_NAMES, find_baseline, find_config
from alexandria_scan.config.load import load_config, place_in
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
