"""Versions as engines and providers write them: partial, with prefixes, as constraints."""

from __future__ import annotations

import re

from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.types import BOOL
from alexandria_scan.evaluate.values import Reason, Unknown, Value, opened

_TERM = re.compile(r"\s*(>=|<=|~>|!=|=|>|<)?\s*v?(\d+)((?:\.\d+)*)")


def newest_major(constraint: str | None) -> str | None:
    """The highest major version that a version constraint allows, as text, or None if it has no upper end.

    `~> 5.0` and `>= 4.0, < 6.0` give "5"; `>= 5.0` gives None.
    """
    if not constraint:
        return None
    highest: int | None = None
    for term in constraint.split(","):
        match = _TERM.match(term)
        if match is None:
            return None
        operator, major, rest = match.group(1) or "=", int(match.group(2)), match.group(3)
        limit: int | None = None
        if operator in ("=", "<="):
            limit = major
        elif operator == "~>":
            limit = major if rest else None
        elif operator == "<":
            limit = major if rest.strip(".0") else major - 1
        if limit is not None:
            highest = limit if highest is None else min(highest, limit)
    return None if highest is None else str(highest)


def version_at_least(arguments: list[Value]) -> Value:
    """version_at_least("15.4", "15"): compares part by part; unknown if a partial version does not decide."""
    if len(arguments) != 2:
        raise EvalError("Error in function call", "version_at_least takes a version and a minimum.")
    version, minimum = opened(arguments[0])[0], opened(arguments[1])[0]
    for value in (version, minimum):
        if type(value) is Unknown:
            return value.as_type(BOOL, True)
    if version is None:
        return Unknown(
            BOOL,
            (
                Reason(
                    "the version of the provider or engine",
                    "is not set",
                    "set engine_version, or a version in required_providers",
                ),
            ),
            True,
        )
    parts, wanted = _parts(str(version)), _parts(str(minimum))
    if parts is None or wanted is None:
        return Unknown(BOOL, (Reason(f"the version {version}", "cannot be read as numbers"),), True)
    for have, need in zip(parts, wanted, strict=False):
        if have != need:
            return have > need
    if len(parts) >= len(wanted):
        return True
    return Unknown(BOOL, (Reason(f"the version {version}", "names no minor version", "give the full version"),), True)


def _parts(text: str) -> list[int] | None:
    match = re.match(r"v?(\d+(?:\.\d+)*)", text.strip())
    return [int(part) for part in match.group(1).split(".")] if match else None
