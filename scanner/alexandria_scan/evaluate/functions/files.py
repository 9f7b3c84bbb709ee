"""Reading files of the scanned tree, and never any other."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path

from alexandria_scan.evaluate.errors import FunctionError, LimitExceeded
from alexandria_scan.evaluate.functions.limits import MAX_TEXT
from alexandria_scan.evaluate.functions.signature import Context


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
    target = Path(os.path.realpath(context.directory / clean_path(path)))
    boundary = Path(os.path.realpath(context.boundary))
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
    if target.is_dir():
        raise IsADirectoryError(path)
    if target.exists() and not target.is_file():
        raise FunctionError(f"{path} is not a regular file")
    if target.stat().st_size > MAX_TEXT:
        raise LimitExceeded("Value too large", f'The file "{path}" has more than {MAX_TEXT} bytes.')
    return target.read_bytes()
