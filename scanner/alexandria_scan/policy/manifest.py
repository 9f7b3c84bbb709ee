"""A policy as its manifest states it: targets, filter, conditions, parameters, texts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from alexandria_scan.evaluate.compile import Compiled
from alexandria_scan.syntax.tree import Expression

TARGETS = (
    "resource", "data", "variable", "output", "local", "module_call", "provider", "terraform", "module", "library",
)  # fmt: skip
ENVIRONMENTS = ("development", "staging", "production")


class PolicyError(ValueError):
    """A manifest, standard or defaults file is wrong: where, what, and what to do."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}" if line else f"{file}: {message}")
        self.file = file
        self.line = line
        self.message = message


@dataclass(frozen=True, slots=True)
class Parameter:
    """A threshold: its default, and other values by environment."""

    name: str
    default: Any
    by_environment: dict[str, Any] = field(default_factory=dict)
    description: str = ""

    def value(self, environment: str | None) -> Any:
        return self.by_environment.get(environment or "", self.default)


@dataclass(frozen=True, slots=True)
class Condition:
    """An expression with its compiled form; `text` is what the manifest says."""

    text: str
    node: Expression
    compiled: Compiled


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of `enforce`. `attribute` is the path that decides, where the manifest names it."""

    condition: Condition
    message: Expression
    attribute: tuple[str | int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """`targets` are (kind, pattern) pairs. Either `rules` or `check`, the Python function beside the manifest, decides.

    `secret`: its findings are about secrets in the source, so no literal near them is ever shown.
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
    equivalents: dict[str, list[str]] = field(default_factory=dict)
    secret: bool = False
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
