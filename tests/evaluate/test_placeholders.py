"""Which texts are there only to be replaced."""

from __future__ import annotations

import resource
import subprocess
import sys

import pytest

from alexandria_scan.evaluate.placeholders import is_placeholder, is_secret
from tests.conftest import environment


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "xxxx-xxxx",
        "---",
        "None",
        "TODO",
        "CHANGE_ME_IN_THE_CONSOLE",
        "changeme",
        "Replace after the build",
        "to be replaced by rotation",
        "<placeholder>",
        "tbd\n",
        "initial value",
        '{"user": "CHANGE_ME", "keys": ["", null]}',
    ],
)
def test_a_text_that_says_so_is_a_placeholder(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "xoxb-not-a-real-token",
        "-----BEGIN RSA PRIVATE KEY-----\nbm90IGEgcmVhbCBrZXk=\n-----END RSA PRIVATE KEY-----",
        "xK9#mPq2vL8z",
        "InitialHunter22!prod",
        "none-of-your-business",
        "change-Xenia2024",
        '{"username": "x-admin", "password": "Xenia2024!"}',
        "123456",
    ],
)
def test_what_a_text_begins_with_does_not_make_it_one(text: str) -> None:
    assert not is_placeholder(text)


def test_further_texts_are_those_that_the_pattern_finds() -> None:
    assert is_placeholder('{"key": "fill me", "user": "CHANGE_ME"}', "^fill")
    assert not is_placeholder('{"key": "fill me", "user": "orders"}', "^fill")


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("AKIA2E0A8F3B244C9986", True),
        ("AKIAIOSFODNN7EXAMPLE", None),
        ("postgres://orders:hunter2@db.example.com/orders", True),
        ("mDq8wEyW3kq0Zr7TbN2x", True),
        ("5f4dcc3b5aa765d61d8327deb882cf99", True),
        ('{"keys": ["5f4dcc3b5aa765d61d8327deb882cf99"]}', True),
        ("password: mDq8wEyW3kq0Zr7TbN2x in use", True),
        ("wJalrXUtnFEMI/K7MDENGbPxRfiCY2q8wEyW3kq0Zr7T", None),
        ("arn:aws:iam::123456789012:role/orders", False),
        ("arn:aws:iam::0000000000000:role/general-placeholder", False),
        ("arn:aws:iam::123456789012:role/MyOrders2ServiceRole3ForX1", False),
        ("/path/to/SomeThing1/With2/CamelCaseWords", False),
        ("MyOrders2ServiceRoleWithVersion3ForX", None),
        ("https://orders.example.com/v2/orders", False),
        ("https://hooks.example.com/services/T024BE7LD/qK3vZ8mDq8wE", None),
        ("ReplaceThisValueAfterDeploy2", None),
        ("Hunter2024!", None),
        ("hunter2", None),
        ("/hunter2", None),
        ("overwritten", None),
        ("correct-horse-battery-staple", None),
        ("the password is hunter2024", None),
        ('{"user":"orders","password":"Xenia2024!"}', None),
        ('{"user":"CHANGE_ME","password":"horse"}', None),
        ('{"user":"CHANGE_ME","port":5432,"tls":true}', False),
        ("{}", False),
        ("true", False),
        ("0123456789", False),
        ("set in the console", False),
        ("T3 KEY TO BE MODIFIED", False),
        ("00000000000000000000000000000000", False),
    ],
)
def test_what_can_only_be_a_secret_is_one(text: str, secret: bool | None) -> None:
    assert is_secret(text) is secret


PARTS = ["a", "aA1", "aA1+/=", "1", "0a", "-eyJ", "a ", "/a", "a-", "me-", "change me by ", "a.", "://", "(a) ", "'"]
LONG = f"""
from alexandria_scan.evaluate.placeholders import is_secret
for part in {PARTS}:
    is_secret(part * (100_000 // len(part)) + "!")
"""


def test_long_texts_are_told_in_a_time_that_grows_with_them() -> None:
    """All of them take about a second of a processor; if one took the square of its length it would be an hour."""
    limit = (60, 60)
    done = subprocess.run(
        [sys.executable, "-c", LONG],
        env=environment(),
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, limit),
    )
    assert done.returncode == 0
