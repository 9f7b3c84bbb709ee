"""Addresses and references as a plan spells them, taken apart: `module.a["k"].aws_x.y[0].arn`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

Key: TypeAlias = int | str | None
_CALL = re.compile(r'module\.[^.\[]+(?:\["(?:[^"\\]|\\.)*"\]|\[[^\]"]*\])?\.')
_STEP = re.compile(r'\.?([^.\[\]"]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|\[[^\]]*\]')


@dataclass(frozen=True, slots=True)
class Index:
    """`[0]` or `["k"]`. A key that is not literal is None."""

    key: Key


@lru_cache(maxsize=4096)
def steps_of(address: str) -> tuple[str | Index, ...]:
    """The names and indexes in an address, in order."""
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
    calls: list[tuple[str, Key]] = []
    steps = steps_of(path)
    at = 0
    while at + 1 < len(steps) and steps[at] == "module":
        key = steps[at + 2] if at + 2 < len(steps) else None
        calls.append((str(steps[at + 1]), key.key if isinstance(key, Index) else None))
        at += 3 if isinstance(key, Index) else 2
    return calls


def split_address(address: str) -> tuple[str, str]:
    """The address of the module, "" for the root, and what remains."""
    end = 0
    while True:
        match = _CALL.match(address, end)
        if match is None:
            return address[: max(0, end - 1)], address[end:]
        end = match.end()


def without_keys(address: str) -> str:
    """The address of the block that an instance comes from."""
    if "[" not in address:
        return address
    return ".".join(step for step in steps_of(address) if isinstance(step, str))
