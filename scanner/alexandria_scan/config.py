"""The configuration file: alexandria-scan.yaml, found upwards from what is scanned."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from alexandria_scan.policy.results import SEVERITIES
from alexandria_scan.policy.yaml_file import YamlFile

FILE_NAMES = ("alexandria-scan.yaml", "alexandria-scan.yml")
_KEYS = (
    "standards", "environments", "fail_on", "policies", "parameters", "severity", "disable",
)  # fmt: skip
_ENVIRONMENT_KEYS = ("var_files", "vars", "workspace")


@dataclass(frozen=True, slots=True)
class EnvironmentConfig:
    """How the roots are evaluated for one environment. `var_files` are relative to the root, else to the file."""

    name: str
    var_files: tuple[str, ...] = ()
    vars: tuple[tuple[str, str], ...] = ()
    workspace: str | None = None


@dataclass(frozen=True, slots=True)
class Config:
    """What the file says. `parameters` maps policy ids to parameter values, `severity` to severities."""

    file: Path | None = None
    standards: tuple[str, ...] = ()
    environments: tuple[EnvironmentConfig, ...] = ()
    fail_on: str | None = None
    policies: tuple[Path, ...] = ()
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    severity: dict[str, str] = field(default_factory=dict)
    disable: tuple[str, ...] = ()


def find_config(start: Path) -> Path | None:
    """The nearest configuration file, from `start` upwards to the repository's top."""
    start = start.resolve()
    for folder in (start, *start.parents) if start.is_dir() else start.parents:
        for name in FILE_NAMES:
            if (folder / name).is_file():
                return folder / name
        if (folder / ".git").exists():
            break
    return None


def load_config(path: Path) -> Config:
    """Raises PolicyError, with file and line, for what is wrong with it."""
    file = YamlFile(path, path.as_posix())
    if file.data is None:
        return Config(path)
    data = file.mapping()
    file.known_keys(data, _KEYS)
    fail_on = file.text_at(data, "fail_on") or None
    if fail_on is not None and fail_on not in (*SEVERITIES, "never"):
        raise file.error(f"fail_on is one of {', '.join(SEVERITIES)}, never; not {fail_on!r}", "fail_on")
    return Config(
        path,
        standards=tuple(file.texts_at(data, "standards")),
        environments=_environments(file, data),
        fail_on=fail_on,
        policies=tuple(path.parent / folder for folder in file.texts_at(data, "policies")),
        parameters=_parameters(file, data),
        severity=_severity(file, data),
        disable=tuple(file.texts_at(data, "disable")),
    )


def _environments(file: YamlFile, data: dict[str, Any]) -> tuple[EnvironmentConfig, ...]:
    if "environments" not in data:
        return ()
    found = []
    for name, entry in file.mapping("environments").items():
        entry = entry or {}
        if not isinstance(entry, dict):
            raise file.error("an environment has var_files, vars or workspace", "environments", name)
        file.known_keys(entry, _ENVIRONMENT_KEYS, "environments", name)
        values = entry.get("vars", {})
        if not isinstance(values, dict) or not all(isinstance(value, (str, int, bool)) for value in values.values()):
            raise file.error("vars maps names of variables to plain values", "environments", name, "vars")
        found.append(
            EnvironmentConfig(
                name,
                tuple(file.texts_at(entry, "var_files", "environments", name)),
                tuple((key, _as_text(value)) for key, value in values.items()),
                file.text_at(entry, "workspace", "environments", name) or None,
            )
        )
    return tuple(found)


def _as_text(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _parameters(file: YamlFile, data: dict[str, Any]) -> dict[str, dict[str, Any]]:
    if "parameters" not in data:
        return {}
    return {policy: dict(file.mapping("parameters", policy)) for policy in file.mapping("parameters")}


def _severity(file: YamlFile, data: dict[str, Any]) -> dict[str, str]:
    if "severity" not in data:
        return {}
    found = {}
    for policy, severity in file.mapping("severity").items():
        if severity not in SEVERITIES:
            raise file.error(f"a severity is one of {', '.join(SEVERITIES)}, not {severity!r}", "severity", policy)
        found[policy] = severity
    return found
