"""Numbers that a README gives of its module: "65+ variables", "Outputs: 30", "95 % of the variables are validated"."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from alexandria_scan.evaluate.values import Value
from alexandria_scan.patterns import pattern
from alexandria_scan.syntax.markdown import lines_without_comments
from alexandria_scan.syntax.tree import Location

_FENCE = pattern(r"^ {0,3}(```|~~~)")
_COUNT = r"(?P<number>\d{1,3}(?:,\d{3})+|\d{1,6})(?P<plus>\+?)\*{0,2}"
_WHAT = r"(?P<what>variables?|inputs?|outputs?|examples?|resources?)\b"
_COUNTED = pattern(
    rf"(?<![\w.,/-]){_COUNT}[ \t]+(?:(?:configurable|documented|different|input|output)[ \t]+)?\*{{0,2}}{_WHAT}",
    re.IGNORECASE,
)
_LABELLED = pattern(
    rf"(?:^|\|)[ \t]*(?:[-*+][ \t]+)?\*{{0,2}}{_WHAT}\*{{0,2}}[ \t]*[:|]\*{{0,2}}[ \t]*\*{{0,2}}{_COUNT}[ \t]*(?:\||$)",
    re.IGNORECASE,
)
_VALIDATED = pattern(
    r"(?<![\w.])(?P<number>\d{1,3}) ?%(?:[^.\n]{0,20}\bvariables?\b[^.\n]{0,20}\bvalidat"
    r"|[ \t]+(?:(?:variable|input)s?[ \t]+)?(?:validated|validation)\b)",
    re.IGNORECASE,
)
_LABEL = pattern(
    r"(?:stage|step|version|level|phase|layer|section|chapter|part|figure|table|day)[ \t]+\Z", re.IGNORECASE
)
_AT_LEAST = pattern(r"\b(?:over|more than|at least|minimum of)[ \t]+\*{0,2}\Z", re.IGNORECASE)
_NOT_EXACT = pattern(
    r"(?:\b(?:up to|at most|maximum of|(?:fewer|less) than|under|below|about|around|approximately|nearly|almost)"
    r"[ \t]+|[~≈<≤][ \t]*)\*{0,2}\Z",
    re.IGNORECASE,
)
_OF_NUMBERS = {"variable": "variables", "input": "variables", "output": "outputs", "example": "examples",
               "resource": "resources"}  # fmt: skip


class Claim(msgspec.Struct, frozen=True):
    """Something that a module says of itself. `subject` is the dotted key of the metadata, or for a README
    `variables`, `outputs`, `examples`, `resources` or `validated`, with `at_least` for "65+"."""

    subject: str
    value: Value
    location: Location
    at_least: bool = False


def claimed_numbers(file: str, text: str) -> list[Claim]:
    """The numbers in a README's prose, lists and tables; not those in code and comments, nor such as claim no number
    that could be wrong: "up to 40", "about 20"."""
    found: dict[tuple[str, Value], Claim] = {}
    fenced = False
    for number, line in enumerate(lines_without_comments(text), 1):
        if _FENCE.match(line):
            fenced = not fenced
        for claim in _of_line(file, number, line) if not fenced else ():
            found.setdefault((claim.subject, claim.value), claim)
    return list(found.values())


def _of_line(file: str, number: int, line: str) -> Iterator[Claim]:
    for form in (_COUNTED, _LABELLED):
        for match in form.finditer(line):
            before = line[: match.start()]
            value = int(match["number"].replace(",", ""))
            if not value or _LABEL.search(before) or _NOT_EXACT.search(before):  # "stage 2 outputs" counts nothing
                continue
            subject = _OF_NUMBERS[match["what"].lower().removesuffix("s")]
            at_least = bool(match["plus"]) or _AT_LEAST.search(before) is not None
            yield Claim(subject, value, _place(file, number, match), at_least)
    for match in _VALIDATED.finditer(line):
        yield Claim("validated", int(match["number"]), _place(file, number, match), True)


def _place(file: str, number: int, match: re.Match[str]) -> Location:
    first = match.start() + len(match.group()) - len(match.group().lstrip("| \t-*+"))
    return Location(file, number, first + 1, number, match.end() + 1)
