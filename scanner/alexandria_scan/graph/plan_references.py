"""What the arguments of a plan's resources refer to, through variables, outputs and other resources."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from alexandria_scan.evaluate.address import Index, module_calls_in, steps_of
from alexandria_scan.evaluate.expansion import Key
from alexandria_scan.graph.plan_configuration import ConfigurationTree, ModuleBlocks, parent_of

_NOT_RESOURCES = frozenset(["path", "terraform", "tofu", "self", "each", "count", "ephemeral"])
MAX_VISITS = 2000


class Found(msgspec.Struct):
    """The (address, attribute or "") pairs that a value leads to.

    `complete` is false if the value comes from outside, too; `unresolved` says that the way was lost: in a local
    value, or at an index that is an expression (a plan does not say what stands behind it).
    """

    resources: dict[tuple[str, str], None] = {}
    complete: bool = True
    unresolved: bool = False
    _visited: set[tuple[str, ...]] = set()

    def first_visit(self, *key: str) -> bool:
        if key in self._visited:
            return False
        if len(self._visited) > MAX_VISITS:
            self.lost()
            return False
        self._visited.add(key)
        return True

    def lost(self) -> None:
        self.complete = False
        self.unresolved = True


class _Where(msgspec.Struct, frozen=True):
    """The place where an expression stands: a module instance, and the key and repetition of its block."""

    path: str
    module: ModuleBlocks
    key: Key
    repetition: tuple[str, ...]


class Instances:
    """Which instances there are of every resource and module call."""

    def __init__(self) -> None:
        self._resources: dict[tuple[str, str], dict[Key, str]] = {}
        self._modules: dict[tuple[str, str], dict[Key, str]] = {}
        self._known: set[str] = set()

    def add(self, path: str, block: str, key: Key, address: str) -> None:
        self._resources.setdefault((path, block), {})[key] = address
        self._add_module(path)

    def _add_module(self, path: str) -> None:
        while path and path not in self._known:
            self._known.add(path)
            parent, key = parent_of(path)
            self._modules.setdefault((parent, module_calls_in(path)[-1][0]), {})[key] = path
            path = parent

    def resource(self, path: str, block: str) -> dict[Key, str]:
        return self._resources.get((path, block), {})

    def module(self, path: str, name: str) -> dict[Key, str]:
        """A module without resources does not show in a plan; it is taken to be there once."""
        whole = f"{path}.module.{name}" if path else f"module.{name}"
        return self._modules.get((path, name)) or {None: whole}


class Resolver:
    """Follows references. Nothing is kept: a scan asks for few of them."""

    def __init__(self, tree: ConfigurationTree, instances: Instances) -> None:
        self.tree = tree
        self.instances = instances

    def follow(self, path: str, block: str, key: Key, names: list[str] | None) -> Found:
        """What arguments of an instance refer to; None for all that the configuration sets."""
        found = Found()
        module = self.tree.module(path)
        written = module.blocks.get(block) if module is not None else None
        if module is None or written is None:
            found.lost()
            return found
        where = _Where(path, module, key, written.repetition)
        references = written.references()
        for name in references if names is None else names:
            self._all(references.get(name, ()), where, found)
        return found

    def _all(self, references: tuple[str, ...], where: _Where, found: Found) -> None:
        same = any(reference.partition(".")[0] in ("each", "count") for reference in references)
        for reference in references:
            if found.first_visit(where.path, str(where.key), reference, str(same)):
                self._one(steps_of(reference), where, same, found)

    def _one(self, steps: tuple[str | Index, ...], where: _Where, same: bool, found: Found) -> None:
        names = [step for step in steps if isinstance(step, str)]
        head = names[0] if names else ""
        if head == "local":
            found.lost()
        elif head == "var" and len(names) > 1:
            self._variable(names[1], where, found)
        elif head == "module" and len(names) > 1:
            self._output(names[1], steps[2:], where, same, found)
        elif head in ("each", "count"):
            self._all(where.repetition, _Where(where.path, where.module, None, ()), found)
        elif head == "data" and len(names) > 2:
            self._resource(f"data.{names[1]}.{names[2]}", steps[3:], where, same, found)
        elif head not in _NOT_RESOURCES and len(names) > 1:
            self._resource(f"{head}.{names[1]}", steps[2:], where, same, found)
        elif head == "ephemeral":
            found.lost()

    def _variable(self, name: str, where: _Where, found: Found) -> None:
        if not where.path or where.module.parent is None:
            if name in self.tree.open_variables:
                found.lost()
            return
        parent, key = parent_of(where.path)
        outer = _Where(parent, where.module.parent, key, where.module.repetition)
        self._all(where.module.argument(name), outer, found)

    def _output(self, name: str, steps: tuple[str | Index, ...], where: _Where, same: bool, found: Found) -> None:
        child = where.module.child(name)
        if child is None:
            found.lost()
            return
        index, steps = _index(steps)
        output = steps[0] if steps and isinstance(steps[0], str) else None
        if output is None or output not in child.outputs:
            found.lost()  # module.x[each.key].y: which output is not said
            return
        for _, path in _chosen(self.instances.module(where.path, name), index, where.key if same else None):
            self._all(child.output(output), _Where(path, child, None, ()), found)

    def _resource(self, block: str, steps: tuple[str | Index, ...], where: _Where, same: bool, found: Found) -> None:
        index, steps = _index(steps)
        attribute = steps[0] if steps and isinstance(steps[0], str) else ""
        chosen = list(_chosen(self.instances.resource(where.path, block), index, where.key if same else None))
        if not chosen and self.tree.evaluated and block.startswith("data."):
            found.lost()
        for _, address in chosen:
            found.resources[address, attribute] = None
        written = where.module.blocks.get(block)
        if chosen and not attribute and chosen[0][0] is not None:
            found.lost()  # aws_x.y[each.key].z: which attribute is not said
        if not chosen or written is None or not attribute:
            return
        references = written.references().get(attribute)
        if references is None:
            found.complete = found.complete and not block.startswith("data.")
            return
        self._all(references, _Where(where.path, where.module, chosen[0][0], written.repetition), found)


def _index(steps: tuple[str | Index, ...]) -> tuple[Index | None, tuple[str | Index, ...]]:
    if steps and isinstance(steps[0], Index):
        return steps[0], steps[1:]
    return None, steps


def _chosen(instances: dict[Key, str], index: Index | None, key: Key) -> Iterator[tuple[Key, str]]:
    """The instance with the key of the reference, or with that of the referring block; else all."""
    if index is not None and index.key is not None and None not in instances:
        if index.key in instances:
            yield index.key, instances[index.key]
    elif key is not None and key in instances:
        yield key, instances[key]
    else:
        yield from instances.items()
