"""What tells this program from others: its own code, the libraries that read for it, and Python."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from itertools import chain
from pathlib import Path

from alexandria_scan import __version__

_READERS = ("tree_sitter", "tree_sitter_hcl", "msgspec", "yaml", "pyromark")  # what reads for us


def program_state(*parts: str) -> list[object]:
    """Two installations of one version may differ in code, so its times of change and sizes count; with `parts`, those
    of these packages. Raises OSError."""
    found: list[object] = [__version__, sys.version]
    here = Path(__file__).parent
    for folder, names, files in chain.from_iterable(os.walk(here / part) for part in parts or ("",)):
        names[:] = sorted(name for name in names if name not in ("__pycache__", "bundled"))
        for name in sorted(files):
            if name.endswith(".py"):
                found.append((folder, name, _stamp(os.path.join(folder, name))))  # noqa: PTH118 (hot path)
    for name in _READERS:
        spec = find_spec(name)  # it may not be imported yet, and will not be by every scan
        file = spec.origin if spec is not None else None
        found.append((name, file, _stamp(file) if file is not None else None))
    return found


def _stamp(file: str) -> tuple[int, int]:
    now = os.stat(file)  # noqa: PTH116 (hot path)
    return now.st_mtime_ns, now.st_size
