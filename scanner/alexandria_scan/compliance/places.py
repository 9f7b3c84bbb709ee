"""Paths of results, which are relative to the working directory, seen from another folder."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path


def seen_from(folder: Path) -> Callable[[str], str]:
    """A function from a path of a result to the same path relative to `folder`, with `/`."""
    base = os.path.realpath(folder)
    working = os.path.realpath(".")

    @cache
    def relative(path: str) -> str:
        try:
            return Path(os.path.relpath(Path(working, path), base)).as_posix()
        except ValueError:  # another drive
            return path

    return relative
