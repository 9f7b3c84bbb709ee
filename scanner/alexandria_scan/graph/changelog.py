"""A CHANGELOG's releases and the headings inside them, as https://keepachangelog.com describes them."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from alexandria_scan.days import iso_date
from alexandria_scan.evaluate.values import Value
from alexandria_scan.patterns import pattern
from alexandria_scan.syntax.markdown import Heading, parse_markdown
from alexandria_scan.syntax.tree import SourceText

_VERSION = r"v?\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?"
_FORM = pattern(rf"(?:\[{_VERSION}\]|{_VERSION})\s+[-–—]\s+(\d{{4}}-\d{{2}}-\d{{2}})(?:\s+\[YANKED\])?")
_LIKE_RELEASE = pattern(r"\[?v?(\d+\.\d+\.\d+[^\]\s,:;()]*)")
_DAY = pattern(r"\d{4}-\d{2}-\d{2}")
_UNRELEASED = pattern(r"\[?unreleased\]?", re.IGNORECASE)


class Release(msgspec.Struct, frozen=True):
    """One release: the version, its date (None if it has none), the line of its heading; `text` is what follows."""

    version: str
    date: str | None
    line: int
    text: str = ""


def releases(text: str) -> tuple[Release, ...]:
    """The released versions, in the order of the file; "Unreleased" is none. A heading need not have the form that
    `release_headings` asks for: `## v1.2.0 (2026-01-31)` is a release, too."""
    lines = re.sub(r"\r\n?", "\n", text).split("\n")
    found = [heading for heading in _headings(text) if _is_release(heading)]
    made = []
    for number, heading in enumerate(found, 1):
        end = found[number].line - 1 if number < len(found) else len(lines)
        match = _LIKE_RELEASE.match(heading.text)
        if match is not None:
            day = _DAY.search(heading.text, match.end())
            follows = "\n".join(("", *lines[heading.line : end]))
            made.append(Release(match[1], iso_date(day[0]) if day else None, heading.line, follows))
    return tuple(made)


def release_headings(source: SourceText) -> tuple[Value, ...]:
    """Every heading that should be a release: `file line heading level version date descends`.

    `version` and `date` are null where the heading is not of the form `## [1.2.0] - 2026-01-31`; `descends` is false if
    a release above has an earlier date.
    """
    found: list[Value] = []
    above: str | None = None
    for heading in _headings(text_of(source)):
        if not _is_release(heading):
            continue
        form, version = _FORM.fullmatch(heading.text), _LIKE_RELEASE.match(heading.text)
        stated = iso_date(form[1]) if form is not None else None
        found.append(
            {
                "file": source.name,
                "line": heading.line,
                "heading": heading.text,
                "level": heading.level,
                "version": version[1] if form is not None and version is not None else None,
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
    for heading in _headings(text_of(source)):
        if heading.level <= 2:
            inside = _is_release(heading) or _UNRELEASED.fullmatch(heading.text) is not None
        elif heading.level == 3 and inside and not _is_release(heading):
            found.append({"file": source.name, "line": heading.line, "heading": heading.text})
    return tuple(found)


def text_of(source: SourceText) -> str:
    return source.data.decode("utf-8-sig", "replace")


@lru_cache(maxsize=2)
def _headings(text: str) -> tuple[Heading, ...]:
    return tuple(element for element in parse_markdown(text) if isinstance(element, Heading))


def _is_release(heading: Heading) -> bool:
    if _LIKE_RELEASE.match(heading.text) is not None:
        return True
    return heading.level == 2 and _UNRELEASED.fullmatch(heading.text) is None
