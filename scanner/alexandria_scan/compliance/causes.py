"""One cause, one finding: results that say the same of the same place for the same reason, from several roots."""

from __future__ import annotations

from collections.abc import Iterable

from alexandria_scan.policy.results import Result, in_order


class Cause(Result, frozen=True):
    """A result with the addresses of all roots that show it. `roots` are these roots, the module's own first."""

    roots: tuple[str, ...] = ()


def by_cause(results: Iterable[Result]) -> list[Cause]:
    """The results with one cause together, in order of module, place and policy.

    A module that is evaluated on its own, and by ten examples that pass nothing on, has one flaw and not eleven. What
    the root itself contributes shows in the origin, so a value that a caller passes is a cause of its own.
    """
    groups: dict[tuple[object, ...], list[Result]] = {}
    for result in in_order(results):
        key = (
            result.policy, result.verdict, result.location, result.message, result.reason, result.origin, result.module,
            repr(sorted(result.parameters.items())),
        )  # fmt: skip
        groups.setdefault(key, []).append(result)
    return [_cause(group) for group in groups.values()]


def _cause(group: list[Result]) -> Cause:
    ordered = sorted(group, key=lambda result: (result.root != result.module, len(result.address), result.root))
    first = ordered[0]
    values = {name: getattr(first, name) for name in Result.__struct_fields__}
    addresses = dict.fromkeys(address for result in ordered for address in result.addresses)
    environments = {result.environment for result in group}
    values["addresses"] = tuple(addresses)
    values["environment"] = first.environment if len(environments) == 1 else None
    return Cause(**values, roots=tuple(dict.fromkeys(result.root for result in ordered)))
