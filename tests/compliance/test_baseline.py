"""The baseline: what was there does not fail a scan, what is new does, wherever lines have gone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from alexandria_scan.compliance.baseline import (
    BaselineError,
    compared,
    entries_of,
    joined,
    read_baseline,
    shrunk,
    written,
)
from alexandria_scan.compliance.result import BaselineEntry, BaselineState
from alexandria_scan.policy.results import OriginStep, Result
from alexandria_scan.syntax.tree import Location

FOUND = Result(
    policy="aws_sg_open", title="t", severity="high", verdict="fail", address="aws_sg.main[0]",
    addresses=("aws_sg.main[0]",), root="modules/net", module="modules/net",
    location=Location("modules/net/main.tf", 12, 3, 12, 40), message="port 22 is open", attribute="ingress[0].cidr",
)  # fmt: skip
SECOND = replace(FOUND, location=Location("modules/net/main.tf", 20, 3), message="port 23", attribute="ingress[1].cidr")
# The same flaw as a root sees it that passes nothing; and one that the root brings about.
FROM_ROOT = replace(FOUND, root="prod", address="module.net.aws_sg.main[0]", addresses=("module.net.aws_sg.main[0]",))
PASSED = replace(FROM_ROOT, origin=(OriginStep("modules/net/main.tf", 12, "var.cidr"), OriginStep("prod/a.tf", 3, "x")))


def state(
    results: list[Result], known: list[Result], folder: Path = Path(), gone: bool = True
) -> tuple[list[str], BaselineState]:
    marked, told = compared(results, entries_of(known, folder), folder / "b.json", lambda entry: gone)
    return [one.baseline for one in marked], told


@pytest.mark.parametrize(
    "change",
    [
        {"location": Location("modules/net/groups.tf", 90, 1)},
        {"message": "port 24 is open"},
        {"address": "aws_sg.main[1]", "addresses": ("aws_sg.main[1]",)},
        {"attribute": "ingress[4].cidr"},
        {"severity": "low"},
    ],
    ids=lambda change: "+".join(change),
)
def test_what_moves_or_changes_a_little_is_known(change: dict[str, Any]) -> None:
    marks, told = state([replace(FOUND, **change)], [FOUND])
    assert marks == ["known"]
    assert (told.new, told.known, told.fixed) == (0, 1, ())


@pytest.mark.parametrize(
    "change",
    [{"policy": "other"}, {"module": "modules/b", "root": "modules/b"}, {"address": "aws_sg.b"}, {"attribute": "x"}],
    ids=lambda change: "+".join(change),
)
def test_another_flaw_is_new_and_the_first_one_is_fixed(change: dict[str, Any]) -> None:
    marks, told = state([replace(FOUND, **change)], [FOUND])
    assert marks == ["new"]
    assert (told.new, told.known) == (1, 0)
    assert [(entry.policy, entry.address, entry.count) for entry in told.fixed] == [("aws_sg_open", "aws_sg.main", 1)]


def test_a_second_flaw_of_the_same_kind_is_new() -> None:
    marks, told = state([FOUND, SECOND], [FOUND])
    assert marks == ["known", "new"]
    assert (told.new, told.known, told.fixed) == (1, 1, ())


def test_a_flaw_that_a_policy_finds_with_other_parameters_as_well_is_one() -> None:
    otherwise = replace(FOUND, parameters={"days": 30})
    assert state([FOUND, otherwise], [FOUND])[0] == ["known", "known"]
    assert state([FOUND], [FOUND, otherwise])[1].fixed == ()
    assert state([FOUND, replace(SECOND, parameters={"days": 30}), otherwise], [FOUND])[1].new == 1


def test_one_of_two_is_fixed() -> None:
    _, told = state([SECOND], [FOUND, SECOND])
    assert [entry.count for entry in told.fixed] == [1]


def test_a_flaw_of_a_module_is_one_however_many_roots_show_it() -> None:
    (entry,) = entries_of([FOUND, FROM_ROOT, replace(FROM_ROOT, root="stage", address="module.n.aws_sg.main")], Path())
    assert (entry.module, entry.address, entry.root, entry.count) == ("modules/net", "aws_sg.main", "modules/net", 1)
    assert state([FROM_ROOT], [FOUND])[0] == ["known"]


def test_what_a_caller_passes_is_the_callers_own_flaw() -> None:
    assert state([PASSED], [FOUND])[0] == ["new"]
    assert state([PASSED], [PASSED])[0] == ["known"]
    assert state([replace(PASSED, root="stage")], [PASSED])[0] == ["new"]
    (entry,) = entries_of([PASSED], Path())
    assert (entry.root, entry.address) == ("prod", "module.net.aws_sg.main")


def test_environments_do_not_add_up() -> None:
    both = [replace(FOUND, environment=name) for name in ("development", "production")]
    (entry,) = entries_of(both, Path())
    assert entry.count == 1
    assert state(both, [FOUND])[0] == ["known", "known"]


@pytest.mark.parametrize("verdict", ["unknown", "waived"])
def test_what_is_not_there_any_more_but_not_corrected_is_not_fixed(verdict: Any) -> None:
    marks, told = state([replace(FOUND, verdict=verdict)], [FOUND])
    assert marks == [""]
    assert (told.new, told.known, told.fixed) == (0, 0, ())


def test_what_was_not_looked_at_is_not_fixed() -> None:
    assert state([], [FOUND], gone=False)[1].fixed == ()


def test_paths_are_relative_to_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "modules").mkdir()
    monkeypatch.chdir(tmp_path)
    known = entries_of([FOUND], tmp_path)
    monkeypatch.chdir(tmp_path / "modules")
    inside = replace(FOUND, module="net", root="net", location=Location("net/main.tf", 12, 3))
    marked, told = compared([inside], known, tmp_path / "b.json", lambda entry: True)
    assert [one.baseline for one in marked] == ["known"]
    assert told.file == "../b.json"
    assert known[0].module == "modules/net"


def test_a_flaw_of_a_whole_module_is_known_from_every_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def whole(module: str) -> Result:
        return replace(FOUND, module=module, root=module, address=module, addresses=(module,), attribute="")

    monkeypatch.chdir(tmp_path)
    known = entries_of([whole("net")], tmp_path)
    (tmp_path / "net").mkdir()
    monkeypatch.chdir(tmp_path / "net")
    marked, _ = compared([whole(".")], known, tmp_path / "b.json", lambda entry: True)
    assert [one.baseline for one in marked] == ["known"]


def test_the_file_is_sorted_a_line_an_entry_and_read_back(tmp_path: Path) -> None:
    entries = entries_of([PASSED, SECOND, FOUND, replace(FOUND, policy="a")], Path())
    text = written(reversed(entries))
    assert text == written(entries)
    assert [line.split('"policy":')[1].split(",")[0] for line in text.splitlines()[3:-2]] == [
        '"a"', '"aws_sg_open"', '"aws_sg_open"',
    ]  # fmt: skip
    (tmp_path / "b.json").write_text(text)
    assert read_baseline(tmp_path / "b.json", "b.json") == entries
    assert read_baseline(_with(tmp_path, written([])), "b.json") == []


def test_it_shrinks_and_grows_as_it_is_told() -> None:
    (two,) = entries_of([FOUND, SECOND], Path())
    (one,) = entries_of([FOUND], Path())
    assert shrunk([two], [one]) == [one]
    assert shrunk([two], [two]) == []
    assert joined([one], [two]) == [two]
    assert joined([two], [one]) == [two]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is no baseline"),
        ("[]", "is no baseline"),
        ('{"version": 1}', "is no baseline"),
        ('{"version": 1, "entries": [{"module": 3}]}', "is no baseline"),
        ('{"version": 2, "entries": []}', "has version 2"),
        (
            '{"version": 1, "entries": [{"module":"","policy":"","address":"","attribute":"","root":"","count":0,'
            '"fingerprint":""}]}',
            "count is less than 1",
        ),
    ],
)
def test_a_file_that_is_no_baseline(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(BaselineError, match=sentence):
        read_baseline(_with(tmp_path, text), "b.json")
    with pytest.raises(BaselineError, match="cannot be read"):
        read_baseline(tmp_path / "missing.json", "missing.json")


def _with(folder: Path, text: str) -> Path:
    (folder / "b.json").write_text(text)
    return folder / "b.json"


def test_entries_are_made_of_what_the_schema_says() -> None:
    assert BaselineEntry.__struct_fields__ == (
        "module", "policy", "address", "attribute", "root", "count", "fingerprint", "standards", "environment",
    )  # fmt: skip
