"""One change between two versions of a module."""

from __future__ import annotations

from typing import Literal

import msgspec

from alexandria_scan.syntax.tree import Location

Effect = Literal["major", "unknown", "minor", "patch"]
EFFECTS: tuple[Effect, ...] = ("major", "unknown", "minor", "patch")


class Change(msgspec.Struct, frozen=True):
    """`effect` is the bump that the change calls for; "unknown" where it cannot be decided and somebody has to look.

    `subject` is what changed: `var.x`, `output.y`, an address, `Terraform`, `provider aws`. `rule` names the kind of
    change; `old` and `new` are where it stands in either version, None where it does not.
    """

    effect: Effect
    rule: str
    subject: str
    message: str
    old: Location | None = None
    new: Location | None = None


class Since(msgspec.Struct, frozen=True):
    """The changes of a module and of the modules inside it, with places below its folder. `open_` says why they are
    not known, "" if they are."""

    changes: tuple[Change, ...] = ()
    open_: str = ""


def change_order(change: Change) -> tuple[int, str, str, str]:
    return EFFECTS.index(change.effect), change.subject, change.rule, change.message
