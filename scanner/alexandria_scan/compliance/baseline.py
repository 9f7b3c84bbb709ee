"""The baseline: the findings of the day when scanning began, which do not fail a scan; new ones do.

An entry stands for a flaw, not for a line: it names the policy, the module, the block and the attribute, and how often
that occurs at most in one root. What a caller passes to a module is a flaw of the caller, and has an entry of its own.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec.structs import replace

from alexandria_scan.compliance.causes import by_cause
from alexandria_scan.compliance.fingerprint import fingerprint
from alexandria_scan.compliance.places import seen_from
from alexandria_scan.compliance.result import BaselineEntry, BaselineState
from alexandria_scan.evaluate.address import split_address, without_keys
from alexandria_scan.policy.results import Result

VERSION = 1
_RARE = ("standards", "environment")
# A policy may run several times, with the parameters of one standard and another: that is one flaw all the same.
_Way = tuple[str, str | None, str]


class BaselineError(ValueError):
    """A baseline file cannot be read."""


class _Document(msgspec.Struct):
    version: int
    entries: list[BaselineEntry]


def read_baseline(path: Path, shown: str) -> list[BaselineEntry]:
    """The entries of the file. Raises BaselineError."""
    try:
        document = msgspec.json.decode(path.read_bytes(), type=_Document)
    except OSError as error:
        raise BaselineError(f"{shown} cannot be read: {error.strerror or error}.") from None
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BaselineError(f"{shown} is no baseline: {str(error).replace('`', chr(34))}.") from None
    if document.version != VERSION:
        raise BaselineError(f"{shown} has version {document.version}; this alexandria-scan reads version {VERSION}.")
    if any(entry.count < 1 for entry in document.entries):
        raise BaselineError(f"{shown} has an entry whose count is less than 1.")
    return document.entries


def written(entries: Iterable[BaselineEntry]) -> str:
    """The file's text: an entry a line, sorted, so that a change of it can be reviewed."""
    lines = ",\n".join(f"    {_line(entry)}" for entry in sorted(entries))
    body = f"[\n{lines}\n  ]" if lines else "[]"
    return f'{{\n  "version": {VERSION},\n  "entries": {body}\n}}\n'


def _line(entry: BaselineEntry) -> str:
    """The entry without what few have."""
    data = {name: value for name, value in msgspec.structs.asdict(entry).items() if value or name not in _RARE}
    return msgspec.json.encode(data).decode()


def entries_of(
    results: Iterable[Result], folder: Path, standards: tuple[str, ...] = (), environment: str = ""
) -> list[BaselineEntry]:
    """An entry for each flaw among the results that fail, with paths relative to `folder`; `standards` and
    `environment` are what the scan was asked for."""
    found = _Flaws(folder)
    for result in results:
        if result.verdict == "fail":
            found.add(result)
    return sorted(replace(entry, standards=standards, environment=environment) for entry in found.entries())


def compared(
    results: Iterable[Result], known: Iterable[BaselineEntry], file: Path, gone: Callable[[BaselineEntry], bool]
) -> tuple[list[Result], BaselineState]:
    """The results, each that fails marked as known or new, and what became of the baseline.

    `gone` says of an entry that does not occur whether the scan would have found it.
    """
    listed = list(results)
    entries = list(known)
    relative = seen_from(file.parent)
    allowed: Counter[str] = Counter()
    for entry in entries:
        allowed[entry.fingerprint] += entry.count
    seen: Counter[tuple[str, _Way]] = Counter()
    marked = []
    for result in listed:
        if result.verdict == "fail":
            key = (_normal(result, relative)[0], _way(result))
            seen[key] += 1
            result = replace(result, baseline="known" if seen[key] <= allowed[key[0]] else "new")
        marked.append(result)
    causes = Counter(cause.baseline for cause in by_cause(result for result in marked if result.verdict == "fail"))
    fixed = _fixed(entries, _present(listed, relative), gone)
    return marked, BaselineState(seen_from(Path())(str(file)), causes["new"], causes["known"], tuple(sorted(fixed)))


def shrunk(entries: Iterable[BaselineEntry], fixed: Iterable[BaselineEntry]) -> list[BaselineEntry]:
    """The entries without those that are fixed, each of which says how many of it are."""
    less = Counter({entry.fingerprint: entry.count for entry in fixed})
    kept = [replace(entry, count=entry.count - less[entry.fingerprint]) for entry in entries]
    return [entry for entry in kept if entry.count > 0]


def joined(entries: Iterable[BaselineEntry], more: Iterable[BaselineEntry]) -> list[BaselineEntry]:
    """Both, the higher count of each."""
    found = {entry.fingerprint: entry for entry in entries}
    for entry in more:
        own = found.get(entry.fingerprint)
        found[entry.fingerprint] = entry if own is None or own.count < entry.count else own
    return list(found.values())


def _fixed(
    entries: Iterable[BaselineEntry], present: Mapping[str, int], gone: Callable[[BaselineEntry], bool]
) -> Iterable[BaselineEntry]:
    for entry in entries:
        rest = entry.count - present.get(entry.fingerprint, 0)
        if rest > 0 and gone(entry):
            yield replace(entry, count=rest)


def _present(results: Collection[Result], relative: Callable[[str], str]) -> dict[str, int]:
    """How often each flaw is there, or may be: what is unknown or waived is not fixed."""
    counts: Counter[tuple[str, _Way]] = Counter()
    for result in results:
        if result.verdict in ("fail", "unknown", "waived"):
            counts[_normal(result, relative)[0], _way(result)] += 1
    most: dict[str, int] = {}
    for (text, _), number in counts.items():
        most[text] = max(most.get(text, 0), number)
    return most


def _way(result: Result) -> _Way:
    """What a result came from: its root as it was evaluated, and its policy as it ran."""
    return result.root, result.environment, repr(sorted(result.parameters.items()))


class _Flaws:
    """Counts flaws by the way in which they were found; the entry of one takes the highest count."""

    def __init__(self, folder: Path) -> None:
        self._relative = seen_from(folder)
        self._counts: dict[str, Counter[_Way]] = {}
        self._roots: dict[str, set[str]] = {}
        self._results: dict[str, Result] = {}

    def add(self, result: Result) -> None:
        key, normal = _normal(result, self._relative)
        self._counts.setdefault(key, Counter())[_way(result)] += 1
        self._roots.setdefault(key, set()).add(self._relative(result.root))
        self._results.setdefault(key, normal)

    def entries(self) -> Iterable[BaselineEntry]:
        for key, one in self._results.items():
            roots = self._roots[key]
            root = one.module if one.module in roots else min(roots)
            yield BaselineEntry(
                one.module, one.policy, one.address, one.attribute, root, max(self._counts[key].values()), key
            )


def _normal(result: Result, relative: Callable[[str], str]) -> tuple[str, Result]:
    """The fingerprint of a flaw, and the result as far as it belongs to the flaw: seen from the baseline's folder,
    without keys, and without the way to the module unless a caller has a part in it."""
    module = relative(result.module)
    passed = result.root != result.module and any(
        step.file and not _lies_in(relative(step.file), module) for step in result.origin
    )
    address = module if result.address == result.module else without_keys(result.address)
    root = relative(result.root) if passed else ""
    normal = replace(result, module=module, address=address if passed else split_address(address)[1])
    text = fingerprint(replace(normal, module=f"{module} from {root}") if passed else normal)
    return text, normal


def _lies_in(file: str, module: str) -> bool:
    """Whether a file belongs to a module; below the top of a repository lies more than its own module."""
    folder = file.rpartition("/")[0] or "."
    return folder == module or (module != "." and folder.startswith(f"{module}/"))
