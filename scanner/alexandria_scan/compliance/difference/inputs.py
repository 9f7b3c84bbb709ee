"""Inputs: removed, added, made required, retyped, validated more narrowly, with another default."""

from __future__ import annotations

from collections.abc import Iterator

from alexandria_scan.compliance.difference.change import Change
from alexandria_scan.compliance.difference.effects import Influence, influence
from alexandria_scan.compliance.difference.shown import shown
from alexandria_scan.compliance.difference.types import changed_defaults, objections
from alexandria_scan.compliance.difference.validation import narrowing
from alexandria_scan.evaluate.secret_values import default_is_secret
from alexandria_scan.evaluate.types import spelled
from alexandria_scan.evaluate.values import EPHEMERAL, SENSITIVE, mark, raw_equal
from alexandria_scan.graph.interface import Input, Interface
from alexandria_scan.syntax.tree import Location


def changed_inputs(old: Interface, new: Interface) -> Iterator[Change]:
    for name, before in old.inputs.items():
        if name not in new.inputs:
            yield _removed(before, old, new)
    for name, after in new.inputs.items():
        found = old.inputs.get(name)
        yield from _added(after) if found is None else _changed(found, after, old, new)


def _removed(before: Input, old: Interface, new: Interface) -> Change:
    message = "is removed"
    added = [one for name, one in new.inputs.items() if name not in old.inputs]
    alike = [one.name for one in added if before.description and one.description == before.description]
    if len(alike) == 1:
        message = f"is removed; var.{alike[0]} has its description: renamed?"
    return Change("major", "input_removed", f"var.{before.name}", message, before.location)


def _added(after: Input) -> Iterator[Change]:
    subject = f"var.{after.name}"
    if after.optional:
        yield Change("minor", "input_added", subject, "is new, and optional", None, after.location)
    else:
        yield Change("major", "input_required", subject, "is new, and required", None, after.location)


def _changed(before: Input, after: Input, old: Interface, new: Interface) -> Iterator[Change]:
    subject, places = f"var.{after.name}", (before.location, after.location)
    if before.optional and not after.optional:
        yield Change("major", "input_required", subject, "has no default any more: it is required now", *places)
    elif after.optional and not before.optional:
        yield Change("minor", "input_optional", subject, "has a default now: it is optional", *places)
    refused = list(objections(before.declaration.type, after.declaration.type))
    for text in refused:
        yield Change("major", "input_retyped", subject, text, *places)
    if not refused:
        yield from _type(before, after)
        yield from _validation(before, after, old, new)
        yield from _default(before, after, old, new)
    yield from _null(before, after, old, new)
    yield from _marks(before, after)


def _type(before: Input, after: Input) -> Iterator[Change]:
    subject, places = f"var.{after.name}", (before.location, after.location)
    was, is_ = before.declaration.type, after.declaration.type
    for path in changed_defaults(was, is_):
        message = f"{path} has another default: callers who set var.{after.name} and leave it out get other values"
        yield Change("unknown", "input_attribute_default", subject, message, *places)
    if was != is_:
        message = f"takes more than before: {spelled(was)} became {spelled(is_)}"
        yield Change("minor", "input_widened", subject, message, *places)


def _validation(before: Input, after: Input, old: Interface, new: Interface) -> Iterator[Change]:
    subject, places = f"var.{after.name}", (before.location, after.location)
    found = narrowing(before, after, old.module, new.module)
    if found.verdict == "narrower":
        message = f"is validated more narrowly: {found.witness} passed before and is refused now"
        yield Change("major", "input_validation_narrower", subject, message, *places)
    elif found.verdict == "unknown":
        message = "is validated by another condition; whether it refuses what passed before cannot be told"
        yield Change("unknown", "input_validation_changed", subject, message, *places)
    elif found.verdict == "wider":
        message = "is validated less narrowly, or in other words"
        yield Change("patch", "input_validation_wider", subject, message, *places)


def _default(before: Input, after: Input, old: Interface, new: Interface) -> Iterator[Change]:
    if not (before.optional and after.optional) or raw_equal(before.default, after.default):
        return
    subject, places = f"var.{after.name}", (before.location, after.location)
    marks = before.declaration.marks | after.declaration.marks
    if any(default_is_secret(interface.module.config, after.name) for interface in (old, new)):
        marks |= {SENSITIVE}
    was, is_ = (shown(after.name, mark(one.default, marks)) for one in (before, after))
    message = f"has another default, {is_} instead of {was}"
    found = influence(new, after.name, before.default, after.default)
    yield _judged(found, "input_default_changed", subject, message, *places)


def _judged(found: Influence, rule: str, subject: str, message: str, old: Location, new: Location) -> Change:
    if found.verdict == "changes":
        return Change("major", rule, subject, f"{message}: {found.text}", old, new)
    if found.verdict == "none":
        return Change("patch", rule, subject, f"{message}; no plan changes by it", old, new)
    return Change("unknown", rule, subject, f"{message}; {found.text}", old, new)


def _null(before: Input, after: Input, old: Interface, new: Interface) -> Iterator[Change]:
    """`nullable`: what a caller gets who passes null on purpose."""
    was, is_ = before.declaration.nullable, after.declaration.nullable
    if was == is_:
        return
    subject, places = f"var.{after.name}", (before.location, after.location)
    if not before.optional or not after.optional:
        if was:
            yield Change("major", "input_null_refused", subject, "refuses null from now on", *places)
        return
    # asked of the version that lets null pass, which can have either value
    asked, default = (old, before.default) if was else (new, after.default)
    then, now = (None, default) if was else (default, None)
    if raw_equal(then, now):
        return
    message = "takes its default for null" if was else "keeps null, and does not take its default for it"
    yield _judged(influence(asked, after.name, then, now), "input_null_changed", subject, message, *places)


def _marks(before: Input, after: Input) -> Iterator[Change]:
    subject, places = f"var.{after.name}", (before.location, after.location)
    was, is_ = before.declaration.marks, after.declaration.marks
    if EPHEMERAL in was - is_:
        yield Change("major", "input_ephemeral_refused", subject, "refuses ephemeral values from now on", *places)
    if EPHEMERAL in is_ - was:
        yield Change("minor", "input_ephemeral_taken", subject, "takes ephemeral values", *places)
    if SENSITIVE in is_ - was:
        yield Change("patch", "input_sensitive", subject, "is sensitive now", *places)
    if SENSITIVE in was - is_:
        message = "is not sensitive any more: plans and logs show what it is set to"
        yield Change("patch", "input_not_sensitive", subject, message, *places)
