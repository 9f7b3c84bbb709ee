"""Names that are no function here: misspelt ones, and those of providers."""

from __future__ import annotations

from typing import NoReturn

from alexandria_scan.evaluate.errors import InvalidCall
from alexandria_scan.evaluate.types import DYNAMIC
from alexandria_scan.evaluate.values import Reason, Unknown, Value


def unavailable(name: str, known: frozenset[str]) -> Value:
    """What a call of an unknown name gives: an error, or unknown if a provider would have to be asked."""
    *namespace, plain = name.split("::")
    if not namespace:
        _refuse(name, known)
    summary = "Unknown provider function"
    if namespace[0] != "provider" or len(namespace) != 2:
        raise InvalidCall(
            summary,
            f'The function namespace "{namespace[0]}" is not valid. Provider function calls must use the'
            ' "provider::" namespace prefix.',
        )
    if namespace[1] == "terraform":
        detail = f'The function "{plain}" is not available from the provider "terraform".'
        raise InvalidCall(summary, detail)
    reason = Reason(f"{name}()", "is computed by a provider, which a scan does not run", kind="input")
    return Unknown(DYNAMIC, (reason,))


def _refuse(name: str, known: frozenset[str]) -> NoReturn:
    distance, nearest = min((_distance(name, candidate), candidate) for candidate in known if "::" not in candidate)
    hint = f' Did you mean "{nearest}"?' if distance < 3 else ""
    raise InvalidCall("Call to unknown function", f'There is no function named "{name}".{hint}')


def _distance(left: str, right: str) -> int:
    """Levenshtein's."""
    previous = list(range(len(right) + 1))
    for row, one in enumerate(left, 1):
        current = [row]
        for column, other in enumerate(right, 1):
            changed = previous[column - 1] + (one != other)
            current.append(min(previous[column] + 1, current[-1] + 1, changed))
        previous = current
    return previous[-1]
