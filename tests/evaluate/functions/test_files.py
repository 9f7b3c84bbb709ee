"""Files are read in the scanned folder only."""

from __future__ import annotations

from pathlib import Path

import pytest

from alexandria_scan.evaluate.errors import EvalError, LimitExceeded
from alexandria_scan.evaluate.functions.call import call
from alexandria_scan.evaluate.functions.signature import Context
from alexandria_scan.evaluate.types import STRING
from alexandria_scan.evaluate.values import Marked, Unknown, Value
from tests.evaluate.functions.test_call import no_template


@pytest.fixture
def context(tmp_path: Path) -> Context:
    """scanned/root is evaluated, scanned is the boundary; a secret lies beside it."""
    root = tmp_path / "scanned" / "root"
    (root / "sub").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("secret")
    (tmp_path / "scanned" / "shared.txt").write_text("shared")
    (root / "own.txt").write_text("own")
    (root / "sub" / "deep.txt").write_text("deep")
    (root / "link.txt").symlink_to(tmp_path / "secret.txt")
    (root / "inner.txt").symlink_to(root / "own.txt")
    (root / "away").symlink_to(tmp_path)
    (root / "sub" / "circle").symlink_to(root)
    return Context(root, tmp_path / "scanned", no_template)


def run(context: Context, name: str, *arguments: Value) -> Value:
    return call(name, list(arguments), context)


@pytest.mark.parametrize("path", ["own.txt", "./sub/../own.txt", "inner.txt", "sub/circle/own.txt"])
def test_a_file_of_the_tree(context: Context, path: str) -> None:
    assert run(context, "file", path) == "own"
    assert run(context, "fileexists", path) is True


def test_a_file_above_the_root_but_inside_of_the_scanned_folder(context: Context) -> None:
    assert run(context, "file", "../shared.txt") == "shared"


@pytest.mark.parametrize(
    "path", ["/etc/passwd", "../../secret.txt", "link.txt", "away/secret.txt", "~/.ssh/id_rsa", "~"]
)
@pytest.mark.parametrize("name", ["file", "filebase64", "fileexists", "filemd5", "filebase64sha256", "templatefile"])
def test_a_file_outside_is_never_read(context: Context, name: str, path: str) -> None:
    arguments: list[Value] = [path, {}] if name == "templatefile" else [path]
    with pytest.raises(LimitExceeded, match="outside the scanned folder"):
        call(name, arguments, context)


def test_a_path_that_climbs_past_the_root_of_the_disk(context: Context) -> None:
    with pytest.raises(LimitExceeded):
        run(context, "file", "../" * 100 + "etc/passwd")


@pytest.mark.parametrize("pattern", ["**", "**/*.txt", "*"])
def test_a_file_set_does_not_follow_links_out_or_in_circles(context: Context, pattern: str) -> None:
    with pytest.raises(LimitExceeded):
        run(context, "fileset", ".", pattern)
    (context.directory / "link.txt").unlink()
    (context.directory / "away").unlink()
    assert "own.txt" in run(context, "fileset", ".", pattern)


def test_a_file_set_outside(context: Context) -> None:
    for folder in ("/etc", "../..", "away"):
        with pytest.raises(LimitExceeded):
            run(context, "fileset", folder, "*")


def test_a_path_with_a_nul_is_no_file(context: Context) -> None:
    with pytest.raises(EvalError, match="no file exists"):
        run(context, "file", "own.txt\0")


def test_what_depends_on_the_machine_is_unknown(context: Context) -> None:
    for name, path in (("abspath", "own.txt"), ("pathexpand", "~/x")):
        result = run(context, name, path)
        assert isinstance(result, Unknown)
        assert result.reasons


def _end(value: Value) -> str:
    assert isinstance(value, Unknown)
    return value.suffix


def test_an_absolute_path_ends_as_the_relative_one(context: Context) -> None:
    assert _end(run(context, "abspath", "sub/../own.txt")) == "/root/own.txt"
    assert _end(run(context, "abspath", ".")) == "/root"
    assert _end(run(context, "abspath", "../shared.txt")) == ""


def test_a_root_that_is_reached_by_a_link_has_no_known_name(context: Context, tmp_path: Path) -> None:
    """Terraform says `link` after `cd link` and `root` with `-chdir=link`."""
    (tmp_path / "link").symlink_to(context.directory)
    linked = Context(tmp_path / "link", tmp_path, no_template)
    assert _end(run(linked, "abspath", ".")) == ""
    assert _end(run(linked, "abspath", "own.txt")) == "/own.txt"


@pytest.mark.parametrize(
    ("end", "folder"), [("/a/b", "/a"), ("/b", ""), ("b", ""), ("/a/../b", ""), ("/a//b", ""), ("/a/b/", "")]
)
def test_the_folder_of_a_path_that_only_ends_known(context: Context, end: str, folder: str) -> None:
    assert _end(run(context, "dirname", Unknown(STRING, (), True, suffix=end))) == folder


def test_an_absolute_path_that_ends_with_a_slash_loses_it(context: Context) -> None:
    assert _end(run(context, "abspath", Unknown(STRING, (), True, suffix="/"))) == ""


def test_a_sensitive_path_is_not_shown(context: Context) -> None:
    with pytest.raises(EvalError) as raised:
        run(context, "file", Marked("hidden.txt"))
    assert "hidden.txt" not in raised.value.detail
