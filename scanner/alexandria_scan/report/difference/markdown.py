"""A comparison as Markdown, for a pull request or release notes."""

from __future__ import annotations

from alexandria_scan.compliance.difference.result import Difference, ModuleDifference
from alexandria_scan.patterns import pattern
from alexandria_scan.report.difference.words import TITLES, bump_sentence, common_bump, name_of

_SPECIAL = pattern(r"([\\`*\[\]<>|&~]|(?<!\w)_|_(?!\w)|^[#+-])")
_CONTROL = pattern("[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")


def render(result: Difference) -> str:
    """The comparison as Markdown, with a line end at its end. Text of the modules cannot become markup."""
    lines = [f"## {_text(result.old.label)} → {_text(result.new.label)}", "", f"**{_text(result.summary.verdict)}**"]
    shared = common_bump(result)
    if shared is not None:
        lines += ["", _text(bump_sentence(shared))]
    for module in result.modules:
        if module.changes:
            lines += _module(module, len(result.modules) > 1, shared is None)
    if result.weakened:
        lines += [
            "",
            "### Weaker than before",
            "",
            "| severity | policy | where | why | controls |",
            "|---|---|---|---|---|",
        ]
        for one in result.weakened:
            where = " ".join(part for part in (one.module if one.module != "." else "", one.address) if part)
            cells = (one.severity, one.policy, where, one.message, ", ".join(one.controls))
            lines.append(f"| {' | '.join(map(_text, cells))} |")
    if result.problems:
        lines += ["", "### Problems", ""]
        lines += [f"- {_text(f'{one.file}:{one.line} {one.summary}: {one.detail}')}" for one in result.problems]
    return "\n".join(lines) + "\n"


def _module(module: ModuleDifference, several: bool, with_bump: bool) -> list[str]:
    lines = ["", f"### {_text(name_of(module.path))}"] if several else []
    if with_bump:
        lines += ["", _text(bump_sentence(module.bump))]
    for effect, title in TITLES.items():
        found = [change for change in module.changes if change.effect == effect]
        if found:
            lines += ["", f"**{title}**", ""]
            lines += [f"- {_code(change.subject)} {_text(change.message)}" for change in found]
    return lines


def _text(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", _CONTROL.sub(" ", text))


def _code(text: str) -> str:
    """Text in backticks; one that holds a backtick is escaped instead."""
    return _text(text) if "`" in text else f"`{_CONTROL.sub(' ', text)}`"
