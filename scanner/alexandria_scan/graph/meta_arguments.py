"""What `count` and `depends_on` of a block amount to."""

from __future__ import annotations

from alexandria_scan.evaluate.declarations import ModuleConfig
from alexandria_scan.graph.references import reached_names, referring_expressions
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Block, Expression

_ARITHMETIC = frozenset(["+", "-", "*", "/"])
_PASSED_ON = frozenset(["try", "coalesce", "max", "ceil", "floor", "tonumber", "abs"])


def count_of(block: Block, config: ModuleConfig) -> str | None:
    """The collection whose length is the block's `count`, as it is written; None if `count` is no length.

    `length(x) > 0 ? 1 : 0` asks whether there is one of the block, and is no length.
    """
    attribute = block.body.attributes.get("count")
    return None if attribute is None else _length_in(attribute.expression, config, frozenset())


def _length_in(node: Expression, config: ModuleConfig, seen: frozenset[str]) -> str | None:
    parts: list[Expression] = []
    if isinstance(node, tree.Call) and node.name == "length" and len(node.arguments) == 1:
        return _collection(node.arguments[0], config, seen)
    if isinstance(node, tree.Conditional):
        parts = [node.then, node.otherwise]
    elif isinstance(node, tree.Parentheses):
        parts = [node.inner]
    elif isinstance(node, tree.Binary) and node.operator in _ARITHMETIC:
        parts = [node.left, node.right]
    elif isinstance(node, tree.Call) and node.name in _PASSED_ON:
        parts = list(node.arguments)
    elif isinstance(node, tree.Template) and node.wrap:
        parts = list(node.parts)
    elif isinstance(node, tree.GetAttribute) and isinstance(node.base, tree.Name) and node.base.name == "local":
        local = config.locals.get(node.name)
        if local is not None and node.name not in seen:
            return _length_in(local.expression, config, seen | {node.name})
    return next((found for part in parts if (found := _length_in(part, config, seen)) is not None), None)


def _collection(node: Expression, config: ModuleConfig, seen: frozenset[str]) -> str | None:
    """What a length is taken of. The length of a resource that has a `count` is that count."""
    if isinstance(node, tree.GetAttribute) and isinstance(node.base, tree.Name):
        block = config.resources.get(("managed", node.base.name, node.name))
        count = block.body.attributes.get("count") if block is not None else None
        address = f"{node.base.name}.{node.name}"
        if count is not None and address not in seen:
            return _length_in(count.expression, config, seen | {address})
    return node.span.text


def needless_depends_on(block: Block, config: ModuleConfig) -> tuple[str, ...]:
    """The resources in `depends_on` that the rest of the block refers to anyway, directly or through local values and
    other resources.

    Modules do not count: to depend on one is to wait for all that is in it, a reference waits for one output.
    """
    attribute = block.body.attributes.get("depends_on")
    if attribute is None or not isinstance(attribute.expression, tree.TupleConstructor):
        return ()
    named = [item.span.text.strip('"') for item in attribute.expression.items]
    resources = [name for name in named if ("managed", *name.split(".")) in config.resources]
    if not resources:
        return ()
    reached = reached_names(config, referring_expressions(block), through_resources=True)
    return tuple(name for name in resources if name in reached)
