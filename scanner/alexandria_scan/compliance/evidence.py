"""What claims and criteria are measured by: the results of a scan, by module."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from alexandria_scan.compliance.causes import by_cause
from alexandria_scan.compliance.result import ScannedModule, StandardScore
from alexandria_scan.policy.results import Result
from alexandria_scan.source.problems import Problem

if TYPE_CHECKING:
    from alexandria_scan.compliance.features import Features


class Evidence(msgspec.Struct, frozen=True, eq=False):
    """Everything that claims are measured by. Results are those of the scan, by the folder that was evaluated."""

    results: Mapping[str, list[Result]]
    by_module: Mapping[str, list[Result]]
    problems: Mapping[str, Problem]
    scanned: Mapping[str, ScannedModule]
    standards: Iterable[StandardScore]
    features: Callable[[], Features]

    def problem_in(self, path: str) -> Problem | None:
        """The first error in a file of the folder."""
        return self.problems.get(path)

    def problem_below(self, path: str) -> Problem | None:
        """The first error in a folder, or in one that it calls, or those call."""
        waiting, seen = [path], {path}
        for one in waiting:
            problem = self.problems.get(one)
            if problem is not None:
                return problem
            calls = self.scanned[one].calls if one in self.scanned else ()
            waiting += [called for called in calls if called not in seen]
            seen.update(calls)
        return None

    def severe(self, path: str) -> int:
        """How many findings of the module itself are high or critical."""
        own = (one for one in self.results.get(path, ()) if one.verdict == "fail" and one.module == path)
        return sum(one.severity in ("critical", "high") for one in by_cause(own))


def evidence(
    results: Iterable[Result],
    problems: Iterable[Problem],
    modules: Iterable[ScannedModule],
    standards: Iterable[StandardScore],
    features: Callable[[], Features],
) -> Evidence:
    by_root: dict[str, list[Result]] = {}
    by_module: dict[str, list[Result]] = {}
    for result in results:
        by_root.setdefault(result.root, []).append(result)
        if result.module != result.root:
            by_module.setdefault(result.module, []).append(result)
    scanned = {module.path: module for module in modules}
    errors: dict[str, Problem] = {}
    for problem in problems:
        if problem.severity == "error":
            errors.setdefault(problem.file.rpartition("/")[0] or ".", problem)
    return Evidence(by_root, by_module, errors, scanned, tuple(standards), features)
