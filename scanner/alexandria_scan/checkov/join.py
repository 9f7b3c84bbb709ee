"""Checkov's results beside our own: one list, in which a check that a policy of ours asks, too, is only a note."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from alexandria_scan.checkov.addresses import address_of, module_and_rest, target_of
from alexandria_scan.checkov.run import CheckovFailed, Record, checkov_command, run_checkov
from alexandria_scan.compliance.result import PolicyInfo
from alexandria_scan.evaluate.address import without_keys
from alexandria_scan.policy.results import SEVERITIES, Result, VerdictName
from alexandria_scan.policy.run import Run
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.tree import Location
from alexandria_scan.usage import UsageError

_VERDICTS: dict[str, VerdictName] = {"PASSED": "pass", "FAILED": "fail", "SKIPPED": "waived"}
_UNRANKED = "medium"


class Settings(NamedTuple):
    """What is in force: the runs of our policies, severities and disabled ids of the configuration, and whether only
    what proves a control of the chosen standards is wanted."""

    runs: Sequence[Run]
    severity: dict[str, str]
    disable: tuple[str, ...]
    only_controls: bool


class Joined(NamedTuple):
    """`results` are ours with notes, and Checkov's; `policies` describe its checks that are among them."""

    results: list[Result]
    problems: list[Problem]
    policies: dict[str, PolicyInfo]


def require_checkov(paths: Iterable[str]) -> None:
    """Raises UsageError if Checkov is not installed, or cannot read what is to be scanned."""
    _places(paths)
    checkov_command()


def join_checkov(
    paths: Iterable[str], own: Sequence[Result], found_unreadable: Iterable[str], settings: Settings
) -> Joined:
    """Runs Checkov on the paths that were scanned. `found_unreadable` are files that have a problem anyway."""
    records, problems = _checked(paths, set(found_unreadable))
    roots = _Roots(own)
    notes: dict[int, dict[str, str]] = {}
    found: dict[tuple[object, ...], Result] = {}
    policies: dict[str, PolicyInfo] = {}
    targets: dict[str, set[str]] = {}
    for path, record in records:
        verdict = _VERDICTS.get(record.check_result.result)
        if verdict is None or record.check_id in settings.disable:
            continue
        root, target = roots.of(record, path), target_of(address_of(record))
        same = [run for run in settings.runs if record.check_id in run.policy.equivalents.get("checkov", ())]
        if any(run.policy.applies_to(*target) for run in same):
            for number in roots.own(root, address_of(record), {run.policy.id for run in same}):
                notes.setdefault(number, {})[record.check_id] = verdict
            continue
        result = _result(record, verdict, root, same, settings)
        if result.controls or not settings.only_controls:
            _collect(found, result)
            kind, type_ = target
            targets.setdefault(record.check_id, set()).add(f"{kind} {'*' if kind == 'module_call' else type_}")
            policies[record.check_id] = _info(record, targets[record.check_id], result.severity)
    ours = [replace(one, checkov=dict(sorted(notes[at].items()))) if at in notes else one for at, one in enumerate(own)]
    return Joined([*ours, *found.values()], problems, policies)


def _checked(paths: Iterable[str], found_unreadable: set[str]) -> tuple[list[tuple[Path, Record]], list[Problem]]:
    """What Checkov reports, each record with the path that was scanned, and what went wrong."""
    records: list[tuple[Path, Record]] = []
    problems: list[Problem] = []
    for path in _places(paths):
        try:
            checked = run_checkov(path)
        except CheckovFailed as error:
            way_out = f"Run checkov on {_shown(path)} by itself to see more."
            problems.append(Problem(_shown(path), 0, 0, "Checkov could not be run", str(error), help=way_out))
            continue
        records += [(path, record) for record in checked.records]
        for file in sorted({_shown(Path(file)) for file in checked.unreadable} - found_unreadable):
            detail = "Its checks were not run on what the file declares."
            problems.append(Problem(file, 0, 0, "Checkov cannot read this file", detail))
    return records, problems


def _places(paths: Iterable[str]) -> list[Path]:
    """The folders and plans to scan: none twice, and none that lies in another. Raises UsageError."""
    found: list[Path] = []
    for text in paths:
        if text == "-":
            raise UsageError(
                "Checkov cannot read a plan from standard input.", "Write it to a file, and scan that --with-checkov."
            )
        path = Path(text).absolute()
        found.append(path if path.is_dir() or path.name.endswith(".json") else path.parent)
    resolved = {path.resolve(): path for path in found}
    return [path for real, path in resolved.items() if not any(other in real.parents for other in resolved)]


def _shown(path: Path) -> str:
    return Path(os.path.relpath(path, Path.cwd())).as_posix()


class _Roots:
    """Finds what we said about what Checkov judged."""

    def __init__(self, own: Sequence[Result]) -> None:
        self._roots: dict[tuple[str, str], set[str]] = {}
        self._results: dict[tuple[str, str], list[tuple[int, Result]]] = {}
        for number, result in enumerate(own):
            address = without_keys(result.address)
            for name in (address, module_and_rest(address)[0]):
                self._roots.setdefault((result.module, name), set()).add(result.root)
            self._results.setdefault((result.root, address), []).append((number, result))

    def of(self, record: Record, scanned: Path) -> str:
        """The root that it was evaluated from: ours where we know one, else that of the call or of the file."""
        if not scanned.is_dir():
            return _shown(scanned)
        module = _shown(Path(record.file_abs_path).parent)
        caller = record.caller_file_path
        called_from = _shown(Path(f"{scanned}/{caller.lstrip('/')}").parent) if caller else module
        address = without_keys(address_of(record))
        known = self._roots.get((module, address)) or self._roots.get((module, module_and_rest(address)[0])) or set()
        return called_from if called_from in known or not known else min(known)

    def own(self, root: str, address: str, policies: set[str]) -> list[int]:
        """The numbers of our results on the address; an instance without a key of its own stands for all."""
        found = [pair for pair in self._results.get((root, without_keys(address)), ()) if pair[1].policy in policies]
        exact = [number for number, result in found if address in result.addresses]
        return exact or [number for number, _ in found]


def _result(record: Record, verdict: VerdictName, root: str, same: Sequence[Run], settings: Settings) -> Result:
    """A check of Checkov's own. It counts for the controls of the policies that ask the same with no other parameters.

    Its severity: that of the configuration, of such a policy, of Checkov's platform, else medium.
    """
    address, file = address_of(record), _shown(Path(record.file_abs_path))
    first, last = record.file_line_range or (0, 0)
    severity = next((run.policy.severity for run in same), (record.severity or "").lower())
    keys = ", ".join(key.replace("/", ".") for key in record.check_result.evaluated_keys)
    return Result(
        policy=record.check_id,
        title=record.check_name,
        severity=settings.severity.get(record.check_id, severity if severity in SEVERITIES else _UNRANKED),
        verdict=verdict,
        address=address,
        addresses=(address,),
        root=root,
        module=_shown(Path(record.file_abs_path).parent) if first else file,
        location=Location(file, first, 1, first, 1) if first and last else Location(file),
        message=f"Checkov's check fails{f'; it looks at {keys}' if keys else ''}" if verdict == "fail" else "",
        reason=record.check_result.suppress_comment or "" if verdict == "waived" else "",
        controls=tuple(dict.fromkeys(control for run in same if not run.overrides for control in run.controls)),
    )


def _collect(found: dict[tuple[object, ...], Result], result: Result) -> None:
    """Instances of one block together."""
    key = result.policy, without_keys(result.address), result.location, result.verdict, result.root, result.reason
    known = found.get(key)
    if known is not None:
        addresses = tuple(dict.fromkeys((*known.addresses, *result.addresses)))
        result = replace(known, addresses=addresses)
    found[key] = result


def _info(record: Record, targets: set[str], severity: str) -> PolicyInfo:
    references = (record.guideline,) if record.guideline else ()
    return PolicyInfo(record.check_name, severity, "; ".join(sorted(targets)), "A check of Checkov.", "", references)
