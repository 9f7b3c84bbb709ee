"""Where names are looked up: the scope of an expression."""

from __future__ import annotations

from typing import Protocol

from alexandria_scan.evaluate.functions.signature import Context
from alexandria_scan.evaluate.values import Value
from alexandria_scan.syntax.tree import Expression


class Scope(Protocol):
    """What an expression sees. `name` raises EvalError for a name that is not in scope."""

    def name(self, name: str) -> Value: ...

    @property
    def context(self) -> Context: ...


class NamedScope:
    """A scope with a few more names: those of a `for`, an iterator, `each`, `count`, `self`.

    `source` is the expression that the names come from (a collection, evaluated in the parent scope), so that
    the origin of a value can be followed through them.
    """

    __slots__ = ("context", "names", "parent", "source")

    def __init__(self, parent: Scope, names: dict[str, Value], source: Expression | None = None) -> None:
        self.parent = parent
        self.context: Context = parent.context
        self.names = names
        self.source = source

    def name(self, name: str) -> Value:
        if name in self.names:
            return self.names[name]
        return self.parent.name(name)
