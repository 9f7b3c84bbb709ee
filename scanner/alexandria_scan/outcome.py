"""What one module folder comes to in a scan, as it is kept and sent from process to process."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from alexandria_scan.acceptance import KeptComment
from alexandria_scan.evaluate.inputs import GivenValue
from alexandria_scan.graph.module_facts import ModuleFacts
from alexandria_scan.policy.results import Result
from alexandria_scan.source.problems import Problem


class Outcome(msgspec.Struct):
    """What a module folder comes to, with no secret in it. `failures` are the policies that failed to run, `files` the
    configuration and variable files that were read, `offered` what files of --var-file say; `blocks` and `edges` are
    those of ScannedModule. `whole` is false if a limit cut the evaluation short."""

    results: list[Result] = []
    failures: list[Problem] = []
    problems: list[Problem] = []
    resources: int = 0
    files: list[str] = []
    offered: dict[str, GivenValue] = {}
    comments: list[KeptComment] = []
    facts: ModuleFacts | None = None
    blocks: tuple[str, ...] = ()
    edges: tuple[tuple[str, str], ...] = ()
    whole: bool = True


def packed(outcome: Outcome) -> bytes | None:
    """The outcome as bytes, None if it would not come out of them as it was."""
    try:
        data = msgspec.msgpack.encode(outcome, enc_hook=_plain)
        return data if unpacked(data) == outcome else None
    except (TypeError, ValueError, OverflowError, RecursionError):
        return None


def unpacked(data: bytes) -> Outcome:
    """Raises ValueError if the bytes are none of an outcome."""
    outcome = msgspec.msgpack.decode(data, type=Outcome, dec_hook=lambda type_, value: type_(value))
    if outcome.facts is not None:
        outcome.facts = _with_tuples(outcome.facts)
    return outcome


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be kept")


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
