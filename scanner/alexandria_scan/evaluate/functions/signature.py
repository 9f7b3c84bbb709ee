"""What a function is: its parameters, its result type, and the Python that computes it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from alexandria_scan.evaluate.budget import UNLIMITED, Budget
from alexandria_scan.evaluate.types import DYNAMIC, Type
from alexandria_scan.evaluate.values import Value
from alexandria_scan.source.disk import Disk


class Parameter(msgspec.Struct, frozen=True):
    """One parameter. By default a null is an error, an unknown makes the result unknown, and marks are
    taken off the argument (at any depth) and put on the result: the flags turn each of these off.

    `dynamic` says that the function can say something of a value without a type: a bare null, an unknown of
    unknown type. Without it the result is then unknown and of unknown type.
    """

    name: str
    type: Type = DYNAMIC
    null: bool = False
    unknown: bool = False
    marked: bool = False
    dynamic: bool = False


class Function(msgspec.Struct, frozen=True):
    """`implementation` is called with the converted arguments; if `context` is true, a Context comes first.

    `returns` is the type of the result, or computes it from the arguments; it types a result that is unknown
    because an argument is, and may raise FunctionError for what is wrong whatever that argument will be.
    `not_null` says that a result that is unknown is at least not null. An implementation that returns an
    Unknown without reasons gets those of its arguments.
    """

    name: str
    parameters: tuple[Parameter, ...]
    implementation: Callable[..., Value]
    returns: Type | Callable[[list[Value]], Type] = DYNAMIC
    variadic: Parameter | None = None
    context: bool = False
    not_null: bool = True


class Context(msgspec.Struct, frozen=True):
    """What a function may know of its surroundings.

    `directory` is the folder that relative paths start from (the root module's), `boundary` the scanned
    tree, outside of which nothing is read. `render` evaluates a template: text, its file name, variables;
    the Context inside a template has `extra={"template": NAME}` with the name of the function that renders
    it, which may not be called there again; with `extra={"calls": False}` no function may be called at all.
    `budget` is what the evaluation of the root may still do, `disk` where files are read from.
    """

    directory: Path
    boundary: Path
    render: Callable[[str, str, dict[str, Any]], Value]
    extra: dict[str, Any] = {}
    functions: dict[str, Callable[[list[Value]], Value]] = {}
    three_valued: bool = False
    budget: Budget = UNLIMITED
    disk: Disk = msgspec.field(default_factory=Disk)
