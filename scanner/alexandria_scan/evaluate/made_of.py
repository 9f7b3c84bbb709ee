"""What a value is made of as it is written, whatever is not known: conditions decide, but are no part of it."""

from __future__ import annotations

from collections.abc import Iterator

from alexandria_scan.evaluate.declarations import ModuleConfig
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Attribute, Expression


class Untold(Exception):
    """Something else than texts and resources may be in it."""


def made_of(node: Expression, config: ModuleConfig) -> Iterator[tuple[str, str]]:
    """The attributes of resources, as type and name, that can become part of the value. Raises Untold."""
    waiting, seen = [node], set[int]()
    while waiting:
        node = waiting.pop()
        if id(node) in seen or isinstance(node, (tree.Literal, tree.NumberLiteral)):
            continue
        seen.add(id(node))
        if isinstance(node, (tree.GetAttribute, tree.Index)):
            attribute, given = _referred(node, config)
            if attribute is not None:
                yield attribute
            if given is not None:
                waiting.append(given.expression)
        else:
            waiting += _parts(node)


def _parts(node: Expression) -> tuple[Expression, ...]:
    if isinstance(node, tree.Parentheses):
        return (node.inner,)
    if isinstance(node, tree.Conditional):
        return node.then, node.otherwise
    if isinstance(node, tree.Template):
        return node.parts
    raise Untold


def _referred(node: Expression, config: ModuleConfig) -> tuple[tuple[str, str] | None, Attribute | None]:
    """The attribute of a resource that a reference names, and what is written there or in the local value."""
    names: list[str] = []
    while not isinstance(node, tree.Name):
        if isinstance(node, tree.GetAttribute):
            names.insert(0, node.name)
        elif not isinstance(node, tree.Index):
            raise Untold
        node = node.base
    if node.name == "local" and len(names) == 1 and names[0] in config.locals:
        return None, config.locals[names[0]]
    block = config.resources.get(("managed", node.name, names[0])) if len(names) == 2 else None
    if block is None:
        raise Untold
    return (node.name, names[1]), block.body.attributes.get(names[1])
