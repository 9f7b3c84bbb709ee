"""What a policy says about one thing: the verdict, where, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from alexandria_scan.syntax.tree import Location

VerdictName = Literal["pass", "fail", "unknown", "not_applicable", "waived"]
SEVERITIES = ("critical", "high", "medium", "low", "info")


class OriginStep(msgspec.Struct, frozen=True):
    """One step on the way that a value took: `text` is the source line's expression or a remark."""

    file: str
    line: int
    text: str


class ExcerptLine(msgspec.Struct, frozen=True):
    """A line of source around a finding; `marked` is true on the lines that the finding is about."""

    line: int
    text: str
    marked: bool = False


class Waiver(msgspec.Struct, frozen=True):
    """Why a finding is accepted, by whom and until which day (as in 2027-01-31, or ""); where that is written, and the
    verdict that the result would have without it."""

    reason: str
    owner: str
    until: str
    location: Location
    verdict: VerdictName


class Result(msgspec.Struct, frozen=True):
    """One policy on one cause. `addresses` are all instances with this cause, `address` the first of them.

    `message` says what is wrong, `reason` why the verdict is unknown or waived, `decide` what would settle an
    unknown; `needs` names the inputs that are missing. `posture` says what a caller of a library module can get:
    "always", "by default", "on request", "never" or "undecided", and `posture_variables` which inputs decide.
    `module` is the folder that declares the thing, `root` the folder from which it was evaluated. `attribute` is what
    decided, below the address (`ingress[0].cidr_blocks`), "" if it is the thing as a whole.
    `waiver` goes with the verdict "waived". `baseline` is "known" or "new" for what fails where there is a baseline.
    `checkov` holds what Checkov's checks that ask the same say, by their ids, if it was run, too.
    """

    policy: str
    title: str
    severity: str
    verdict: VerdictName
    address: str
    addresses: tuple[str, ...]
    root: str
    module: str
    location: Location
    message: str = ""
    reason: str = ""
    decide: str = ""
    origin: tuple[OriginStep, ...] = ()
    excerpt: tuple[ExcerptLine, ...] = ()
    environment: str | None = None
    parameters: dict[str, Any] = {}
    controls: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    posture: str = ""
    posture_variables: tuple[str, ...] = ()
    attribute: str = ""
    waiver: Waiver | None = None
    baseline: str = ""
    checkov: dict[str, str] = {}


def in_order(results: Iterable[Result]) -> list[Result]:
    """The results by module, place, policy and what they say."""
    parameters: dict[int, str] = {}  # many results have the same ones

    def order(result: Result) -> tuple[object, ...]:
        place, given = result.location, result.parameters
        if id(given) not in parameters:
            parameters[id(given)] = str(given)
        return (
            result.module, place.file, place.line, place.column, result.policy, result.root, result.address,
            result.verdict, result.message, result.reason, parameters[id(given)],
        )  # fmt: skip

    return sorted(results, key=order)
