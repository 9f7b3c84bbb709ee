"""The data of YAML files that were read before, kept between runs: reading 200 manifests costs more than a scan.

An entry counts only for the same path, size and time of change. A cache that cannot be read or written is no cache:
nothing depends on it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec

from alexandria_scan import __version__

Entry = tuple[int, int, Any]


class YamlCache:
    """The cache of one run. `file` is None where nothing is to be kept."""

    def __init__(self, file: Path | None) -> None:
        self.file = file
        self._entries: dict[str, Entry] = {}
        self._changed = False
        if file is not None:
            try:
                self._entries = msgspec.json.decode(file.read_bytes(), type=dict[str, Entry])
            except (OSError, msgspec.DecodeError):
                self._entries = {}

    def get(self, path: Path) -> tuple[bool, Any]:
        """Whether the file is known as it is now, and its data."""
        entry = self._entries.get(str(path))
        if entry is None:
            return False, None
        try:
            now = path.stat()
        except OSError:
            return False, None
        return (now.st_mtime_ns, now.st_size) == entry[:2], entry[2]

    def put(self, path: Path, data: Any) -> None:
        try:
            now = path.stat()
        except OSError:
            return
        self._entries[str(path)] = (now.st_mtime_ns, now.st_size, data)
        self._changed = True

    def save(self) -> None:
        """Writes what is new, whole or not at all."""
        if self.file is None or not self._changed:
            return
        temporary = self.file.with_name(f"{self.file.name}.{os.getpid()}.tmp")
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(msgspec.json.encode(self._entries))
            temporary.replace(self.file)
        except (OSError, TypeError, ValueError, msgspec.EncodeError):
            temporary.unlink(missing_ok=True)
        self._changed = False


def default_cache() -> YamlCache:
    """The cache of this version in the user's cache folder; ALEXANDRIA_SCAN_CACHE names another, or "" none."""
    named = os.environ.get("ALEXANDRIA_SCAN_CACHE")
    if named == "":
        return YamlCache(None)
    base = Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    try:
        return YamlCache(base / "alexandria-scan" / f"yaml-{__version__}.json")
    except RuntimeError:  # there is no home
        return YamlCache(None)
