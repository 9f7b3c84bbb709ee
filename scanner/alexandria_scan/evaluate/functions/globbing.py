"""Glob patterns as `fileset` reads them (bmatcuk/doublestar, version 1)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

from alexandria_scan.evaluate.errors import LimitExceeded
from alexandria_scan.evaluate.functions.files import located
from alexandria_scan.evaluate.functions.signature import Context
from alexandria_scan.patterns import pattern
from alexandria_scan.source.disk import FILE, FOLDER

MAX_ENTRIES = 100_000
MAX_CHOICES = 3
_SPECIAL = pattern(r"[*?\[\\{]")


class BadPattern(ValueError):
    """The pattern has a syntax error."""


def matching_files(context: Context, pattern: str) -> list[str]:
    """The regular files that match, spelled as the pattern spells them. Raises BadPattern, LimitExceeded."""
    parts = pattern.split("/")
    start = ""
    if pattern.startswith("/"):
        start, parts = "/", parts[1:]
    walk = _Walk(context)
    return sorted(path for path in walk.matches(start, parts) if context.disk.kind(walk.real(path)) == FILE)


class _Walk:
    def __init__(self, context: Context) -> None:
        self.context = context
        self.entries = 0

    def real(self, path: str) -> Path:
        return located(self.context, path or ".")

    def matches(self, folder: str, parts: list[str]) -> Iterator[str]:
        """What the rest of the pattern matches below the folder."""
        part, rest = parts[0], parts[1:]
        if part == "**":
            yield from self.below(folder, rest)
        elif not _SPECIAL.search(part):
            path = _joined(folder, part)
            if self.context.disk.kind(self.real(path)):
                yield from self.matches(path, rest) if rest else (path,)
        else:
            matches = _matcher(_translated(part))
            for name in self.names(folder):
                if matches(name):
                    path = _joined(folder, name)
                    if not rest:
                        yield path
                    elif self.context.disk.kind(self.real(path)) == FOLDER:
                        yield from self.matches(path, rest)

    def below(self, folder: str, rest: list[str]) -> Iterator[str]:
        """`**`: the folder itself and all below it. Links are not followed here: they may lead in circles."""
        while rest and rest[0] == "**":
            rest = rest[1:]
        if rest:
            yield from self.matches(folder, rest)
        elif folder:
            yield folder
        for name in self.names(folder):
            path = _joined(folder, name)
            real = self.real(folder) / name
            if self.context.disk.kind(real) == FOLDER and not self.context.disk.is_link(real):
                yield from self.below(path, rest)
            elif not rest:
                yield path

    def names(self, folder: str) -> list[str]:
        try:
            found = [name for name, _ in self.context.disk.entries(self.real(folder))]
        except OSError:
            return []
        self.entries += len(found)
        if self.entries > MAX_ENTRIES:
            raise LimitExceeded("Value too large", f"A file pattern meets more than {MAX_ENTRIES} files.")
        return found


def _joined(folder: str, name: str) -> str:
    return folder + name if folder in ("", "/") else f"{folder}/{name}"


def _matcher(expression: str) -> Callable[[str], object]:
    """Whether a name as a whole matches. Python's engine takes time that grows with the power of the choices."""
    if expression.count(".*") + expression.count("|") <= MAX_CHOICES:
        return re.compile(expression, re.DOTALL).fullmatch
    from alexandria_scan.evaluate.functions.regexes import Expression  # which few patterns need

    whole = Expression(rf"(?s)\A(?:{expression})\z")
    return lambda name: whole.search(name, 0)


def _translated(part: str) -> str:
    """One component of a pattern as a regular expression. Raises BadPattern."""
    text, end = _alternative(part, 0, False)
    if end != len(part):
        raise BadPattern(part)
    return text


def _alternative(part: str, at: int, nested: bool) -> tuple[str, int]:
    out: list[str] = []
    while at < len(part):
        character = part[at]
        if nested and character in ",}":
            break
        at += 1
        if character == "*":
            out.append(".*")
        elif character == "?":
            out.append(".")
        elif character == "\\":
            if at >= len(part):
                raise BadPattern(part)
            out.append(re.escape(part[at]))
            at += 1
        elif character == "[":
            found, at = _class(part, at)
            out.append(found)
        elif character == "{":
            found, at = _braces(part, at)
            out.append(found)
        else:
            out.append(re.escape(character))
    return "".join(out), at


def _braces(part: str, at: int) -> tuple[str, int]:
    choices: list[str] = []
    while True:
        choice, at = _alternative(part, at, True)
        choices.append(choice)
        if at >= len(part):
            raise BadPattern(part)
        at += 1
        if part[at - 1] == "}":
            return "(?:" + "|".join(choices) + ")", at


def _class(part: str, at: int) -> tuple[str, int]:
    negated = part.startswith("^", at)
    at += negated
    body: list[str] = []
    while not part.startswith("]", at) or not body:
        low, at = _class_character(part, at)
        high = low
        if part.startswith("-", at) and not part.startswith("-]", at):
            high, at = _class_character(part, at + 1)
        if high < low:
            raise BadPattern(part)
        body.append(f"{re.escape(low)}-{re.escape(high)}")
    return f"[{'^' if negated else ''}{''.join(body)}]", at + 1


def _class_character(part: str, at: int) -> tuple[str, int]:
    if part.startswith("\\", at):
        at += 1
    if at >= len(part):
        raise BadPattern(part)
    return part[at], at + 1
