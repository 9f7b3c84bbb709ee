"""The evidence of what passes: for each control and module the places that were checked, as data for the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.report.html.controls import StandardView
from alexandria_scan.report.words import printable


class _Table:
    """Texts by number, in the order in which they occur."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self.numbers.setdefault(printable(text), len(self.numbers))


def evidence(result: ScanResult, standards: Sequence[StandardView]) -> dict[str, Any]:
    """Tables of texts, and for the anchor of each control a map from modules to checks that passed: the numbers of
    policy, file, line and address, one check after the other. An address that only repeats the file is left out (-1).
    """
    anchors = {control.key: control.anchor for one in standards for part in one.sections for control in part.controls}
    modules, policies, files, addresses = _Table(), _Table(), _Table(), _Table()
    passed: dict[str, dict[int, dict[tuple[int, int, int, int], None]]] = {}
    for one in result.results:
        if one.verdict != "pass":
            continue
        place = one.location
        for control in one.controls:
            anchor = anchors.get(control)
            if anchor is None:
                continue
            address = -1 if one.address in (place.file, one.module) else addresses.number(one.address)
            check = (policies.number(one.policy), files.number(place.file), place.line, address)
            passed.setdefault(anchor, {}).setdefault(modules.number(one.root), {})[check] = None
    return {
        "modules": list(modules.numbers),
        "policies": list(policies.numbers),
        "files": list(files.numbers),
        "addresses": list(addresses.numbers),
        "passed": {
            anchor: {str(module): [number for check in checks for number in check] for module, checks in found.items()}
            for anchor, found in passed.items()
        },
    }
