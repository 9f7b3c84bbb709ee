"""Semantic versions as https://semver.org/spec/v2.0.0.html orders them, and those in tags."""

from __future__ import annotations

import pytest

from alexandria_scan.graph.semantic_version import tagged, version_of

ORDER = (
    "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",
    "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0",
)  # fmt: skip


def test_versions_are_in_the_order_of_the_standard() -> None:
    versions = [version for text in ORDER if (version := version_of(text)) is not None]
    assert [str(version) for version in sorted(versions)] == list(ORDER)


@pytest.mark.parametrize(
    "text", ["", "1", "1.2", "01.2.3", "1.2.3-", "1.2.3-01", "1.2.3.4", "one", "vv1.2.3", "1" * 300]
)
def test_anything_else_is_none(text: str) -> None:
    assert version_of(text) is None


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("v1.2.0", ("", "1.2.0")),
        ("1.2.0-beta.1", ("", "1.2.0-beta.1")),
        ("vpc/v1.2.0", ("vpc", "1.2.0")),
        ("modules/vpc/1.2.0", ("modules/vpc", "1.2.0")),
        ("vpc-standard-v1.2.0-rc.1", ("vpc-standard", "1.2.0-rc.1")),
        ("vpc@1.2.0+build.7", ("vpc", "1.2.0")),
        ("release_1.2.0", ("release", "1.2.0")),
        ("v1.2", None),
        ("nightly", None),
        ("v1.2.0/more", None),
    ],
)
def test_a_tag_names_a_module_and_its_version(tag: str, expected: tuple[str, str] | None) -> None:
    found = tagged(tag)
    assert (None if found is None else (found[0], str(found[1]))) == expected
