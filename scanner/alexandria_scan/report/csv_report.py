"""CSV for spreadsheets: a line for each cause and each problem, passes included, what does not apply left out.

No cell can be taken for a formula: one that begins like it has an apostrophe before it, as OWASP advises
(https://owasp.org/www-community/attacks/CSV_Injection).
"""

from __future__ import annotations

import csv
from io import StringIO

from alexandria_scan.compliance.causes import by_cause
from alexandria_scan.compliance.fingerprint import fingerprint
from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.policy.results import Result
from alexandria_scan.report.reported import VERDICTS
from alexandria_scan.report.words import printable, rank
from alexandria_scan.source.problems import Problem

COLUMNS = (
    "verdict", "severity", "policy", "title", "module", "file", "line", "column", "address", "instances",
    "environment", "message", "reason", "decide", "origin", "controls", "baseline", "fingerprint",
)  # fmt: skip
_ORDER = (*VERDICTS, "pass")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def render(result: ScanResult) -> str:
    """The result as RFC 4180 has it: a header, commas, every cell quoted, lines that end in CR LF."""
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    causes = by_cause(one for one in result.results if one.verdict in _ORDER)
    for one in sorted(causes, key=lambda one: (_ORDER.index(one.verdict), rank(one.severity))):
        writer.writerow(_cell(value) for value in _values(one))
    for problem in result.problems:
        writer.writerow(_cell(value) for value in _problem(problem))
    return text.getvalue()


def _values(one: Result) -> tuple[str | int, ...]:
    origin = " ← ".join(f"{step.text} ({step.file}:{step.line})" if step.file else step.text for step in one.origin)
    return (
        one.verdict, one.severity, one.policy, one.title, one.module, one.location.file, one.location.line,
        one.location.column, one.address, len(one.addresses), one.environment or "", one.message, one.reason,
        one.decide, origin, ", ".join(one.controls), one.baseline, fingerprint(one),
    )  # fmt: skip


def _problem(one: Problem) -> tuple[str | int, ...]:
    told: dict[str, str | int] = {
        "verdict": "problem", "severity": one.severity, "title": one.summary, "file": one.file, "line": one.line,
        "column": one.column, "message": one.detail, "decide": one.help,
    }  # fmt: skip
    return tuple(told.get(column, "") for column in COLUMNS)


def _cell(value: str | int) -> str:
    text = printable(str(value))
    return f"'{text}" if text.lstrip().startswith(_FORMULA) else text
