"""Text from scanned files inside Markdown: shown as it is, never read as markup, mention or reference."""

from __future__ import annotations

import re

from alexandria_scan.patterns import pattern
from alexandria_scan.report.words import printable

# What GitHub and GitLab turn into a mention or a reference, however it is written: a sign before a name.
_REFERENCE = r"[@#!%~$&](?=\w)"
# What begins markup, HTML, a table cell, a formula, a link or an entity, and at the start of a line a heading, list,
# quotation or rule. An underscore inside a name does nothing.
_SPECIAL = pattern(
    rf"{_REFERENCE}|[&<>`*\[|\\~$]|(?<![^\W_])_|_(?![^\W_])|:(?=//)|(?<=\bwww)\.|^[-+=#]|^[0-9](?=[0-9]*[.)](?:\s|$))"
)
_NAME_FOLLOWS = pattern(_REFERENCE)
_RUN = pattern("`+")
_JOINT = "&#8203;"  # a space without width, between the sign and the name


def escaped(text: str) -> str:
    """`text` on one line as Markdown that shows exactly it; right in a table cell and between HTML tags as well."""
    safe = printable(text).strip()

    def shown(match: re.Match[str]) -> str:
        joint = _JOINT if _NAME_FOLLOWS.match(safe, match.start()) else ""
        return f"&#{ord(match.group())};{joint}"

    return _SPECIAL.sub(shown, safe)


def code(text: str) -> str:
    """`text` on one line as a code span; nothing in it is markup. Not for table cells: a bar ends one."""
    safe = printable(text)
    if not safe.strip():
        return ""
    fence = "`" * (1 + max((len(run) for run in _RUN.findall(safe)), default=0))
    pad = " " if safe[0] in "` " or safe[-1] in "` " else ""
    return f"{fence}{pad}{safe}{pad}{fence}"
