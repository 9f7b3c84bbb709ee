"""Reading files of the scanned tree, and never any other."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path

from alexandria_scan.evaluate.errors import FunctionError, LimitExceeded
from alexandria_scan.evaluate.functions.limits import MAX_TEXT
from alexandria_scan.evaluate.functions.signature import Context
from alexandria_scan.source.disk import FOLDER, OTHER


def clean_path(path: str) -> str:
    """Go's filepath.Clean."""
    cleaned = posixpath.normpath(path)
    return cleaned[1:] if cleaned.startswith("//") else cleaned


def located(context: Context, path: str) -> Path:
    """Where the path leads, symbolic links followed. Raises LimitExceeded outside of the scanned folder,
    FunctionError for another user's home; ValueError if the path holds a NUL."""
    if path.startswith("~"):
        if not path.startswith("~/") and path != "~":
            raise FunctionError("failed to expand ~: cannot expand user-specific home dir")
        raise outside(path)
    named = context.directory / clean_path(path)
    target = context.disk.real(named) or Path(os.path.normpath(named))  # links in a circle: nothing is there
    boundary = context.disk.real(context.boundary)
    if target != boundary and boundary not in target.parents:
        raise outside(path)
    return target


def outside(path: str) -> LimitExceeded:
    return LimitExceeded(
        "File outside the scanned folder",
        f'The path "{path}" reads outside the scanned folder, which a scan never does.',
    )


def read(context: Context, path: str) -> bytes:
    """The bytes of a regular file. Raises OSError, ValueError, LimitExceeded, FunctionError."""
    target = located(context, path)
    kind = context.disk.kind(target)
    if kind == FOLDER:
        raise IsADirectoryError(path)
    if kind != OTHER and target.stat().st_size > MAX_TEXT:
        context.disk.doubt()
        raise LimitExceeded("Value too large", f'The file "{path}" has more than {MAX_TEXT} bytes.')
    data = context.disk.data(target) if kind != OTHER else None
    if data is None:
        raise FunctionError(f"{path} is not a regular file")
    return data
