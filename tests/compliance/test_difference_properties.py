"""What holds for every pair of versions: order means nothing, and what is optional breaks nobody."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alexandria_scan.compliance.difference.types import changed_defaults, objections
from alexandria_scan.evaluate.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)
from alexandria_scan.syntax.parse import parse
from tests.compliance.test_difference import CASES, FIXTURES, changes, expected

TYPES: st.SearchStrategy[Type] = st.recursive(
    st.sampled_from([STRING, NUMBER, BOOL, DYNAMIC]),
    lambda inner: st.one_of(
        st.builds(ListType, inner),
        st.builds(SetType, inner),
        st.builds(MapType, inner),
        st.builds(lambda items: TupleType(tuple(items)), st.lists(inner, max_size=2)),
        st.builds(
            lambda attributes, optional: ObjectType(attributes, frozenset(attributes) if optional else frozenset()),
            st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
            st.booleans(),
        ),
    ),
    max_leaves=6,
)
INPUTS = st.builds(
    lambda type_, default, more: f'variable "added" {{\n  type = {type_}\n  default = {default}\n{more}}}\n',
    st.sampled_from(["any", "string"]),
    st.sampled_from(['"a"', '"b"']),
    st.sampled_from(
        [
            "",
            "  nullable = false\n",
            "  sensitive = true\n",
            '  validation {\n    condition = var.added != "c"\n    error_message = "No."\n  }\n',
        ]
    ),
)


def blocks(folder: Path) -> list[str]:
    """The text of each block in the folder's file."""
    body = parse("main.tf", (folder / "main.tf").read_bytes()).body
    return [block.span.text for block in body.blocks]


def module(folder: Path, texts: list[str], files: int, like: Path) -> Path:
    """A module of these blocks, dealt out to files; called folders are those of the module that it is like."""
    shutil.copytree(like, folder)
    (folder / "main.tf").unlink()
    for number in range(files):
        (folder / f"file{number}.tf").write_text("\n".join(texts[number::files]) + "\n", "utf-8")
    return folder


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=5)
@given(data=st.data())
def test_the_order_of_blocks_and_files_means_nothing(name: str, data: st.DataObject) -> None:
    with TemporaryDirectory() as temporary:
        sides = []
        for side in ("old", "new"):
            texts = data.draw(st.permutations(blocks(FIXTURES / name / side)))
            files = data.draw(st.integers(1, 3))
            sides.append(module(Path(temporary) / side, texts, files, FIXTURES / name / side))
        found = {(effect, rule) for effect, rule, _ in changes(*sides)}
        assert found == {(effect, rule) for effect, rule, _ in expected(FIXTURES / name)}


@settings(max_examples=60)
@given(name=st.sampled_from(CASES), text=INPUTS)
def test_an_optional_input_more_breaks_nobody(name: str, text: str) -> None:
    old = FIXTURES / name / "old"
    with TemporaryDirectory() as temporary:
        new = module(Path(temporary) / "new", [*blocks(old), text], 1, old)
        assert changes(old, new) == {("minor", "input_added", "var.added")}


@settings(max_examples=30)
@given(name=st.sampled_from(CASES))
def test_a_required_input_more_breaks_everybody(name: str) -> None:
    old = FIXTURES / name / "old"
    with TemporaryDirectory() as temporary:
        new = module(Path(temporary) / "new", [*blocks(old), 'variable "added" {\n  type = string\n}'], 1, old)
        assert changes(old, new) == {("major", "input_required", "var.added")}


@given(type_=TYPES)
def test_a_type_takes_what_it_took(type_: Type) -> None:
    assert list(objections(type_, type_)) == []
    assert list(changed_defaults(type_, type_)) == []
    assert list(objections(type_, DYNAMIC)) == []


@given(types=st.dictionaries(st.sampled_from("abc"), TYPES, max_size=3), added=TYPES)
def test_an_attribute_more_breaks_callers_only_if_it_is_required(types: dict[str, Type], added: Type) -> None:
    old = ObjectType(types)
    assert not list(objections(old, ObjectType({**types, "z": added}, frozenset("z"))))
    assert list(objections(old, ObjectType({**types, "z": added}))) == ["z must be given from now on"]


@given(old=TYPES, new=TYPES, outer=st.sampled_from([ListType, SetType, MapType]))
def test_what_breaks_inside_breaks_outside(old: Type, new: Type, outer: type[ListType]) -> None:
    assert bool(list(objections(outer(old), outer(new)))) == bool(list(objections(old, new)))
