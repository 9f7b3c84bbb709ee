"""An expression that was kept is the one that was parsed."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from alexandria_scan.policy.load import load_policies
from alexandria_scan.policy.manifest import Condition, Message
from alexandria_scan.syntax.kept import from_bytes, to_bytes
from alexandria_scan.syntax.parse import expression_source, parse_expression
from alexandria_scan.syntax.tree import Expression

POLICIES = Path(__file__).parents[2] / "policies"
EVERY_KIND = [
    "null", '"text"', "1.50", '"a ${var.b} %{ if c }d%{ else }e%{ endif }%{ for k, v in m }${k}%{ endfor }"', "a.*.b",
    "a.b[0].c", "a[*].b.c", "f(x, y...)", "a ? b : c", "!a && -b < 3", "[1, [2]]", "{ a = 1, (b) = 2, \"c\" : 3 }",
    "[for k, v in m : v if k != null]", "{ for v in l : v => v... }", "(a)", '"é ${x}"',
]  # fmt: skip


def spans(node: object) -> list[tuple[str, int, int, int]]:
    """Each node of a tree with the place where it stands."""
    found = []
    if isinstance(node, tuple):
        for item in node:
            found += spans(item)
    elif isinstance(node, msgspec.Struct) and hasattr(node, "span"):
        place = node.span.location
        found.append((f"{type(node).__name__} {node.span.text}", place.line, place.column, place.end_column))
        for name in node.__struct_fields__:
            found += spans(getattr(node, name))
    return found


@pytest.mark.parametrize("text", EVERY_KIND)
def test_every_kind_of_node_and_its_place_is_kept(text: str) -> None:
    parsed = parse_expression("file", text)
    restored = from_bytes(to_bytes(parsed), expression_source("file", text))
    assert spans(restored) == spans(parsed)
    assert to_bytes(restored) == to_bytes(parsed)


def test_what_is_broken_is_refused() -> None:
    with pytest.raises(msgspec.DecodeError):
        from_bytes(msgspec.msgpack.encode(["Nothing", [None, 0, 1]]), expression_source("file", ""))


def test_the_conditions_and_messages_of_all_policies_are_restored() -> None:
    texts: list[Condition | Message] = []
    for policy in load_policies(POLICIES):
        texts += [policy.filter] if policy.filter is not None else []
        texts += [text for rule in policy.rules for text in (rule.condition, rule.message)]
    assert texts
    for text in texts:
        node: Expression = text.node
        again = type(text)(text.text, text.file, msgspec.Raw(to_bytes(node)))
        assert spans(again.node) == spans(node)
