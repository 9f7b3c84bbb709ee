"""A CHANGELOG's releases and the headings inside them, as https://keepachangelog.com describes them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from alexandria_scan.evaluate.values import Value
from alexandria_scan.syntax.markdown import Heading, parse_markdown
from alexandria_scan.syntax.tree import SourceText

_VERSION = r"v?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)"
_RELEASE = re.compile(rf"(?:\[{_VERSION}\]|{_VERSION})\s+[-–—]\s+(\d{{4}}-\d{{2}}-\d{{2}})(?:\s+\[YANKED\])?")
_LIKE_RELEASE = re.compile(rf"\[?{_VERSION}")
_UNRELEASED = re.compile(r"\[?unreleased\]?", re.IGNORECASE)


def releases(source: SourceText) -> tuple[Value, ...]:
    """Every heading that should be a release: `file line heading level version date descends`.

    `version` and `date` are null where the heading is not of the form `## [1.2.0] - 2026-01-31`; `descends` is false if
    a release above has an earlier date.
    """
    found: list[Value] = []
    above: str | None = None
    for heading in _headings(source):
        if not _is_release(heading):
            continue
        match = _RELEASE.fullmatch(heading.text)
        stated = match.group(3) if match is not None and _is_date(match.group(3)) else None
        found.append(
            {
                "file": source.name,
                "line": heading.line,
                "heading": heading.text,
                "level": heading.level,
                "version": (match.group(1) or match.group(2)) if match is not None else None,
                "date": stated,
                "descends": stated is None or above is None or stated <= above,
            }
        )
        above = stated or above
    return tuple(found)


def kinds(source: SourceText) -> tuple[Value, ...]:
    """The headings of level 3 under releases, which say what kind the changes are: `file line heading`."""
    found: list[Value] = []
    inside = False
    for heading in _headings(source):
        if heading.level <= 2:
            inside = _is_release(heading) or _UNRELEASED.fullmatch(heading.text) is not None
        elif heading.level == 3 and inside and not _is_release(heading):
            found.append({"file": source.name, "line": heading.line, "heading": heading.text})
    return tuple(found)


def _headings(source: SourceText) -> Iterator[Heading]:
    elements = parse_markdown(source.data.decode("utf-8-sig", "replace"))
    return (element for element in elements if isinstance(element, Heading))


def _is_release(heading: Heading) -> bool:
    if _LIKE_RELEASE.match(heading.text) is not None:
        return True
    return heading.level == 2 and _UNRELEASED.fullmatch(heading.text) is None


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
