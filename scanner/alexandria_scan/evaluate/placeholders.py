"""Texts that stand for a secret and are there only to be replaced."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from alexandria_scan.evaluate.secret_names import LOOKS_SECRET
from alexandria_scan.patterns import pattern

_ALONE = r"[-x\s]*|none|null|unset|n/a"
_ASKED = r"(?:please[-_\s]*)?(?:to[-_\s]+be[-_\s]+)?(?:changed?|replaced?|placeholder|dummy|initial|todo|tbd|unset)"
_OF_WHAT = r"(?:me|this|that|it|the|value|secret|password|token|key|string|text|data|only|now|later|here|please)"
_WHEN = r"(?:after|before|when|once|in|by|with|via|on|at|to|from|through|during)"
_SENTENCE = rf"[<\[(]?{_ASKED}(?:[-_\s:]*{_OF_WHAT})*(?:[-_\s:,]+{_WHEN}(?:[-_\s]+[a-z]+)+)?[.!]?[>\])]?"

# Nobody writes by hand a long word of letters in both cases with figures in two places, or of hexadecimal figures.
_WORD = r"[\w+/=]"
_GENERATED = pattern(
    rf"(?<!{_WORD})(?={_WORD}*[a-z])(?={_WORD}*[A-Z])(?={_WORD}*\d{_WORD}*[A-Za-z+/=]{_WORD}*\d){_WORD}{{20,}}"
    r"|\b(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{32,}\b"
)
_MIXED = pattern(r"(?=\S*[A-Za-z])(?=\S*\d)\S{8,}")


def is_placeholder(text: str, further: str = r"^$") -> bool:
    """Whether the whole text says so: `CHANGE_ME`, `xxxx`, `Replace after the build`. JSON does if all in it does.

    A secret may begin with anything (`xoxb-…`, `-----BEGIN …`), so that what a text begins with says nothing.
    `further`: a regular expression to search for, of other texts that are placeholders.
    """
    evident = rf"(?i)(?:{_ALONE}|{_SENTENCE})"
    return all(re.fullmatch(evident, one.strip()) or re.search(further, one) for one in _held(text))


def is_secret(text: str) -> bool | None:
    """Whether the text can only be a secret: a key, a token, something generated (AWS's examples say EXAMPLE). None if
    it may be one: there are letters and figures in a longer word of it, as passwords have them."""
    found = (match.group() for form in (LOOKS_SECRET, _GENERATED) for match in form.finditer(text))
    if any("EXAMPLE" not in one for one in found):
        return True
    return None if any(_MIXED.search(one) for one in _held(text)) else False


def _held(text: str) -> list[str]:
    """The values in JSON, or the text."""
    try:
        return list(_leaves(json.loads(text)))
    except (ValueError, RecursionError):
        return [text]


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, (dict, list)):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _leaves(one)
    else:
        yield "" if value is None else str(value)
