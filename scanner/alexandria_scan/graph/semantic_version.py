"""Semantic versions, and what they say of maturity."""

from __future__ import annotations

import re

# The form and its order: https://semver.org/spec/v2.0.0.html
_SEMANTIC = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(?:-((?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*))?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?\Z"
)


def semantic(version: str) -> bool:
    return len(version) < 256 and _SEMANTIC.match(version) is not None


def maturity_of(version: str) -> str | None:
    """What a version says of maturity: 0.x is alpha, 1.0.0-beta.N is beta, 1.0.0 and up is stable; None if it is none.

    A pre-release that is not a beta (1.0.0-alpha.1, 2.0.0-rc.1) is alpha, or beta where it is a candidate.
    """
    match = _SEMANTIC.match(version) if len(version) < 256 else None
    if match is None:
        return None
    if match[1] == "0":
        return "alpha"
    if match[4] is None:
        return "stable"
    return "beta" if match[4].split(".")[0].lower() in ("beta", "rc", "pre") else "alpha"
