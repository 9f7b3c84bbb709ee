"""What the names at the start of a reference stand for: `var`, `local`, `module`, a resource type, `path`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from alexandria_scan.evaluate.expansion import Expansion, Key
from alexandria_scan.evaluate.types import DYNAMIC, STRING
from alexandria_scan.evaluate.values import LazyObject, Reason, Unknown, Value

if TYPE_CHECKING:
    from alexandria_scan.evaluate.evaluation import Options
    from alexandria_scan.evaluate.module import Module


class Namespace(LazyObject):
    """`var`, `local`, `module`, `data`, a resource type: an object whose attributes are looked up."""

    __slots__ = ("_all", "_find")
    standalone = False

    def __init__(self, find: Callable[[str], Value], all_names: Callable[[], Iterable[str]]) -> None:
        self._find = find
        self._all = all_names

    def names(self) -> Iterable[str] | None:
        return self._all()

    def attribute(self, name: str) -> Value:
        return self._find(name)


class Fixed(LazyObject):
    """`path` or `terraform`: a namespace with values that are there already."""

    __slots__ = ("_values",)
    standalone = False

    def __init__(self, values: dict[str, Value]) -> None:
        self._values = values

    def names(self) -> Iterable[str] | None:
        return self._values

    def attribute(self, name: str) -> Value:
        return self._values[name]


class Outputs(LazyObject):
    """The outputs of one module instance."""

    __slots__ = ("module",)

    def __init__(self, module: Module) -> None:
        self.module = module

    def names(self) -> Iterable[str] | None:
        return None if self.module.config.unread else self.module.config.outputs

    def attribute(self, name: str) -> Value:
        return self.module.returned(name)


class Outside(LazyObject):
    """The outputs of a module whose source is not here: each is unknown for that reason."""

    __slots__ = ("why",)

    def __init__(self, why: Unknown) -> None:
        self.why = why

    def names(self) -> Iterable[str] | None:
        return None

    def attribute(self, name: str) -> Value:
        return self.why

    def unknown(self) -> Unknown:
        return self.why


def together(expansion: Expansion, instances: dict[Key, Any]) -> Value:
    if expansion.unknown is not None:
        return Unknown(DYNAMIC, expansion.unknown.reasons, True)
    if expansion.kind == "single":
        return instances[None]
    if expansion.kind == "count":
        return tuple(instances.values())
    return {str(key): instance for key, instance in instances.items()}


def working_directory() -> Unknown:
    """`path.cwd`. Not even its name is known: `terraform -chdir=…` keeps the folder in which it was called."""
    reason = Reason("path.cwd", "is the folder where Terraform runs", kind="input")
    return Unknown(STRING, (reason,), True)


def workspace(options: Options) -> Value:
    """`terraform.workspace`."""
    if options.any_workspace:
        reason = Reason("terraform.workspace", "is not given", "use --workspace", kind="input")
        return Unknown(STRING, (reason,), True)
    return options.workspace or "default"
