"""A file is parsed once for all who ask for it, unless it has changed, has problems, or there is no room to keep it."""

from __future__ import annotations

from pathlib import Path

from alexandria_scan.evaluate import parsed_files
from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.parsed_files import ParsedFiles
from alexandria_scan.evaluate.values import Reason
from alexandria_scan.source.folders import SourceTree

LOCAL = b'locals {\n  a = "1"\n}\n'


def test_the_same_file_is_parsed_once() -> None:
    files = ParsedFiles()
    first = files.file("main.tf", LOCAL)
    assert files.file("main.tf", LOCAL) is first
    assert files.file("other.tf", LOCAL) is not first


def test_a_file_that_has_changed_is_parsed_again() -> None:
    files = ParsedFiles()
    files.file("main.tf", LOCAL)
    assert files.file("main.tf", b"").body.blocks == []
    assert len(files.file("main.tf", LOCAL).body.blocks) == 1


def test_the_first_files_are_kept_as_long_as_there_is_room() -> None:
    size = parsed_files._KEPT // 2 - 50
    text = LOCAL + b"#" * (size - len(LOCAL))
    files = ParsedFiles()
    one, two, three = (files.file(f"{n}.tf", text) for n in range(3))
    assert files.file("0.tf", text) is one
    assert files.file("1.tf", text) is two
    assert files.file("2.tf", text) is not three
    assert files.config("", [three]) is not files.config("", [three]), "it would keep the file"
    files.file("0.tf", LOCAL)
    three = files.file("2.tf", text)
    assert files.file("2.tf", text) is three, "there is room again"


def test_a_file_that_begins_with_a_mark_is_parsed_once() -> None:
    files = ParsedFiles()
    first = files.file("main.tf", b"\xef\xbb\xbf" + LOCAL)
    assert files.file("main.tf", b"\xef\xbb\xbf" + LOCAL) is first


def test_every_evaluation_tells_of_the_problems_that_it_has_met_itself(tmp_path: Path) -> None:
    """An interpolation of nothing comes to light when the expression is read."""
    (tmp_path / "main.tf").write_text('resource "terraform_data" "a" {\n  input = "${}"\n}\n', "utf-8")
    files, told = ParsedFiles(), []
    for reads in (True, False, True):
        evaluation = Evaluation(SourceTree(tmp_path), parsed=files)
        root = evaluation.root(tmp_path)
        assert root is not None
        if reads:
            next(iter(root.instances(("managed", "terraform_data", "a")).values())).configured("input")
        evaluation.add_syntax_problems()
        told.append(len(evaluation.problems))
    assert told == [1, 0, 1]


def test_what_the_same_files_declare_is_found_out_once() -> None:
    files = ParsedFiles()
    parsed = [files.file("x/main.tf", LOCAL)]
    first = files.config("x", parsed)
    assert list(first.locals) == ["a"]
    assert files.config("x", [files.file("x/main.tf", LOCAL)]) is first
    assert list(files.config("x", [files.file("x/main.tf", LOCAL.replace(b" a", b" b"))]).locals) == ["b"]
    reason = Reason("x/other.tf", "could not be read as a whole")
    assert files.config("x", parsed, (reason,)).unread == (reason,)
    parsed = [files.file("x/main.tf", LOCAL), files.file("x/other.tf", b'output "o" {\n}\n')]
    assert list(files.config("x", parsed).outputs) == ["o"]
    assert list(files.config("x", parsed[:1]).outputs) == []
