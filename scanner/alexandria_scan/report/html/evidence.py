"""The evidence of what passes: for each control and module the places that were checked, as data for the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.report.html.controls import StandardView
from alexandria_scan.report.html.paths import Places
from alexandria_scan.report.words import printable


class _Table:
    """Texts by number, in the order in which they occur."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self.numbers.setdefault(printable(text), len(self.numbers))


def evidence(result: ScanResult, standards: Sequence[StandardView], shown: Places) -> dict[str, Any]:
    """Tables of texts and of places, and for the anchor of each control what passed: lists of a module, a policy and
    the places that it checked there, all by number. A place is a file, a line and an address, -1 if that only repeats
    the file or its folder.
    """
    anchors = {control.key: control.anchor for one in standards for part in one.sections for control in part.controls}
    modules, policies, files, addresses = _Table(), _Table(), _Table(), _Table()
    places: dict[tuple[int, int, int], int] = {}
    passed: dict[str, dict[tuple[int, int], dict[int, None]]] = {}
    for one in result.results:
        known = [anchors[control] for control in one.controls if control in anchors]
        if one.verdict != "pass" or not known:
            continue
        address = -1 if one.address in (one.location.file, one.module) else addresses.number(one.address)
        place = places.setdefault(
            (files.number(shown.short(one.location.file)), one.location.line, address), len(places)
        )
        for anchor in known:
            check = (modules.number(shown.short(one.root)), policies.number(one.policy))
            passed.setdefault(anchor, {}).setdefault(check, {})[place] = None
    return {
        "modules": list(modules.numbers),
        "policies": list(policies.numbers),
        "files": list(files.numbers),
        "addresses": list(addresses.numbers),
        "places": list(places),
        "passed": {anchor: [[*check, *found] for check, found in checks.items()] for anchor, checks in passed.items()},
    }
