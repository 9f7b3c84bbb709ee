"""Versions as engines and providers write them: partial, with prefixes, as constraints."""

from __future__ import annotations

import re

from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.types import BOOL
from alexandria_scan.evaluate.values import Reason, Unknown, Value, opened
from alexandria_scan.patterns import pattern

_TERM = pattern(r"\s*(>=|<=|~>|!=|=|>|<)?\s*v?(\d+)((?:\.\d+)*)")
_OR_NEWER = ">="


def newest_major(constraint: str | None) -> str | None:
    """The highest major version that a version constraint allows, as text, or None if it does not say.

    `~> 5.0` and `>= 4.0, < 6.0` give "5"; `>= 5.0`, which has no upper end, gives ">=5".
    """
    if not constraint:
        return None
    highest: int | None = None
    lowest: int | None = None
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
            lowest = lowest if rest else major
        elif operator == "<":
            limit = major if rest.strip(".0") else major - 1
        elif operator in (">=", ">"):
            lowest = major if lowest is None else max(lowest, major)
        if limit is not None:
            highest = limit if highest is None else min(highest, limit)
    if highest is not None:
        return str(highest)
    return None if lowest is None else f"{_OR_NEWER}{lowest}"


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
    if str(version).startswith(_OR_NEWER):
        return _all_at_least(str(version).removeprefix(_OR_NEWER), str(minimum))
    parts, wanted = _parts(str(version)), _parts(str(minimum))
    if parts is None or wanted is None:
        return Unknown(BOOL, (Reason(f"the version {version}", "cannot be read as numbers"),), True)
    for have, need in zip(parts, wanted, strict=False):
        if have != need:
            return have > need
    if len(parts) >= len(wanted):
        return True
    return Unknown(BOOL, (Reason(f"the version {version}", "names no minor version", "give the full version"),), True)


def _all_at_least(oldest: str, minimum: str) -> Value:
    """Whether that version and all that are newer are at least `minimum`; older ones may be, too."""
    have, need = _parts(oldest), _parts(minimum)
    if have is not None and need is not None and have[0] >= need[0] and not any(need[1:]):
        return True
    reason = Reason(
        "the version of the provider", "has no upper end", "give it one in required_providers, as ~> does", kind="input"
    )
    return Unknown(BOOL, (reason,), True)


def _parts(text: str) -> list[int] | None:
    match = re.match(r"v?(\d+(?:\.\d+)*)", text.strip())
    return [int(part) for part in match.group(1).split(".")] if match else None
