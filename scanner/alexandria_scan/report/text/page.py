"""The page that a terminal report is written on: lines of styled text, wrapped to a width, safe to print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import StringIO

from rich.cells import cell_len

from alexandria_scan.patterns import pattern
from alexandria_scan.report.words import printable

Part = str | tuple[str, str]
"""A piece of a line: text, or text with a rich style. Text is never read as markup."""

MIN_WIDTH, MAX_WIDTH, PROSE_WIDTH = 40, 160, 96
STYLES = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan", "info": "blue"}
STYLES |= {"error": "bold red", "warning": "yellow", "unknown": "magenta"}
DIM, BOLD, FRAME = "dim", "bold", "bright_blue"

_FOLDED = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "..."}
    | {"→": "->", "←": "<-", "≥": ">=", "≤": "<=", "\N{NO-BREAK SPACE}": " "}
)
_BETWEEN_NAMES, _IN_A_NAME = pattern(r"(?<=[./,])"), pattern(r"(?<=[\[\]:_=-])")


class Page:
    """Collects lines. `width` is in terminal cells; without `unicode` only ASCII is written."""

    def __init__(self, width: int, unicode: bool) -> None:
        self.width = max(MIN_WIDTH, min(width, MAX_WIDTH))
        self.unicode = unicode
        self.arrow, self.cut, self.dot = ("←", "…", " · ") if unicode else ("<-", "...", ", ")
        self.bar, self.rule, self.none = ("│", "─", "–") if unicode else ("|", "-", "-")
        self.full, self.empty = ("█", "░") if unicode else ("#", ".")
        self._lines: list[list[tuple[str, str]]] = []  # each line: texts with their styles

    def clean(self, text: str) -> str:
        """`text` on one line and safe: a character that a terminal would obey becomes a visible mark.

        It works character by character, so the width of a cleaned prefix is where the rest begins.
        """
        if self.unicode:
            return printable(text)
        return printable(text, "?").translate(_FOLDED).encode("ascii", "backslashreplace").decode()

    def line(self, *parts: Part) -> None:
        """One line as it is, however long. Whatever comes this way is cleaned, so nothing else gets out."""
        line = [(self.clean(part), "") if isinstance(part, str) else (self.clean(part[0]), part[1]) for part in parts]
        while line:
            text, style = line.pop()
            if text := text.rstrip():
                line.append((text, style))
                break
        self._lines.append(line)

    def blank(self) -> None:
        """An empty line, never two, and none at the top."""
        if self._lines and self._lines[-1]:
            self._lines.append([])

    def heading(self, title: str, remark: str = "") -> None:
        self.blank()
        self.line((title, BOLD), ("  " + remark if remark else "", DIM))
        self.blank()

    def prose(self, text: str, style: str = "", first: Sequence[Part] = (), rest: Sequence[Part] = ()) -> None:
        """`text` wrapped between the parts that begin its first line and those that begin the others."""
        lead = max(parts_len(first), parts_len(rest))
        room = max(20, min(self.width - lead, PROSE_WIDTH))
        for number, piece in enumerate(self.wrap(text, room)):
            self.line(*(rest if number else first), (piece, style))

    def items(self, parts: Sequence[Part]) -> None:
        """Short items with a dot between them, as many on a line as fit."""
        line: list[Part] = []
        for part in parts:
            if line and parts_len([*line, self.dot, part]) > self.width:
                self.line(*line)
                line = []
            line += [self.dot, part] if line else [part]
        self.line(*line)

    def wrap(self, text: str, room: int) -> list[str]:
        """Lines of at most `room` cells. Line ends in `text` stay; a word that is too long breaks after a
        separator, so that addresses break between their names."""
        lines: list[str] = []
        for paragraph in text.split("\n"):
            line = ""
            for word in self.clean(paragraph).split():
                joined = f"{line} {word}" if line else word
                if cell_len(joined) <= room:
                    line = joined
                    continue
                if line:
                    lines.append(line)
                *whole, line = _broken(word, room)
                lines += whole
            lines.append(line)
        return lines

    def shorten(self, text: str, room: int) -> str:
        """A path in at most `room` cells; what is cut is cut from its front, as its end names it."""
        text = self.clean(text)
        if cell_len(text) <= room:
            return text
        tail = text
        while tail and cell_len(self.cut + tail) > room:
            tail = tail[max(1, (cell_len(self.cut + tail) - room) // 2) :]
        names = [tail.find("/", 0, len(tail) // 2), *(tail.find(mark, 0, len(tail) // 2) for mark in "-_.")]
        return self.cut + tail[next((at for at in names if at >= 0), 0) :]

    def text(self, color: bool) -> str:
        """What was written, with terminal colours or as plain text, each line with its end."""
        if not color:
            return "".join("".join(text for text, _ in line) + "\n" for line in self._lines)
        from rich.console import Console  # plain text does without what this costs to import
        from rich.text import Text

        out = StringIO()
        console = Console(
            file=out,
            force_terminal=True,
            color_system="standard",
            no_color=False,
            width=self.width,
            legacy_windows=False,
            _environ={},  # the caller has decided already what NO_COLOR, FORCE_COLOR and TERM mean
        )
        lines = (Text.assemble(*line) for line in self._lines)
        console.print(Text("\n").join(lines), soft_wrap=True, highlight=False)
        return out.getvalue()


def parts_len(parts: Iterable[Part]) -> int:
    return sum(cell_len(part if isinstance(part, str) else part[0]) for part in parts)


def pad(text: str, width: int, right: bool = False) -> str:
    """`text` filled with blanks to `width` cells, to the left of it if `right`."""
    fill = " " * (width - cell_len(text))
    return fill + text if right else text + fill


def _broken(word: str, room: int) -> list[str]:
    """A word in pieces of at most `room` cells: broken between names, else inside a name, else anywhere."""
    pieces = [""]
    for name in _BETWEEN_NAMES.split(word):
        for part in [name] if cell_len(name) <= room else _IN_A_NAME.split(name):
            if pieces[-1] and cell_len(pieces[-1] + part) > room:
                pieces.append("")
            for char in part if cell_len(part) > room else [part]:
                if pieces[-1] and cell_len(pieces[-1] + char) > room:
                    pieces.append("")
                pieces[-1] += char
    return pieces
