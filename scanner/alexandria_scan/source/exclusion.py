"""Patterns for paths by the rules of gitignore, and what a configuration file excludes by them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from pathlib import Path

Exclusion = Callable[[Path, bool], bool]
"""Whether a path is excluded; the second argument is true for a folder's."""


def ignored(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Whether a path, relative to where the patterns are written and with `/` at the end of a folder's, is matched.

    Raises ValueError for a pattern that is none.
    """
    from pathspec import GitIgnoreSpec  # only where there are patterns

    spec = GitIgnoreSpec.from_lines(patterns)
    return lambda path: not path.startswith("../") and bool(spec.match_file(path))


def exclusion(file: Path | None, patterns: Iterable[str], top: Path) -> Exclusion | None:
    """What the patterns in `file` exclude below `top`, or None if that is nothing. A folder that is itself excluded is
    scanned with all in it when it is asked for by name."""
    given = tuple(patterns)
    if file is None or not given:
        return None
    matches, base = ignored(given), os.path.realpath(file.parent)

    def excluded(path: Path, folder: bool) -> bool:
        relative = Path(os.path.relpath(os.path.realpath(path), base)).as_posix()
        return matches(f"{relative}/" if folder else relative)

    return None if excluded(top, True) else excluded
