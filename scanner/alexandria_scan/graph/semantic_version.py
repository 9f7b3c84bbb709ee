"""The releases that a CHANGELOG names, and the versions that they are."""

from __future__ import annotations

import re

import msgspec

from alexandria_scan.graph.metadata import iso_date

_HEADING = re.compile(
    r"^##[ \t]+\[?v?(?P<version>\d+\.\d+\.\d+[^\]\s]*)\]?(?:\([^)]*\))?[ \t]*(?P<rest>.*)$", re.MULTILINE
)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# The form and its order: https://semver.org/spec/v2.0.0.html
_SEMANTIC = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(?:-((?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)(?:\.(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*))*))?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?\Z"
)
MAX_TEXT = 1_000_000


class Release(msgspec.Struct, frozen=True):
    """One heading of a CHANGELOG: the version, its date (None if it has none), the line; `text` is what follows."""

    version: str
    date: str | None
    line: int
    text: str = ""


def releases(text: str) -> tuple[Release, ...]:
    """The released versions, in the order of the file; "Unreleased" is none."""
    text = text[:MAX_TEXT].replace("\r\n", "\n")
    found = list(_HEADING.finditer(text))
    made = []
    line, at = 1, 0
    for number, match in enumerate(found):
        line += text.count("\n", at, match.start())
        at = match.start()
        end = found[number + 1].start() if number + 1 < len(found) else len(text)
        day = _DAY.search(match["rest"])
        made.append(Release(match["version"], iso_date(day[0]) if day else None, line, text[match.end() : end]))
    return tuple(made)


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
