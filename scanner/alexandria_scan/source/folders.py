"""The scanned tree: which folders hold Terraform files, and reading them without leaving the tree."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import msgspec

from alexandria_scan.source.disk import Disk

CONFIG_SUFFIXES = (".tf", ".tofu", ".tf.json", ".tofu.json")
VARIABLE_SUFFIXES = (".tfvars", ".tfvars.json")
# What `terraform fmt` formats beside the configuration, and what that is (internal/command/fmt.go).
FORMATTED_SUFFIXES = {".tfvars": "values", ".tftest.hcl": "test", ".tfmock.hcl": "mock"}
MAX_ENTRIES = 2000
REGISTRY_FILES = ("module-registry.yaml", "module-registry.yml")
EXAMPLE_FOLDERS = frozenset(["examples", "example", "tests", "test", "wrappers"])
ENVIRONMENTS = frozenset(
    ["development", "dev", "staging", "stage", "stg", "production", "prod", "prd", "sandbox", "uat", "live"]
)
"""What folders and files of variables are named for; `test` is mostly a folder of tests."""
SKIPPED = frozenset(["node_modules", "__pycache__"])


class Unreadable(OSError):
    """A file or folder cannot be read, with the sentence that says why."""


class Folder(msgspec.Struct):
    """A folder with its file names, sorted. `path` is absolute."""

    path: Path
    config_files: list[str] = []
    variable_files: list[str] = []


class SourceTree:
    """Reads below `boundary` only; paths are shown relative to the working directory, with `/`."""

    def __init__(self, boundary: Path, disk: Disk | None = None) -> None:
        self.disk = disk or Disk()
        self.boundary = Path(os.path.realpath(boundary))
        self.read_files: set[Path] = set()
        self.registries: list[Path] = []
        self._working = Path.cwd()

    def shown(self, path: Path) -> str:
        try:
            text = os.path.relpath(path, self._working)
        except ValueError:  # another drive
            text = str(path)
        return Path(text).as_posix()

    def read(self, path: Path) -> bytes:
        """The bytes of a file inside the boundary. Raises Unreadable."""
        real = self.inside(path)
        try:
            data = self.disk.data(real)
        except OSError as error:
            raise Unreadable(f"{self.shown(path)} cannot be read: {error.strerror or error}") from None
        if data is None:
            raise Unreadable(f"{self.shown(path)} is not a regular file")
        self.read_files.add(path)
        return data

    def inside(self, path: Path) -> Path:
        """The path with links resolved. Raises Unreadable if that lies outside the boundary."""
        real = self.disk.real(path)
        if real is None:
            raise Unreadable(f"{self.shown(path)} is a link that leads nowhere or in a circle")
        if real != self.boundary and self.boundary not in real.parents:
            raise Unreadable(f"{self.shown(path)} leads outside the scanned tree")
        return real

    def folder(self, path: Path) -> Folder:
        """The Terraform files directly in a folder. Raises Unreadable."""
        self.inside(path)
        try:
            found = self.disk.entries(path, (*CONFIG_SUFFIXES, *VARIABLE_SUFFIXES))
        except OSError as error:
            raise Unreadable(f"{self.shown(path)} cannot be read: {error.strerror or error}") from None
        return _listed(path, [name for name, is_folder in found if not is_folder])

    def entries(self, path: Path) -> list[tuple[str, bool]]:
        """The names in a folder, sorted, and whether each is a folder; none if it cannot be read."""
        try:
            self.inside(path)
            return self.disk.entries(path)[:MAX_ENTRIES]
        except OSError:
            return []

    def module_folders(self, top: Path, excluded: Callable[[Path, bool], bool] | None = None) -> list[Path]:
        """`top` and every folder below it that holds configuration files, sorted. Links and hidden folders
        (`.terraform`, `.git`) are not followed, and neither is what is `excluded`, a function of a path and whether it
        is a folder's. Registries that lie on the way are taken down in `registries`."""
        found: list[Path] = []
        for directory, names, files in os.walk(top):
            names[:] = sorted(
                name
                for name in names
                if not name.startswith(".")
                and name not in SKIPPED
                and not os.path.islink(os.path.join(directory, name))  # noqa: PTH114, PTH118 (hot path)
                and (excluded is None or not excluded(Path(directory, name), True))
            )
            if any(name.endswith(CONFIG_SUFFIXES) for name in files):
                found.append(Path(directory))
            self.registries += [Path(directory, name) for name in REGISTRY_FILES if name in files]
        return found


def _listed(path: Path, names: list[str]) -> Folder:
    config = [name for name in names if name.endswith(CONFIG_SUFFIXES) and not name.startswith(".")]
    shadowed = {name.replace(".tofu", ".tf") for name in config if name.endswith((".tofu", ".tofu.json"))}
    config = [name for name in config if name not in shadowed]
    return Folder(path, config, [name for name in names if name.endswith(VARIABLE_SUFFIXES)])


def boundary_of(path: Path) -> Path:
    """What a scan of `path` may read: its repository, else the working directory that holds it, else itself."""
    path = Path(os.path.realpath(path))
    for folder in (path, *path.parents):
        if (folder / ".git").exists():
            return folder
    working = Path(os.path.realpath(Path.cwd()))
    return working if working == path or working in path.parents else path
