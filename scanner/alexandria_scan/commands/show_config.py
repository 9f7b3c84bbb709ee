"""alexandria-scan --show-config: what is in force, and where it is set."""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from alexandria_scan.compliance.places import seen_from
from alexandria_scan.config import Config
from alexandria_scan.config.options import OPTIONS
from alexandria_scan.policy.yaml_file import YamlFile

_COMMAND_LINE = {
    "paths": "paths", "standards": "standard", "fail_on": "fail_on", "policies": "policies", "baseline": "baseline",
    "outputs": "output",
}  # fmt: skip
_BESIDE = frozenset(["policies"])  # the command line adds to the file's
_ONLY_COMMAND_LINE = (
    "policy", "environment", "inputs", "workspace", "as_of", "changed_since", "source", "posture", "with_checkov",
    "allow_incomplete", "no_python_policies", "no_cache", "jobs", "format", "history",
)  # fmt: skip
_DEFAULTS: dict[str, Any] = {"paths": ["."], "fail_on": "low", "waivers_in_modules": False, "baseline": None}
_MAPPINGS = frozenset(["environments", "parameters", "severity", "outputs"])
_LONGEST = 60
Row = tuple[str, str, str]


def shown(given: argparse.Namespace, config: Config, baseline: Path | None) -> str:
    """A line for each setting: its name, its value as JSON, and the command line, file and line, or the default."""
    rows = [*_rows(given, config, baseline)]
    name = max(len(row[0]) for row in rows)
    value = min(_LONGEST, max(len(row[1]) for row in rows))
    return "".join(f"{row[0]:<{name}}  {row[1]:<{value}}  {row[2]}\n" for row in rows)


def _rows(given: argparse.Namespace, config: Config, baseline: Path | None) -> Iterator[Row]:
    relative = seen_from(Path())
    where = relative(str(config.file)) if config.file is not None else ""
    file = YamlFile(config.file, where) if config.file is not None else None
    data = file.data or {} if file is not None else {}
    yield "configuration", _text(where or None), "command line" if given.config else "found" if where else "none found"
    for option in OPTIONS:
        name = option.name
        asked = getattr(given, _COMMAND_LINE[name]) if name in _COMMAND_LINE else None
        if asked:
            yield name, _text(asked), "command line"
        refused = name == "baseline" and given.no_baseline
        if file is not None and name in data and not refused and (not asked or name in _BESIDE):
            yield from _of_file(name, data[name], file)
        elif refused:
            yield name, _text(None), "command line"
        elif not asked and name == "baseline" and baseline is not None:
            yield name, _text(relative(str(baseline))), "found"
        elif not asked:
            default: Any = {} if name in _MAPPINGS else []
            yield name, _text(_DEFAULTS.get(name, default)), "default"
    for name in _ONLY_COMMAND_LINE:
        asked = getattr(given, name)
        if name == "inputs":  # whose values may be secret
            asked = [text.partition("=")[0] if kind == "var" else text for kind, text in asked or ()]
        if asked and (name, asked) != ("format", "text"):
            yield name, _text(asked), "command line"
    if not given.workspace and os.environ.get("TF_WORKSPACE"):
        yield "workspace", _text(os.environ["TF_WORKSPACE"]), "TF_WORKSPACE"


def _of_file(name: str, value: Any, file: YamlFile) -> Iterator[Row]:
    """What the file says, each entry of a mapping or list of mappings by itself. Values of variables may be secret."""
    entries: list[tuple[tuple[str | int, ...], Any]] = [((name,), value)]
    if isinstance(value, dict) and value:
        entries = [((name, key), one) for key, one in value.items()]
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        entries = [((name, number), one) for number, one in enumerate(value)]
    for path, one in entries:
        if name == "environments" and isinstance(one, dict) and "vars" in one:
            one = {**one, "vars": sorted(one["vars"])}
        label = ".".join(_text(step).strip('"') for step in path)
        yield label, _text(one), f"{file.shown}:{file.line(*path)}"


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=False)
