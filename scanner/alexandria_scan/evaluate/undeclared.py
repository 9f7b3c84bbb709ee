"""What a module refers to has to be declared, although no value depends on it, or nobody asks for the value."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator

from alexandria_scan.evaluate.children import children_of, free_names
from alexandria_scan.evaluate.compile import compile_expression
from alexandria_scan.evaluate.convert import quote
from alexandria_scan.evaluate.declarations import ModuleConfig
from alexandria_scan.evaluate.errors import InvalidReference
from alexandria_scan.evaluate.module import Module, no_resource
from alexandria_scan.evaluate.placing import placed
from alexandria_scan.evaluate.reference_paths import reference_paths
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Attribute

_VALUES = frozenset(["var", "local", "path", "terraform", "tofu", "each", "count", "self"])
_TABLES: dict[str, Callable[[ModuleConfig], Container[str]]] = {
    "var": lambda config: config.variables,
    "local": lambda config: config.locals,
}
_MODES = {"data": "data", "ephemeral": "ephemeral", "resource": "managed"}


def check_depends_on(module: Module) -> None:
    """Reports what `depends_on` and `replace_triggered_by` name and the module does not declare."""
    config = module.config
    if config.unread:
        return
    for argument in _arguments(config):
        items = argument.expression
        for item in items.items if isinstance(items, tree.TupleConstructor) else ():
            for error in _undeclared(item, module):
                module.evaluation.report(placed(error, item.span), module)


def report_undeclared(expression: tree.Expression, module: Module) -> None:
    """Reports each variable and local value in an expression that the module does not declare, as an evaluation would:
    no policy need ask for the value."""
    roots = {id(name) for name in free_names(expression)}
    waiting = [expression]
    while waiting:
        node = waiting.pop()
        waiting += children_of(node)
        if not isinstance(node, tree.GetAttribute) or not isinstance(node.base, tree.Name):
            continue
        head = node.base.name
        if id(node.base) in roots and head in _TABLES and node.name not in _TABLES[head](module.config):
            try:
                compile_expression(node)(module)
            except InvalidReference as error:
                module.evaluation.report(error, module)


def _arguments(config: ModuleConfig) -> Iterator[Attribute]:
    for block in (*config.resources.values(), *config.calls.values(), *config.outputs.values()):
        places = [(block, "depends_on"), *((one, "replace_triggered_by") for one in block.body.blocks_of("lifecycle"))]
        for place, name in places:
            if name in place.body.attributes:
                yield place.body.attributes[name]


def _undeclared(item: tree.Expression, module: Module) -> Iterator[InvalidReference]:
    for steps in reference_paths(item):
        head, *names = [steps[0], *(step[1:] for step in steps[1:] if step.startswith("."))]
        if head in _TABLES and names and names[0] not in _TABLES[head](module.config):
            yield InvalidReference(
                f"Reference to undeclared {head}", f"{head}.{names[0]} is not declared in this module."
            )
        if not names or head in _VALUES:
            continue
        if head == "module":
            if names[0] not in module.config.calls:
                detail = f"No module call named {quote(names[0])} is declared in this module."
                yield InvalidReference("Reference to undeclared module", detail)
            continue
        mode = _MODES.get(head, "managed")
        type_, *rest = names if head in _MODES else [head, *names]
        if rest and (mode, type_, rest[0]) not in module.config.resources:
            yield InvalidReference("Reference to undeclared resource", no_resource(mode, type_, rest[0]))
