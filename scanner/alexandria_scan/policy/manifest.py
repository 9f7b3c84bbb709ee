"""A policy as its manifest states it: targets, filter, conditions, parameters, texts."""

from __future__ import annotations

import importlib.machinery
import importlib.util
from collections.abc import Callable
from fnmatch import fnmatchcase
from pathlib import Path
from types import CodeType
from typing import Any

import msgspec

from alexandria_scan.evaluate.compile import compile_expression
from alexandria_scan.evaluate.placing import Compiled
from alexandria_scan.syntax.kept import from_bytes
from alexandria_scan.syntax.parse import expression_source, parse_expression, parse_template, template_source
from alexandria_scan.syntax.tree import Expression, SourceText

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


class Text:
    """A text of a manifest: an expression, if it is no Message. It is parsed when it is first needed: most policies of
    a catalogue meet nothing that they apply to. `kept` is what was parsed of it before."""

    __slots__ = ("_node", "file", "kept", "text")

    def __init__(self, text: str, file: str, kept: msgspec.Raw | None = None) -> None:
        self.text = text
        self.file = file
        self.kept = kept
        self._node: Expression | None = None

    @property
    def node(self) -> Expression:
        """Raises tree.ExpressionError the first time, if the text is not what it should be."""
        if self._node is None:
            self._node = self._parsed() if self.kept is None else from_bytes(self.kept, self._source())
        return self._node

    def _parsed(self) -> Expression:
        return parse_expression(self.file, self.text)

    def _source(self) -> SourceText:
        return expression_source(self.file, self.text)


class Condition(Text):
    """An expression, which is also compiled when it is first needed."""

    __slots__ = ("_compiled",)

    def __init__(self, text: str, file: str, kept: msgspec.Raw | None = None) -> None:
        super().__init__(text, file, kept)
        self._compiled: Compiled | None = None

    @property
    def compiled(self) -> Compiled:
        if self._compiled is None:
            self._compiled = compile_expression(self.node)
        return self._compiled


class Message(Text):
    """The template of a finding's message."""

    __slots__ = ()

    def _parsed(self) -> Expression:
        return parse_template(self.file, self.text)

    def _source(self) -> SourceText:
        return template_source(self.file, self.text)


class _Afresh(importlib.machinery.SourceFileLoader):
    """Compiles what the file holds now: compiled code beside it counts for a second, and may be of another text."""

    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self.get_data(self.path), self.path)


class Code:
    """A Python file with the function `check`, which is loaded when it is first needed."""

    __slots__ = ("_check", "built_in", "file", "path")

    def __init__(self, path: Path, file: str, built_in: bool = False) -> None:
        self.path = path
        self.file = file
        self.built_in = built_in
        self._check: Callable[..., Any] | None = None

    @property
    def check(self) -> Callable[..., Any]:
        """Raises PolicyError."""
        if self._check is None:
            self._check = self._load()
        return self._check

    def _load(self) -> Callable[..., Any]:
        name = f"alexandria_scan_policy_{self.path.stem}"
        loader = None if self.built_in else _Afresh(name, str(self.path))
        spec = importlib.util.spec_from_file_location(name, self.path, loader=loader)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
        except (Exception, SystemExit) as error:  # one that ends the program would end it without a verdict
            said = f"{self.path.name} cannot be loaded: {type(error).__name__}: {error}"
            raise PolicyError(self.file, 0, said) from None
        check = getattr(module, "check", None)
        if not callable(check):
            raise PolicyError(self.file, 0, f"{self.path.name} has no function 'check'")
        found: Callable[..., Any] = check
        return found


class Rule(msgspec.Struct, frozen=True):
    """One entry of `enforce`. `attribute` is the path that decides, where the manifest names it."""

    condition: Condition
    message: Message
    attribute: tuple[str | int, ...] | None = None


class Policy(msgspec.Struct, frozen=True):
    """`targets` are (kind, pattern) pairs. Either `rules` or `python`, the function beside the manifest, decides.

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
    python: Code | None = None

    @property
    def target(self) -> str:
        kinds: dict[str, list[str]] = {}
        for kind, pattern in self.targets:
            kinds.setdefault(kind, []).append(pattern)
        return "; ".join(f"{kind} {', '.join(patterns)}" for kind, patterns in kinds.items())

    def applies_to(self, kind: str, type_: str) -> bool:
        return any(kind == wanted and fnmatchcase(type_, pattern) for wanted, pattern in self.targets)
