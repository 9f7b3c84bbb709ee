"""YAML of strangers: read with its places, and what is wrong is a sentence with a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexandria_scan.source.yaml_document import MAX_BYTES, YamlFault, YamlNode, duplicates, read_yaml


def read(data: bytes) -> YamlNode:
    node = read_yaml(data)
    assert node is not None
    return node


def test_every_node_has_its_place() -> None:
    node = read(b"module:\n  id: vpc\n  tags: [a, b]\n")
    module = node.get("module")
    assert module is not None
    (key, value), (_, tags) = module.entries
    assert (key.text, key.line, key.column) == ("id", 2, 3)
    assert (value.text, value.line, value.column, value.end_column) == ("vpc", 2, 7, 10)
    assert [(item.text, item.line, item.column) for item in tags.items] == [("a", 3, 10), ("b", 3, 13)]


@pytest.mark.parametrize("data", [b"a: 1\r\nb: 2\r\n", b"\xef\xbb\xbfa: 1\nb: 2\n"], ids=["windows", "byte order mark"])
def test_line_ends_and_byte_order_marks_change_nothing(data: bytes) -> None:
    assert [(key.text, value.value, key.line) for key, value in read(data).entries] == [("a", 1, 1), ("b", 2, 2)]


def test_what_is_written_stays_beside_what_it_means() -> None:
    node = read(b"a: 1.0\nb: 2026-13-45\nc: !unknown x\nd: ~\n")
    assert [(value.text, value.value) for _, value in node.entries] == [
        ("1.0", 1.0), ("2026-13-45", "2026-13-45"), ("x", "x"), ("~", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"a:\n  b: 1\n c: 2\n", 3, "expected"),
        (b"a: [1, 2\nb: 3\n", 2, "expected"),
        (b"a:\n\tb: 1\n", 2, "cannot start any token"),
        (b"a: \xff\n", 1, "UTF-8"),
        (b"a: 1\nb: \x00\n", 2, "character"),
        (b"a: &x 1\nb: *x\n", 0, "aliases"),
        (b"[" * 100 + b"]" * 100, 1, "deeply"),
        (b"[" * 100_000, 0, "deeply|expected"),
        (b"#" * (MAX_BYTES + 1), 0, "larger"),
    ],
)
def test_what_cannot_be_read_is_said_with_its_line(data: bytes, line: int, words: str) -> None:
    with pytest.raises(YamlFault, match=words) as told:
        read_yaml(data)
    assert not line or told.value.line == line


def test_an_empty_file_holds_nothing() -> None:
    assert read_yaml(b"") is None
    assert read_yaml(b"# nothing\n") is None


def test_keys_that_stand_twice() -> None:
    assert [key.line for key in duplicates(read(b"a: 1\nb: 2\na: 3\n").entries)] == [3]


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read_yaml(data)
    except YamlFault as fault:
        assert fault.message
