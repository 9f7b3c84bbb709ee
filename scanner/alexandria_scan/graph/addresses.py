"""Where a module keeps its resources in the state: their addresses, and the blocks that move or forget them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from alexandria_scan.evaluate.children import children_of
from alexandria_scan.evaluate.declarations import ModuleConfig, plain_text
from alexandria_scan.evaluate.expansion import SYMBOLIC, Key, unknown_expansion
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.values import Unknown
from alexandria_scan.graph.interface import layout_free
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Attribute, Block, Location

Step: TypeAlias = tuple[str, Key]
"""A name with the key of an instance; the names are `module.NAME` for calls and `TYPE.NAME` for a resource."""


class Repeated(msgspec.Struct, frozen=True):
    """How a block is repeated. `kind` is single, count or for_each; `text` its argument; `keys` are the instances
    that it has with the defaults, None if they are not known. `switch`: there is at most the instance 0."""

    kind: str
    text: str
    keys: tuple[Key, ...] | None
    switch: bool = False

    def possible(self) -> tuple[Key, ...]:
        """Keys that stand for all that there can be."""
        return self.keys or ((0,) if self.switch else (SYMBOLIC,))


class Managed(msgspec.Struct, frozen=True):
    """A resource, or a call of a module that is not here. `path` are the names from the top, its own being the last;
    `repeated` says for each of them how it is repeated; `source` is where a called module comes from."""

    path: tuple[str, ...]
    repeated: tuple[Repeated, ...]
    source: str
    location: Location


class Statement(msgspec.Struct, frozen=True):
    """A `moved` block, or with `target` None a `removed` one. `within` are the calls that lead to the module that
    has it; `destroys` is true of a `removed` block that also destroys the object."""

    within: tuple[str, ...]
    source: tuple[Step, ...]
    target: tuple[Step, ...] | None
    destroys: bool
    location: Location


class Addresses(msgspec.Struct, frozen=True):
    managed: dict[tuple[str, ...], Managed]
    statements: tuple[Statement, ...]


def addresses_of(module: Module) -> Addresses:
    """The addresses below a module that is evaluated as a root."""
    managed = {found.path: found for found in _managed(module, (), ())}
    return Addresses(managed, tuple(_statements(module, ())))


def _managed(module: Module, path: tuple[str, ...], above: tuple[Repeated, ...]) -> Iterator[Managed]:
    for key, block in sorted(module.config.resources.items()):
        if key[0] == "managed":
            keys = tuple(module.expansion(key).names)
            names = (*path, f"{key[1]}.{key[2]}")
            yield Managed(names, (*above, _repeated(block, keys)), "", block.header.location)
    for name, block in sorted(module.config.calls.items()):
        repeated = _repeated(block, tuple(module.call_expansion(name).names))
        inner = (*path, f"module.{name}")
        child = called_module(module, name)
        if child is not None:
            yield from _managed(child, inner, (*above, repeated))
        else:
            arguments = [layout_free(block.body.attributes.get(argument)) for argument in ("source", "version")]
            yield Managed(inner, (*above, repeated), " ".join(arguments).strip(), block.header.location)


def called_module(module: Module, name: str) -> Module | None:
    """An instance of a called module, also where the defaults make none; None if its source is not here."""
    for child in module.children(name).values():
        return child
    target = module.evaluation.called(module, name)
    if target is None:
        return None
    config, directory = target
    block = module.config.calls[name]
    prefix = f"{module.path}.module.{name}" if module.path else f"module.{name}"
    scope = unknown_expansion(Unknown()).scope(SYMBOLIC, module)
    return Module(module.evaluation, config, prefix, directory, module, block, scope)


def _repeated(block: Block, keys: tuple[Key, ...]) -> Repeated:
    known = None if SYMBOLIC in keys else keys
    for kind in ("count", "for_each"):
        attribute = block.body.attributes.get(kind)
        if attribute is not None:
            return Repeated(kind, layout_free(attribute), known, kind == "count" and _is_switch(attribute))
    return Repeated("single", "", (None,))


def _is_switch(attribute: Attribute) -> bool:
    """`condition ? 1 : 0`, in either order."""
    node = attribute.expression
    while isinstance(node, tree.Parentheses):
        node = node.inner
    if not isinstance(node, tree.Conditional):
        return False
    branches = [branch.text for branch in (node.then, node.otherwise) if isinstance(branch, tree.NumberLiteral)]
    return sorted(branches) == ["0", "1"]


def _statements(module: Module, path: tuple[str, ...]) -> Iterator[Statement]:
    yield from _own_statements(module.config, path)
    for name in sorted(module.config.calls):
        child = called_module(module, name)
        if child is not None:
            yield from _statements(child, (*path, f"module.{name}"))


def _own_statements(config: ModuleConfig, path: tuple[str, ...]) -> Iterator[Statement]:
    for block in config.others:
        if block.type not in ("moved", "removed"):
            continue
        source, target = _endpoint(block, "from"), _endpoint(block, "to")
        if source and block.type == "removed":
            yield Statement(path, source, None, _destroys(block), block.header.location)
        elif source and target:
            yield Statement(path, source, target, False, block.header.location)


def _destroys(block: Block) -> bool:
    for lifecycle in block.body.blocks_of("lifecycle"):
        attribute = lifecycle.body.attributes.get("destroy")
        if attribute is not None:
            node = attribute.expression
            return not (isinstance(node, tree.Literal) and node.value is False)
    return True


def _endpoint(block: Block, argument: str) -> tuple[Step, ...]:
    """`module.a["x"].aws_db_instance.b[0]` as its steps; () if it is no address."""
    attribute = block.body.attributes.get(argument)
    if attribute is None:
        return ()
    node = attribute.expression
    text = plain_text(node)
    if text is not None:  # in JSON syntax
        from alexandria_scan.syntax.parse import parse_expression

        node = parse_expression(block.header.source.name, text)
    names: list[str] = []
    keys: dict[int, Key] = {}
    for part in _flat(node):
        if isinstance(part, str):
            names.append(part)
        else:
            keys[len(names)] = part[0]
    steps: list[Step] = []
    if len(names) % 2 or not names:
        return ()
    for index in range(0, len(names), 2):
        steps.append((f"{names[index]}.{names[index + 1]}", keys.get(index + 2)))
    return tuple(steps)


def _flat(node: tree.Expression) -> list[str | tuple[Key]]:
    """The names and keys of a traversal from left to right."""
    if isinstance(node, tree.Name):
        return [node.name]
    if isinstance(node, tree.GetAttribute):
        return [*_flat(node.base), node.name]
    if isinstance(node, tree.Index):
        key: Key = plain_text(node.key)
        if isinstance(node.key, tree.NumberLiteral):
            key = int(node.key.text)
        return [*_flat(node.base), (key,)]
    return [part for child in children_of(node) for part in _flat(child)]
