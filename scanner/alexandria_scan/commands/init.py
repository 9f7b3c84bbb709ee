"""alexandria-scan init: writes what a repository begins with."""

from __future__ import annotations

import argparse


def run_init(given: argparse.Namespace) -> int:
    """Without an action, the configuration of a repository. Raises UsageError."""
    if given.action == "module":
        from alexandria_scan.commands.init_module import run_init_module

        return run_init_module(given)
    from alexandria_scan.commands.init_project import run_init_project

    return run_init_project(given)
