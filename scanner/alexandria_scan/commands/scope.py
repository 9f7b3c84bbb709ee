"""What a scan is to look at: the paths of the command line or of the configuration file, or what some files touch."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from alexandria_scan.config import BASELINE_NAME, FILE_NAMES, Config, find_config, load_config, place_in
from alexandria_scan.source.exclusion import exclusion
from alexandria_scan.source.folders import CONFIG_SUFFIXES, VARIABLE_SUFFIXES, SourceTree, boundary_of
from alexandria_scan.usage import UsageError

if TYPE_CHECKING:
    from alexandria_scan.source.callers import Touched

# Files that change what a scan of anything says.
_OURS = frozenset([*FILE_NAMES, BASELINE_NAME, ".pre-commit-config.yaml", ".tflint.hcl"])
# Names of files that may lie anywhere and touch nothing; another one that touches no module is a slip.
_HARMLESS = (*CONFIG_SUFFIXES, *VARIABLE_SUFFIXES, ".md", ".hcl", ".yaml", ".yml")
_ZIP = b"PK\x03\x04"


def config_of(given: argparse.Namespace) -> Config:
    """The configuration in force for a scan. Raises UsageError and PolicyError."""
    return config_for(given.config, _start(given))


def workspace_of(given: argparse.Namespace) -> str | None:
    """The workspace that was named, on the command line or as for Terraform itself."""
    return given.workspace or os.environ.get("TF_WORKSPACE") or None


def config_for(named: str | None, start: Path) -> Config:
    """The configuration file that is named, else the one that is found from `start`. Raises UsageError, PolicyError."""
    if named:
        path = Path(named)
        if not path.is_file():
            raise UsageError(f"{named} does not exist.", "--config takes a configuration file.")
        return load_config(path)
    found = find_config(start) if start.exists() else None
    return load_config(Path(os.path.relpath(found))) if found is not None else Config()


def _start(given: argparse.Namespace) -> Path:
    """Where to look for a configuration file from: the first folder or plan, else what the files are in."""
    paths = [path for path in given.paths if path != "-"]
    others = [path for path in paths if not is_touching(path)]
    if others:
        return Path(others[0])
    return _around([Path(path) for path in paths]) if paths else Path.cwd()


def _around(files: list[Path]) -> Path:
    """The working directory if the files are in it, else what belongs together with the first of them."""
    working = Path.cwd()
    if all(working in Path(os.path.realpath(file)).parents for file in files):
        return working
    return boundary_of(files[0].absolute().parent)


def is_touching(path: str) -> bool:
    """Whether a path is a file that stands for the modules which it touches, and not for a plan."""
    name = Path(path).name
    plan = name.endswith(".json") and not name.endswith((*CONFIG_SUFFIXES, *VARIABLE_SUFFIXES, BASELINE_NAME))
    return path not in ("", "-") and not plan and Path(path).is_file()


def scope_of(given: argparse.Namespace, config: Config) -> tuple[tuple[str, ...], Touched | None]:
    """The paths to scan, and what of it some files touch, or None if all is to be scanned. Raises UsageError."""
    files = [Path(path) for path in given.paths if is_touching(path)]
    where = [path for path in given.paths if not is_touching(path)]
    if not files and given.changed_since is None:
        return tuple(where or _configured(config) or ["."]), None
    from alexandria_scan.source.callers import touched_by

    if given.changed_since is not None:
        from alexandria_scan.source.changed import changed_since
        from alexandria_scan.source.git_command import GitError

        try:
            files += changed_since(given.changed_since, Path(where[0] if where else "."))
        except GitError as error:
            raise UsageError(str(error), error.help) from None
    elif not where and not _configured(config):
        where = [os.path.relpath(_around(files))]
    tops = where or list(_configured(config)) or ["."]
    if any(_concerns_all(file, given, config) for file in files):
        return tuple(tops), None
    folders = [Path(top).absolute() for top in tops if Path(top).is_dir()]
    touched = touched_by(files, folders, lambda top: _module_folders(top, config))
    if given.changed_since is None:
        _check_names(files, touched)
    return tuple(tops), touched


def _configured(config: Config) -> tuple[str, ...]:
    """The paths of the configuration file; further down in the repository, the working directory is meant."""
    if config.file is None or config.file.resolve().parent in Path.cwd().parents:
        return ()
    missing = next((path for path in config.paths if not path.exists()), None)
    if missing is not None:
        where = place_in(config, "paths")
        raise UsageError(f"{where}{missing.as_posix()} does not exist.", "paths takes folders relative to this file.")
    return tuple(os.path.relpath(path) for path in config.paths)


def _module_folders(top: Path, config: Config) -> list[Path]:
    return SourceTree(boundary_of(top)).module_folders(top, exclusion(config.file, config.exclude, top))


def _concerns_all(file: Path, given: argparse.Namespace, config: Config) -> bool:
    """Whether a file is one of the scanner's own: configuration, a policy, a variable file of an environment."""
    real = Path(os.path.realpath(file))
    if file.name in _OURS or (config.file is not None and real == config.file.resolve()):
        return True
    if any(Path(os.path.realpath(folder)) in real.parents for folder in (*config.policies, *given.policies)):
        return True
    named = [Path(value) for kind, value in given.inputs or () if kind == "file"]
    if config.file is not None:
        named += [config.file.parent / name for entry in config.environments for name in entry.var_files]
    return any(Path(os.path.realpath(path)) == real for path in named)


def _check_names(files: list[Path], touched: Touched) -> None:
    """Refuses what was given in the belief that it would be scanned."""
    idle = {path.name for path in touched.idle}
    for file in files:
        with file.open("rb") as opened:
            archive = opened.read(4) == _ZIP
        if archive or (file.name in idle and not file.name.endswith(_HARMLESS) and "." in file.name):
            raise UsageError(
                f"{file.as_posix()} is neither a folder, nor Terraform source, nor a plan in JSON.",
                "Turn a plan file into JSON with: terraform show -json PLANFILE > plan.json",
            )
