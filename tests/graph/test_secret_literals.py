"""Keys that are written out are found whatever they are the keys to."""

import pytest

from alexandria_scan.graph.literals import secret_literals
from alexandria_scan.syntax.parse import parse

LETTERS = "Q2w3E4r5T6y7U8i9O0pAsDfGhJkLzXcVbNm1"  # 36 of them
KEYS = [
    *(f"{kind}QWERTYUIOP123456" for kind in ("AKIA", "ASIA")),
    *(f"gh{kind}_{LETTERS}" for kind in "pousr"),
    *(f"xox{kind}-{LETTERS}" for kind in "abp"),
    "-----BEGIN PRIVATE KEY-----",
    "-----BEGIN RSA PRIVATE KEY-----",
]


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key[:15].strip("-"))
def test_every_kind_of_key_is_found(key: str) -> None:
    file = parse("main.tf", f'locals {{\n  a = "{key}"\n}}\n'.encode())
    assert secret_literals(file) == ({"file": "main.tf", "line": 2},)


@pytest.mark.parametrize("text", ["AKIAIOSFODNN7EXAMPLE", "XAKIAQWERTYUIOP123456", "ghp_short", "a PRIVATE KEY-----"])
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert secret_literals(parse("main.tf", f'locals {{\n  a = "{text}"\n}}\n'.encode())) == ()
