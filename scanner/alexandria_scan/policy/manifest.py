"""A policy as its manifest states it: targets, filter, conditions, parameters, texts."""

from __future__ import annotations

from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import msgspec

from alexandria_scan.evaluate.compile import compile_expression
from alexandria_scan.evaluate.placing import Compiled
from alexandria_scan.syntax.parse import parse_expression, parse_template
from alexandria_scan.syntax.tree import Expression

TARGETS = (
    "resource", "data", "variable", "output", "local", "module_call", "provider", "terraform", "module", "block",
    "file", "metadata", "metadata_fault", "dependency", "library", "registry_entry",
)  # fmt: skip
ENVIRONMENTS = ("development", "staging", "production")


POLICY_HELP = "policies/WRITING.md tells what such a file holds; alexandria-scan policies test DIR tries yours."


class PolicyError(ValueError):
    """A manifest, standard or defaults file is wrong: where, what, and what to do."""

    def __init__(self, file: str, line: int, message: str, help: str = POLICY_HELP) -> None:
        super().__init__(f"{file}:{line}: {message}" if line else f"{file}: {message}")
        self.file = file
        self.line = line
        self.message = message
        self.help = help


class Parameter(msgspec.Struct, frozen=True):
    """A threshold: its default, and other values by environment."""

    name: str
    default: Any
    by_environment: dict[str, Any] = {}
    description: str = ""

    def value(self, environment: str | None) -> Any:
        return self.by_environment.get(environment or "", self.default)


class Condition:
    """An expression of a manifest. It is parsed and compiled when it is first needed: most policies of a catalogue
    meet nothing that they apply to. `check` does so at once and raises tree.ExpressionError."""

    __slots__ = ("_compiled", "_node", "file", "text")

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self._node: Expression | None = None
        self._compiled: Compiled | None = None

    def check(self) -> None:
        self._node = parse_expression(self.file, self.text)

    @property
    def node(self) -> Expression:
        if self._node is None:
            self.check()
        assert self._node is not None
        return self._node

    @property
    def compiled(self) -> Compiled:
        if self._compiled is None:
            self._compiled = compile_expression(self.node)
        return self._compiled


class Message:
    """The template of a finding's message, parsed when it is first needed."""

    __slots__ = ("_node", "file", "text")

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self._node: Expression | None = None

    @property
    def node(self) -> Expression:
        """Raises tree.ExpressionError the first time, if the text is no template."""
        if self._node is None:
            self._node = parse_template(self.file, self.text)
        return self._node


class Rule(msgspec.Struct, frozen=True):
    """One entry of `enforce`. `attribute` is the path that decides, where the manifest names it."""

    condition: Condition
    message: Message
    attribute: tuple[str | int, ...] | None = None


class Policy(msgspec.Struct, frozen=True):
    """`targets` are (kind, pattern) pairs. Either `rules` or `check`, the Python function beside the manifest, decides.

    `secret`: its findings are about secrets in the source, so no literal near them is ever shown. What is not
    `waivable` counts whatever a waiver says.
    """

    id: str
    title: str
    severity: str
    targets: tuple[tuple[str, str], ...]
    filter: Condition | None
    rules: tuple[Rule, ...]
    parameters: tuple[Parameter, ...]
    file: str
    why: str = ""
    fix: str = ""
    references: tuple[str, ...] = ()
    equivalents: dict[str, list[str]] = {}
    secret: bool = False
    waivable: bool = True
    python: Path | None = None
    load_check: Callable[[], Callable[..., Any]] | None = None

    @property
    def target(self) -> str:
        kinds: dict[str, list[str]] = {}
        for kind, pattern in self.targets:
            kinds.setdefault(kind, []).append(pattern)
        return "; ".join(f"{kind} {', '.join(patterns)}" for kind, patterns in kinds.items())

    def applies_to(self, kind: str, type_: str) -> bool:
        return any(kind == wanted and fnmatchcase(type_, pattern) for wanted, pattern in self.targets)
