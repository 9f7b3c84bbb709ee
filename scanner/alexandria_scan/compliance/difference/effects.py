"""What the value of one input does to the plan of a caller who sets nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import msgspec

from alexandria_scan.compliance.difference.shown import shown
from alexandria_scan.evaluate.compile import compile_attribute
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.resource import Resource
from alexandria_scan.evaluate.schema import is_hidden
from alexandria_scan.evaluate.types import DYNAMIC
from alexandria_scan.evaluate.values import (
    MAX_REASONS,
    SENSITIVE,
    OpenTuple,
    Reason,
    Unknown,
    Value,
    collect_reasons,
    mark,
    raw_equal,
    unmark_deep,
    wholly_known,
)
from alexandria_scan.graph.interface import Interface

Plan = dict[tuple[str, str], Value]
"""Address and argument -> value. Argument "" stands for the instance itself, and for an output."""


class Influence(msgspec.Struct, frozen=True):
    """`verdict` is changes, none or unknown; `text` says where, or what would have to be known."""

    verdict: str
    text: str = ""


def influence(interface: Interface, name: str, then: Value, now: Value) -> Influence:
    """How the plan with `now` for an input differs from that with `then`, the other inputs being what they are."""
    before, after = _plan(interface, name, then), _plan(interface, name, now)
    for key in sorted(before.keys() | after.keys()):
        address, argument = key
        if not argument and (key in before) != (key in after) and not address.startswith("output."):
            return Influence("changes", f"{address} is {'made' if key in after else 'no longer made'}")
    open_places = []
    for key in sorted(before.keys() | after.keys()):
        was, is_ = before.get(key), after.get(key)
        if _differ(unmark_deep(was)[0], unmark_deep(is_)[0]):
            place = ".".join(filter(None, key))
            return Influence("changes", f"{place} becomes {shown(place, is_)} instead of {shown(place, was)}")
        if not (wholly_known(was) and wholly_known(is_)):
            open_places.append(key)
    if open_places:
        reason = Reason(f"var.{name}", "is what is asked about")
        asked = _plan(interface, name, Unknown(DYNAMIC, (reason,)))
        repeated = {address for (address, argument), value in asked.items() if not argument and _rests(value, reason)}
        for key in open_places:
            if key not in asked or key[0] in repeated or _rests(asked[key], reason):
                return Influence("unknown", _open(key, before.get(key), after.get(key)))
    return Influence("none")


def _rests(value: Value, reason: Reason) -> bool:
    """Whether a value is unknown for the reason; also where it has more reasons than are kept."""
    reasons = collect_reasons(value)
    return reason in reasons or len(reasons) >= MAX_REASONS


def _open(key: tuple[str, str], was: Value, is_: Value) -> str:
    place = ".".join(filter(None, key))
    given, left = unmark_deep(was)[0], unmark_deep(is_)[0]
    if type(left) is Unknown and left.computed and type(given) is not Unknown:
        return f"{place} is left to the provider instead of being {shown(place, was)}"
    if type(given) is Unknown and given.computed and type(left) is not Unknown:
        return f"{place} becomes {shown(place, is_)} instead of being left to the provider"
    return f"whether {place} changes by it depends on what is not known"


def _plan(interface: Interface, name: str, value: Value) -> Plan:
    module = interface.supposing({name: value})
    return {(address, argument): found for address, argument, found in _values(module)}


def _values(root: Module) -> Iterator[tuple[str, str, Value]]:
    """Every argument of every instance, what is handed to modules that are not here, and the outputs."""
    for module in root.tree():
        for key in sorted(module.config.resources):
            repetition = module.expansion(key).unknown
            for instance in module.instances(key).values():
                yield instance.address, "", repetition if instance.symbolic else True
                for name in instance.configured_names():
                    yield instance.address, name, _argument(instance, name)
        prefix = f"{module.path}." if module.path else ""
        for name, block in sorted(module.config.calls.items()):
            if module.evaluation.unresolved(module, name) is None:
                continue
            for argument, attribute in sorted(block.body.attributes.items()):
                if argument not in ("providers", "depends_on", "for_each", "count"):
                    value = module.safely(f"module.{name}", partial(compile_attribute(attribute), module))
                    yield f"{prefix}module.{name}", argument, value
    for name in sorted(root.config.outputs):
        yield f"output.{name}", "", root.output(name)


def _argument(instance: Resource, name: str) -> Value:
    try:
        value = instance.attribute(name)
    except KeyError:  # it is not in the provider's schema
        return None
    return mark(value, frozenset({SENSITIVE})) if is_hidden("resource", instance.type, (name,)) else value


def _differ(was: Value, is_: Value) -> bool:
    """Whether two values without marks differ in what is known of both."""
    if type(was) is Unknown or type(is_) is Unknown or isinstance(was, OpenTuple) or isinstance(is_, OpenTuple):
        return False
    if isinstance(was, dict) and isinstance(is_, dict):
        return was.keys() != is_.keys() or any(_differ(was[key], is_[key]) for key in was)
    if isinstance(was, tuple) and isinstance(is_, tuple):
        return len(was) != len(is_) or any(map(_differ, was, is_))
    return not raw_equal(was, is_)
