"""What modules and registries say of themselves: read in every form, and every flaw told at its line."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.graph.changelog import releases
from alexandria_scan.graph.cycles import knots, way
from alexandria_scan.graph.layout import folder_name, migration_guides
from alexandria_scan.graph.library import Libraries
from alexandria_scan.graph.metadata import read_metadata
from alexandria_scan.graph.metadata_entry import Entry
from alexandria_scan.graph.registry import Registry, find_registry
from alexandria_scan.graph.registry_reading import read_registry
from alexandria_scan.graph.semantic_version import maturity_of, semantic
from alexandria_scan.source.folders import SourceTree
from alexandria_scan.syntax.tree import SourceText

MODULE = "module:\n  id: vpc\n  version: 1.0.0\n  maturity: beta\n  category: foundations/x\n  description: Network\n"


def metadata(folder: Path, data: str | bytes) -> Entry:
    (folder / ".alexandria.yaml").write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_metadata(SourceTree(folder), folder / ".alexandria.yaml", {})


def registry(folder: Path, data: str, *folders: str) -> Registry:
    for name in folders:
        (folder / name).mkdir(parents=True)
    (folder / "module-registry.yaml").write_text(data)
    texts: dict[str, SourceText] = {}
    return read_registry(SourceTree(folder), folder / "module-registry.yaml", texts)


def told(entry: Entry) -> list[tuple[str, int, str]]:
    return [(fault.kind, fault.location.line, fault.message) for fault in entry.faults]


def test_values_have_their_places_and_keys_without_a_value_are_null(tmp_path: Path) -> None:
    entry = metadata(tmp_path, MODULE + "  cost: {estimated_monthly_usd: 4.5}\n  features: [PITR, TTL]\n")
    assert (entry.text("version"), entry.place("version").line) == ("1.0.0", 3)
    assert entry.value("lifecycle", "removed") is None
    assert float(entry.value("cost", "estimated_monthly_usd")) == 4.5
    assert entry.value("features") == ("PITR", "TTL")
    assert (entry.place("features", 1).line, entry.place("features", 1).column) == (8, 20)
    assert told(entry) == []


def test_a_folder_without_the_file_has_no_metadata(tmp_path: Path) -> None:
    assert Libraries(SourceTree(tmp_path), [], tmp_path).describe(tmp_path).metadata is None


@pytest.mark.parametrize(
    ("text", "kind", "line", "message"),
    [
        ("  featurs: [a]\n", "unknown_key", 7, 'there is no key "featurs"; did you mean features?'),
        ("  cost:\n    monthly: 3\n", "unknown_key", 8, 'there is no key "monthly"'),
        ("  version: 1.1.0\n", "wrong_value", 7, "version stands here a second time"),
        ("  complexity: easy\n", "wrong_value", 7,
         'complexity is the text "easy", not one of beginner, intermediate, advanced'),
        ("  variable_count: '7'\n", "wrong_value", 7, 'variable_count is the text "7", not a whole number'),
        ("  variable_count: 7.5\n", "wrong_value", 7, "variable_count is 7.5, not a whole number"),
        ("  setup_time_minutes: true\n", "wrong_value", 7, "setup_time_minutes is true, not a number"),
        ("  setup_time_minutes: .nan\n", "wrong_value", 7, "setup_time_minutes is .nan, not a number"),
        ("  features: PITR\n", "wrong_value", 7, 'features is the text "PITR", not a list of texts'),
        ("  features: [[a]]\n", "wrong_value", 7, "features[0] is a list, not a text"),
        ("  cost: 3\n", "wrong_value", 7, "cost is 3, not a mapping"),
        ("  name: [a]\n", "wrong_value", 7, "name is a list, not a text"),
        ("  lifecycle:\n    removed: 2026-02-30\n", "wrong_value", 8,
         'lifecycle.removed is the text "2026-02-30", not a date like 2026-01-31'),
        ("  testing:\n    unit_tests: maybe\n", "wrong_value", 8,
         'testing.unit_tests is the text "maybe", not true or false'),
        ("  dependencies:\n    required_modules: [{name: a}, {}]\n", "wrong_value", 8,
         "dependencies.required_modules[1] is a mapping, not a text, or a mapping with id"),
    ],
)  # fmt: skip
def test_a_flaw_is_told_at_its_line(tmp_path: Path, text: str, kind: str, line: int, message: str) -> None:
    assert told(metadata(tmp_path, MODULE + text)) == [(kind, line, message)]


@pytest.mark.parametrize(
    ("data", "line"),
    [
        (b"", 1),
        (b"- a\n", 1),
        (b"module: vpc\n", 1),
        (b"modul:\n  id: vpc\n", 1),
        (b"module:\n\tid: a\n", 2),
        (b"\xff", 1),
    ],
)
def test_a_file_of_another_shape_cannot_be_read(tmp_path: Path, data: bytes, line: int) -> None:
    entry = metadata(tmp_path, data)
    assert [(fault.kind, fault.location.line) for fault in entry.faults] == [("unreadable", line)]
    assert entry.text("version") is None


def test_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    entry = metadata(tmp_path, MODULE.replace("\n", "\r\n") + "  featurs: [a]\r\n")
    assert [(kind, line) for kind, line, _ in told(entry)] == [("unknown_key", 7)]


def test_a_link_out_of_the_tree_is_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "vpc"
    folder.mkdir()
    (tmp_path / "outside.yaml").write_text(MODULE)
    (folder / ".alexandria.yaml").symlink_to(tmp_path / "outside.yaml")
    entry = read_metadata(SourceTree(folder), folder / ".alexandria.yaml", {})
    assert [fault.kind for fault in entry.faults] == ["unreadable"]


def test_a_folder_in_the_place_of_the_file_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / ".alexandria.yaml").mkdir()
    entry = read_metadata(SourceTree(tmp_path), tmp_path / ".alexandria.yaml", {})
    assert [fault.kind for fault in entry.faults] == ["unreadable"]


# --- registries

MAPPING = (
    "registry: {name: library}\nmodules:\n  - id: vpc\n    version: 1.0.0\n    path: net/vpc\n    variable_count: 7\n"
)
SHORT = "- vpc:\n  - version: 1.0.0\n  - category: net\n  - variable_count: 7\n  - estimated_monthly_usd: 5\n"
BY_ID = "modules:\n  vpc:\n    version: 1.0.0\n    path: net/vpc\n    variable_count: 7\n"
SHORT_IN_DOCUMENT = "modules:\n- vpc:\n    version: 1.0.0\n    category: net/x\n    variable_count: 7\n"


@pytest.mark.parametrize("text", [MAPPING, SHORT, BY_ID, SHORT_IN_DOCUMENT])
def test_an_entry_says_the_same_in_every_form(tmp_path: Path, text: str) -> None:
    found = registry(tmp_path, text, "net/vpc")
    (one,) = found.entries
    assert (one.id, one.entry.text("version"), one.entry.value("variable_count")) == ("vpc", "1.0.0", 7)
    assert one.folder == tmp_path / "net/vpc"
    assert not [fault for fault in one.entry.faults if fault.kind != "missing_key"]


def test_the_short_form_has_keys_of_inner_mappings(tmp_path: Path) -> None:
    (one,) = registry(tmp_path, SHORT).entries
    assert one.entry.value("cost", "estimated_monthly_usd") == 5
    assert one.entry.place("cost", "estimated_monthly_usd").line == 5


@pytest.mark.parametrize("path", ["vpc", "library/vpc", "components/library/vpc", "./vpc/"])
def test_a_path_is_found_from_the_library_and_from_above(tmp_path: Path, path: str) -> None:
    (tmp_path / "components/library/vpc").mkdir(parents=True)
    catalogue = tmp_path / "components/library/_catalog"
    catalogue.mkdir()
    (catalogue / "module-registry.yaml").write_text(f"modules:\n  - id: vpc\n    path: {path}\n")
    found = read_registry(SourceTree(tmp_path), catalogue / "module-registry.yaml", {})
    assert found.base == tmp_path / "components/library"
    assert found.entries[0].folder == tmp_path / "components/library/vpc"


@pytest.mark.parametrize("path", ["../..", "/etc", "'a\\0b'", "nothing", "'" + "x" * 5000 + "'"])
def test_a_path_to_nowhere_or_outside_has_no_folder(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "library"
    folder.mkdir()
    found = registry(folder, f"modules:\n  - id: vpc\n    path: {path}\n")
    assert found.entries[0].folder is None


def test_the_second_of_two_entries_with_one_id_knows_the_first(tmp_path: Path) -> None:
    first, second = registry(tmp_path, "modules:\n  - id: a\n    path: x\n  - id: a\n    path: y\n").entries
    assert (first.first, second.first) == (None, first)


@pytest.mark.parametrize(
    "text",
    ["", "hello", "modules: hello", "registry: {}\n", "modules:\n", "modules: [1, {a: 1}, [b], {}]", "- - a", "a: [",
     "registry: 7\nmodules: []", "modules: {a: 1}", "- {? [a] : b}\n", "modules:\n  - ~\n"],
)  # fmt: skip
def test_a_registry_of_any_shape_is_read(tmp_path: Path, text: str) -> None:
    found = registry(tmp_path, text)
    faults = [*found.about.faults, *(fault for one in found.entries for fault in one.entry.faults)]
    assert all(fault.location.line >= 1 and fault.message for fault in faults)
    assert faults or not text.strip() or found.entries == []


def test_the_registry_above_is_found_up_to_the_boundary(tmp_path: Path) -> None:
    inner = tmp_path / "repository/library/vpc"
    inner.mkdir(parents=True)
    source = SourceTree(tmp_path / "repository")
    (tmp_path / "module-registry.yaml").write_text("")
    assert find_registry(source, inner) is None
    (tmp_path / "repository/_catalog").mkdir()
    (tmp_path / "repository/_catalog/module-registry.yml").write_text("")
    assert find_registry(source, inner) == tmp_path / "repository/_catalog/module-registry.yml"


# --- versions and cycles


def test_releases_of_a_changelog() -> None:
    windows = "# Log\r\n\r\n## [Unreleased]\r\n\r\n## [1.0.0] - 2026-01-31\r\n\r\n- Faster\r\n"
    found = releases(windows + "\n## v0.9.0 (2026-01-01)\n## 0.8.0\n")
    assert [(one.version, one.date, one.line) for one in found] == [
        ("1.0.0", "2026-01-31", 5), ("0.9.0", "2026-01-01", 9), ("0.8.0", None, 10),
    ]  # fmt: skip
    assert found[0].text.strip() == "- Faster"


def test_a_release_is_a_heading_in_whatever_form_and_no_line_of_code() -> None:
    text = "## [2.0.0](https://example.com/2) (2026-02-01)\n\n```md\n## 9.9.9\n```\n\n### 1.1.0: a\n\n1.0.0\n-----\n"
    assert [(one.version, one.date, one.line) for one in releases(text)] == [
        ("2.0.0", "2026-02-01", 1), ("1.1.0", None, 7), ("1.0.0", None, 9),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("version", "maturity"),
    [("0.1.0", "alpha"), ("1.0.0-alpha.1", "alpha"), ("1.0.0-beta.3", "beta"), ("2.0.0-rc.1", "beta"),
     ("1.0.0", "stable"), ("1.0.0+build.7", "stable"), ("1.0", None), ("v1.0.0", None), ("01.0.0", None),
     ("1.0.0-01", None), ("1" * 300, None)],
)  # fmt: skip
def test_what_a_version_says_of_maturity(version: str, maturity: str | None) -> None:
    assert maturity_of(version) == maturity
    assert semantic(version) is (maturity is not None)


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=24))
def test_knots_are_the_nodes_that_reach_themselves(pairs: list[tuple[int, int]]) -> None:
    edges = {node: [end for start, end in pairs if start == node] for node in range(8)}

    def reached(start: int) -> set[int]:
        found: set[int] = set()
        waiting = list(edges[start])
        while waiting:
            node = waiting.pop()
            if node not in found:
                found.add(node)
                waiting += edges[node]
        return found

    reach: dict[int, Any] = {node: reached(node) for node in edges}
    found = knots(edges)
    assert set(found) == {node for node in edges if node in reach[node]}
    for one in found:
        assert {other for other in found if found[other] == found[one]} == {
            other for other in edges if other in reach[one] and one in reach[other]
        }
        for end in [other for other in edges[one] if found.get(other) == found[one]]:
            steps = way(edges, end, one, found)
            assert steps is not None
            assert (steps[0], steps[-1]) == (end, one)
            assert all(after in edges[before] for before, after in pairwise(steps))


def test_documents_whose_names_say_how_to_migrate_are_guides(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for name in ("UPGRADE-2.0.md", "docs/UPGRADE-3.0.md", "docs/migration-to-sqs.md", "docs/how-to-upgrade.md"):
        (tmp_path / name).write_text("# Guide\n")
    for name in ("README.md", "docs/upgrades.md", "docs/emigration.md", "docs/UPGRADE-3.0.txt", "docs/policy.md"):
        (tmp_path / name).write_text("# No guide\n")
    assert migration_guides(Evaluation(SourceTree(tmp_path)), tmp_path) == (
        "UPGRADE-2.0.md", "docs/UPGRADE-3.0.md", "docs/how-to-upgrade.md", "docs/migration-to-sqs.md",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("modules/vpc-basic", "vpc-basic"),
        ("modules/vpc-basic/v1.0.0", "vpc-basic"),
        ("modules/vpc-basic/1.0.0-beta.1", "vpc-basic"),
        ("../vpc", "vpc"),
        ("v1.0.0", None),
        (".", None),
        ("../..", None),
    ],
)
def test_a_folder_that_is_called_after_a_version_has_the_name_of_the_one_above(path: str, name: str | None) -> None:
    assert folder_name(path) == name
