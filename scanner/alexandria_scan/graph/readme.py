"""What a module's README says of its inputs and outputs, in the forms that people and terraform-docs write."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path

import msgspec

from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.patterns import pattern
from alexandria_scan.syntax.markdown import (
    Element,
    Fence,
    Heading,
    Paragraph,
    Row,
    Table,
    code_text,
    lines_without_comments,
    parse_markdown,
    plain,
)
from alexandria_scan.syntax.tree import SourceText

_WORDS = r"(?:[\d.]+ )?(?:terraform |module |supported |available )*"
_SECTIONS = {
    "input": pattern(
        _WORDS + r"((?P<required>required|optional) )?(?:input )?(?:inputs?|variables?|arguments?)(?: reference)?"
    ),
    "output": pattern(_WORDS + r"outputs?(?: (?:values?|reference))?"),
    "example": pattern(_WORDS + r"(?:(?:basic|simple|minimal|complete|usage) )*examples?(?: usage| configuration)?"),
}
_NAME_COLUMNS = {"name", "input", "variable", "argument", "parameter", "output"}
_ANCHOR = pattern(r"<a\s+name=\"(?:input|output)_([\w-]+)\"")
_MARKED = pattern(r"\s*(?:[-*] )?(?:\*\*)?(?:`([A-Za-z_][\w-]*)`|\[([A-Za-z_][\w\\-]*)\]\(#)")
_IDENTIFIER = pattern(r"[A-Za-z_][\w-]*")
_DEFAULT = pattern(r"default(?: value)?:\s*(.*)", re.IGNORECASE | re.DOTALL)
_YES = {"yes", "true", "required", "y"}
_NO = {"no", "false", "optional", "n"}


class Documented(msgspec.Struct, frozen=True):
    """One input or output as the README has it. `default` is the text given for it, None if none is given; `required`
    is None if the README does not say."""

    name: str
    line: int
    default: str | None = None
    required: bool | None = None


class Section(msgspec.Struct, frozen=True):
    """What a README lists; `line` is that of the first heading of the list."""

    line: int
    entries: tuple[Documented, ...]


class Readme(msgspec.Struct, frozen=True):
    """A README. `sections` holds "input" and "output", where the README lists them."""

    source: SourceText
    elements: tuple[Element, ...]

    @property
    def headings(self) -> Iterator[Heading]:
        return (element for element in self.elements if isinstance(element, Heading))

    @property
    def fences(self) -> Iterator[Fence]:
        return (element for element in self.elements if isinstance(element, Fence))


def readme_of(evaluation: Evaluation, folder: Path) -> Readme | None:
    source = document(evaluation, folder, "readme")
    return None if source is None else _parsed(source)


def document(evaluation: Evaluation, folder: Path, stem: str) -> SourceText | None:
    """The text file of a folder with that stem (`README.md`), whatever its case."""
    name = next(
        (
            name
            for name, is_folder in evaluation.source.entries(folder)
            if not is_folder and name.lower() in (stem, f"{stem}.md", f"{stem}.markdown")
        ),
        None,
    )
    return None if name is None else evaluation.text(folder / name)


def warning_line(text: str, words: Collection[str]) -> int | None:
    """The line where the beginning of a README, its first section included, says one of the words in a sentence: not in
    code, a list or a table, which tell of inputs. "not deprecated" says something else."""
    said = re.compile(rf"(?<!not )(?<!no longer )\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE)
    sections = 0
    for element in parse_markdown(text):
        if isinstance(element, Heading):
            sections += element.level > 1
            if sections > 1:
                return None
        if isinstance(element, Heading) or (isinstance(element, Paragraph) and not element.listed):
            match = said.search(element.markdown)
            if match is not None:
                return element.line + element.markdown.count("\n", 0, match.start())
    return None


@lru_cache(maxsize=2)
def _parsed(source: SourceText) -> Readme:
    return Readme(source, parse_markdown(source.data.decode("utf-8-sig", "replace")))


def listed(readme: Readme, kind: str, declared: Collection[str]) -> Section | None:
    """The inputs or outputs that the README lists, None if it has no such list. `declared` are those of the module: a
    heading that is only a word counts if it is one of them."""
    found: dict[str, Documented] = {}
    first = 0
    for heading, elements in _sections(readme, kind):
        entries = list(_entries(elements, _required(heading, kind), declared))
        if entries and not first:
            first = heading.line
        for entry in entries:
            found.setdefault(entry.name, entry)
    return Section(first, tuple(found.values())) if found else None


def _sections(readme: Readme, kind: str) -> Iterator[tuple[Heading, list[Element]]]:
    """The headings of that kind, each with what stands below it up to the next heading of its level, or the next one
    of the kind."""
    heading: Heading | None = None
    below: list[Element] = []
    for element in readme.elements:
        if isinstance(element, Heading):
            starts = _SECTIONS[kind].fullmatch(words(element.text)) is not None
            if heading is not None and (starts or element.level <= heading.level):
                yield heading, below
                heading = None
            if starts:
                heading, below = element, []
                continue
        if heading is not None:
            below.append(element)
    if heading is not None:
        yield heading, below


def filled_headings(readme: Readme) -> Iterator[Heading]:
    """The headings below which more stands than other headings and comments, up to the next one of their level."""
    lines = lines_without_comments(readme.source.data.decode("utf-8-sig", "replace"))
    headings = [element for element in readme.elements if isinstance(element, Heading)]
    for heading in headings:
        lines[heading.line - 1] = ""
    for number, heading in enumerate(headings):
        following = (other.line for other in headings[number + 1 :] if other.level <= heading.level)
        below = lines[heading.line : next(following, len(lines) + 1) - 1]
        if any(line.strip(" \t-=") for line in below):
            yield heading


def words(heading: str) -> str:
    """A heading in lower case, without emoji and punctuation."""
    return " ".join(re.sub(r":\w+:|[^\w\s&/.-]", " ", heading.lower()).split())


def title(heading: Heading) -> str:
    """The words of a heading, and the usual name of such a section where they call it otherwise: `input variables
    (inputs)`, so that whoever looks for the inputs finds them where `listed` does."""
    said = words(heading.text)
    usual = (f"{kind}s" for kind, known in _SECTIONS.items() if known.fullmatch(said))
    return next((f"{said} ({name})" for name in usual if name not in said), said)


def _required(heading: Heading, kind: str) -> bool | None:
    match = _SECTIONS[kind].fullmatch(words(heading.text))
    word = match.groupdict().get("required") if match is not None else None
    return None if word is None else word == "required"


def _entries(elements: list[Element], required: bool | None, declared: Collection[str]) -> Iterator[Documented]:
    """What a section lists: in tables and headings, else in lists. Where there are headings, a list below one tells
    about that entry."""
    found: list[Documented] = []
    for number, element in enumerate(elements):
        if isinstance(element, Table):
            found += _rows(element, required)
        elif isinstance(element, Heading):
            name = _heading_name(element, declared)
            if name is not None:
                found.append(Documented(name, element.line, _default_below(elements[number + 1 :]), required))
    yield from found or _items(elements, required)


def _items(elements: list[Element], required: bool | None) -> Iterator[Documented]:
    for element in elements:
        if not isinstance(element, Paragraph) or not element.listed:
            continue
        match = _MARKED.match(element.markdown)
        if match is not None:
            yield Documented((match.group(1) or match.group(2)).replace("\\", ""), element.line, None, required)


def _rows(table: Table, required: bool | None) -> Iterator[Documented]:
    columns = [words(plain(cell)) for cell in table.header.cells]
    if not columns or columns[0].split(" ")[0] not in _NAME_COLUMNS:
        return
    for row in table.rows:
        name = row.cells[0] if row.cells else ""
        anchor = _ANCHOR.search(name)
        text = anchor.group(1) if anchor is not None else plain(name)
        if _IDENTIFIER.fullmatch(text):
            default = _cell(row, columns, "default")
            said = _cell(row, columns, "required")
            yield Documented(
                text,
                row.line,
                None if default is None else code_text(default),
                required if said is None else _yes_or_no(plain(said)),
            )


def _cell(row: Row, columns: list[str], name: str) -> str | None:
    index = next((number for number, column in enumerate(columns) if column.split(" ")[0] == name), None)
    return row.cells[index] if index is not None and index < len(row.cells) else None


def _yes_or_no(text: str) -> bool | None:
    word = text.lower()
    return True if word in _YES else False if word in _NO else None


def _heading_name(heading: Heading, declared: Collection[str]) -> str | None:
    anchor = _ANCHOR.search(heading.markdown)
    if anchor is not None:
        return anchor.group(1)
    match = _MARKED.match(heading.markdown)
    if match is not None:
        return (match.group(1) or match.group(2)).replace("\\", "")
    return heading.text if heading.text in declared else None


def _default_below(elements: list[Element]) -> str | None:
    """The default in the paragraphs below a heading: `Default: x`, or a code block after `Default:`."""
    for number, element in enumerate(elements):
        if isinstance(element, Heading):
            return None
        match = _DEFAULT.match(element.markdown) if isinstance(element, Paragraph) else None
        if match is not None:
            after = elements[number + 1] if number + 1 < len(elements) else None
            if not match.group(1) and isinstance(after, Fence):
                return after.text.strip()
            return code_text(match.group(1)) or None
    return None
