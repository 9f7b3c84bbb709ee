"""Policies that a module passed with its defaults and does not pass any more."""

from __future__ import annotations

from collections.abc import Iterable

from alexandria_scan.compliance.difference.module_tree import ModuleTree
from alexandria_scan.compliance.difference.result import Weakened
from alexandria_scan.evaluate.address import without_keys
from alexandria_scan.policy.results import SEVERITIES, Result

_ORDER = {"pass": 0, "waived": 0, "unknown": 1, "fail": 2}
_POSTURES = ("always", "by default", "on request", "never")
Question = tuple[str, str, str, str]


def weakened(old: ModuleTree, before: Iterable[Result], new: ModuleTree, after: Iterable[Result]) -> list[Weakened]:
    """The results of two scans compared: module, policy, thing and parameters say which belong together.

    What is new in a module, or is kept elsewhere in it, is compared with nothing.
    """
    was, is_ = _worst(old, before), _worst(new, after)
    found = []
    for question, result in is_.items():
        earlier = was.get(question)
        unread = result.verdict == "unknown" and question[0] in new.partial
        if earlier is None or unread:  # that a file cannot be read makes nothing weaker
            continue
        if _ORDER[earlier.verdict] == 0 and _ORDER[result.verdict] > 0:
            text = result.message or result.reason
        elif earlier.posture == "always" and result.posture in _POSTURES[1:]:
            inputs = ", ".join(result.posture_variables)
            text = f"callers can turn it off now, with {inputs}" if inputs else "callers can turn it off now"
        else:
            continue
        found.append(
            Weakened(
                question[0], result.policy, result.title, result.severity, result.verdict, question[2], text,
                new.place(result.location) or result.location, result.controls,
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.module, SEVERITIES.index(one.severity), one.policy, one.address))


def _worst(tree: ModuleTree, results: Iterable[Result]) -> dict[Question, Result]:
    found: dict[Question, Result] = {}
    for result in results:
        path = tree.relative(result.root)
        if result.verdict == "not_applicable" or path not in tree.modules:
            continue
        address = "" if result.address == result.module else without_keys(result.address)
        key = (path, result.policy, address, repr(sorted(result.parameters.items())))
        if key not in found or _ORDER[result.verdict] > _ORDER[found[key].verdict]:
            found[key] = result
    return found
