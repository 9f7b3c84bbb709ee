"""A value in a sentence: short, and hidden if it is a secret."""

from __future__ import annotations

import json

from alexandria_scan.evaluate.plain import to_json
from alexandria_scan.evaluate.values import HIDDEN, SECRET, Value, unmark_deep
from alexandria_scan.policy.redact import redacted

LONGEST = 60


def shown(name: str, value: Value) -> str:
    """The value of something called `name` as JSON; a long one is cut."""
    bare, marks = unmark_deep(value)
    if SECRET & marks:
        return HIDDEN
    last = name.rpartition(".")[2]
    text = redacted(f"{last} = {json.dumps(to_json(bare), ensure_ascii=False)}")[len(last) + 3 :]
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3]}..."
