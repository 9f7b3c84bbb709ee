"""Paths as the report shows them: without what all modules have in common, which the cover says once."""

from __future__ import annotations

from os.path import commonpath

from alexandria_scan.compliance.result import ScanResult


class Places:
    """`common` is the folder that all modules are in, "" if there is none; `number` the place of a module in lists."""

    def __init__(self, result: ScanResult) -> None:
        scanned = result.scanned
        paths = [path for path in (*scanned.modules, *scanned.plans) if path]
        relative = bool(paths) and not any(path.startswith("/") for path in paths)
        self.common = commonpath(paths) if relative and len(paths) > 1 else ""
        modules = {one.root for one in result.results} | {one.module for one in result.results}
        modules |= {module for one in result.standards for control in one.controls for module in control.modules}
        modules |= {one.module for standard in result.standards for one in standard.modules}
        modules |= {claim.module for claim in result.claims} | {one.path for one in scanned.details}
        self.names = sorted({*scanned.modules, *scanned.plans, *modules})
        self._numbers = {name: number for number, name in enumerate(self.names)}

    def number(self, module: str) -> int:
        return self._numbers[module]

    def short(self, path: str) -> str:
        """The path below the common folder."""
        if self.common and path.startswith(f"{self.common}/"):
            return path[len(self.common) + 1 :]
        return path or "."

    def inside(self, module: str, path: str) -> str:
        """The path from the module's folder if it is in it."""
        inside = module not in ("", ".") and path.startswith(f"{module}/")
        return path[len(module) + 1 :] if inside else self.short(path)
