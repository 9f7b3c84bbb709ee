"""`check` blocks: what they assert, and the data source that only they can see."""

from __future__ import annotations

from collections.abc import Iterator

from alexandria_scan.evaluate.declarations import ModuleConfig, ResourceKey
from alexandria_scan.evaluate.expansion import Expansion
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.namespaces import Namespace
from alexandria_scan.evaluate.resource import Resource
from alexandria_scan.evaluate.scope import NamedScope, Scope
from alexandria_scan.evaluate.values import LazyObject, Value
from alexandria_scan.syntax.tree import Block


def assertions(module: Module) -> Iterator[tuple[Block, Block, Scope]]:
    """The check block, the assertion and the scope of its expressions, for every assertion in the module's folder."""
    for block in module.config.others:
        if block.type == "check":
            scope = _scope(module, block)
            for assertion in block.body.blocks_of("assert"):
                yield block, assertion, scope


def scoped_data(config: ModuleConfig) -> dict[ResourceKey, Block]:
    """The data sources inside of check blocks."""
    checks = [block for block in config.others if block.type == "check"]
    return {
        ("data", inner.labels[0], inner.labels[1]): inner
        for block in checks
        for inner in block.body.blocks_of("data")
        if len(inner.labels) == 2
    }


def all_resources(module: Module) -> Iterator[tuple[Resource, bool]]:
    """Every instance that the module's own folder declares, and whether only a check sees it."""
    scoped = scoped_data(module.config)
    for key in sorted({**scoped, **module.config.resources}):
        if key in module.config.resources:
            for instance in module.instances(key).values():
                yield instance, False
        else:
            yield _resource(module, key, scoped[key]), True


def _resource(module: Module, key: ResourceKey, block: Block) -> Resource:
    return Resource(module, key, block, None, Expansion("single", {None: {}}))


def _scope(module: Module, check: Block) -> Scope:
    own = {
        ("data", *inner.labels): _resource(module, ("data", inner.labels[0], inner.labels[1]), inner)
        for inner in check.body.blocks_of("data")
        if len(inner.labels) == 2
    }
    if not own:
        return module
    outer = module.name("data")

    def of_type(type_: str) -> LazyObject:
        def find(name: str) -> Value:
            found = own.get(("data", type_, name))
            return outer.attribute(type_).attribute(name) if found is None else found

        return Namespace(find, list)

    return NamedScope(module, {"data": Namespace(of_type, list)})
