"""alexandria-scan init ACTION"""

from __future__ import annotations

import argparse


def run_init(given: argparse.Namespace) -> int:
    from alexandria_scan.commands.init_module import run_init_module

    return run_init_module(given)
