"""Dates and times."""

from __future__ import annotations

import re
from collections.abc import Iterator

from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions.arguments import go_quote, unknowable
from alexandria_scan.evaluate.functions.rfc3339 import Instant, parse
from alexandria_scan.evaluate.functions.signature import Function, Parameter
from alexandria_scan.evaluate.types import NUMBER, STRING
from alexandria_scan.evaluate.values import Value
from alexandria_scan.patterns import pattern

_MONTH_NAMES = "January February March April May June July August September October November December"
_DAY_NAMES = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday"
_MONTHS, _DAYS = _MONTH_NAMES.split(), _DAY_NAMES.split()


def _formatdate(layout: str, time: str) -> str:
    instant = parse(time, "time")
    return "".join(_written(token, instant) for token in _tokens(layout))


def _tokens(layout: str) -> Iterator[str]:
    """Quoted text, runs of one ASCII letter, and what is between them."""
    at = 0
    while at < len(layout):
        if layout[at] == "'":
            end = _quote_end(layout, at)
        else:
            match = re.compile(r"([A-Za-z])\1*|[^A-Za-z']+").match(layout, at)
            assert match is not None
            end = match.end()
        yield layout[at:end]
        at = end


def _quote_end(layout: str, start: int) -> int:
    if layout.startswith("''", start):
        return start + 2
    at = start + 1
    while at < len(layout):
        if layout.startswith("''", at):
            at += 2
        elif layout[at] == "'":
            return at + 1
        else:
            at += 1
    return at


def _written(token: str, instant: Instant) -> str:
    if token[0] == "'":
        if len(token) == 1 or token[-1] != "'":
            raise FunctionError("unterminated literal '", "format")
        return "'" if len(token) == 2 else token[1:-1].replace("''", "'")
    if not (token[0].isascii() and token[0].isalpha()):
        return token
    choices = _choices(token[0], instant)
    if len(token) in choices:
        return choices[len(token)]
    problem = _PROBLEMS.get(token[0])
    raise FunctionError(f"invalid date format verb {go_quote(token)}" + (f": {problem}" if problem else ""), "format")


_PROBLEMS = {
    "Y": 'year must either be "YY" or "YYYY"',
    "M": 'month must be "M", "MM", "MMM", or "MMMM"',
    "D": 'day of month must either be "D" or "DD"',
    "E": 'day of week must either be "EEE" or "EEEE"',
    "h": '24-hour must either be "h" or "hh"',
    "H": '12-hour must either be "H" or "HH"',
    "A": 'must be "AA"',
    "a": 'must be "aa"',
    "m": 'minute must either be "m" or "mm"',
    "s": 'second must either be "s" or "ss"',
    "Z": "timezone must be Z, ZZZZ, or ZZZZZ",
}


def _choices(letter: str, instant: Instant) -> dict[int, str]:
    """What the verb writes, by the number of its letters."""
    if letter == "Y":
        return {2: f"{instant.year % 100:02d}", 4: f"{instant.year:04d}"}
    if letter == "M":
        name = _MONTHS[instant.month - 1]
        return {**_number(instant.month), 3: name[:3], 4: name}
    if letter == "E":
        name = _DAYS[instant.weekday]
        return {3: name[:3], 4: name}
    if letter == "Z":
        colon = instant.offset_text(":")
        plain = instant.offset_text("")
        return {
            1: "Z" if instant.offset == 0 else colon,
            3: "UTC" if plain == "+0000" else plain,
            4: plain,
            5: colon,
        }
    if letter in "Aa":
        half = "AM" if instant.hour < 12 else "PM"
        return {2: half if letter == "A" else half.lower()}
    numbers = {
        "D": instant.day,
        "h": instant.hour,
        "H": instant.hour % 12 or 12,
        "m": instant.minute,
        "s": instant.second,
    }
    return _number(numbers[letter]) if letter in numbers else {}


def _number(value: int) -> dict[int, str]:
    return {1: str(value), 2: f"{value:02d}"}


_UNITS = {
    "ns": 1,
    "us": 1_000,
    "\xb5s": 1_000,
    "\u03bcs": 1_000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_TERM = pattern(r"(\d*)(\.\d*)?([^\d.]*)", re.ASCII)


def _duration(text: str) -> int:
    """Nanoseconds, as Go's time.ParseDuration reads them. Raises FunctionError."""
    body = text[1:] if text[:1] in ("+", "-") else text
    if body == "0":
        return 0
    invalid = FunctionError(f"time: invalid duration {go_quote(text)}")
    if body == "":
        raise invalid
    total = at = 0
    while at < len(body):
        match = _TERM.match(body, at)
        assert match is not None
        digits, fraction, unit = match.groups()
        if not digits and len(fraction or "") < 2:
            raise invalid
        if unit == "":
            raise FunctionError(f"time: missing unit in duration {go_quote(text)}")
        if unit not in _UNITS:
            raise FunctionError(f"time: unknown unit {go_quote(unit)} in duration {go_quote(text)}")
        total += int(digits[:25] or "0") * _UNITS[unit]
        total += int((fraction or ".0")[1:18] or "0") * _UNITS[unit] // 10 ** len((fraction or ".0")[1:18])
        if total > 1 << 63:
            raise invalid
        at = match.end()
    if text[0] == "-":
        return -total
    if total == 1 << 63:
        raise invalid
    return total


def _timeadd(timestamp: str, duration: str) -> str:
    instant = parse(timestamp, None)
    return instant.plus(_duration(duration)).text()


def _timecmp(first: str, second: str) -> int:
    left = parse(first, "timestamp_a", strict=False).nanoseconds
    right = parse(second, "timestamp_b", strict=False).nanoseconds
    return (left > right) - (left < right)


def _timestamp() -> Value:
    return unknowable(STRING, "timestamp()", "is the time at which Terraform applies", kind="computed")


def _plantimestamp() -> Value:
    return unknowable(STRING, "plantimestamp()", "is the time at which Terraform plans")


FUNCTIONS = {
    "formatdate": Function("formatdate", (Parameter("format", STRING), Parameter("time", STRING)), _formatdate, STRING),
    "plantimestamp": Function("plantimestamp", (), _plantimestamp, STRING),
    "timeadd": Function("timeadd", (Parameter("timestamp", STRING), Parameter("duration", STRING)), _timeadd, STRING),
    "timecmp": Function(
        "timecmp", (Parameter("timestamp_a", STRING), Parameter("timestamp_b", STRING)), _timecmp, NUMBER
    ),
    "timestamp": Function("timestamp", (), _timestamp, STRING),
}
