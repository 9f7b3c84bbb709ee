"""A policy as it is to be run."""

from __future__ import annotations

from typing import Any

import msgspec

from alexandria_scan.policy.manifest import Policy


class Run(msgspec.Struct, frozen=True):
    """A policy as some controls want it: with other parameters, if they say so.

    `narrowed` holds the types of resources that a control is about, where that is not all that the policy judges. A run
    that is not `everywhere` judges only what one of its controls is about.
    """

    policy: Policy
    controls: tuple[str, ...] = ()
    overrides: dict[str, Any] = {}
    narrowed: dict[str, tuple[str, ...]] = {}
    everywhere: bool = True

    def controls_on(self, type_: str) -> tuple[str, ...]:
        if not self.narrowed:
            return self.controls
        return tuple(control for control in self.controls if type_ in self.narrowed.get(control, (type_,)))

    def judges(self, type_: str) -> bool:
        return self.everywhere or bool(self.controls_on(type_))

    def covers(self, other: Run) -> bool:
        """Whether it says of everything what the other one says."""
        if (self.policy.id, self.overrides) != (other.policy.id, other.overrides):
            return False
        types = {one for types in self.narrowed.values() for one in types}
        theirs = {one for types in other.narrowed.values() for one in types}
        return self.everywhere or (not other.everywhere and theirs <= types)

    def parameters(self, environment: str | None) -> dict[str, Any]:
        values = {parameter.name: parameter.value(environment) for parameter in self.policy.parameters}
        return {**values, **self.overrides}
