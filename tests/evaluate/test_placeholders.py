"""Which texts are there only to be replaced."""

from __future__ import annotations

import pytest

from alexandria_scan.evaluate.placeholders import is_placeholder


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
