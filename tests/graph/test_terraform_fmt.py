"""The canonical form of configurations, against what `terraform fmt` made of the same files."""

from pathlib import Path

import pytest

from alexandria_scan.graph.terraform_fmt import canonical, first_difference
from alexandria_scan.syntax.parse import parse
from alexandria_scan.syntax.tree import SourceText

FORMAT = Path(__file__).parents[2] / "fixtures" / "language" / "format"
INPUTS = sorted(FORMAT.glob("*.input"))


def text_of(path: Path) -> str:
    """As it is scanned: with blanks in the place of a byte order mark."""
    return path.read_bytes().decode("utf-8").replace("\ufeff", "   ")


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.stem)
def test_what_terraform_writes(path: Path) -> None:
    assert canonical(text_of(path)) == text_of(path.with_suffix(".expected"))


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.stem)
def test_canonical_text_stays_as_it_is(path: Path) -> None:
    wanted = text_of(path.with_suffix(".expected"))
    assert canonical(wanted) == wanted


def test_there_are_several_dozen_recorded_files() -> None:
    assert len(INPUTS) > 48


def test_the_first_line_that_differs_is_named_with_what_is_expected_there() -> None:
    source = SourceText("main.tf", b'locals {\n  a = 1\n  bc= "x"\n}\n')
    assert first_difference(source) == (2, "  a  = 1")


def test_a_byte_order_mark_is_a_difference() -> None:
    file = parse("main.tf", b"\xef\xbb\xbflocals {\n}\n")
    assert first_difference(file.source) == (1, "locals {")


@pytest.mark.parametrize("text", ['a =   "one\ntwo"\n', "a =   `b`\n".replace("`", "\\")])
def test_what_terraform_does_not_parse_is_not_judged(text: str) -> None:
    assert first_difference(SourceText("main.tf", text.encode())) is None
