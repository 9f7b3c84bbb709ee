"""Keeps secrets out of what is shown: source lines, origins, messages, problems."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from msgspec.structs import replace

from alexandria_scan.evaluate.secret_names import LOOKS_SECRET, MARKS, may_name_a_secret, names_a_secret
from alexandria_scan.patterns import pattern
from alexandria_scan.source.problems import Problem

HIDDEN = "(hidden)"
_TEXT = r'"(?:[^"\\]|\\.)*"'
# Within a string, quotation marks are escaped: "{\"password\": \"...\"}", once more for each string around it.
_ESCAPE = r"\\{1,3}"
_NAME = pattern(rf'(?<![\w-])"?([\w-]+)(?:{_ESCAPE})?"?\s*[=:]')
_SIGN = rf'(?P<head>"?[\w-]+(?P<within>{_ESCAPE})?"?\s*(?:=(?!=)|:)\s*)'  # a name that _NAME found
_LITERAL = pattern(_TEXT)
_ESCAPED = rf'(?P<escape>{_ESCAPE})"(?:[\s\S]*?(?<!\\)(?P=escape)"|[\s\S]*)'
_ASSIGNED = pattern(rf"{_SIGN}(?P<value>{_TEXT}|{_ESCAPED})")
# tonumber("..."), jsonencode({...}): not the text itself, but the value is made of the texts that follow.
_TEXT_WITHIN = pattern(rf'{_TEXT}|(?<=\\)"[\s\S]*')
_MADE_OF = pattern(rf'{_SIGN}(?P<value>(?(within)(?!{_ESCAPE}"))[^"\s][^"]*(?:{_TEXT}.*|(?<=\\)"[\s\S]*))')
# In scripts and YAML a value needs no quotes. A reference, a number, true, false and null say nothing.
_BARE = pattern(
    rf"{_SIGN}(?<!:)(?P<value>(?!(?:true|false|null|[\d.]+)(?![^\s,;}})\]]))(?![A-Za-z_]\w*\s*[.(\[])[\w/+][^\s\"'`,;(){{}}$]*)"
    r"(?=[\s\"'`,;(){}$]|$)(?!\s*=(?!=))",
    re.IGNORECASE,
)
_ELEMENT = pattern(rf"\s*{_TEXT}\s*,?\s*")
_SAYS_NOTHING = pattern(r'(\\*")(?:\$\{[^{}]*\})?\1')  # empty, or wholly a reference
# In a problem: what is no value, however secret the values are.
_NAMED = pattern(r'\A(?:Invalid value for|Call to function|Function) (?P<name>"[\w:]+")')
_OF_FUNCTIONS = frozenset(
    [
        "Error in function call",
        "Invalid function argument",
        "Not enough function arguments",
        "Too many function arguments",
    ]
)
_ASKED_FOR = pattern(r'(?:has no attribute|have an attribute named|with the key) (?P<key>"[\w-]+")')


@lru_cache(maxsize=4096)  # the findings on one block show the same lines
def redacted(text: str, everything: bool = False, source: bool = True) -> str:
    """The text with secrets hidden: what is set under a name such as `master_password`, and what looks like a key.

    With `everything`, each string literal is hidden that is the value of an assignment or an element of a list. A text
    that is no `source`, a message, may say "password: missing", so there only what is quoted counts as a value.
    """
    if everything:
        head, sign, value = text.partition("=")
        if sign:
            text = head + sign + _LITERAL.sub(_hide_plain, value)
        elif _ELEMENT.fullmatch(text):
            text = _LITERAL.sub(_hide_plain, text)
    if may_name_a_secret(text):
        if source:
            text = _each_secret(_MADE_OF, _without_texts, text)
            text = _each_secret(_BARE, lambda match: match["head"] + HIDDEN, text)
        text = _each_secret(_ASSIGNED, _without_value, text)
    return LOOKS_SECRET.sub(HIDDEN, text) if any(mark in text for mark in MARKS) else text


def redacted_origin(text: str, line: int, everything: bool) -> str:
    """What an origin says. With `everything`, not what was given from outside of the files (line 0), even unquoted."""
    if everything and not line:
        name, _, _ = text.partition("=")
        return f"{name}= {HIDDEN}"
    return redacted(text, everything)


def redacted_problem(problem: Problem, line: str, secret: bool = False) -> Problem:
    """The problem without what `line`, the source line that it is about, keeps secret; `secret`: all that it says."""
    summary, detail = redacted(problem.summary, source=False), redacted(problem.detail, source=False)
    of_function = summary in _OF_FUNCTIONS  # whose problems quote values, also those of variables
    if secret or redacted(line) != line or (of_function and may_name_a_secret(line)):
        summary, detail = _without_values(summary, line), _without_values(detail, line, of_function)
    if (summary, detail) == (problem.summary, problem.detail):
        return problem
    return replace(problem, summary=summary, detail=detail)


def _without_values(text: str, line: str, of_function: bool = False) -> str:
    """The text of a problem without what is quoted in it, but for names: of functions and their parameters if it is the
    problem of a call, and of what the line itself asks an object for."""
    names = {match.start("name") for match in _NAMED.finditer(text)} if of_function else set()
    names |= {match.start("key") for match in _ASKED_FOR.finditer(text) if _asks_for(line, match["key"].strip('"'))}
    return _LITERAL.sub(lambda match: match.group() if match.start() in names else _hide(match), text)


def _asks_for(line: str, key: str) -> bool:
    asked = rf'[\w\])}}](?:\.{key}(?![\w-])|\["{key}"\])|lookup\([^,"()]*,\s*"{key}"\s*[,)]'
    return re.search(asked, line) is not None


def _each_secret(pattern: re.Pattern[str], hide: Callable[[re.Match[str]], str], text: str) -> str:
    """The text with what matches replaced where its name is that of a secret."""
    out, end = "", 0
    for name in _NAME.finditer(text):
        if name.start() >= end and names_a_secret(name[1]):
            match = pattern.match(text, name.start())
            if match is not None:
                out += text[end : match.start()] + hide(match)
                end = match.end()
    return out + text[end:]


def _without_value(match: re.Match[str]) -> str:
    return match["head"] + _hidden(match["value"])


def _without_texts(match: re.Match[str]) -> str:
    return match["head"] + _TEXT_WITHIN.sub(_hide, match["value"])


def _hide(match: re.Match[str]) -> str:
    return _hidden(match.group())


def _hide_plain(match: re.Match[str]) -> str:
    return match.group() if "${" in match.group() else _hidden(match.group())


def _hidden(literal: str) -> str:
    return literal if _SAYS_NOTHING.fullmatch(literal) else HIDDEN
