"""The evidence of what passes: for each control and module the places that were checked, as data for the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.report.html.controls import StandardView
from alexandria_scan.report.html.paths import Places
from alexandria_scan.report.words import printable

_Place = tuple[int, int, int]  # file, line, address


class _Table:
    """Texts by number, in the order in which they occur."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def number(self, text: str) -> int:
        return self.numbers.setdefault(printable(text), len(self.numbers))


def evidence(result: ScanResult, standards: Sequence[StandardView], shown: Places) -> dict[str, Any]:
    """Tables of texts and of places, and for the anchor of each control what passed: lists of a module, a policy and
    the places that it checked there, all by number. Places are counted through all files, each of which has a list of
    lines and addresses, -1 for an address that only repeats the file or its folder; `5, -3` are the places 5 to 8.
    """
    anchors = {control.key: control.anchor for one in standards for part in one.sections for control in part.controls}
    modules, policies, files, addresses = _Table(), _Table(), _Table(), _Table()
    passed: dict[str, dict[tuple[int, int], set[_Place]]] = {}
    for one in result.results:
        known = [anchors[control] for control in one.controls if control in anchors]
        if one.verdict != "pass" or not known:
            continue
        address = -1 if one.address in (one.location.file, one.module) else addresses.number(one.address)
        place = (files.number(shown.short(one.location.file)), one.location.line, address)
        for anchor in known:
            check = (modules.number(shown.short(one.root)), policies.number(one.policy))
            passed.setdefault(anchor, {}).setdefault(check, set()).add(place)
    places = sorted({place for checks in passed.values() for found in checks.values() for place in found})
    numbers = {place: number for number, place in enumerate(places)}
    return {
        "modules": list(modules.numbers),
        "policies": list(policies.numbers),
        "files": list(files.numbers),
        "addresses": list(addresses.numbers),
        "places": _by_file(places),
        "passed": {
            anchor: [[*check, *_runs(sorted(numbers[place] for place in found))] for check, found in checks.items()]
            for anchor, checks in passed.items()
        },
    }


def _by_file(places: Sequence[_Place]) -> list[list[int]]:
    files: list[list[int]] = []
    for file, line, address in places:
        files += [[] for _ in range(file + 1 - len(files))]
        files[file] += [line, address]
    return files


def _runs(numbers: Sequence[int]) -> Iterator[int]:
    """Each number that does not follow the one before, and how many follow it, as a negative number."""
    following = 0
    for index, number in enumerate(numbers):
        if index and number == numbers[index - 1] + 1:
            following += 1
            continue
        if following:
            yield -following
        yield number
        following = 0
    if following:
        yield -following
