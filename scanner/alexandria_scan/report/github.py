"""GitHub's workflow commands: printed in a job, they become annotations on the diff.

GitHub shows ten errors, ten warnings and ten notices of a step, so the most severe come first; the log has them all.
https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

from alexandria_scan.compliance.result import ScanResult
from alexandria_scan.report.reported import Reported, kind, reported, sentence, severity, where
from alexandria_scan.report.words import ended, printable
from alexandria_scan.source.problems import Problem

_COMMANDS = {"critical": "error", "high": "error", "medium": "warning", "low": "notice", "info": "notice"}


def render(result: ScanResult) -> str:
    """A command a line: problems, findings, unknowns; then what is waived or known and the verdict as plain lines."""
    told = reported(result)
    accepted = [one for one in told if kind(one.cause) in ("waived", "known")]
    lines = [_problem(one) for one in sorted(result.problems, key=lambda one: (one.severity != "error", one))]
    lines += [_annotation(one) for one in told if one not in accepted]
    lines += [_plain(f"{sentence(one.cause)} [{one.cause.policy}] {where(one.cause)}") for one in accepted]
    lines.append(_plain(f"{ended(result.summary.verdict)} Exit status {result.summary.exit_status}."))
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """A line that is no command, neither to a runner of today nor to an older one, which looks for "##[" anywhere."""
    return "  " + printable(text).replace("##[", "## [")


def _annotation(one: Reported) -> str:
    cause, place = one.cause, one.cause.location
    command = _COMMANDS[severity(cause.severity)] if cause.verdict == "fail" else "notice"
    message = [sentence(cause), where(cause), *(_step(step.text, step.file, step.line) for step in cause.origin[1:])]
    title = f"{cause.severity}: {cause.title} [{cause.policy}]"
    return _command(command, place.file, (place.line, place.column, place.end_line, place.end_column), title, message)


def _step(text: str, file: str, line: int) -> str:
    return printable(f"← {text.strip()} ({file}:{line})" if file else f"← {text.strip()}")


def _problem(one: Problem) -> str:
    command = "error" if one.severity == "error" else "warning"
    message = [printable(part) for part in (one.summary, one.detail, one.help) if part]
    return _command(command, one.file, (one.line, one.column, 0, 0), f"problem: {one.summary}", message)


def _command(name: str, file: str, place: tuple[int, int, int, int], title: str, message: list[str]) -> str:
    """`::error file=main.tf,line=3,title=...::message`. Columns are given where the place is within one line only,
    as GitHub ignores them otherwise."""
    line, column, end_line, end_column = place
    properties = {"file": printable(file)} if file else {}
    if line:
        properties["line"] = str(line)
        properties |= {"endLine": str(end_line)} if end_line > line else {}
        if column and end_line in (0, line):
            properties["col"] = str(column)
            properties |= {"endColumn": str(end_column - 1)} if end_column > column else {}
    properties["title"] = printable(title)
    told = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {told}::{'%0A'.join(_data(part) for part in message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
