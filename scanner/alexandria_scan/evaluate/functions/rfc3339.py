"""RFC 3339 timestamps, read as strictly and refused in the same words as Terraform's, in any year."""

from __future__ import annotations

import re

import msgspec

from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions.arguments import go_quote
from alexandria_scan.patterns import pattern

_SECOND = 1_000_000_000
_DAY = 86_400 * _SECOND


class Instant(msgspec.Struct, frozen=True):
    """A moment in nanoseconds since 1970 in UTC, and the offset in minutes at which it is shown."""

    nanoseconds: int
    offset: int

    @property
    def _local(self) -> int:
        return self.nanoseconds + self.offset * 60 * _SECOND

    @property
    def _date(self) -> tuple[int, int, int]:
        return _civil(self._local // _DAY)

    @property
    def year(self) -> int:
        return self._date[0]

    @property
    def month(self) -> int:
        return self._date[1]

    @property
    def day(self) -> int:
        return self._date[2]

    @property
    def weekday(self) -> int:
        """0 is Sunday."""
        return (self._local // _DAY + 4) % 7

    @property
    def hour(self) -> int:
        return self._local % _DAY // (3600 * _SECOND)

    @property
    def minute(self) -> int:
        return self._local // (60 * _SECOND) % 60

    @property
    def second(self) -> int:
        return self._local // _SECOND % 60

    def offset_text(self, separator: str) -> str:
        hours, minutes = divmod(abs(self.offset), 60)
        return f"{'-' if self.offset < 0 else '+'}{hours:02d}{separator}{minutes:02d}"

    def plus(self, nanoseconds: int) -> Instant:
        return Instant(self.nanoseconds + nanoseconds, self.offset)

    def text(self) -> str:
        year, month, day = self._date
        shown = f"{year:04d}" if year >= 0 else f"-{-year:04d}"
        zone = self.offset_text(":") if self.offset else "Z"
        return f"{shown}-{month:02d}-{day:02d}T{self.hour:02d}:{self.minute:02d}:{self.second:02d}{zone}"


def _civil(days: int) -> tuple[int, int, int]:
    """Year, month and day of a number of days since 1970, in a Gregorian calendar without beginning or end."""
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * day_of_year + 2) // 153
    month = shifted + 3 if shifted < 10 else shifted - 9
    return year_of_era + era * 400 + (month <= 2), month, day_of_year - (153 * shifted + 2) // 5 + 1


def days_since_1970(year: int, month: int, day: int) -> int:
    shifted = year - (month <= 2)
    era, year_of_era = divmod(shifted, 400)
    day_of_year = (153 * (month - 3 if month > 2 else month + 9) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def days_in(year: int, month: int) -> int:
    if month == 2 and year % 4 == 0 and (year % 100 != 0 or year % 400 == 0):
        return 29
    return (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]


_PATTERN = pattern(r"(\d{4})-(\d\d)-(\d\d)T(\d{1,2}):(\d\d):(\d\d)(?:([.,])(\d+))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII)


def parse(text: str, parameter: str | None, strict: bool = True) -> Instant:
    """Raises FunctionError. Not `strict` is Go's time.Parse: it lets one digit pass for the hour, a comma for
    the point, and offsets of a whole day."""
    match = _PATTERN.fullmatch(text)
    if match is None:
        raise _refusal(text, parameter, strict)
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    mark, fraction, sign, zone_hour, zone_minute = match.groups()[6:]
    zone_hours, zone_minutes = int(zone_hour or 0), int(zone_minute or 0)
    valid = 1 <= month <= 12 and 1 <= day <= days_in(year, month) and hour < 24 and minute < 60 and second < 60
    valid = valid and zone_hours <= 24 and zone_minutes <= 60
    if strict and (len(match[4]) < 2 or mark == "," or zone_hours == 24 or zone_minutes == 60):
        valid = False
    if not valid:
        raise _refusal(text, parameter, strict)
    offset = (zone_hours * 60 + zone_minutes) * (-1 if sign == "-" else 1)
    seconds = days_since_1970(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset * 60
    return Instant(seconds * _SECOND + int(((fraction or "") + "0" * 9)[:9]), offset)


def _refusal(text: str, parameter: str | None, strict: bool) -> FunctionError:
    return FunctionError(f"not a valid RFC3339 timestamp: {_explain(text, strict)}", parameter)


_STEPS: tuple[tuple[str, str], ...] = (
    ("year", r"\d{4}"),
    ("-", "-"),
    ("month", r"(?:0[1-9]|1[0-2])"),
    ("-", "-"),
    ("day of month", r"\d\d"),
    ("T", "T"),
    ("hour", r"\d{1,2}"),
    (":", ":"),
    ("minute", r"[0-5]\d"),
    (":", ":"),
    ("second", r"[0-5]\d"),
    ("", r"(?:[.,]\d+)?"),
    ("UTC offset", r"(?:Z|[+-]\d\d:\d\d)"),
)


def _explain(text: str, strict: bool) -> str:
    """What go-cty makes of the error of Go's time.Parse, which stops at the first part that does not fit."""
    at = 0
    found: dict[str, str] = {}
    for name, form in _STEPS:
        match = re.compile(form, re.ASCII).match(text, at)
        if match is None:
            return _missing(name, text[at:], strict)
        at = match.end()
        found[name] = match[0]
        if name == "hour" and int(match[0]) > 23:
            return _missing(name, text[at:], strict)
    if at < len(text):
        return f"cannot use {go_quote(text[at:])} as timestamp segment"
    zone = found["UTC offset"]
    if zone != "Z" and (int(zone[1:3]) > 24 or int(zone[4:]) > 60):
        return "end of string before UTC offset"
    if int(found["day of month"]) not in range(1, days_in(int(found["year"]), int(found["month"])) + 1):
        return "day out of range"
    if len(found["hour"]) < 2:
        return "hour must have exactly two digits"
    if found[""].startswith(","):
        return 'cannot use "," as timestamp segment'
    return f"cannot use {go_quote(zone)} as UTC offset"


def _missing(name: str, rest: str, strict: bool) -> str:
    if name == "T":
        return "missing required time introducer 'T'"
    if name in ":-":
        if rest == "":
            return f"end of string where {go_quote(name)} is expected"
        return f"found {go_quote(rest)} where {go_quote(name)} is expected"
    if rest == "":
        return f"end of string before {name}"
    if strict and name == "hour" and ":" in rest:
        return "hour must be between 0 and 23 inclusive"
    if name in ("month", "minute", "second") and re.match(r"\d\d", rest, re.ASCII):
        rest = rest[2:]  # the number was read before it turned out to be out of range
    if strict and name in ("hour", "minute") and len(rest) != 2:
        return f"{name} must have exactly two digits"
    return f"cannot use {go_quote(rest)} as {name}"
