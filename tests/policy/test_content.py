"""What is remembered of a folder of policies counts only as long as it is true."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import zlib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from alexandria_scan.policy.content import PACK, Content, cache_file
from alexandria_scan.policy.load import load_policies
from alexandria_scan.policy.manifest import Policy, PolicyError
from alexandria_scan.syntax.kept import to_bytes
from tests.conftest import environment


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "policies"
    (found / "aws").mkdir(parents=True)
    (found / "aws" / "one.yaml").write_text("title: first\n")
    (found / "aws" / "one.py").write_text("")
    (found / ".hidden.yaml").write_text("title: hidden\n")
    return found


def title(content: Content) -> object:
    return content.yaml("aws/one.yaml", "one").data["title"]


def kept(folder: Path, cache: Path) -> None:
    content = Content(folder, cache)
    assert title(content) == "first"
    content.keep()


def rewrite(cache: Path, old: str, new: str) -> None:
    """Changes what is remembered, as if it had been written so."""

    def changed(value: Any) -> Any:
        if isinstance(value, dict):
            return {changed(key): changed(item) for key, item in value.items()}
        if isinstance(value, list):
            return list(map(changed, value))
        return value.replace(old, new) if isinstance(value, str) else value

    body = msgspec.msgpack.encode(changed(msgspec.msgpack.decode(cache.read_bytes().partition(b"\n")[2])))
    cache.write_bytes(b"%08x\n" % zlib.crc32(body) + body)


def test_names_are_relative_and_hidden_files_are_left_out(folder: Path) -> None:
    content = Content(folder)
    assert content.yaml_names() == ["aws/one.yaml"]
    assert content.holds("aws/one.py")
    assert not content.holds("aws/two.py")


def test_a_file_that_changed_is_read_again(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.msgpack"
    kept(folder, cache)
    (folder / "aws" / "one.yaml").write_text("title: second one\n")
    assert title(Content(folder, cache)) == "second one"


def test_a_file_of_the_same_size_at_another_time_is_read_again(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.msgpack"
    kept(folder, cache)
    (folder / "aws" / "one.yaml").write_text("title: other\n")
    os.utime(folder / "aws" / "one.yaml", ns=(1, 1))
    assert title(Content(folder, cache)) == "other"


def test_what_is_remembered_is_not_read_again(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.msgpack"
    kept(folder, cache)
    rewrite(cache, "first", "remembered")
    assert title(Content(folder, cache)) == "remembered"


@pytest.mark.parametrize("broken", ["", "{", "[]", '{"stamps": 1, "data": {}}', "\0", "00000000\n{}"])
def test_a_broken_cache_is_none(folder: Path, tmp_path: Path, broken: str) -> None:
    cache = tmp_path / "cache.msgpack"
    cache.write_text(broken)
    kept(folder, cache)
    assert title(Content(folder, cache)) == "first"


def test_a_cache_of_another_form_is_none(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.msgpack"
    kept(folder, cache)
    rewrite(cache, "stamps", "marks")
    assert title(Content(folder, cache)) == "first"


def test_a_cache_that_cannot_be_written_is_none(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    kept(folder, tmp_path / "file" / "cache.msgpack")


def test_on_a_full_disk_what_was_kept_before_stays(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "kept" / "cache.msgpack"
    kept(folder, cache)
    before = cache.read_bytes()
    (folder / "aws" / "two.yaml").write_text("title: first\n")

    def full(path: Path, data: bytes) -> None:
        with path.open("wb") as file:
            file.write(data[: len(data) // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        kept(folder, cache)
    assert cache.read_bytes() == before
    assert list(cache.parent.iterdir()) == [cache], "no half of a file is left"
    assert title(Content(folder, cache)) == "first"


def test_a_cache_folder_that_may_only_be_read_is_read(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "kept" / "cache.msgpack"
    kept(folder, cache)
    rewrite(cache, "first", "remembered")

    def refused(*_: object) -> None:
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "write_bytes", refused)
    content = Content(folder, cache)
    assert title(content) == "remembered"
    content.made("more", int, lambda: 1)
    content.keep()
    assert list(cache.parent.iterdir()) == [cache]


def test_a_pack_stands_for_the_folder(folder: Path, tmp_path: Path) -> None:
    pack = {"stamps": {"aws/one.yaml": [0, 0]}, "data": {"aws/one.yaml": {"title": "packed"}}}
    (folder / PACK).write_text(json.dumps(pack))
    assert title(Content(folder, tmp_path / "cache.msgpack", built_in=True)) == "packed"
    assert title(Content(folder, built_in=True)) == "packed", "whether there is a cache or not"
    assert title(Content(folder)) == "first", "the user's own folders have no pack"


MANIFEST = """title: A thing
severity: high
resource: [aws_thing]
filter: attrs.kind == "a"
parameters: {days: {default: 7, production: 35}}
enforce:
  - condition: attrs.days >= param.days
    error_message: ${attrs.days} days are too few
"""


@pytest.fixture
def manifests(tmp_path: Path) -> Path:
    found = tmp_path / "own"
    found.mkdir()
    (found / "thing.yaml").write_text(MANIFEST)
    (found / "coded.yaml").write_text("title: In Python\nseverity: low\nresource: aws_thing\n")
    (found / "coded.py").write_text("def check(resource, parameters):\n    yield resource.passes()\n")
    return found


def loaded(folder: Path, cache: Path, python: bool = True) -> list[Policy]:
    content = Content(folder, cache)
    found = load_policies(folder, "own", python, content=content)
    content.keep()
    return found


def as_text(policy: Policy) -> tuple[object, ...]:
    texts = [policy.filter, *(text for rule in policy.rules for text in (rule.condition, rule.message))]
    nodes = [(one.text, one.file, to_bytes(one.node)) for one in texts if one is not None]
    code = (policy.python.path, policy.python.file) if policy.python is not None else None
    return (*nodes, code, policy.id, policy.targets, policy.parameters, policy.severity)


def test_policies_are_remembered_as_they_were_made(
    manifests: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = loaded(manifests, tmp_path / "cache.msgpack")
    monkeypatch.setattr("alexandria_scan.policy.manifest.parse_expression", None)  # nothing is parsed again
    again = loaded(manifests, tmp_path / "cache.msgpack")
    assert list(map(as_text, again)) == list(map(as_text, first))
    assert [policy.id for policy in again] == ["coded", "thing"]
    assert again[0].python is not None
    assert callable(again[0].python.check)


ROUNDS = """
import sys
from pathlib import Path
from alexandria_scan.policy.content import Content
from alexandria_scan.policy.load import load_policies

folder, cache = Path(sys.argv[1]), Path(sys.argv[2])
for number in range(150):
    content = Content(folder, cache)
    assert [one.id for one in load_policies(folder, "own", content=content)] == ["coded", "thing"], number
    assert content.made(f"by {number % 7}", int, lambda: number % 7) == number % 7
    content.keep()
    if number % 10 == int(sys.argv[3]):
        cache.unlink(missing_ok=True)
"""


def test_two_processes_that_write_one_cache_agree(manifests: Path, tmp_path: Path) -> None:
    cache = tmp_path / "kept" / "cache.msgpack"
    commands = [[sys.executable, "-c", ROUNDS, str(manifests), str(cache), which] for which in "36"]
    both = [
        subprocess.Popen(command, env=environment(), stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for command in commands
    ]
    assert [one.communicate(timeout=120) for one in both] == [("", ""), ("", "")]
    assert [one.returncode for one in both] == [0, 0]
    assert [file.name for file in cache.parent.iterdir()] in ([], ["cache.msgpack"])


def test_what_is_made_later_is_kept_beside_the_rest(
    manifests: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = Content(manifests, tmp_path / "cache.msgpack")
    first = load_policies(manifests, "own", content=content)
    content.keep()
    assert content.made("more", list[int], lambda: [1]) == [1]
    content.keep()
    again = Content(manifests, tmp_path / "cache.msgpack")
    assert again.made("more", list[int], list) == [1]
    monkeypatch.setattr("alexandria_scan.policy.manifest.parse_expression", None)  # nothing is parsed again
    assert list(map(as_text, load_policies(manifests, "own", content=again))) == list(map(as_text, first))


def test_code_is_refused_whether_it_is_remembered_or_not(manifests: Path, tmp_path: Path) -> None:
    loaded(manifests, tmp_path / "cache.msgpack")
    with pytest.raises(PolicyError, match=r"own/coded.yaml: coded.py beside it is Python"):
        loaded(manifests, tmp_path / "cache.msgpack", python=False)


def test_a_policy_that_changed_is_made_again(manifests: Path, tmp_path: Path) -> None:
    loaded(manifests, tmp_path / "cache.msgpack")
    (manifests / "thing.yaml").write_text(MANIFEST.replace("high", "critical"))
    assert [policy.severity for policy in loaded(manifests, tmp_path / "cache.msgpack")] == ["low", "critical"]


def test_what_was_damaged_is_made_again(manifests: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache.msgpack"
    first = loaded(manifests, cache)
    whole = cache.read_bytes()
    for at in range(0, len(whole), 97):
        cache.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        assert list(map(as_text, loaded(manifests, cache))) == list(map(as_text, first))


def test_another_program_makes_its_own(manifests: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded(manifests, tmp_path / "cache.msgpack")
    monkeypatch.setattr("alexandria_scan.policy.content.program_state", lambda *parts: ["other code"])
    rewrite(tmp_path / "cache.msgpack", "A thing", "An old thing")
    assert [policy.title for policy in loaded(manifests, tmp_path / "cache.msgpack")] == ["In Python", "A thing"]


@pytest.mark.parametrize("part", ["", "aws/"])
def test_a_link_that_leads_nowhere_is_said_and_hides_no_other_file(folder: Path, part: str) -> None:
    for name in "abcdefgh":
        (folder / part / f"{name}.yaml").write_text("title: other\n")
    (folder / part / "e_lost.yaml").symlink_to(folder / "nowhere")
    content = Content(folder)
    assert {f"{part}{name}.yaml" for name in (*"abcdefgh", "e_lost")} <= set(content.yaml_names())
    with pytest.raises(PolicyError, match="cannot be read"):
        content.yaml(f"{part}e_lost.yaml", "lost")


def test_parameters_are_the_same_whether_they_are_remembered_or_not(manifests: Path, tmp_path: Path) -> None:
    (manifests / "thing.yaml").write_text(
        MANIFEST.replace(
            "default: 7", "default: {5432: postgres, 1.5: x, on: y, ~: [1.5, 2.0e+3, 0x1F, 18446744073709551615]}"
        )
    )
    cache = tmp_path / "cache.msgpack"
    first = loaded(manifests, cache)[1].parameters
    assert cache.exists()
    assert repr(loaded(manifests, cache)[1].parameters) == repr(first)
    assert first[0].default == {"5432": "postgres", "1.5": "x", "on": "y", "~": [1.5, 2000, 31, 2**64 - 1]}


def test_a_folder_with_a_number_of_more_than_64_bits_is_read_each_time(manifests: Path, tmp_path: Path) -> None:
    (manifests / "thing.yaml").write_text(MANIFEST.replace("default: 7", f"default: {10**22}"))
    cache = tmp_path / "cache.msgpack"
    assert [loaded(manifests, cache)[1].parameters[0].default for _ in range(2)] == [10**22] * 2
    assert not cache.exists()


@pytest.mark.parametrize("value", [".inf", "-.inf", ".nan", "1.0e+400", "!!binary aGVsbG8=", "!!set {a, b}"])
def test_a_value_that_no_condition_can_have_is_said(manifests: Path, tmp_path: Path, value: str) -> None:
    (manifests / "thing.yaml").write_text(MANIFEST.replace("default: 7", f"default: {value}"))
    for _ in range(2):
        with pytest.raises(PolicyError, match=r"own/thing.yaml:5: not valid YAML: "):
            loaded(manifests, tmp_path / "cache.msgpack")


def test_two_checkouts_have_caches_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALEXANDRIA_SCAN_CACHE", str(tmp_path))
    one, other = cache_file(tmp_path / "one"), cache_file(tmp_path / "other")
    assert one is not None
    assert one != other
    monkeypatch.setenv("ALEXANDRIA_SCAN_CACHE", "")
    assert cache_file(tmp_path / "one") is None
