"""Version constraints: the lowest version that one allows."""

from __future__ import annotations

from alexandria_scan.patterns import pattern

_TERM = pattern(r"\s*(>=|<=|~>|!=|=|>|<)?\s*v?(\d+(?:\.\d+){0,2})(?:[-+][\w.-]+)?\s*")


def lowest(constraint: str | None) -> str | None:
    """The lowest version that a constraint allows, with three parts; `> 1.2` counts as 1.2.0. None if it has no lower
    end or is no constraint: `>= 4.0, < 6.0` gives "4.0.0", `< 6.0` None."""
    if not constraint:
        return None
    found: list[tuple[int, ...]] = []
    for term in constraint.split(","):
        match = _TERM.fullmatch(term)
        if match is None:
            return None
        if match.group(1) in (None, "=", ">=", ">", "~>"):
            parts = [int(part) for part in match.group(2).split(".")]
            found.append((*parts, 0, 0)[:3])
    return ".".join(map(str, max(found))) if found else None
