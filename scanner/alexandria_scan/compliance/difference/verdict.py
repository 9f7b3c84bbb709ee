"""The verdict on a comparison: the numbers, the sentence, the exit status."""

from __future__ import annotations

from collections import Counter

from alexandria_scan.compliance.difference.result import Difference, DiffSummary, ModuleDifference, Side, Weakened
from alexandria_scan.compliance.difference.versions import BUMPS
from alexandria_scan.compliance.verdict import CLEAN, FINDINGS, INCOMPLETE
from alexandria_scan.source.problems import Problem


def concluded(
    old: Side, new: Side, modules: list[ModuleDifference], weaker: list[Weakened], problems: list[Problem]
) -> Difference:
    """3 where something could not be read or no version is known, 1 where a bump is too small, else 0."""
    problems = sorted(set(problems))
    counts = Counter(change.effect for module in modules for change in module.changes)
    small = [module for module in modules if not module.bump.enough and module.bump.made]
    unversioned = [module for module in modules if not module.bump.enough and not module.bump.made]
    if problems:
        status = INCOMPLETE
    else:
        status = FINDINGS if small else INCOMPLETE if unversioned else CLEAN
    summary = DiffSummary(
        counts["major"], counts["unknown"], counts["minor"], counts["patch"], len(weaker), len(problems), status,
        _sentence(modules, small, unversioned, len(problems)),
    )  # fmt: skip
    return Difference(old, new, tuple(modules), tuple(weaker), tuple(problems), summary)


def _sentence(
    modules: list[ModuleDifference], small: list[ModuleDifference], unversioned: list[ModuleDifference], problems: int
) -> str:
    if problems:
        return f"Incomplete: {problems} problem{'' if problems == 1 else 's'} in what was compared."
    if small:
        return _too_small(small)
    if unversioned:
        called = max((module.bump.called for module in unversioned), key=BUMPS.index)
        return f"Incomplete: a {called} bump is called for, and the versions are not known."
    changes = [change for module in modules for change in module.changes]
    if not changes:
        return "Nothing changed for callers."
    open_ = sum(change.effect == "unknown" for change in changes)
    made = {module.bump.made for module in modules if module.changes}
    if open_ and made != {"major"}:
        return f"The bump is enough for what could be decided; {open_} change{'' if open_ == 1 else 's'} could not."
    return "The bump is enough."


def _too_small(small: list[ModuleDifference]) -> str:
    worst = max(small, key=lambda module: BUMPS.index(module.bump.called))
    bump = worst.bump
    named = worst.path != "."
    more = f" (and {len(small) - 1} more)" if len(small) > 1 else ""
    if bump.made == "back":
        of = f" of {worst.path}" if named else ""
        return f"The version{of} went back from {bump.old_version} to {bump.new_version}{more}."
    made = "no bump was made" if bump.made == "none" else f"a {bump.made} bump was made"
    said = (
        f"from {bump.old_version} to {bump.new_version}" if bump.made != "none" else f"it is still {bump.new_version}"
    )
    where = f" in {worst.path}" if named else ""
    return f"The bump is too small{where}: {bump.called} is called for, {made} ({said}){more}."
