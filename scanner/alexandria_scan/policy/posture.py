"""What a caller of a library module can get: always, by default, on request, never.

The module is judged with its defaults, and again with every input unknown. Where the second leaves it open and one
input decides, the values that this input can have are tried, as far as its type and its validation blocks name them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

import msgspec

from alexandria_scan.evaluate.address import without_keys
from alexandria_scan.policy.results import Result

ALWAYS, BY_DEFAULT, ON_REQUEST, NEVER, UNDECIDED = "always", "by default", "on request", "never", "undecided"
Question = tuple[str, str, str]
Judge = Callable[[dict[str, Any]], list[Result]]
MAX_TRIALS = 90
_ORDER = {"fail": 0, "unknown": 1, "pass": 2, "waived": 2, "not_applicable": 3}


class Candidates(msgspec.Struct, frozen=True):
    """The values that an input can have. `complete`: there are no others that its validation lets through."""

    values: tuple[Any, ...]
    complete: bool


class _Answer(msgspec.Struct):
    """What came out for one question: the worst verdict, and the inputs that it still waits for."""

    verdict: str
    needs: dict[str, None] = {}


class _Trial(msgspec.Struct):
    """One input with each of its candidates, the others unknown."""

    answers: list[dict[Question, _Answer]]
    complete: bool

    def said(self, key: Question) -> set[str]:
        return {found[key].verdict for found in self.answers if key in found} - {"not_applicable"}

    def needs(self, key: Question) -> list[str]:
        return list(dict.fromkeys(name for found in self.answers if key in found for name in found[key].needs))


def with_posture(
    results: list[Result],
    judge: Judge,
    candidates: Callable[[str, frozenset[int | Fraction]], Candidates],
    policies: frozenset[str],
) -> list[Result]:
    """The results of `policies` with their posture. They were computed with the defaults; `judge` computes them with
    every input unknown but for those that it is given. `candidates` is told what an input's numbers are asked for."""
    open_ = judge({})
    unknown = _answers(open_)
    defaults = _answers(results)
    trials: dict[str, _Trial] = {}
    count = 0
    for key, answer in unknown.items():
        (name, *others) = answer.needs or ("",)
        if answer.verdict != "unknown" or others or name in trials or not name or key[0] not in policies:
            continue
        choice = candidates(name.removeprefix("var."), _asked(open_, name))
        count += len(choice.values)
        if count > MAX_TRIALS:
            break
        variable = name.removeprefix("var.")
        trials[name] = _Trial([_answers(judge({variable: value})) for value in choice.values], choice.complete)
    placed = []
    for result in results:
        key = _question(result)
        if result.policy in policies and key in unknown and result.verdict != "not_applicable":
            posture, variables = _posture(key, defaults[key].verdict, unknown[key], trials)
            result = msgspec.structs.replace(result, posture=posture, posture_variables=variables)
        placed.append(result)
    return placed


def _asked(results: Iterable[Result], name: str) -> frozenset[int | Fraction]:
    """The thresholds of the policies that wait for an input."""
    return frozenset(
        Fraction(str(value)) if isinstance(value, float) else value
        for result in results
        if name in result.needs
        for value in result.parameters.values()
        if isinstance(value, (int, float)) and not isinstance(value, bool)
    )


def _question(result: Result) -> Question:
    """What a result answers, whichever inputs it was computed with."""
    return result.policy, without_keys(result.address), repr(sorted(result.parameters.items()))


def _answers(results: Iterable[Result]) -> dict[Question, _Answer]:
    found: dict[Question, _Answer] = {}
    for result in results:
        answer = found.setdefault(_question(result), _Answer(result.verdict))
        if _ORDER[result.verdict] < _ORDER[answer.verdict]:
            answer.verdict = result.verdict
        answer.needs.update(dict.fromkeys(result.needs))
    return found


def _posture(key: Question, default: str, answer: _Answer, trials: dict[str, _Trial]) -> tuple[str, tuple[str, ...]]:
    if answer.verdict in ("pass", "fail"):
        return (ALWAYS if answer.verdict == "pass" else NEVER), ()
    variables = list(answer.needs)
    trial = trials.get(variables[0]) if len(variables) == 1 else None
    if trial is not None and trial.answers:
        said = trial.said(key)
        if trial.complete and len(said) == 1 and said <= {"pass", "fail"}:
            return (ALWAYS if said == {"pass"} else NEVER), ()
        inner = trial.needs(key)
        variables = inner if said == {"unknown"} else [*variables, *inner]
    return {"pass": BY_DEFAULT, "fail": ON_REQUEST}.get(default, UNDECIDED), tuple(dict.fromkeys(variables))
