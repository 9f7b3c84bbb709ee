"""Texts that stand for a secret and are there only to be replaced."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_ALONE = r"[-x\s]*|none|null|unset|n/a"
_ASKED = r"(?:please[-_\s]*)?(?:to[-_\s]+be[-_\s]+)?(?:changed?|replaced?|placeholder|dummy|initial|todo|tbd|unset)"
_OF_WHAT = r"(?:me|this|that|it|the|value|secret|password|token|key|string|text|data|only|now|later|here|please)"
_WHEN = r"(?:after|before|when|once|in|by|with|via|on|at|to|from|through|during)"
_SENTENCE = rf"[<\[(]?{_ASKED}(?:[-_\s:]*{_OF_WHAT})*(?:[-_\s:,]+{_WHEN}(?:[-_\s]+[a-z]+)+)?[.!]?[>\])]?"


def is_placeholder(text: str, further: str = r"^$") -> bool:
    """Whether the whole text says so: `CHANGE_ME`, `xxxx`, `Replace after the build`. JSON does if all in it does.

    A secret may begin with anything (`xoxb-…`, `-----BEGIN …`), so that what a text begins with says nothing.
    `further`: a regular expression to search for, of other texts that are placeholders.
    """
    try:
        held = list(_leaves(json.loads(text)))
    except (ValueError, RecursionError):
        held = [text]
    evident = rf"(?i)(?:{_ALONE}|{_SENTENCE})"
    return all(re.fullmatch(evident, one.strip()) or re.search(further, one) for one in held)


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _leaves(one)
    else:
        yield "" if value is None else str(value)
