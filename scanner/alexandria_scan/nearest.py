"""The name that somebody who slipped probably meant."""

from __future__ import annotations

from collections.abc import Iterable


def nearest(name: str, known: Iterable[str]) -> str | None:
    from difflib import get_close_matches  # only for somebody who slipped

    return next(iter(get_close_matches(name, list(known), 1, 0.6)), None)


def did_you_mean(name: str, known: Iterable[str], otherwise: str) -> str:
    """Help for a name that is not there: the known one that is near, else what is said instead."""
    close = nearest(name, known)
    return otherwise if close is None else f"Did you mean {close}?"


def which_policy(id_: str, known: Iterable[str]) -> str:
    """Help for a policy that is not there."""
    return did_you_mean(id_, known, "alexandria-scan policies list shows all of them.")
