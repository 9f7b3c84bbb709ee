"""Where an object of the old version goes in the new one: `moved` and `removed` blocks, followed as Terraform does."""

from __future__ import annotations

import msgspec

from alexandria_scan.evaluate.expansion import SYMBOLIC, address_key
from alexandria_scan.graph.addresses import Addresses, Statement, Step

Address = tuple[Step, ...]


class Journey(msgspec.Struct, frozen=True):
    """Where an object arrives. `forgotten` is the `removed` block that takes it out of the state; `doubtful` where
    only some of the instances that an unknown key stands for are moved; `moves` the statements on the way."""

    arrival: Address
    moves: int = 0
    forgotten: Statement | None = None
    doubtful: bool = False


def follow(start: Address, new: Addresses) -> Journey:
    """The journey of the object at `start` in a plan with the new version."""
    explicit = [one for one in new.statements if _mentions(one, start)]
    address = start if explicit else _implied(start, new)
    moves, doubtful = 0, False
    seen = {address}
    while True:
        found: Address | None = None
        for statement in new.statements:
            matched = _match(statement, address)
            doubtful = doubtful or matched is None
            if matched and statement.target is None:
                if names_of(address) not in new.managed:
                    return Journey(address, moves, statement, doubtful)
            elif matched:
                found = _moved(statement, address)
                break
        if found is None or found in seen:
            return Journey(address, moves, None, doubtful)
        address, moves = found, moves + 1
        seen.add(address)


def names_of(address: Address) -> tuple[str, ...]:
    return tuple(name for name, _ in address)


def text_of(address: Address) -> str:
    """The address as Terraform writes it."""
    return ".".join(f"{name}{address_key(key)}" for name, key in address)


def _mentions(statement: Statement, address: Address) -> bool:
    """Whether a statement is about the resource at the address itself, with whatever key."""
    return (*statement.within, *names_of(statement.source)) == names_of(address)


def _implied(address: Address, new: Addresses) -> Address:
    """The move that Terraform makes by itself: a resource without a key to instance 0 when it gets a count, and back.

    It does so for resources only, not for calls of modules; seen in plans of Terraform 1.11.
    """
    found = new.managed.get(names_of(address))
    name, key = address[-1]
    if found is None or found.source:
        return address
    kind = found.repeated[-1].kind
    if key is None and kind == "count":
        return (*address[:-1], (name, 0))
    if key == 0 and kind == "single":
        return (*address[:-1], (name, None))
    return address


def _match(statement: Statement, address: Address) -> bool | None:
    """Whether the statement is about the address; None if that depends on a key that is not known."""
    skip, source = len(statement.within), statement.source
    if names_of(address[: skip + len(source)]) != (*statement.within, *names_of(source)):
        return False
    pairs = list(zip(source, address[skip:], strict=False))
    if _is_whole(statement):
        pairs = pairs[:-1]
    if all(wanted[1] == given[1] for wanted, given in pairs):
        return True
    return None if all(given[1] in (wanted[1], SYMBOLIC) for wanted, given in pairs) else False


def _is_whole(statement: Statement) -> bool:
    """Without a key at either end the statement moves all instances, whatever their keys."""
    return statement.source[-1][1] is None and (statement.target is None or statement.target[-1][1] is None)


def _moved(statement: Statement, address: Address) -> Address:
    assert statement.target is not None
    skip, length = len(statement.within), len(statement.source)
    target = statement.target
    if _is_whole(statement):
        target = (*target[:-1], (target[-1][0], address[skip + length - 1][1]))
    return (*address[:skip], *target, *address[skip + length :])
