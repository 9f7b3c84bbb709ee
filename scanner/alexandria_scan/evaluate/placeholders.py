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

_WORD = pattern(r"[\w+/=]+")
_HEXADECIMAL = pattern(r"[0-9a-f]{32,}")
_RUN = pattern(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_SAYS_NOTHING = pattern(
    r"-?\d+(?:\.\d+)?|true|false|arn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:\d*:[^\s:]\S*",
    re.IGNORECASE,
)
_PLACE = pattern(r"[a-z][a-z0-9+.-]*://[\w.:-]+(?:/[\w.:-]*)*|(?:~|\.{1,2})?(?:/[\w.:-]+){2,}/?", re.IGNORECASE)
_PLAIN_WORD = pattern(r"[\"'(\[<]?(?:[A-Za-z]+(?:['/-][A-Za-z]+)*|\w{1,3})[\"')\]>]?[.,:;!?]?")


def is_placeholder(text: str, further: str = r"^$") -> bool:
    """Whether the whole text says so: `CHANGE_ME`, `xxxx`, `Replace after the build`. JSON does if all in it does.

    A secret may begin with anything (`xoxb-…`, `-----BEGIN …`), so that what a text begins with says nothing.
    `further`: a regular expression to search for, of other texts that are placeholders.
    """
    evident = rf"(?i)(?:{_ALONE}|{_SENTENCE})"
    return all(re.fullmatch(evident, one.strip()) or re.search(further, one) for one in _held(text))


def is_secret(text: str) -> bool | None:
    """Whether the text can only be a secret: a key, a token, something generated (AWS's examples say EXAMPLE). False if
    it evidently is none (a placeholder, a number, an ARN, a path, a sentence), None if it may be one."""
    found = [match.group() for match in LOOKS_SECRET.finditer(text)]
    if any("EXAMPLE" not in one for one in found):
        return True
    values = [one.strip() for one in _held(text)]
    unclear = [one for one in values if found or not (_is_no_secret(one) or is_placeholder(one))]
    words = [word for one in unclear for word in _WORD.findall(one)]
    if any(_is_generated(word) and "EXAMPLE" not in word for word in words):
        return True
    return None if unclear else False


def _is_generated(word: str) -> bool:
    """Nobody writes by hand a long word of letters in both cases and figures, mixed, or of hexadecimal figures. What
    has a slash may be a path."""
    if "/" in word:
        return False
    hexadecimal = (part for part in re.split("[+=]", word) if _HEXADECIMAL.fullmatch(part))
    if any(not part.isdigit() and not part.isalpha() for part in hexadecimal):
        return True
    kinds = (str.islower, str.isupper, str.isdigit)
    return len(word) >= 20 and all(any(map(kind, word)) for kind in kinds) and _is_mixed(word)


def _is_mixed(word: str) -> bool:
    """Whether cases and figures follow each other as they do by chance, not as in `OrdersRole2`."""
    return len(word) < 3 * len(_RUN.findall(word))


def _is_no_secret(text: str) -> bool:
    """Whether a text is evidently something else: a number, an ARN, a sentence; a path or an address without a part
    that may be generated."""
    if _SAYS_NOTHING.fullmatch(text):
        return True
    if _PLACE.fullmatch(text):
        return not any(len(part) >= 8 and _is_mixed(part) for part in re.split(r"[^A-Za-z0-9]+", text))
    words = text.split()
    return len(words) > 2 and all(map(_PLAIN_WORD.fullmatch, words))


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
