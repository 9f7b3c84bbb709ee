"""What is a block in Terraform's JSON syntax, where a block and an argument look alike."""

from __future__ import annotations

from alexandria_scan.syntax.json_body import BlockSpec, parse_json
from alexandria_scan.syntax.tree import SyntaxFile

_DYNAMIC: dict[str, BlockSpec] = {}
_CONTENT = BlockSpec(0, _DYNAMIC)
_DYNAMIC["dynamic"] = BlockSpec(1, {"content": _CONTENT})
_CONDITIONS = {"precondition": BlockSpec(), "postcondition": BlockSpec()}
_RESOURCE = {
    "lifecycle": BlockSpec(0, _CONDITIONS),
    "connection": BlockSpec(),
    "provisioner": BlockSpec(1, {"connection": BlockSpec()}),
    **_DYNAMIC,
}
_BLOCKS = {
    "terraform": BlockSpec(0, {"required_providers": BlockSpec(), "backend": BlockSpec(1), "cloud": BlockSpec()}),
    "variable": BlockSpec(1, {"validation": BlockSpec()}, frozenset(["default"])),
    "locals": BlockSpec(),
    "output": BlockSpec(1, _CONDITIONS),
    "resource": BlockSpec(2, _RESOURCE),
    "data": BlockSpec(2, _RESOURCE),
    "ephemeral": BlockSpec(2, _RESOURCE),
    "module": BlockSpec(1),
    "provider": BlockSpec(1),
    "moved": BlockSpec(),
    "removed": BlockSpec(0, {"lifecycle": BlockSpec()}),
    "import": BlockSpec(),
    "check": BlockSpec(1, {"assert": BlockSpec(), "data": BlockSpec(2, _RESOURCE)}),
}


def parse_configuration(name: str, data: bytes) -> SyntaxFile:
    """A `.tf.json` file. Problems are collected, never raised."""
    return parse_json(name, data, BlockSpec(blocks=_BLOCKS))
