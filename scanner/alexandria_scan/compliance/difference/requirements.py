"""What a module needs: versions of Terraform and of providers, and configurations that are handed down."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from alexandria_scan.compliance.difference.change import Change
from alexandria_scan.graph.interface import Interface, Requirement
from alexandria_scan.patterns import pattern

_TERM = pattern(r"\s*(>=|<=|~>|!=|=|>|<)?\s*v?(\d+(?:\.\d+)*)(-[0-9A-Za-z.-]+)?\s*\Z")
Numbers = tuple[int, ...]


class Bounds(msgspec.Struct, frozen=True):
    """The lowest version that is allowed, and the lowest that is not any more above it; None where there is none."""

    low: Numbers | None = None
    high: Numbers | None = None


def changed_requirements(old: Interface, new: Interface) -> Iterator[Change]:
    yield from _versions(old.terraform, new.terraform, "Terraform")
    for name in sorted(old.providers.keys() | new.providers.keys()):
        before, after = old.providers.get(name), new.providers.get(name)
        subject = f"provider {name}"
        if after is None and before is not None:
            yield Change("patch", "provider_removed", subject, "is not required any more", before.location)
        elif before is None and after is not None:
            yield from _added(after, subject, name in _used(old))
        elif before is not None and after is not None:
            yield from _changed(before, after, subject)


def _used(interface: Interface) -> set[str]:
    """The providers that a module uses by the types of its resources, whether it declares them or not."""
    return {key[1].partition("_")[0] for key in interface.module.config.resources}


def _added(after: Requirement, subject: str, used: bool) -> Iterator[Change]:
    if used:
        yield from _versions(Requirement(after.name, None, None, (), after.location), after, subject)
    else:
        yield Change("minor", "provider_added", subject, "is new", None, after.location)
    yield from _aliases(after, (), subject)


def _aliases(after: Requirement, before: tuple[str, ...], subject: str) -> Iterator[Change]:
    for alias in after.aliases:
        if alias not in before:
            message = f"has to be handed down as {alias}, which callers do not yet do"
            yield Change("major", "provider_alias_required", subject, message, None, after.location)


def _changed(before: Requirement, after: Requirement, subject: str) -> Iterator[Change]:
    places = (before.location, after.location)
    was, is_ = (_full_source(one) for one in (before, after))
    if was != is_:
        message = f"comes from {is_} instead of {was}: the state names the other one"
        yield Change("major", "provider_source_changed", subject, message, *places)
    for alias in before.aliases:
        if alias not in after.aliases:
            message = f"is not taken as {alias} any more: callers who hand it down are refused"
            yield Change("major", "provider_alias_removed", subject, message, *places)
    yield from _aliases(after, before.aliases, subject)
    yield from _versions(before, after, subject)


def _full_source(requirement: Requirement) -> str:
    source = requirement.source or f"hashicorp/{requirement.name}"
    return source.lower().removeprefix("registry.terraform.io/").removeprefix("registry.opentofu.org/")


def _versions(before: Requirement, after: Requirement, subject: str) -> Iterator[Change]:
    places = (before.location if before.version else None, after.location)
    if (before.version or "").split() == (after.version or "").split():
        return
    was, is_ = bounds(before.version), bounds(after.version)
    said = f"{after.version or 'any version'} instead of {before.version or 'any version'}"
    if was is None or is_ is None:
        message = f"is needed as {said}, which cannot be compared"
        yield Change("unknown", "version_changed", subject, message, *places)
    elif (is_.low or ()) > (was.low or ()):
        message = f"is needed from {_text(is_.low)} on ({said})"
        yield Change("major", "minimum_raised", subject, message, *places)
    elif is_.high is not None and (was.high is None or is_.high < was.high):
        message = f"is refused from {_text(is_.high)} on ({said})"
        yield Change("major", "maximum_lowered", subject, message, *places)
    else:
        yield Change("patch", "version_widened", subject, f"may be {said}", *places)


def bounds(constraint: str | None) -> Bounds | None:
    """`>= 5.0, < 7.0` as its bounds, missing parts being zero; None if a term cannot be read."""
    low: Numbers | None = None
    high: Numbers | None = None
    for term in constraint.split(",") if constraint else ():
        match = _TERM.match(term)
        if match is None:
            return None
        operator = match.group(1) or "="
        parts = tuple(int(part) for part in match.group(2).split("."))
        exact = _stripped(parts)
        above = (
            _stripped((*parts[:-1], parts[-1] + 1)) if len(parts) >= 3 else (*(*parts, 0, 0)[:2], (*parts, 0, 0)[2] + 1)
        )
        starts = {">=": exact, ">": above, "=": exact, "~>": exact}.get(operator)
        ends = {"<": exact, "<=": above, "=": above}.get(operator)
        if operator == "~>" and len(parts) > 1:
            ends = _stripped((*parts[:-2], parts[-2] + 1))
        low = max(low, starts) if low is not None and starts is not None else starts or low
        high = min(high, ends) if high is not None and ends is not None else ends or high
    return Bounds(low or None, high)


def _stripped(parts: Numbers) -> Numbers:
    """Without zeros at the end, so that 5 and 5.0.0 are the same."""
    while parts and not parts[-1]:
        parts = parts[:-1]
    return parts


def _text(parts: Numbers | None) -> str:
    numbers = [*(parts or ()), 0, 0][: max(2, len(parts or ()))]
    return ".".join(map(str, numbers))
