"""Waivers as they are written, in comments and in the configuration file, and what each of them is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path

from alexandria_scan.compliance.places import seen_from
from alexandria_scan.compliance.waivers import Entry
from alexandria_scan.config import Config, WaiverRule
from alexandria_scan.evaluate.address import without_keys
from alexandria_scan.policy.redact import redacted
from alexandria_scan.policy.results import Result
from alexandria_scan.source.exclusion import ignored
from alexandria_scan.syntax.ignore import IgnoreComment
from alexandria_scan.syntax.tree import Location


def comment_entry(comment: IgnoreComment, folder: str | None, expected: bool) -> Entry:
    """A comment in a file of the module in `folder`, or in a file of variables, which belongs to none.

    It is about what is located in its lines, about values that come from them, and, at a module call, about what the
    module contains.
    """
    file, lines = comment.location.file, range(comment.first, comment.last + 1)
    inside = (f"module.{comment.call}.", f"module.{comment.call}[") if comment.call else ()

    def addresses(result: Result) -> tuple[str, ...]:
        if result.location.file == file and result.location.line in lines:
            return result.addresses
        if any(step.file == file and step.line in lines for step in result.origin):
            return result.addresses
        if inside and result.root == folder and result.module != folder:
            return tuple(address for address in result.addresses if address.startswith(inside))
        return ()

    return Entry(
        comment.policies, comment.reason, comment.owner, comment.until, comment.location, addresses,
        folder, comment.fault, expected,
    )  # fmt: skip


def config_entries(config: Config, line: Callable[[int], int], expected: bool) -> list[Entry]:
    """The entries of the configuration file. `line` gives the line of each; see Entry for `expected`."""
    if not config.waivers or config.file is None:
        return []
    relative = seen_from(config.file.parent)
    shown = seen_from(Path())(str(config.file))
    return [
        Entry(
            rule.policies, redacted(rule.reason, source=False), redacted(rule.owner, source=False), rule.until,
            Location(shown, line(rule.index), 1),
            _conditions(rule, relative), expected=expected,
        )
        for rule in config.waivers
    ]  # fmt: skip


def _conditions(rule: WaiverRule, relative: Callable[[str], str]) -> Callable[[Result], tuple[str, ...]]:
    in_path = ignored(rule.paths) if rule.paths else None

    def addresses(result: Result) -> tuple[str, ...]:
        if in_path is not None and not in_path(relative(result.location.file)):
            return ()
        if rule.modules and not _any(rule.modules, relative(result.module)):
            return ()
        if not rule.addresses:
            return result.addresses
        return tuple(
            address
            for address in result.addresses
            if _any(rule.addresses, address) or _any(rule.addresses, without_keys(address))
        )

    return addresses


def _any(patterns: Iterable[str], text: str) -> bool:
    return any(_glob(pattern.rstrip("/")).fullmatch(text) for pattern in patterns)


@lru_cache(maxsize=1024)
def _glob(pattern: str) -> re.Pattern[str]:
    """`*` and `?` are wild; brackets stand for themselves, as they are parts of addresses."""
    return re.compile(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), re.DOTALL)
