"""`alexandria-scan diff` as a user starts it: folders, git references, versions, exit status."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from alexandria_scan.source.git import extract
from tests.conftest import ROOT, Run

ENOUGH, TOO_SMALL, USAGE, INCOMPLETE = 0, 1, 2, 3
ONE = """\
variable "name" {
  type    = string
  default = "a"
}

resource "terraform_data" "this" {
  input = var.name
}
"""
MORE = ONE + '\nvariable "size" {\n  type    = number\n  default = 1\n}\n'
LESS = 'resource "terraform_data" "this" {\n  input = "a"\n}\n'


def written(folder: Path, text: str, version: str = "", changelog: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "main.tf").write_text(text, "utf-8")
    if version:
        (folder / ".alexandria.yaml").write_text(f"module:\n  version: {version}\n", "utf-8")
    if changelog:
        (folder / "CHANGELOG.md").write_text(
            f"# Changelog\n\n## [Unreleased]\n\n## [{changelog}] - 2026-01-01\n", "utf-8"
        )
    return folder


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", folder, *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A library of one module, v1.0.0, and an optional input more in the working tree."""
    folder = tmp_path / "library"
    written(folder / "modules" / "vault", ONE)
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "One")
    git(folder, "tag", "v1.0.0")
    written(folder / "modules" / "vault", MORE)
    return folder


# The bump


@pytest.mark.parametrize(
    ("text", "versions", "status", "sentence"),
    [
        (MORE, ("1.0.0", "1.1.0"), ENOUGH, "Calls for a minor bump; 1.0.0 to 1.1.0 is a minor bump"),
        (MORE, ("1.0.0", "1.0.1"), TOO_SMALL, "The bump is too small: minor is called for, a patch bump was made"),
        (MORE, ("1.0.0", "1.0.0"), TOO_SMALL, "minor is called for, no bump was made (it is still 1.0.0)"),
        (MORE, ("1.1.0", "1.0.0"), TOO_SMALL, "The version went back from 1.1.0 to 1.0.0"),
        (LESS, ("1.0.0", "2.0.0"), ENOUGH, "Calls for a major bump; 1.0.0 to 2.0.0 is a major bump"),
        (LESS, ("1.0.0", "1.1.0"), TOO_SMALL, "major is called for, a minor bump was made"),
        (LESS, ("0.1.0", "0.2.0"), ENOUGH, "below 1.0.0, a minor bump may break callers"),
        (LESS, ("0.1.0", "0.1.1"), TOO_SMALL, "minor is called for, a patch bump was made"),
        (MORE, ("0.1.0", "0.1.1"), ENOUGH, "below 1.0.0"),
        (LESS, ("0.9.0", "1.0.0"), ENOUGH, "0.9.0 to 1.0.0 is a major bump"),
        (LESS, ("2.0.0-beta.1", "2.0.0-beta.2"), ENOUGH, "2.0.0-beta.1 to 2.0.0-beta.2 is a major bump"),
        (LESS, ("1.1.0-beta.1", "1.1.0"), TOO_SMALL, "major is called for, a minor bump was made"),
        (LESS, ("2.0.0", "2.0.0-beta.2"), TOO_SMALL, "went back"),
        (ONE, ("1.0.0", "1.0.0"), ENOUGH, "Nothing changed for callers."),
    ],
)
def test_the_bump_is_judged(
    run: Run, tmp_path: Path, text: str, versions: tuple[str, str], status: int, sentence: str
) -> None:
    written(tmp_path / "old", ONE, versions[0])
    written(tmp_path / "new", text, versions[1])
    outcome = run("diff", "old", "new", "--width", "160")
    said = " ".join(outcome.out.split())
    assert sentence in said
    assert f"Exit status {status}." in said
    assert outcome.status == status


def test_versions_come_from_the_command_line_the_metadata_or_the_change_log(run: Run, tmp_path: Path) -> None:
    written(tmp_path / "old", ONE, "1.0.0", "0.5.0")
    written(tmp_path / "new", MORE, changelog="1.1.0")
    outcome = run("diff", "old", "new")
    assert "1.0.0 to 1.1.0 is a minor bump, by .alexandria.yaml and CHANGELOG.md." in outcome.out
    outcome = run("diff", "old", "new", "--old-version", "3.0.0", "--new-version", "3.0.1")
    assert "3.0.0 to 3.0.1 is a patch bump, by the command line." in outcome.out
    assert outcome.status == TOO_SMALL


def test_without_versions_the_comparison_is_incomplete(run: Run, tmp_path: Path) -> None:
    written(tmp_path / "old", ONE)
    written(tmp_path / "new", MORE)
    outcome = run("diff", "old", "new")
    assert outcome.status == INCOMPLETE
    assert "the versions are not known: give --old-version and --new-version" in " ".join(outcome.out.split())


@pytest.mark.parametrize("text", ["module: [1]", "[", "module:\n  version: {a: 1}", "\xff", "module:\n  version: one"])
def test_metadata_of_the_wrong_shape_has_no_version(run: Run, tmp_path: Path, text: str) -> None:
    for name, body in (("old", ONE), ("new", MORE)):
        written(tmp_path / name, body)
        (tmp_path / name / ".alexandria.yaml").write_bytes(text.encode("latin-1"))
        (tmp_path / name / "CHANGELOG.md").write_bytes(b"## \xff\r\n## 1.0.0\r\n")
    outcome = run("diff", "old", "new")
    assert outcome.status == TOO_SMALL
    assert "by CHANGELOG.md" in outcome.out


# What is compared


def test_since_a_tag(run: Run, repository: Path) -> None:
    outcome = run("diff", "--since", "v1.0.0", "library/modules/vault", "--new-version", "1.1.0")
    assert "var.size is new, and optional" in outcome.out
    assert "1.0.0 to 1.1.0 is a minor bump" in outcome.out
    assert outcome.status == ENOUGH


def test_a_reference_with_a_path_and_one_without(run: Run, repository: Path) -> None:
    git(repository, "commit", "-q", "-a", "-m", "Two")
    git(repository, "tag", "v1.1.0")
    both = run("diff", "git:v1.0.0:modules/vault", "git:v1.1.0:modules/vault", cwd=repository)
    assert "var.size is new" in both.out
    assert both.status == ENOUGH
    beside = run("diff", "git:v1.0.0", ".", "--new-version", "1.1.0", cwd=repository / "modules" / "vault")
    assert "var.size is new" in beside.out


def test_the_modules_of_a_library_are_matched_by_path(run: Run, repository: Path) -> None:
    written(repository / "modules" / "safe", ONE)
    written(repository / "modules" / "vault" / "examples" / "complete", LESS)
    outcome = run("diff", "--since", "v1.0.0", "library", "--new-version", "1.1.0")
    assert "2 modules" in outcome.out
    assert "modules/safe is new" in outcome.out
    assert "examples" not in outcome.out
    shutil.rmtree(repository / "modules" / "vault")
    outcome = run("diff", "--since", "v1.0.0", "library", "--new-version", "1.1.0")
    assert "modules/vault is removed" in outcome.out
    assert outcome.status == TOO_SMALL


def test_nothing_is_left_behind_or_changed(run: Run, repository: Path, tmp_path: Path) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    run("diff", "--since", "v1.0.0", "library", env={"TMPDIR": str(temporary)})
    assert list(temporary.iterdir()) == []
    status = subprocess.run(["git", "-C", repository, "status", "--porcelain"], capture_output=True, text=True)
    assert status.stdout == " M modules/vault/main.tf\n"


def test_places_are_those_in_the_module(run: Run, repository: Path) -> None:
    written(repository / "modules" / "vault", LESS)
    outcome = run("diff", "--since", "v1.0.0", "library", "--new-version", "2.0.0", "--format", "json")
    (module,) = json.loads(outcome.out)["modules"]
    (removed,) = [change for change in module["changes"] if change["rule"] == "input_removed"]
    assert removed["old"]["file"] == "modules/vault/main.tf"
    assert removed["old"]["line"] == 1
    assert removed["new"] is None


# Controls


def test_a_weaker_default_is_told(run: Run, tmp_path: Path) -> None:
    table = (
        'variable "protected" {{\n  type    = bool\n  default = {}\n}}\n\nresource "aws_dynamodb_table" "this" {{\n'
        '  name                        = "t"\n  deletion_protection_enabled = var.protected\n}}\n'
    )
    written(tmp_path / "old", table.format("true"), "1.0.0")
    written(tmp_path / "new", table.format("false"), "2.0.0")
    outcome = run("diff", "old", "new", "--width", "200")
    assert "Weaker than before" in outcome.out
    assert "[aws_dynamodb_table_deletion_unprotected]" in outcome.out
    assert "alexandria-module-standards-1.0.0/AMS-SEC-05" in outcome.out
    assert "Weaker than before" not in run("diff", "new", "old").out


def test_what_callers_can_turn_off_from_now_on_is_told(run: Run, tmp_path: Path) -> None:
    table = 'resource "aws_dynamodb_table" "this" {{\n  name = "t"\n  deletion_protection_enabled = {}\n}}\n'
    variable = 'variable "protected" {\n  type    = bool\n  default = true\n}\n'
    written(tmp_path / "old", table.format("true"), "1.0.0")
    written(tmp_path / "new", variable + table.format("var.protected"), "1.1.0")
    outcome = run("diff", "old", "new", "--width", "200")
    assert "callers can turn it off now, with var.protected" in outcome.out
    assert outcome.status == ENOUGH


# Reports


def test_secrets_are_not_printed(run: Run) -> None:
    folder = ROOT / "fixtures" / "diff" / "input_default_changed-sensitive"
    for format_ in ("text", "json", "markdown"):
        outcome = run("diff", folder / "old", folder / "new", "--format", format_)
        assert "one-secret" not in outcome.said
        assert "other-secret" not in outcome.said
        assert "sensitive value" in outcome.said


def test_the_value_of_a_hidden_argument_is_not_printed(run: Run, tmp_path: Path) -> None:
    parameter = 'resource "aws_ssm_parameter" "p" {\n  name  = "n"\n  type  = "SecureString"\n  value = var.x\n}\n'
    for name in ("old", "new"):
        written(tmp_path / name, f'variable "x" {{\n  default = "S3CRET-{name}"\n}}\n{parameter}')
    outcome = run("diff", "old", "new", "--width", "200")
    assert "aws_ssm_parameter.p.value becomes (sensitive value) instead of (sensitive value)" in outcome.out
    assert "S3CRET" not in outcome.said


def test_text_of_a_module_is_no_markup_and_no_escape(run: Run, tmp_path: Path) -> None:
    output = 'output "y" {\n  value = "a"\n}\n'
    written(tmp_path / "old", output + 'variable "x" {\n  default = "a"\n}\n' + LESS.replace('"a"', "var.x"))
    new = "<b>|*[x](http://y)*\\u001b[31m"
    written(tmp_path / "new", output + f'variable "x" {{\n  default = "{new}"\n}}\n' + LESS.replace('"a"', "var.x"))
    for format_ in ("text", "markdown", "json"):
        assert "\x1b" not in run("diff", "old", "new", "--format", format_).out
    markdown = run("diff", "old", "new", "--format", "markdown").out
    assert r"\<b\>\|\*\[x\](http://y)\*" in markdown


def test_two_runs_print_the_same_bytes(run: Run, repository: Path) -> None:
    for format_ in ("text", "json", "markdown"):
        arguments = ("diff", "--since", "v1.0.0", "library", "--format", format_)
        assert run(*arguments, env={"PYTHONHASHSEED": "1"}) == run(*arguments, env={"PYTHONHASHSEED": "2"})


def test_lines_keep_to_the_width(run: Run, repository: Path) -> None:
    written(repository / "modules" / "vault", LESS)
    for width in (80, 120):
        out = run("diff", "--since", "v1.0.0", "library", "--width", str(width)).out
        assert max(map(len, out.splitlines())) <= width


# Wrong use


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["old"], "diff takes two paths, not 1."),
        (["old", "old", "old"], "diff takes two paths, not 3."),
        (["--since", "v1", "old", "old"], "diff --since takes one path."),
        (["old", "nowhere"], "nowhere is not a folder."),
        (["old", "old", "--new-version", "two"], "'two' is not a semantic version."),
        (["old", "empty"], "empty holds no module."),
        (["git:v1.0.0", "old"], "not a git repository"),
    ],
)
def test_wrong_use_says_what_is_wrong(run: Run, tmp_path: Path, arguments: list[str], sentence: str) -> None:
    written(tmp_path / "old", ONE)
    (tmp_path / "empty").mkdir()
    outcome = run("diff", *arguments, env={"GIT_CEILING_DIRECTORIES": str(tmp_path.parent)})
    assert outcome.status == USAGE
    assert sentence in outcome.err
    assert len(outcome.err.splitlines()) == 2


@pytest.mark.parametrize(
    ("reference", "sentence"),
    [
        ("git:nowhere", "There is no commit 'nowhere'"),
        ("git:", "'' is not a git reference."),
        ("git:--output=x", "'--output=x' is not a git reference."),
        ("git:v1.0.0:nowhere", "There is no folder nowhere at v1.0.0."),
        ("git:v1.0.0:../..", "There is no folder"),
    ],
)
def test_a_wrong_reference_says_what_is_wrong(run: Run, repository: Path, reference: str, sentence: str) -> None:
    outcome = run("diff", reference, "library")
    assert outcome.status == USAGE
    assert sentence in outcome.err


def test_the_tags_that_modules_have_for_a_version_are_suggested(run: Run, repository: Path) -> None:
    for name in ("a", "b", "c", "d"):
        git(repository, "tag", f"{name}/v2.0.0")
    git(repository, "tag", "vault/v1.2.3")
    git(repository, "tag", "other-v1.2.3")
    one = run("diff", "--since", "v1.2.3", "library")
    assert one.status == USAGE
    assert "Modules have tags of their own here: 'vault/v1.2.3'." in one.err
    assert "'a/v2.0.0', 'b/v2.0.0', 'c/v2.0.0' and 1 more." in run("diff", "--since", "v2.0.0", "library").err
    assert "git fetch --tags --unshallow" in run("diff", "--since", "v3.0.0", "library").err


def test_without_git_it_says_so(run: Run, repository: Path, tmp_path: Path) -> None:
    outcome = run("diff", "git:v1.0.0", "library", env={"PATH": str(tmp_path)})
    assert outcome.status == USAGE
    assert "There is no git command." in outcome.err


def test_what_cannot_be_read_makes_it_incomplete(run: Run, tmp_path: Path) -> None:
    written(tmp_path / "old", ONE, "1.0.0")
    written(tmp_path / "new", ONE + 'variable "y" {\n  type = strin\n}\nresource "a" {', "2.0.0")
    outcome = run("diff", "old", "new")
    assert outcome.status == INCOMPLETE
    assert "Problems" in outcome.out
    assert "main.tf:" in outcome.out


def test_what_may_stand_in_an_unread_file_is_not_called_removed(run: Run, tmp_path: Path) -> None:
    for side in ("old", "new"):
        written(tmp_path / side, ONE, "1.0.0")
        (tmp_path / side / "more.tf").write_text('variable "x" {\n  type = string\n}\n', "utf-8")
    (tmp_path / "new" / "more.tf").write_bytes(b'variable "\xff')
    gone = run("diff", "old", "new")
    assert "var.x is not in what could be read of the new version" in gone.out
    assert "is removed" not in gone.out
    assert "Weaker" not in gone.out
    assert gone.status == INCOMPLETE
    came = run("diff", "new", "old")
    assert "var.x is not in what could be read of the old version" in came.out
    assert "Breaks callers" not in came.out


def lose(repository: Path, file: str) -> None:
    """Takes what a file holds at HEAD out of the repository, as a partial clone may lack it."""
    asked = subprocess.run(["git", "-C", repository, "rev-parse", f"HEAD:{file}"], capture_output=True, text=True)
    name = asked.stdout.strip()
    (repository / ".git" / "objects" / name[:2] / name[2:]).unlink()


@pytest.fixture
def halved(repository: Path) -> Path:
    """The library with a second file in its module and one beside the modules, all committed as v1.1.0."""
    vault = repository / "modules" / "vault"
    (vault / "more.tf").write_text('output "name" {\n  value = "a"\n}\n', "utf-8")
    (vault / "README.md").write_text("# vault\n", "utf-8")
    (repository / "logo.svg").write_text("<svg/>\n", "utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "More")
    git(repository, "tag", "v1.1.0")
    return repository


def test_what_the_repository_lacks_is_told_and_the_rest_compared(run: Run, halved: Path) -> None:
    lose(halved, "modules/vault/more.tf")
    written(halved / "modules" / "vault", LESS)
    outcome = run("diff", "--since", "v1.1.0", "library", "--new-version", "2.0.0")
    assert "var.name is removed" in outcome.out
    assert "output.name is not in what could be read of the old version" in outcome.out
    assert "modules/vault/more.tf: File cannot be read: The repository lacks what it held at v1.1.0." in outcome.out
    assert "git fetch --refetch brings what is missing." in outcome.out
    assert "1 problem in what was compared" in outcome.out
    assert outcome.status == INCOMPLETE


def test_a_document_that_the_repository_lacks_makes_no_policy_weaker(run: Run, halved: Path) -> None:
    lose(halved, "modules/vault/README.md")
    outcome = run("diff", "git:v1.0.0:modules/vault", "git:v1.1.0:modules/vault", cwd=halved)
    assert "README.md: File cannot be read" in outcome.out
    assert "Weaker" not in outcome.out
    assert outcome.status == INCOMPLETE


def test_what_the_repository_lacks_elsewhere_is_not_asked(run: Run, halved: Path) -> None:
    lose(halved, "logo.svg")
    assert run("diff", "--since", "v1.1.0", "library").status == ENOUGH


def test_a_partial_clone_without_its_origin_is_compared_as_far_as_it_goes(run: Run, halved: Path) -> None:
    """Git fetches what such a clone lacks, and gives up at the first thing that it cannot fetch."""
    (halved / "modules" / "vault" / "more.tf").write_text(f'output "name" {{\n  value = "{"a" * 2000}"\n}}\n', "utf-8")
    git(halved, "commit", "-q", "-a", "-m", "Long")
    git(halved, "tag", "v1.2.0")
    git(halved, "rm", "-q", "modules/vault/more.tf")
    git(halved, "commit", "-q", "-m", "Gone")
    git(halved, "config", "uploadpack.allowFilter", "true")
    git(halved.parent, "clone", "-q", "--filter=blob:limit=1k", halved.as_uri(), "clone")
    halved.rename(halved.with_name("elsewhere"))
    outcome = run("diff", "--since", "v1.2.0", "clone", "--new-version", "1.3.0")
    assert "more.tf: File cannot be read: The repository lacks what it held at v1.2.0." in outcome.out
    assert "var." not in outcome.out
    assert outcome.status == INCOMPLETE


def test_line_ends_of_windows_are_read(run: Run, tmp_path: Path) -> None:
    for side, text in (("old", ONE), ("new", MORE)):
        written(tmp_path / side, "", "1.0.0")
        (tmp_path / side / "main.tf").write_bytes(text.replace("\n", "\r\n").encode())
    outcome = run("diff", "old", "new", "--new-version", "1.1.0")
    assert "var.size is new" in outcome.out


def test_what_is_wrong_with_an_example_is_not_asked(run: Run, tmp_path: Path) -> None:
    for side in ("old", "new"):
        written(tmp_path / side, ONE, "1.0.0")
        written(tmp_path / side / "examples" / "basic", "output {")
    assert run("diff", "old", "new").status == ENOUGH


def test_a_link_in_a_commit_leads_nowhere_else(run: Run, repository: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.tf").write_text('variable "secret" {}\n', "utf-8")
    (repository / "modules" / "vault" / "secret.tf").symlink_to(tmp_path / "secret.tf")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "Link")
    outcome = run("diff", "git:v1.0.0", "git:HEAD", cwd=repository)
    assert "secret" not in outcome.said


def test_files_that_an_archive_leaves_out_are_compared(run: Run, repository: Path) -> None:
    """An attribute of git keeps them out of packages; they are part of the version all the same."""
    vault = repository / "modules" / "vault"
    (repository / ".gitattributes").write_text("modules/vault/more.tf export-ignore\n", "utf-8")
    (vault / "more.tf").write_text('output "name" {\n  value = "$Format:%H$"\n}\n', "utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "More")
    git(repository, "tag", "v1.1.0")
    (vault / "more.tf").unlink()
    outcome = run("diff", "--since", "v1.1.0", "library", "--new-version", "2.0.0")
    assert "output.name is removed" in outcome.out
    assert outcome.status == ENOUGH


def test_a_link_through_a_link_leads_nowhere_else(repository: Path, tmp_path: Path) -> None:
    """Alone each of them stays inside: the one through the other does not."""
    deep = repository / "a" / "b" / "c"
    deep.mkdir(parents=True)
    (deep / "up").symlink_to("../..")
    (repository / "LINK").symlink_to("a/b/c/up/../../secret")
    (repository / "PLAIN").symlink_to("a/b")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "Links")
    into = tmp_path / "into"
    into.mkdir()
    extract(repository, "HEAD", into)
    assert (into / "PLAIN").is_symlink()
    assert (into / "a" / "b" / "c" / "up").is_symlink()
    assert not (into / "LINK").is_symlink()
