"""Keeps secrets out of what is shown: source lines, origins."""

from __future__ import annotations

import re

HIDDEN = "(hidden)"
_SECRET_NAME = r"[\w-]*(?:password|passwd|secret_string|auth_token|access_key|secret_key|private_key|credential)[\w-]*"
_ASSIGNED = re.compile(rf'((?:"?{_SECRET_NAME}"?)\s*[=:]\s*)"((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


def redacted(text: str, everything: bool = False) -> str:
    """The line with literal secrets hidden: what is assigned to a name such as `master_password`; with
    `everything`, each string literal that is the value of an assignment."""
    if everything:
        head, sign, value = text.partition("=")
        if not sign:
            return text
        return head + sign + _LITERAL.sub(_hide, value)
    return _ASSIGNED.sub(lambda match: match.group() if "${" in match.group(2) else f"{match.group(1)}{HIDDEN}", text)


def _hide(match: re.Match[str]) -> str:
    return HIDDEN if match.group(1) and "${" not in match.group(1) else match.group()
