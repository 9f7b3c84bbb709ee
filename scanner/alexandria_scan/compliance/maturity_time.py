"""How long a module has been on a level: by tags, by the history of its CHANGELOG, else by what the CHANGELOG says."""

from __future__ import annotations

import datetime
from typing import Any

from alexandria_scan.compliance.maturity_case import Case, Outcome, attested, contradicted, inconclusive, verified
from alexandria_scan.syntax.tree import Location

_NEXT = {"beta": "stable"}


def days(case: Case, given: dict[str, Any]) -> Outcome:
    """Git proves that a version was there on a day; a CHANGELOG, or the metadata, only says so."""
    level, minimum = given["level"], given["minimum"]
    known = _known(case, level)
    said = _said(case, level)
    if known is not None and known[0] >= minimum:
        return verified(True, f"{known[0]} days: {known[1]}")
    if said is None:
        return _unsaid(case, level, minimum, known)
    number, detail, place = said
    tagged = known is not None and "tag " in known[1]
    if number >= minimum and known is not None and tagged:
        return contradicted(f"{number} days by the CHANGELOG, {known[0]} by git: {known[1]}", place)
    note = f" ({case.handed.history.note})" if known is None and case.handed.history.note else ""
    return attested(number >= minimum, f"{number} days: {detail}{note}", place)


def _unsaid(case: Case, level: str, minimum: int, known: tuple[int, str] | None) -> Outcome:
    """Neither CHANGELOG nor metadata says for how long."""
    first = case.first(level)
    if first is not None:
        place = Location(case.facts.changelog, first.line, 1)
        if case.handed.as_of is None and (level not in _NEXT or case.first(_NEXT[level]) is None):
            return inconclusive(f"since {first.date}, and how long that is depends on the day", place)
        if case.handed.as_of is not None and (first.date or "") > case.handed.as_of.isoformat():
            return verified(False, f"{first.version} was released on {first.date}, later than the report", place)
        following = case.first(_NEXT[level])
        assert following is not None  # nothing else ends a level
        told = f"{following.version} is dated {following.date}, before {first.version} on {first.date}"
        return verified(False, told, place)
    if known is not None:
        return verified(False, f"{known[0]} of {minimum} days: {known[1]}")
    if case.facts.releases:
        return verified(False, f"the CHANGELOG has no dated {level} version", Location(case.facts.changelog, 1, 1))
    return inconclusive(f"nothing says since when the module is {level}")


def _known(case: Case, level: str) -> tuple[int, str] | None:
    start = case.known_since(level)
    if start is None:
        return None
    end = case.known_since(_NEXT[level]) if level in _NEXT else None
    until, how = end if end is not None else (case.handed.as_of, "today")
    if until is None or start[0] > (case.handed.as_of or start[0]):
        return None
    until = min(until, case.handed.as_of or until)
    told = f"{start[1]} on {start[0]}" + (f", {how} on {until}" if end is not None else "")
    return max(0, (until - start[0]).days), told


def _said(case: Case, level: str) -> tuple[int, str, Location] | None:
    first = case.first(level)
    start: tuple[datetime.date, str, Location] | None = None
    if first is not None and first.date is not None:
        place = Location(case.facts.changelog, first.line, 1)
        start = (datetime.date.fromisoformat(first.date), f"{first.version} on {first.date}", place)
    elif level == "stable" and (stabilized := case.date("lifecycle.stabilized")) is not None:
        start = (stabilized[0], f"stabilized on {stabilized[0]}", stabilized[1])
    if start is None:
        return None
    following = case.first(_NEXT[level]) if level in _NEXT else None
    until, told = case.handed.as_of, ""
    if following is not None and following.date is not None:
        end = datetime.date.fromisoformat(following.date)
        if until is None or end <= until:
            until, told = end, f", {following.version} on {following.date}"
    if until is None or until < start[0]:
        return None
    return (until - start[0]).days, start[1] + told, start[2]
