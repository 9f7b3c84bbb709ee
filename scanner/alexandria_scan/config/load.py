"""Reads a configuration file and refuses what is wrong in it, with file and line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alexandria_scan.config.model import Config, EnvironmentConfig, WaiverRule
from alexandria_scan.config.options import ENVIRONMENT_KEYS, NAMES, WAIVER_KEYS
from alexandria_scan.policy.results import SEVERITIES
from alexandria_scan.policy.yaml_file import YamlFile
from alexandria_scan.source.exclusion import ignored

_HELP = "alexandria-scan init writes a configuration file with every option explained."


def read_config(path: Path) -> Config:
    """Raises PolicyError, with file and line, for what is wrong with it."""
    file = YamlFile(path, path.as_posix(), help=_HELP)
    if file.data is None:
        return Config(path)
    data = file.mapping()
    file.known_keys(data, NAMES)
    baseline = _text(file, data, "baseline")
    return Config(
        path,
        paths=_folders(file, data, "paths"),
        exclude=_patterns(file, data, "exclude"),
        standards=tuple(file.texts_at(data, "standards")),
        environments=_environments(file, data),
        fail_on=_fail_on(file, data),
        policies=_folders(file, data, "policies"),
        parameters=_parameters(file, data),
        severity=_severity(file, data),
        disable=tuple(file.texts_at(data, "disable")),
        waivers=_waivers(file, data),
        waivers_in_modules=file.flag_at(data, "waivers_in_modules", False),
        unwaivable=tuple(file.texts_at(data, "unwaivable")),
        baseline=path.parent / baseline if baseline else None,
        outputs=_outputs(file, data),
    )


def _folders(file: YamlFile, data: dict[str, Any], key: str) -> tuple[Path, ...]:
    return tuple(file.path.parent / folder for folder in file.texts_at(data, key))


def _patterns(file: YamlFile, data: dict[str, Any], key: str, *path: str | int) -> tuple[str, ...]:
    """Patterns by the rules of gitignore."""
    found = tuple(file.texts_at(data, key, *path))
    if found:
        try:
            ignored(found)
        except ValueError as error:
            raise file.error(f"{key!r} has a pattern that is none: {error}", *path, key) from None
    return found


def _text(file: YamlFile, data: dict[str, Any], key: str, *path: str | int) -> str:
    """A text, or "" where the key is missing; null is no text."""
    if key in data and not isinstance(data[key], str):
        raise file.error(f"{key!r} must be text", *path, key)
    return file.text_at(data, key, *path)


def _fail_on(file: YamlFile, data: dict[str, Any]) -> str | None:
    if "fail_on" not in data:
        return None
    if data["fail_on"] not in (*SEVERITIES, "never"):
        known = ", ".join(SEVERITIES)
        raise file.error(f"fail_on is one of {known}, never; not {data['fail_on']!r}", "fail_on")
    return str(data["fail_on"])


def _environments(file: YamlFile, data: dict[str, Any]) -> tuple[EnvironmentConfig, ...]:
    if "environments" not in data:
        return ()
    found = []
    for name, given in file.mapping("environments").items():
        entry = {} if given is None else given
        if not isinstance(entry, dict):
            raise file.error("an environment has var_files, vars or workspace", "environments", name)
        file.known_keys(entry, ENVIRONMENT_KEYS, "environments", name)
        values = entry.get("vars", {})
        if not isinstance(values, dict) or not all(isinstance(value, (str, int, bool)) for value in values.values()):
            raise file.error("vars maps names of variables to plain values", "environments", name, "vars")
        found.append(
            EnvironmentConfig(
                name,
                tuple(file.texts_at(entry, "var_files", "environments", name)),
                tuple((key, _as_text(value)) for key, value in values.items()),
                _text(file, entry, "workspace", "environments", name) or None,
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


def _waivers(file: YamlFile, data: dict[str, Any]) -> tuple[WaiverRule, ...]:
    entries = data.get("waivers", [])
    if not isinstance(entries, list):
        raise file.error("'waivers' must be a list", "waivers")
    return tuple(_waiver(file, entry, index) for index, entry in enumerate(entries))


def _waiver(file: YamlFile, entry: Any, index: int) -> WaiverRule:
    place = ("waivers", index)
    if not isinstance(entry, dict) or not all(isinstance(key, str) for key in entry):
        raise file.error("a waiver has policy and reason, and may have address, path, module, owner, until", *place)
    file.known_keys(entry, WAIVER_KEYS, *place)
    for key in ("policy", "reason"):
        if key not in entry:
            raise file.error(f"the waiver has no {key}", *place)
    if not _text(file, entry, "reason", *place):
        raise file.error("the waiver's reason is empty", *place, "reason")
    return WaiverRule(
        index,
        tuple(file.texts_at(entry, "policy", *place)),
        _text(file, entry, "reason", *place),
        _text(file, entry, "owner", *place),
        _text(file, entry, "until", *place),
        tuple(file.texts_at(entry, "address", *place)),
        _patterns(file, entry, "path", *place),
        tuple(file.texts_at(entry, "module", *place)),
    )


def _outputs(file: YamlFile, data: dict[str, Any]) -> tuple[tuple[str, Path], ...]:
    if "outputs" not in data:
        return ()
    found = []
    for format_, name in file.mapping("outputs").items():
        if not isinstance(name, str) or not name.strip():
            raise file.error("an output is a format and the name of a file", "outputs", format_)
        found.append((format_, file.path.parent / name))
    return tuple(found)


def place(path: Path, key: str, *steps: str) -> str:
    """Where something stands in a configuration file, as a message about it begins."""
    file = YamlFile(path, path.as_posix())
    listed = file.data.get(key)
    inner = (key, listed.index(steps[0])) if steps and isinstance(listed, list) else (key, *steps)
    return f"{file.shown}:{file.line(*inner)}: "
