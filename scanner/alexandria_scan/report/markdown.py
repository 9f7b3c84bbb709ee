"""Markdown that fits a comment on a pull request: what an owner wants first comes first, long lists are folded.

A comment on GitHub holds 65,536 characters. What does not fit is left out, the least severe first, and is counted. The
first line is a marker that nobody sees: whoever posts the report finds the earlier comment by it and replaces that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import floor

import msgspec

from alexandria_scan.compliance.causes import Cause
from alexandria_scan.compliance.result import ScanResult, StandardScore
from alexandria_scan.policy.results import SEVERITIES
from alexandria_scan.report.environments import EnvironmentTable, environment_tables
from alexandria_scan.report.markdown_text import code, escaped
from alexandria_scan.report.reported import kind, reported, severity
from alexandria_scan.report.words import count, ended, listed, rank, switched_off
from alexandria_scan.source.problems import Problem

MARKER = "<!-- alexandria-scan: report -->"
LIMIT = 65_536  # bytes, which is never more than as many characters
OPEN = 10  # findings that are not folded; items of each other kind that come before the folded findings
_CELL = 400  # characters of one text from a scanned file
_SECTIONS = {
    "standard": "Standards", "problem": "Problems", "fail": "Findings", "environment": "Environments side by side",
    "unknown": "Unknown", "waived": "Waived", "known": "Known",
}  # fmt: skip
_VERDICTS = {"fail": "❌ fails", "pass": "✅ holds", "not_applicable": "n/a"}


class _Block(msgspec.Struct, frozen=True):
    """A piece that is shown whole or not at all. `section` is one of _SECTIONS, `group` a fold in it, "" for none;
    `stands_for` is the number of causes or problems in it."""

    section: str
    group: str
    text: str
    stands_for: int = 1


def render(result: ScanResult, limit: int = LIMIT) -> str:
    """The result as Markdown of at most `limit` bytes, with a newline at its end."""
    causes = [one.cause for one in reported(result)]
    head, blocks, foot = _head(result, causes), _blocks(result, causes), _scanned(result)
    fewest, most = 0, len(blocks)
    while fewest < most:  # the most blocks that fit
        middle = (fewest + most + 1) // 2
        fits = len(_page(head, blocks, middle, foot, limit).encode("utf-8", "replace")) <= limit
        fewest, most = (middle, most) if fits else (fewest, middle - 1)
    return _page(head, blocks, fewest, foot, limit)


def _page(head: str, blocks: Sequence[_Block], number: int, foot: str, limit: int) -> str:
    """The report with the first `number` of the blocks."""
    parts = [head]
    for section, heading in _SECTIONS.items():
        shown = [one for one in blocks[:number] if one.section == section]
        if shown:
            parts += [f"### {heading}", *_folded(shown)]
    if number < len(blocks):
        parts.append(_rest(blocks[number:], limit))
    return "\n\n".join([*parts, foot]) + "\n"


def _head(result: ScanResult, causes: Sequence[Cause]) -> str:
    summary = result.summary
    status = {0: "✅ compliant", 1: "❌ not compliant"}.get(summary.exit_status, "⚠️ incomplete")
    sentence = f"{_text(ended(summary.verdict))} Exit status {summary.exit_status}."
    return "\n\n".join([MARKER, f"## alexandria-scan: {status}", sentence, _numbers(result, causes)])


def _numbers(result: ScanResult, causes: Sequence[Cause]) -> str:
    """Causes by severity, unknown and waived ones; problems and passed checks."""
    verdicts = Counter(kind(one) for one in causes)
    found = Counter(severity(one.severity) for one in causes if kind(one) == "fail")
    cells = [(name, found[name]) for name in SEVERITIES if found[name]]
    cells += [("unknown", verdicts["unknown"]), ("waived", verdicts["waived"])]
    cells += [("known", verdicts["known"])] if verdicts["known"] else []
    cells += [("problems", result.summary.problems), ("checks passed", result.summary.passed)]
    return _table([name for name, _ in cells], ["--:" for _ in cells], [[f"{number:,}" for _, number in cells]])


def _table(names: Sequence[str], signs: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (names, signs, *rows))


def _scanned(result: ScanResult) -> str:
    scanned = result.scanned
    what = [count(len(scanned.modules), "module"), count(scanned.files, "file"), count(scanned.resources, "resource")]
    if scanned.plans:
        what.append(count(len(scanned.plans), "plan"))
    return f"<sub>{_text(result.tool.name)} {_text(result.tool.version)} scanned {listed(what)}.</sub>"


def _blocks(result: ScanResult, causes: Sequence[Cause]) -> list[_Block]:
    """All that can be told, the most important first."""
    problems = sorted(result.problems, key=lambda one: (one.severity != "error", one))
    found = [one for one in causes if kind(one) == "fail"]
    scores = [_standard(one) for one in result.standards if one.score is not None]
    blocks = [_Block("problem", "", _problem(one)) for one in problems[:OPEN]]
    blocks += [_Block("fail", "", _finding(one, result)) for one in found[:OPEN]]
    blocks += [_Block("standard", "", _standards(scores), len(scores))] if scores else []
    blocks += [_Block("standard", "", _text(note), 0) for note in switched_off(result.standards)]
    blocks += [_environments(one) for one in environment_tables(result)]
    unknown = _unknowns([one for one in causes if one.verdict == "unknown"])
    waived = [_Block("waived", "What is accepted, and why", _waived(one)) for one in causes if one.verdict == "waived"]
    blocks += [*unknown[:OPEN], *waived[:OPEN]]
    blocks += [_Block("problem", "More problems", _problem(one)) for one in problems[OPEN:]]
    blocks += [_Block("fail", one.module or ".", _finding(one, result)) for one in found[OPEN:]]
    known = [
        _Block("known", "Findings that the baseline knows", _waived(one)) for one in causes if kind(one) == "known"
    ]
    return [*blocks, *unknown[OPEN:], *waived[OPEN:], *known]


def _folded(blocks: Sequence[_Block]) -> list[str]:
    """The blocks of a section, those of a group in a fold; groups in the order of their first blocks."""
    groups: dict[str, list[_Block]] = {}
    for one in blocks:
        groups.setdefault(one.group, []).append(one)
    parts = []
    for group, mine in groups.items():
        body = "\n".join(one.text for one in mine)
        number = sum(one.stands_for for one in mine)
        head = f"<details><summary>{_text(group)} ({number:,})</summary>"
        parts.append(f"{head}\n\n{body}\n\n</details>" if group else body)
    return parts


def _finding(one: Cause, result: ScanResult) -> str:
    """A list item: what, where, which value, and how to put it right."""
    lines = [f"- **{escaped(one.severity)}: {_text(one.title)}** {code(one.policy)}"]
    if one.message and one.message != one.title:
        lines.append(f"  {_text(one.message)}")
    lines.append(f"  {_place(one.location.file, one.location.line)} {_address(one)}")
    steps = [
        f"{code(_cut(' '.join(step.text.split())))}" + _step_place(step.file, step.line) for step in one.origin[1:]
    ]
    if steps:
        lines.append("  value ← " + " ← ".join(steps))
    policy = result.policies.get(one.policy)
    if policy is not None and policy.fix.strip():
        lines.append(f"  *Fix:* {_text(policy.fix.strip().partition(chr(10) * 2)[0])}")
    return "\\\n".join(lines)


def _text(text: str) -> str:
    return escaped(_cut(text))


def _cut(text: str) -> str:
    return text if len(text) <= _CELL else f"{text[: _CELL - 1]}…"


def _place(file: str, line: int) -> str:
    return code(_cut(f"{file}:{line}" if line else file))


def _step_place(file: str, line: int) -> str:
    return f" ({_place(file, line)})" if file else ""


def _address(one: Cause) -> str:
    more = f" and {count(len(one.addresses) - 1, 'more instance')}" if len(one.addresses) > 1 else ""
    environment = f", {escaped(one.environment)}" if one.environment else ""
    return code(_cut(one.address)) + more + environment


def _unknowns(unknown: Sequence[Cause]) -> list[_Block]:
    """One item for each missing value, with the checks that wait for it."""
    groups: dict[tuple[str, str], list[Cause]] = {}
    for one in unknown:
        groups.setdefault((one.reason, one.decide), []).append(one)
    blocks = []
    for (reason, decide), ones in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        policies = Counter(one.policy for one in sorted(ones, key=lambda one: (rank(one.severity), one.policy)))
        told = [code(name) + (f" ({number})" if number > 1 else "") for name, number in policies.items()]
        text = f"- {_text(reason or 'The value is not known')}" + (f" → {_text(decide)}" if decide else "")
        more = [f"{len(told) - OPEN} more"] if len(told) > OPEN else []
        blocks.append(
            _Block(
                "unknown",
                "What could not be decided, and why",
                f"{text}\\\n  {listed([*told[:OPEN], *more])}",
                len(ones),
            )
        )
    return blocks


def _waived(one: Cause) -> str:
    head = f"- {escaped(one.severity)}: {_text(one.title)} {code(one.policy)}"
    place = f"  {_place(one.location.file, one.location.line)} {_address(one)}"
    why = one.message or one.title if kind(one) == "known" else one.reason or "no reason given"
    return "\\\n".join([head, f"  {_text(why)}", place])


def _problem(one: Problem) -> str:
    lines = [
        f"- **{escaped(one.severity)}: {_text(one.summary)}** {_place(one.file, one.line) if one.file else ''}".rstrip()
    ]
    lines += [f"  {_text(text)}" for text in (one.detail, one.help) if text]
    return "\\\n".join(lines)


def _standard(one: StandardScore) -> list[str]:
    failed, unknown = sum(m.must_failed for m in one.modules), sum(m.unknown for m in one.modules)
    title = _text(f"{one.title or one.name} {one.version}".strip())
    return [title, f"{floor(one.score or 0)} %", f"{failed:,}", f"{unknown:,}"]


def _standards(rows: Sequence[Sequence[str]]) -> str:
    return _table(["standard", "complies", "MUST controls failed", "unknown"], ["---", "--:", "--:", "--:"], rows)


def _environments(one: EnvironmentTable) -> _Block:
    rows = [[code(policy), *(_VERDICTS.get(verdict, verdict) for verdict in said)] for policy, said in one.rows]
    table = _table(["policy", *map(_text, one.names)], ["---" for _ in range(len(one.names) + 1)], rows)
    same = f"{count(len(one.same), 'more policy')} the same in all, {one.failing} of them failing in all."
    return _Block("environment", "", f"{_place(one.root or '.', 0)}\n\n{table}\n\n{same}\n")


def _rest(hidden: Sequence[_Block], limit: int) -> str:
    """What is not shown, by number."""
    names = {
        "problem": "problem",
        "fail": "finding",
        "unknown": "unknown check",
        "waived": "waived finding",
        "known": "known finding",
    }
    names |= {"standard": "standard", "known": "known finding", "environment": "comparison of environments"}
    numbers = {section: sum(one.stands_for for one in hidden if one.section == section) for section in names}
    told = [count(number, names[section]) for section, number in numbers.items() if number]
    return f"**Not shown: {listed(told)}.** There is room for {limit:,} bytes here; the other formats have them all."
