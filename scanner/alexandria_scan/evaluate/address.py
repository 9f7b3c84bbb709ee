"""Addresses as Terraform spells them, taken apart: `module.a["k"].aws_x.y[0].arn`."""

from __future__ import annotations

import json
from functools import lru_cache

import msgspec

from alexandria_scan.evaluate.expansion import SYMBOLIC, Key, address_key
from alexandria_scan.patterns import pattern

_CALL = pattern(r'module\.[^.\[]+(?:\["(?:[^"\\]|\\.)*"\]|\[[^\]"]*\])?\.')
_STEP = pattern(r'\.?([^.\[\]"]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|\[[^\]]*\]')
_KEY = pattern(r'\[(?:"(?:[^"\\]|\\.)*"|[^\]"]*)\]')
_STRICT = pattern(
    r'(?:(?:^|\.)(?P<name>[^\W\d][\w-]*)|\[\s*(?P<number>\d+|\*)\s*\]|\[\s*(?P<text>"(?:[^"\\]|\\.)*")\s*\])'
)
_VALUES = frozenset(["var", "local", "output", "path", "terraform"])
_MODES = {"data": "data", "ephemeral": "ephemeral", "resource": "managed"}


class Index(msgspec.Struct, frozen=True):
    """`[0]` or `["k"]`. A key that is not literal is None."""

    key: Key

    def __str__(self) -> str:
        return address_key(self.key)


class Address(msgspec.Struct, frozen=True):
    """`calls` are the module calls that lead to it, with their keys; `steps` go into the value.

    `module.m.a.b` may be the output `a` or a resource of type `a`: it is read as the resource.

    `kind` is managed, data or ephemeral for a resource, whose `type`, `name` and `key` then say which; var, local,
    output, path or terraform for a value called `name`; "" where the address ends with a module.
    """

    calls: tuple[tuple[str, Key], ...]
    kind: str
    type: str = ""
    name: str = ""
    key: Key = None
    steps: tuple[str | Index, ...] = ()


class AddressError(ValueError):
    """A text that is no address. `help` shows one that is."""

    def __init__(self, message: str, help_: str) -> None:
        super().__init__(message)
        self.help = help_


def parse_address(text: str) -> Address:
    """An address in any of Terraform's forms. Raises AddressError."""
    steps = _strict_steps(text)
    calls, at = _calls(steps)
    rest = steps[at:]
    if not rest:
        return Address(calls, "")
    head = rest[0]
    if isinstance(head, Index) or head == "module":
        raise AddressError(f"{text} is not complete.", "A module call is named module.NAME.")
    if head in _VALUES:
        return _value_address(text, calls, rest)
    if calls and (len(rest) == 1 or isinstance(rest[1], Index)):
        return Address(calls, "output", name=head, steps=tuple(rest[1:]))
    body = rest[1:] if head in _MODES else rest
    if len(body) < 2 or isinstance(body[0], Index) or isinstance(body[1], Index):
        raise AddressError(
            f"{text} is not complete.",
            "A resource is named TYPE.NAME, a value var.NAME, local.NAME or output.NAME.",
        )
    key = body[2] if len(body) > 2 else None
    instance = key.key if isinstance(key, Index) else None
    following = tuple(body[3:] if isinstance(key, Index) else body[2:])
    return Address(calls, _MODES.get(head, "managed"), body[0], body[1], instance, following)


def _value_address(text: str, calls: tuple[tuple[str, Key], ...], rest: list[str | Index]) -> Address:
    if len(rest) < 2 or isinstance(rest[1], Index):
        raise AddressError(f"{text} is not complete.", f"Name what you want of it: {rest[0]}.NAME.")
    return Address(calls, str(rest[0]), name=rest[1], steps=tuple(rest[2:]))


def _strict_steps(text: str) -> list[str | Index]:
    steps: list[str | Index] = []
    end = 0
    while end < len(text):
        match = _STRICT.match(text, end)
        if match is None or (match["name"] is None and not steps):
            raise AddressError(f"{text!r} is not an address: {_fault(text, end)}.", _EXAMPLE)
        steps.append(match["name"] or Index(_key(match["number"], match["text"])))
        end = match.end()
    if not steps:
        raise AddressError("The address is empty.", _EXAMPLE)
    return steps


def _key(number: str | None, text: str | None) -> Key:
    if number is None:
        return _unquoted(text or "")
    return number if number == SYMBOLIC else int(number)


_EXAMPLE = 'For example var.encrypted, aws_rds_cluster.main[0].engine or module.db["eu"].aws_kms_key.main.description'


def _fault(text: str, at: int) -> str:
    if text[at] == "[":
        return (
            "an index is a whole number, or a text in double quotes (which a shell takes away: use single ones around)"
        )
    return f"{text[at:][:20]!r} is not expected there"


def _calls(steps: list[str | Index]) -> tuple[tuple[tuple[str, Key], ...], int]:
    """The calls that steps go through, and how many steps these are."""
    calls: list[tuple[str, Key]] = []
    at = 0
    while at + 1 < len(steps) and steps[at] == "module" and isinstance(steps[at + 1], str):
        key = steps[at + 2] if at + 2 < len(steps) else None
        calls.append((str(steps[at + 1]), key.key if isinstance(key, Index) else None))
        at += 3 if isinstance(key, Index) else 2
    return tuple(calls), at


@lru_cache(maxsize=4096)
def steps_of(address: str) -> tuple[str | Index, ...]:
    """The names and indexes in an address or reference, in order; an index may be an expression."""
    steps: list[str | Index] = []
    for match in _STEP.finditer(address):
        name, number, quoted = match.groups()
        if name is not None:
            steps.append(name)
        elif number is not None:
            steps.append(Index(int(number)))
        else:
            steps.append(Index(None if quoted is None else _unquoted(quoted)))
    return tuple(steps)


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        return text[1:-1]


def module_calls_in(path: str) -> list[tuple[str, Key]]:
    """The calls that a module's address goes through: `module.a[0].module.b` is [("a", 0), ("b", None)]."""
    return list(_calls(list(steps_of(path)))[0])


def split_address(address: str) -> tuple[str, str]:
    """The address of the module, "" for the root, and what remains."""
    end = 0
    while True:
        match = _CALL.match(address, end)
        if match is None:
            return address[: max(0, end - 1)], address[end:]
        end = match.end()


def is_symbolic(address: str) -> bool:
    """Whether it, or a module that it is in, stands for instances whose number is not known."""
    return "[*]" in _KEY.findall(address)


def without_keys(address: str) -> str:
    """The address of the block that an instance comes from."""
    return _KEY.sub("", address) if "[" in address else address


def spelled_steps(steps: tuple[str | Index, ...]) -> str:
    """Steps as they follow an address: `.a[0].b`."""
    return "".join(str(step) if isinstance(step, Index) else f".{step}" for step in steps)
