"""What one module folder comes to in a scan, and how that, like all that is kept, is written as bytes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from alexandria_scan.acceptance import KeptComment
from alexandria_scan.evaluate.errors import CYCLE
from alexandria_scan.evaluate.inputs import GivenValue
from alexandria_scan.graph.metadata_entry import Reading
from alexandria_scan.graph.module_facts import ModuleFacts
from alexandria_scan.policy.results import Result
from alexandria_scan.source.problems import Problem

T = TypeVar("T", bound=msgspec.Struct)
_FRACTION = 1


class Outcome(msgspec.Struct):
    """What a module folder comes to, with no secret in it. `failures` are the policies that failed to run, `files` the
    configuration and variable files that were read, `offered` what files of --var-file say; `blocks` and `edges` are
    those of ScannedModule, and so is `uncounted`. `whole` is false if a limit cut the evaluation short."""

    results: list[Result] = []
    failures: list[Problem] = []
    problems: list[Problem] = []
    resources: int = 0
    uncounted: int = 0
    files: list[str] = []
    offered: dict[str, GivenValue] = {}
    comments: list[KeptComment] = []
    facts: ModuleFacts | None = None
    blocks: tuple[str, ...] = ()
    edges: tuple[tuple[str, str], ...] = ()
    whole: bool = True


def joined(one: Outcome, other: Outcome) -> Outcome:
    """The outcome of a folder from those of its halves, of which `one` has checked everything: it tells all circles of
    references; where the other one met them depends on where it began."""
    problems = (*one.problems, *(problem for problem in other.problems if problem.summary != CYCLE))
    return Outcome(
        [*one.results, *other.results],
        [*one.failures, *other.failures],
        list(dict.fromkeys(problems)),
        max(one.resources, other.resources),
        max(one.uncounted, other.uncounted),
        sorted({*one.files, *other.files}),
        one.offered | other.offered,
        one.comments or other.comments,
        one.facts or other.facts,
        one.blocks or other.blocks,
        one.edges or other.edges,
        one.whole and other.whole,
    )


def packed(found: T) -> bytes | None:
    """What was found as bytes, None if it would not come out of them as it was."""
    try:
        data = msgspec.msgpack.encode(found, enc_hook=_plain)
        return data if _same(unpacked(data, type(found)), found) else None
    except (TypeError, ValueError, OverflowError, RecursionError):
        return None


def unpacked(data: bytes, type_: type[T]) -> T:
    """Raises ValueError if the bytes are none of the type."""
    found: T = msgspec.msgpack.decode(
        data, type=type_, dec_hook=lambda wanted, value: wanted(value), ext_hook=_extension
    )
    if isinstance(found, Outcome) and found.facts is not None:
        found.facts = _with_tuples(found.facts)
    if isinstance(found, Reading):
        for entry in (found.about, *(entry for _, entry in found.entries)):
            entry.values = _tuples(entry.values)
    return found


def _same(one: T, other: T) -> bool:
    """Whether two are alike; entries of metadata are compared by what they hold."""
    if isinstance(one, Reading) and isinstance(other, Reading):
        return repr(one) == repr(other)
    return one == other


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, Fraction):
        return msgspec.msgpack.Ext(_FRACTION, str(value).encode())
    raise TypeError(f"{type(value).__name__} cannot be kept")


def _extension(code: int, data: memoryview) -> Fraction:
    if code != _FRACTION:
        raise ValueError(f"there is no kind {code}")
    return Fraction(bytes(data).decode())


def _with_tuples(facts: ModuleFacts) -> ModuleFacts:
    """The facts with lists as the tuples that they were."""
    return msgspec.structs.replace(
        facts,
        stated={
            name: msgspec.structs.replace(stated, value=_tuples(stated.value)) for name, stated in facts.stated.items()
        },
        claims=tuple(msgspec.structs.replace(claim, value=_tuples(claim.value)) for claim in facts.claims),
    )


def _tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_tuples, value))
    if isinstance(value, dict):
        return {name: _tuples(item) for name, item in value.items()}
    return value
