"""Waivers: findings that somebody accepts, for a reason and a time. They stay in every report.

A waiver that cannot be understood, or whose last day is over, accepts nothing; it is reported, and so are one that is
not used any more and one that is refused. These are warnings: a scan is complete with them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from fnmatch import fnmatchcase

import msgspec

from alexandria_scan.days import day_of
from alexandria_scan.nearest import which_policy
from alexandria_scan.policy.results import Result, VerdictName, Waiver
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.tree import Location

_FORM = 'In a comment, write: alexandria:ignore POLICY reason="..." until=2027-01-31 owner=...'


class Entry(msgspec.Struct, frozen=True):
    """A waiver as it is written. `addresses` gives those of a result that it is about.

    `home` is the folder of the module whose comment it is, None where it is no module's; `expected` is false where
    the scan may have left out what it is about.
    """

    policies: tuple[str, ...]
    reason: str
    owner: str
    until: str
    location: Location
    addresses: Callable[[Result], tuple[str, ...]]
    home: str | None = None
    fault: str = ""
    expected: bool = True

    def names(self, policy: str) -> bool:
        return any(fnmatchcase(policy, pattern) for pattern in self.policies)


class Rules(msgspec.Struct, frozen=True):
    """By what waivers are judged. `as_of` is the day; `ran` and `known` are ids of policies; `refusal` says why a
    result may not be waived, or ""; `reaches` says whether a comment in a folder counts for what a root gets."""

    as_of: str
    ran: Collection[str]
    known: Collection[str]
    refusal: Callable[[Result], str]
    reaches: Callable[[str, str], bool]


def apply_waivers(
    results: Iterable[Result], entries: Collection[Entry], rules: Rules
) -> tuple[list[Result], list[Problem]]:
    """The results with those waived that an entry accepts, and what is to be told about the entries.

    A result of which some instances are waived becomes two.
    """
    book = _Book(entries, rules)
    found = [part for result in results for part in book.applied(result)]
    return found, book.problems()


class _Book:
    """What became of each entry."""

    def __init__(self, entries: Collection[Entry], rules: Rules) -> None:
        self.entries = list(entries)
        self.rules = rules
        self.faults = [entry.fault or _date_fault(entry.until) for entry in self.entries]
        self.used: set[int] = set()
        self.refused: dict[int, str] = {}
        self.out_of_reach: dict[int, str] = {}
        self._by_policy: dict[str, list[int]] = {}

    def applied(self, result: Result) -> Iterable[Result]:
        if result.verdict not in ("fail", "unknown"):
            return (result,)
        remaining, parts = result.addresses, []
        for number in self._about(result.policy):
            entry = self.entries[number]
            covered = set(entry.addresses(result)) & set(remaining)
            if not covered or not self._counts(number, result):
                continue
            self.used.add(number)
            parts.append(_waived(result, entry, tuple(one for one in remaining if one in covered)))
            remaining = tuple(one for one in remaining if one not in covered)
            if not remaining:
                break
        if remaining:
            parts.append(_of(result, remaining) if parts else result)
        return parts

    def _about(self, policy: str) -> list[int]:
        if policy not in self._by_policy:
            self._by_policy[policy] = [number for number, entry in enumerate(self.entries) if entry.names(policy)]
        return self._by_policy[policy]

    def _counts(self, number: int, result: Result) -> bool:
        entry = self.entries[number]
        if self.faults[number] or self._expired(entry):
            return False
        if entry.home is not None and not self.rules.reaches(entry.home, result.root):
            self.out_of_reach.setdefault(number, result.root)
            return False
        refusal = self.rules.refusal(result)
        if refusal:
            self.refused.setdefault(number, refusal)
        return not refusal

    def _expired(self, entry: Entry) -> bool:
        return bool(entry.until) and self.rules.as_of > entry.until

    def problems(self) -> list[Problem]:
        return [problem for number in range(len(self.entries)) for problem in self._problems(number)]

    def _problems(self, number: int) -> Iterable[Problem]:
        entry = self.entries[number]
        what = ", ".join(entry.policies) or "no policy"
        if self.faults[number]:
            detail = f"The waiver of {what} does not count: {self.faults[number]}."
            yield _problem(entry, "Waiver cannot be understood", detail, _FORM)
            return
        for name in entry.policies:
            if not any(fnmatchcase(policy, name) for policy in self.rules.known):
                way_out = which_policy(name, self.rules.known)
                yield _problem(entry, "Waiver names no policy", f"There is no policy {name!r}.", way_out)
        if self._expired(entry):
            detail = f"The waiver of {what} was valid until {entry.until}; what it accepted counts again."
            yield _problem(entry, "Waiver has expired", detail, "Correct the finding, or accept it until a new day.")
        elif number in self.refused:
            detail = f"The waiver of {what} does not count: {self.refused[number]}."
            yield _problem(entry, "Waiver is refused", detail, "Correct the finding, and delete the waiver.")
        elif number in self.out_of_reach:
            detail = f"{self.out_of_reach[number]} calls the module, and gets what {what} finds."
            way_out = "Waive it there, or set waivers_in_modules: true in alexandria-scan.yaml."
            yield _problem(entry, "Waiver in a module does not count for its callers", detail, way_out)
        elif number not in self.used and entry.expected and any(entry.names(policy) for policy in self.rules.ran):
            detail = f"The waiver of {what} accepts nothing: there is no such finding here."
            yield _problem(entry, "Waiver is not used", detail, "Delete it, or check its place and what it names.")


def _date_fault(until: str) -> str:
    return f"until is {until!r}, not a day such as 2027-01-31" if until and day_of(until) is None else ""


def _waived(result: Result, entry: Entry, addresses: tuple[str, ...]) -> Result:
    verdict: VerdictName = result.verdict
    waiver = Waiver(entry.reason, entry.owner, entry.until, entry.location, verdict)
    own = _of(result, addresses)
    return msgspec.structs.replace(own, verdict="waived", reason=_told(entry), decide="", waiver=waiver)


def _of(result: Result, addresses: tuple[str, ...]) -> Result:
    """The result for some of its instances."""
    if addresses == result.addresses:
        return result
    return msgspec.structs.replace(result, address=addresses[0], addresses=addresses)


def _told(entry: Entry) -> str:
    """ "Scratch data (owner data-platform, until 2027-01-31)"."""
    more = [f"{name} {text}" for name, text in (("owner", entry.owner), ("until", entry.until)) if text]
    return entry.reason + (f" ({', '.join(more)})" if more else "")


def _problem(entry: Entry, summary: str, detail: str, way_out: str) -> Problem:
    place = entry.location
    return Problem(place.file, place.line, place.column, summary, detail, "warning", way_out)
