"""Puts the data of all policies into one file of the wheel: an installed scanner then reads no YAML at its start."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACK = "alexandria_scan/bundled/policies/pack.json"


class PackPolicies(BuildHookInterface[Any]):
    """Runs for a wheel; an editable installation reads the folder itself."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        folder = Path(self.root) / "policies"
        names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.*") if path.suffix != ".pyc")
        data = {
            name: yaml.safe_load((folder / name).read_text(encoding="utf-8"))
            for name in names
            if name.endswith(".yaml")
        }
        pack = {"stamps": {name: [0, 0] for name in names}, "data": data}
        self.made = Path(tempfile.mkdtemp())
        file = self.made / "pack.json"
        file.write_text(json.dumps(pack, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        build_data["force_include"][str(file)] = PACK

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        if version != "editable":
            shutil.rmtree(self.made)
