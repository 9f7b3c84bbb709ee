"""Small parts of an OSCAL document: UUIDs, properties, tokens, links, and text that is only text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid5

import msgspec

from alexandria_scan.patterns import pattern
from alexandria_scan.report.markdown_text import escaped
from alexandria_scan.report.words import printable

Node = dict[str, Any]

NAMESPACE = "urn:alexandria-scan:oscal"
_UUIDS = UUID(
    "f1a1b7f4-6a3c-5c53-9b0e-6f3a0c6e2d11"
)  # a name space of its own; any would do, it must only never change
_NO_TOKEN = pattern(r"[^a-z0-9_-]+")


class Setting(msgspec.Struct, frozen=True):
    """What every part refers to: the moment of the assessment, and the UUID of the program that assesses."""

    moment: str
    tool: str

    @property
    def origins(self) -> list[Node]:
        return [{"actors": [{"type": "tool", "actor-uuid": self.tool}]}]


def uuid_of(kind: str, *content: str) -> str:
    """The UUID of something of this kind with this content: the same in every run."""
    text = "\0".join((kind, *content)).encode("utf-8", "replace").decode()
    return str(uuid5(_UUIDS, text))


def filled(node: Mapping[str, Any]) -> Node:
    """The node without empty texts and lists, which OSCAL does not allow."""
    return {key: value for key, value in node.items() if value not in ("", [], {})}


def markup(text: str, none: str) -> str:
    """`text` as OSCAL's markup that shows exactly it; `none` if there is none."""
    return escaped(text) or none


def props(told: Mapping[str, str | int | float | None]) -> list[Node]:
    """Properties of our own name space; what is empty is left out."""
    values = {name: printable(str(value)).strip() for name, value in told.items() if value is not None}
    return [{"name": name, "ns": NAMESPACE, "value": value} for name, value in values.items() if value]


def token(text: str) -> str:
    """The id of a control as OSCAL writes one: "AC-4(21)" is ac-4.21; a digit at its start has "_" before it."""
    made = _NO_TOKEN.sub(".", text.lower()).strip(".-") or "unnamed"
    return made if made[0].isalpha() or made[0] == "_" else f"_{made}"


def href(file: str, line: int = 0) -> str:
    """A place, relative to the working directory of the scan, as a link: main.tf#L12."""
    return quote(file, errors="replace") + (f"#L{line}" if line else "")


def subject(module: str) -> Node:
    return {"subject-uuid": uuid_of("module", module), "type": "component"}


def subjects(modules: Iterable[str]) -> list[Node]:
    return [subject(one) for one in dict.fromkeys(modules)]
