"""Addresses taken apart, and what is said of texts that are none."""

from __future__ import annotations

import pytest

from alexandria_scan.evaluate.address import (
    Address,
    AddressError,
    Index,
    module_calls_in,
    parse_address,
    split_address,
    without_keys,
)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("var.x", Address((), "var", name="x")),
        ("local.m.a[0]", Address((), "local", name="m", steps=("a", Index(0)))),
        ("output.o", Address((), "output", name="o")),
        ("aws_x.y", Address((), "managed", "aws_x", "y")),
        ("resource.aws_x.y.z", Address((), "managed", "aws_x", "y", steps=("z",))),
        ('aws_x.y["a.b[0]"].z', Address((), "managed", "aws_x", "y", "a.b[0]", ("z",))),
        (r'aws_x.y["q\"]z"]', Address((), "managed", "aws_x", "y", 'q"]z')),
        ("aws_x.y[*].z", Address((), "managed", "aws_x", "y", "*", ("z",))),
        ("data.aws_x.y[3].z[0].a", Address((), "data", "aws_x", "y", 3, ("z", Index(0), "a"))),
        ("ephemeral.aws_x.y", Address((), "ephemeral", "aws_x", "y")),
        ("module.a", Address((("a", None),), "")),
        ("module.a.out", Address((("a", None),), "output", name="out")),
        ('module.a.out["k"]', Address((("a", None),), "output", name="out", steps=(Index("k"),))),
        ('module.a["k"].module.b[0].var.x', Address((("a", "k"), ("b", 0)), "var", name="x")),
        ("module.a.data.aws_x.y.z", Address((("a", None),), "data", "aws_x", "y", steps=("z",))),
        ('aws_x.y.tags["a b"]', Address((), "managed", "aws_x", "y", steps=("tags", Index("a b")))),
    ],
)
def test_an_address_is_taken_apart(text: str, address: Address) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    ["", "var", "var[0]", "aws_x", "aws_x[0].y", "module", "module[0]", "data.aws_x", "[0]", ".a", "a..b", "a.b.",
     "a b", "aws_x.y[z]", 'aws_x.y["z]', "aws_x.y[-1]", "f(x)", "1.a", "\x00", "${var.x}"],
)  # fmt: skip
def test_what_is_no_address_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(AddressError) as refused:
        parse_address(text)
    assert str(refused.value).endswith(".")
    assert refused.value.help


def test_the_module_and_the_block_of_an_address() -> None:
    address = 'module.a["x.y"].module.b.aws_x.y["q\\"]z"]'
    assert split_address(address) == ('module.a["x.y"].module.b', 'aws_x.y["q\\"]z"]')
    assert module_calls_in('module.a["x.y"].module.b') == [("a", "x.y"), ("b", None)]
    assert without_keys(address) == "module.a.module.b.aws_x.y"
