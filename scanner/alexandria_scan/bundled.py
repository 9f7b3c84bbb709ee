"""The content that ships with the scanner: policies and reports, in a wheel or in the repository."""

from __future__ import annotations

from functools import cache
from pathlib import Path


class MissingContent(RuntimeError):
    """The installation lacks its policies: scanning with none would pass everything."""


@cache
def folder(name: str) -> Path:
    """The bundled folder `policies` or `reports`, else the repository's. Raises MissingContent."""
    package = Path(__file__).parent
    for candidate in (package / "bundled" / name, package.parents[1] / name):
        if candidate.is_dir():
            return candidate
    raise MissingContent(f"this installation has no {name}; install alexandria-scan again")
