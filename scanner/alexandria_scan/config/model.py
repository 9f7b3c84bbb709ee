"""What a configuration file says, typed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec


class EnvironmentConfig(msgspec.Struct, frozen=True):
    """How the roots are evaluated for one environment. `var_files` are relative to the root, else to the file."""

    name: str
    var_files: tuple[str, ...] = ()
    vars: tuple[tuple[str, str], ...] = ()
    workspace: str | None = None


class WaiverRule(msgspec.Struct, frozen=True):
    """An entry of `waivers`: every kind of pattern that it has must match, one of each kind will do.

    `index` is its place in the list. `until` is as it was written, and may be no date.
    """

    index: int
    policies: tuple[str, ...]
    reason: str
    owner: str = ""
    until: str = ""
    addresses: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()


class Config(msgspec.Struct, frozen=True):
    """What the file says. `parameters` maps policy ids to parameter values, `severity` to severities, `outputs`
    formats to files. Folders and files are absolute or relative to the working directory; `exclude` and the patterns
    of waivers are relative to the file's folder."""

    file: Path | None = None
    paths: tuple[Path, ...] = ()
    exclude: tuple[str, ...] = ()
    standards: tuple[str, ...] = ()
    environments: tuple[EnvironmentConfig, ...] = ()
    fail_on: str | None = None
    policies: tuple[Path, ...] = ()
    parameters: dict[str, dict[str, Any]] = {}
    severity: dict[str, str] = {}
    disable: tuple[str, ...] = ()
    waivers: tuple[WaiverRule, ...] = ()
    waivers_in_modules: bool = False
    unwaivable: tuple[str, ...] = ()
    baseline: Path | None = None
    outputs: tuple[tuple[str, Path], ...] = ()
