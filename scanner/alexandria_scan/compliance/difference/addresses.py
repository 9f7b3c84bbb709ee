"""Resource addresses: objects that the new version destroys, makes anew under another address, moves or forgets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from alexandria_scan.compliance.difference.change import EFFECTS, Change
from alexandria_scan.compliance.difference.moves import Address, Journey, follow, names_of, text_of
from alexandria_scan.evaluate.expansion import SYMBOLIC, Key
from alexandria_scan.evaluate.values import raw_equal
from alexandria_scan.graph.addresses import Addresses, Managed, Repeated, addresses_of
from alexandria_scan.graph.interface import Interface

MOST_INSTANCES = 200
_CONVERTED = {("null_resource", "terraform_data")}  # the one change of type that Terraform itself can make


def changed_addresses(old: Interface, new: Interface) -> Iterator[Change]:
    """The changes for a caller who sets the same as before."""
    same = {
        name: old.inputs[name].default
        for name, one in new.inputs.items()
        if one.optional and name in old.inputs and old.inputs[name].optional
        and not raw_equal(one.default, old.inputs[name].default)
    }  # fmt: skip
    before, after = addresses_of(old.module), addresses_of(new.supposing(same))
    reached: set[tuple[str, ...]] = set()
    for managed in before.managed.values():
        found: list[Change] = []
        for instance in _instances(managed):
            journey = follow(instance, after)
            reached.add(names_of(journey.arrival))
            found += _judged(managed, instance, journey, after)
        if found:
            yield min(found, key=lambda change: EFFECTS.index(change.effect))
    for path, managed in after.managed.items():
        if path not in before.managed and path not in reached:
            yield Change("patch", "resource_added", ".".join(path), "is new", None, managed.location)


def _instances(managed: Managed) -> Iterator[Address]:
    keys = product(*(one.possible() for one in managed.repeated))
    for chosen in islice(keys, MOST_INSTANCES):
        yield tuple(zip(managed.path, chosen, strict=True))


def _judged(managed: Managed, start: Address, journey: Journey, after: Addresses) -> Iterator[Change]:
    subject, old = text_of(start), managed.location
    if journey.forgotten is not None:
        yield _forgotten(journey, subject, managed)
        return
    found = after.managed.get(names_of(journey.arrival))
    if found is None:
        moved = f", and is moved to {text_of(journey.arrival)}, which is not there either" if journey.moves else ""
        message = f"is not in the module any more{moved}: what it made is destroyed"
        yield Change("major", "resource_removed", subject, message, old)
        return
    yield from _kinds(managed, found, subject, journey)
    if journey.moves:
        yield _arrived(managed, found, subject, journey)
    if found.source != managed.source:
        message = (
            f"calls {found.source or 'a folder'} instead of {managed.source or 'a folder'}: see what changed there"
        )
        yield Change("unknown", "module_call_changed", subject, message, old, found.location)


def _forgotten(journey: Journey, subject: str, managed: Managed) -> Change:
    assert journey.forgotten is not None
    places = (managed.location, journey.forgotten.location)
    if journey.forgotten.destroys:
        return Change("major", "resource_removed", subject, "is destroyed by a removed block", *places)
    message = "is forgotten by a removed block: it stays, and nothing manages it any more"
    return Change("unknown", "resource_forgotten", subject, message, *places)


def _arrived(managed: Managed, found: Managed, subject: str, journey: Journey) -> Change:
    places = (managed.location, found.location)
    was, is_ = (path[-1].partition(".")[0] for path in (managed.path, found.path))
    to = text_of(journey.arrival)
    if was != is_ and (was, is_) not in _CONVERTED and "module" not in (was, is_):
        message = f"is moved to {to}, of another type, which the provider may refuse"
        return Change("unknown", "resource_moved_type", subject, message, *places)
    return Change("patch", "resource_moved", subject, f"is moved to {to}", *places)


def _kinds(managed: Managed, found: Managed, subject: str, journey: Journey) -> Iterator[Change]:
    """What becomes of the keys on the way to the resource, the resource's own being the last."""
    places = (managed.location, found.location)
    further = len(found.repeated) - len(managed.repeated)  # steps that a move into a module, or out of one, added
    for index, ((name, key), is_) in enumerate(zip(journey.arrival, found.repeated, strict=True)):
        was = managed.repeated[index - further] if index >= further else is_
        kind = was.kind if key == SYMBOLIC else _kind(key)
        if kind != is_.kind and journey.doubtful:
            message = f"was made with {was.kind} and is with {is_.kind}; moved blocks name some of its instances"
            yield Change("unknown", "instances_moved", subject, message, *places)
        elif kind != is_.kind:
            message = f"{name} was {_said(kind)} and is {_said(is_.kind)}: without a moved block it is made anew"
            yield Change("major", "resource_rekeyed", subject, message, *places)
        elif key == SYMBOLIC or is_.keys is None:
            if was.text != is_.text and not (was.switch and is_.switch):
                message = f"{is_.kind} of {name} is another expression: whether all instances stay is not known"
                yield Change("unknown", "instances_changed", subject, message, *places)
        elif key not in is_.keys and _was_made(was, key, journey):
            message = "is not made any more with what makes it now; no moved block says where it went"
            yield Change("major", "instance_removed", subject, message, *places)


def _was_made(was: Repeated, key: Key, journey: Journey) -> bool:
    """False for the instance of a switch that is off with the defaults."""
    return bool(journey.moves) or not was.switch or bool(was.keys and key in was.keys)


def _kind(key: Key) -> str:
    return "single" if key is None else "count" if isinstance(key, int) else "for_each"


def _said(kind: str) -> str:
    return {"single": "one block without a key"}.get(kind, f"made with {kind}")
