"""Semantic versions: their form and order, those in tags, and what they say of maturity."""

from __future__ import annotations

import msgspec

from alexandria_scan.patterns import pattern

# The form and its order: https://semver.org/spec/v2.0.0.html
_PRE = r"(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)"
_FORM = (
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    rf"(?:-({_PRE}(?:\.{_PRE})*))?"
    r"(?:\+[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*)?\Z"
)
_SEMANTIC = pattern(_FORM)
_TAG = pattern(rf"(?:(?P<name>.+?)[/@_-])?v?(?P<version>{_FORM})")
_LONGEST = 255


class Version(msgspec.Struct, frozen=True, order=True):
    """`pre` is the pre-release, () for a release; it sorts as semver sorts, a release after its pre-releases."""

    major: int
    minor: int
    patch: int
    release: bool
    pre: tuple[tuple[int, int, str], ...]

    def __str__(self) -> str:
        text = f"{self.major}.{self.minor}.{self.patch}"
        parts = [str(number) if not kind else word for kind, number, word in self.pre]
        return f"{text}-{'.'.join(parts)}" if parts else text


def version_of(text: str) -> Version | None:
    """A semantic version, with or without the v of a tag; None for anything else."""
    bare = text.strip()
    return _version(bare[1:] if bare[:1] == "v" else bare)


def _version(text: str) -> Version | None:
    match = _SEMANTIC.match(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    parts = match[4].split(".") if match[4] else []
    pre = tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)
    return Version(int(match[1]), int(match[2]), int(match[3]), not pre, pre)


def tagged(tag: str) -> tuple[str, Version] | None:
    """The name in a tag, "" without one, and the version at its end: `v1.2.0`, `vpc/v1.2.0`, `vpc-1.2.0`."""
    match = _TAG.match(tag) if len(tag) <= _LONGEST else None
    version = _version(match["version"]) if match is not None else None
    return (match["name"] or "", version) if match is not None and version is not None else None


def semantic(version: str) -> bool:
    """Whether a text is a semantic version as it should be written: without a v."""
    return _version(version) is not None


def maturity_of(version: str | Version) -> str | None:
    """What a version says of maturity: 0.x is alpha, 1.0.0-beta.N is beta, 1.0.0 and up is stable; None if it is none.

    A pre-release that is not a beta (1.0.0-alpha.1, 2.0.0-rc.1) is alpha, or beta where it is a candidate.
    """
    read = _version(version) if isinstance(version, str) else version
    if read is None:
        return None
    if read.major == 0:
        return "alpha"
    if read.release:
        return "stable"
    return "beta" if read.pre[0][2].lower() in ("beta", "rc", "pre") else "alpha"
