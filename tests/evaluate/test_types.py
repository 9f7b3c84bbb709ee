"""Types are compared by what values they take."""

from __future__ import annotations

from alexandria_scan.evaluate.types import NUMBER, STRING, ListType, ObjectType


def test_the_defaults_of_optional_attributes_are_no_part_of_a_type() -> None:
    one, other = (ObjectType({"a": STRING}, frozenset("a"), {"a": text}) for text in ("one", "two"))
    assert one == other
    assert (one != other) is False
    assert ListType(one) == ListType(other)
    assert len({one, other}) == 1


def test_attributes_and_which_are_optional_are() -> None:
    known = ObjectType({"a": STRING})
    for other in (
        ObjectType({"a": NUMBER}),
        ObjectType({"b": STRING}),
        ObjectType({"a": STRING}, frozenset("a")),
        STRING,
    ):
        assert known != other
        assert (known == other) is False
