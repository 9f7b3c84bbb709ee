"""What is accepted or left out: exclusions, waivers and the baseline applied to the results of a scan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec

from alexandria_scan.catalogue import Catalogue
from alexandria_scan.compliance.places import seen_from
from alexandria_scan.compliance.result import BaselineEntry, BaselineState, ScannedModule
from alexandria_scan.config import Config
from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.policy.redact import redacted
from alexandria_scan.policy.results import Result
from alexandria_scan.source.exclusion import Exclusion
from alexandria_scan.source.folders import FORMATTED_SUFFIXES, VARIABLE_SUFFIXES
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.ignore import MARKER, IgnoreComment, ignore_comments
from alexandria_scan.syntax.parse import parse
from alexandria_scan.usage import UsageError

KeptComment = tuple[IgnoreComment, str | None]


class AcceptanceOptions(msgspec.Struct, frozen=True):
    """`as_of` is the day by which waivers are judged, "" for today. `whole` is true if all was scanned that the
    configuration file is about; `tops` are the scanned folders, `environment` is the one that was asked for."""

    config: Config = msgspec.field(default_factory=Config)
    as_of: str = ""
    baseline: Path | None = None
    whole: bool = False
    tops: tuple[Path, ...] = ()
    environment: str = ""


class Comments(msgspec.Struct):
    """The comments with waivers that a scan met, each with the module folder that it counts for, None in a file of
    variables or tests, which is whoever's reads it; and which folder each plan's source is in."""

    found: dict[tuple[str, int, int], tuple[IgnoreComment, str | None]] = {}
    homes: dict[str, str] = {}

    def add(self, comments: Iterable[KeptComment]) -> None:
        for comment, home in comments:
            place = comment.location
            self.found.setdefault((place.file, place.line, place.column), (comment, home))


def comments_of(evaluation: Evaluation) -> list[KeptComment]:
    """The comments with waivers in the files that were read, without secrets, each with the folder that it counts
    for."""
    found: list[KeptComment] = []
    for folder, file in evaluation.files():
        if MARKER in file.source.data:
            found += [(_hidden(comment), evaluation.source.shown(folder)) for comment in ignore_comments(file)]
    source = evaluation.source
    for path in sorted(source.read_files):
        if path.name.endswith((*VARIABLE_SUFFIXES, *FORMATTED_SUFFIXES)) and MARKER in (data := source.read(path)):
            found += [(_hidden(comment), None) for comment in ignore_comments(parse(source.shown(path), data))]
    return found


def _hidden(comment: IgnoreComment) -> IgnoreComment:
    texts = (comment.reason, comment.until, comment.owner, comment.fault)
    reason, until, owner, fault = (redacted(text, source=False) for text in texts)
    if (reason, until, owner, fault) == texts:
        return comment
    return msgspec.structs.replace(comment, reason=reason, until=until, owner=owner, fault=fault)


def without_excluded(results: list[Result], excluded: Exclusion | None) -> list[Result]:
    """The results but those of a module's own scan that are located in a file which the configuration excludes."""
    if excluded is None:
        return results
    return [one for one in results if one.root != one.module or not excluded(Path(one.location.file), False)]


def waived(
    results: list[Result],
    comments: Comments,
    modules: Iterable[ScannedModule],
    catalogue: Catalogue,
    options: AcceptanceOptions,
) -> tuple[list[Result], list[Problem]]:
    """The results after the waivers, and what is to be told about these."""
    if not comments.found and not options.config.waivers:
        return results, []
    from alexandria_scan.compliance.waiver_entries import comment_entry, config_entries
    from alexandria_scan.compliance.waivers import Rules, apply_waivers

    details = list(modules)
    scanned = {module.path for module in details}
    examples = {module.path for module in details if module.kind == "example"}
    entries = [
        comment_entry(comment, home, home in scanned if home is not None else options.whole)
        for _, (comment, home) in sorted(comments.found.items())
    ]
    entries += config_entries(options.config, _lines(options.config), options.whole)
    rules = Rules(
        options.as_of or _today(),
        {policy.id for policy in catalogue.policies},
        catalogue.known,
        catalogue.unwaivable(options.config),
        _reach(comments.homes, examples, options.config.waivers_in_modules),
    )
    return apply_waivers(results, entries, rules)


def _today() -> str:
    import time

    return time.strftime("%Y-%m-%d")


def _lines(config: Config) -> Callable[[int], int]:
    from alexandria_scan.policy.yaml_file import YamlFile

    assert config.file is not None or not config.waivers
    file = YamlFile(config.file, config.file.as_posix()) if config.file is not None and config.waivers else None
    return lambda index: file.line("waivers", index) if file is not None else 0


def _reach(homes: dict[str, str], examples: set[str], in_modules: bool) -> Callable[[str, str], bool]:
    """Whether a comment in the folder `home` counts for what is found from `root`: the module itself, and the examples
    below it, which are part of it."""

    def reaches(home: str, root: str) -> bool:
        evaluated = homes.get(root, root)
        if in_modules or evaluated == home:
            return True
        return evaluated in examples and (home == "." or evaluated.startswith(f"{home}/"))

    return reaches


def read_entries(file: Path) -> list[BaselineEntry]:
    """The entries of a baseline. Raises UsageError."""
    from alexandria_scan.compliance.baseline import BaselineError, read_baseline

    try:
        return read_baseline(file, seen_from(Path())(str(file)))
    except BaselineError as error:
        raise UsageError(str(error), "Correct it, or delete it and run alexandria-scan baseline PATH.") from None


def against_baseline(
    results: list[Result], judged: Iterable[str], catalogue: Catalogue, options: AcceptanceOptions
) -> tuple[list[Result], BaselineState | None]:
    """The results after the baseline, if there is one; `judged` are the module folders and plans that were scanned.
    Raises UsageError if it cannot be read."""
    file = options.baseline
    if file is None:
        return results, None
    from alexandria_scan.compliance.baseline import compared

    relative = seen_from(file.parent)
    scanned = set(map(relative, judged))
    tops = [relative(str(top)) for top in options.tops]
    ran = {policy.id for policy in catalogue.policies}

    def gone(entry: BaselineEntry) -> bool:
        """Whether the scan looked where and as it did when the entry was seen, or the place is no more."""
        if entry.policy not in ran and entry.policy in catalogue.known:
            return False
        if options.environment != entry.environment or not catalogue.runs_as_for(entry.policy, entry.standards):
            return False
        if entry.root in scanned and (entry.module in scanned or entry.module != entry.root):
            return True
        below = any(top == "." or entry.root == top or entry.root.startswith(f"{top}/") for top in tops)
        return below and not (file.parent / entry.root).exists()

    return compared(results, read_entries(file), file, gone)
