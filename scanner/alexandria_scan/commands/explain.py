"""alexandria-scan explain ADDRESS[.ATTRIBUTE] [PATH]"""

from __future__ import annotations

import argparse
import json
import sys

from alexandria_scan.commands.evaluate import evaluated_root, report_problems
from alexandria_scan.evaluate.explain import ExplainError, explain
from alexandria_scan.evaluate.plain import to_json
from alexandria_scan.evaluate.values import HIDDEN, Marked, Unknown, Value, collect_reasons, force, wholly_known
from alexandria_scan.policy.redact import redacted, redacted_origin
from alexandria_scan.report.words import printable
from alexandria_scan.usage import UsageError


def run_explain(given: argparse.Namespace) -> int:
    evaluation, root = evaluated_root(given)
    try:
        found = explain(root, given.address)
    except ExplainError as error:
        raise UsageError(str(error), error.help) from None
    out = sys.stdout
    for answer in found:
        value = HIDDEN if answer.hidden else shown(answer.value)
        out.write(f"{_safe(f'{answer.subject} = {value}')}\n")
        for place in answer.places:
            where = f"{place.file}:{place.line}" if place.line else place.file
            text = redacted_origin(place.text, place.line, answer.hidden)
            out.write(f"  <- {_safe(text)}\n     {printable(where)}\n")
        for reason in collect_reasons(force(answer.value)):
            out.write(f"  unknown because {_safe(str(reason))}\n")
            if reason.decide:
                out.write(f"     to know it: {printable(reason.decide)}\n")
    return report_problems(evaluation)


def _safe(text: str) -> str:
    """The text without what looks like a secret, and without what a terminal would obey."""
    return printable(redacted(text))


def shown(value: Value) -> str:
    if isinstance(value, Marked):
        return HIDDEN
    value = force(value)
    if isinstance(value, Unknown):
        return "(not known)"
    text = json.dumps(to_json(value), ensure_ascii=False)
    return text if wholly_known(value) else f"{text}  (parts of it are not known)"
