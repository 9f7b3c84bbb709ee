"""The files of a folder of policies, and the data of those in YAML: read, remembered from a run before, or packed.

Reading 270 manifests takes longer than most scans. A wheel has their data in one file; in a working copy it is kept in
the user's cache folder, and counts only for the same names, sizes and times of change. A cache that cannot be read or
written is no cache: nothing depends on it.
"""

from __future__ import annotations

import os
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from alexandria_scan import __version__
from alexandria_scan.policy.manifest import PolicyError
from alexandria_scan.policy.yaml_file import YamlFile

PACK = "pack.json"
Stamp = tuple[int, int]


class Kept(msgspec.Struct):
    """What is remembered of a folder: every file's time of change and size, and the data of those in YAML."""

    stamps: dict[str, Stamp]
    data: dict[str, Any]


class Content:
    """The files below a folder, by their names relative to it with `/`; hidden ones are left out."""

    def __init__(self, folder: Path, cache: Path | None = None, built_in: bool = False) -> None:
        """`cache` is where the data is remembered, if anywhere. What is `built_in` may be packed."""
        self.folder = folder
        self._cache = cache
        packed = _read(folder / PACK) if built_in else None
        self._packed = packed is not None
        self._stamps = packed.stamps if packed is not None else _stamps(folder)
        known = packed if packed is not None or cache is None else _read(cache)
        self._data = known.data if known is not None and known.stamps == self._stamps else {}
        self._changed = False

    def yaml_names(self, part: str = "") -> list[str]:
        """The YAML files directly in a sub-folder, or all of them, sorted."""
        names = [name for name in self._stamps if name.endswith(".yaml")]
        return sorted(name for name in names if not part or name.rpartition("/")[0] == part)

    def holds(self, name: str) -> bool:
        return name in self._stamps

    def yaml(self, name: str, shown: str) -> YamlFile:
        """A YAML file; `shown` is its name in messages. Raises PolicyError."""
        path = self.folder / name
        if name in self._data:
            return YamlFile(path, shown, self._data[name])
        file = YamlFile(path, shown)
        self._data[name] = file.data
        self._changed = True
        return file

    def state(self, by_stamps: bool) -> dict[str, object]:
        """What tells the files from others: their times of change and sizes, or all that they hold. Raises OSError."""
        if by_stamps:
            pack = (self.folder / PACK).stat() if self._packed else None
            return {
                str(self.folder): sorted(self._stamps.items()),
                PACK: (pack.st_mtime_ns, pack.st_size) if pack is not None else None,
            }
        return {name: (self.folder / name).read_bytes() for name in sorted(self._stamps)}

    def keep(self) -> None:
        """Writes what was read, whole or not at all."""
        if self._cache is None or self._packed or not self._changed:
            return
        temporary = self._cache.with_name(f"{self._cache.name}.{os.getpid()}.tmp")
        try:
            self._cache.parent.mkdir(parents=True, exist_ok=True)
            temporary.write_bytes(msgspec.json.encode(Kept(self._stamps, self._data)))
            temporary.replace(self._cache)
        except (OSError, TypeError, ValueError, msgspec.EncodeError):
            with suppress(OSError):
                temporary.unlink()
        self._changed = False


def _read(file: Path) -> Kept | None:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Kept)
    except (OSError, msgspec.DecodeError):
        return None


def _stamps(folder: Path) -> dict[str, Stamp]:
    found: dict[str, Stamp] = {}
    pending = [("", str(folder))]
    while pending:
        prefix, path = pending.pop()
        try:
            with os.scandir(path) as entries:
                for entry in entries:
                    if entry.name.startswith((".", "__pycache__")):
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        pending.append((f"{prefix}{entry.name}/", entry.path))
                    else:
                        now = entry.stat()
                        found[prefix + entry.name] = (now.st_mtime_ns, now.st_size)
        except OSError as error:
            if path != str(folder):  # the folder itself is asked for by name, and missed there
                raise PolicyError(
                    path, 0, f"cannot be listed: {error.strerror or error}", "Check who may read it."
                ) from None
    return found


def cache_base() -> Path | None:
    """Where the program keeps what it can find out again. ALEXANDRIA_SCAN_CACHE names another place, "" none."""
    named = os.environ.get("ALEXANDRIA_SCAN_CACHE")
    if named == "":
        return None
    try:
        base = Path(named) if named else Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    except RuntimeError:  # there is no home
        return None
    return base / "alexandria-scan"


def cache_file(folder: Path) -> Path | None:
    """Where the data of a folder is kept, None if nowhere."""
    base = cache_base()
    name = f"policies-{__version__}-{zlib.crc32(os.fsencode(folder)):08x}.json"
    return base / name if base is not None else None
