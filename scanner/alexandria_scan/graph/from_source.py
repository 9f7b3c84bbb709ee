"""An evaluated module tree as a graph: every resource instance in it, and the declarations of its own folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

from alexandria_scan.evaluate.check_blocks import all_resources
from alexandria_scan.evaluate.declarations import LOCAL, ModuleConfig, literal_text
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.trace import trace_attribute
from alexandria_scan.evaluate.types import spelled
from alexandria_scan.evaluate.used_providers import is_built_in, used_providers, version_constraints
from alexandria_scan.evaluate.values import SECRET, Value, unmark_deep
from alexandria_scan.graph.constraints import lowest
from alexandria_scan.graph.meta_arguments import count_of, needless_depends_on
from alexandria_scan.graph.model import Deferred, Graph, OutsideCall, SimpleNode
from alexandria_scan.graph.readme_checks import documented_inputs
from alexandria_scan.graph.references import secret_source, takes_secret, used_names
from alexandria_scan.graph.source_resource import SourceResource
from alexandria_scan.graph.unread import known
from alexandria_scan.graph.validations import constant_validations
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Attribute, Block, Location


def build(root: Module, kind: str, environment: str | None) -> Graph:
    """The graph of a root, a library module or an example."""
    modules = list(root.tree())
    unread = tuple(dict.fromkeys(reason for module in modules for reason in module.config.unread))
    outside = tuple(call for module in modules for call in _outside(module))
    graph = Graph(root.config.folder, kind, environment=environment, unread=unread, outside=outside)
    for module in modules:
        for instance, _ in all_resources(module):
            graph.add(SourceResource(instance))
    _declarations(graph, root)
    return graph


def _outside(module: Module) -> Iterator[OutsideCall]:
    for name, block in sorted(module.config.calls.items()):
        why = module.evaluation.unresolved(module, name)
        if why is not None and module.call_expansion(name).names:
            yield OutsideCall(
                f"{module.path}.module.{name}".lstrip("."), why.reasons, cache(partial(_given, module, block))
            )


def _given(module: Module, block: Block) -> frozenset[str]:
    """The addresses of the resources that the arguments of a call refer to."""
    traces = [trace_attribute(attribute, module) for attribute in block.body.attributes.values()]
    return frozenset(resource.address for trace in traces for resource, _ in trace.resources)


def _declarations(graph: Graph, root: Module) -> None:
    config = root.config
    used = used_names(config)
    documented = documented_inputs(root)
    for name, block in sorted(config.variables.items()):
        graph.add(_variable(root, name, block, known(config, f"var.{name}" in used), documented))
    for name, block in sorted(config.outputs.items()):
        graph.add(_output(root, name, block))
    for name, attribute in sorted(config.locals.items()):
        graph.add(
            SimpleNode(
                "local", name, name, f"local.{name}", config.folder, attribute.span.location,
                {"name": name, "used": known(config, f"local.{name}" in used)},
            )
        )  # fmt: skip
    for key, block in sorted(config.resources.items()):
        graph.add(_block(root, key, block))
    for name, block in sorted(config.calls.items()):
        graph.add(_call(root, name, block))
    for block in config.providers:
        graph.add(_provider(root, block))
    graph.add(_terraform(config))


def _places(block: Block) -> dict[str, Location]:
    return {name: attribute.span.location for name, attribute in block.body.attributes.items()}


def _text(block: Block, name: str) -> Value:
    """A literal string argument; its source text if it is an expression; None if absent."""
    attribute = block.body.attributes.get(name)
    if attribute is None:
        return None
    text = literal_text(attribute)
    if text is not None:
        return text
    return attribute.expression.span.text


def _flag(block: Block, name: str, otherwise: bool) -> bool:
    attribute = block.body.attributes.get(name)
    if attribute is None:
        return otherwise
    node = attribute.expression
    return node.value if isinstance(node, tree.Literal) and isinstance(node.value, bool) else otherwise


def _variable(root: Module, name: str, block: Block, used: Value, documented: Callable[[str], Value]) -> SimpleNode:
    attributes = block.body.attributes
    default = attributes.get("default")
    values: dict[str, Value] = {
        "name": name,
        "type": Deferred(lambda: _type_text(root, name, attributes.get("type"))),
        "description": _text(block, "description"),
        "has_default": default is not None,
        "default": Deferred(lambda: None if default is None else _default(root, name)),
        "sensitive": _flag(block, "sensitive", False),
        "nullable": _flag(block, "nullable", True),
        "validations": len(block.body.blocks_of("validation")),
        "used": used,
        "constant_validations": Deferred(lambda: constant_validations(root, name)),
        "documented": Deferred(lambda: documented(name)),
        "secret": takes_secret(root.config, name),
    }
    return SimpleNode(
        "variable",
        name,
        name,
        f"var.{name}",
        root.config.folder,
        block.header.location,
        values,
        _places(block),
    )


def _type_text(root: Module, name: str, attribute: Attribute | None) -> Value:
    if attribute is None:
        return None
    found = root.safely(f"var.{name}", lambda: spelled(root.declaration(name).type))
    return found if isinstance(found, str) else attribute.expression.span.text


def _default(root: Module, name: str) -> Value:
    from alexandria_scan.evaluate.variables import default_value

    return root.safely(f"var.{name}", lambda: default_value(root.declaration(name), root))


def _output(root: Module, name: str, block: Block) -> SimpleNode:
    value = block.body.attributes.get("value")
    values: dict[str, Value] = {
        "name": name,
        "description": _text(block, "description"),
        "sensitive": _flag(block, "sensitive", False),
        "ephemeral": _flag(block, "ephemeral", False),
        "has_value": value is not None,
        "secret_source": Deferred(lambda: None if value is None else secret_source(root, value)),
    }
    values["needless_depends_on"] = Deferred(lambda: needless_depends_on(block, root.config))
    values["secret"] = Deferred(lambda: None if value is None else _is_secret(root, value))
    return SimpleNode(
        "output",
        name,
        name,
        f"output.{name}",
        root.config.folder,
        block.header.location,
        values,
        _places(block),
    )


def _is_secret(root: Module, attribute: Attribute) -> Value:
    """True if the value carries a secret: something marked sensitive, or an attribute known to hold one."""
    value = root.safely("output", lambda: _compiled(root, attribute))
    _, marks = unmark_deep(value)
    return bool(SECRET & marks) or secret_source(root, attribute) is not None


def _compiled(root: Module, attribute: Attribute) -> Value:
    from alexandria_scan.evaluate.compile import compile_attribute

    return compile_attribute(attribute)(root)


def _call(root: Module, name: str, block: Block) -> SimpleNode:
    source = _text(block, "source")
    values: dict[str, Value] = {
        "name": name,
        "source": source,
        "version": _text(block, "version"),
        "is_local": isinstance(source, str) and source.startswith(LOCAL),
        "has_count": "count" in block.body.attributes or "for_each" in block.body.attributes,
        "depends_on": "depends_on" in block.body.attributes,
        "count_of": Deferred(lambda: count_of(block, root.config)),
    }
    return SimpleNode(
        "module_call",
        name,
        name,
        f"module.{name}",
        root.config.folder,
        block.header.location,
        values,
        _places(block),
    )


def _block(root: Module, key: tuple[str, str, str], block: Block) -> SimpleNode:
    """A resource or data source as it is written, whatever it is evaluated to."""
    mode, type_, name = key
    values: dict[str, Value] = {
        "mode": mode,
        "type": type_,
        "name": name,
        "has_count": "count" in block.body.attributes,
        "depends_on": "depends_on" in block.body.attributes,
        "count_of": Deferred(lambda: count_of(block, root.config)),
        "needless_depends_on": Deferred(lambda: needless_depends_on(block, root.config) if mode == "managed" else ()),
    }
    address = f"{type_}.{name}" if mode == "managed" else f"{mode}.{type_}.{name}"
    return SimpleNode("block", type_, name, address, root.config.folder, block.header.location, values, _places(block))


def _provider(root: Module, block: Block) -> SimpleNode:
    name = block.labels[0]
    alias = _text(block, "alias")
    values: dict[str, Value] = {"name": name, "alias": alias}
    for type_ in {inner.type for inner in block.body.blocks} - {"dynamic"}:
        values[type_] = Deferred(partial(_nested, root, block, type_))
    for key, attribute in block.body.attributes.items():
        if key != "alias":
            values[key] = Deferred(partial(root.safely, f"provider.{name}", partial(_compiled, root, attribute)))
    values["blocks"] = tuple(sorted({inner.type for inner in block.body.blocks}))
    values["configured"] = bool(block.body.attributes.keys() - {"alias", "version"} or block.body.blocks)
    address = f"provider.{name}" + (f".{alias}" if alias else "")
    return SimpleNode(
        "provider", name, name, address, root.config.folder, block.header.location, values, _places(block)
    )


def _nested(root: Module, provider: Block, type_: str) -> Value:
    """The arguments of each nested block of that type, one object a block."""
    subject = f"provider.{provider.labels[0]}.{type_}"
    return tuple(
        {
            name: root.safely(subject, partial(_compiled, root, attribute))
            for name, attribute in inner.body.attributes.items()
        }
        for inner in provider.body.blocks_of(type_)
    )


def _terraform(config: ModuleConfig) -> SimpleNode:
    version = config.required_version()
    entries, versions = config.required_providers(), version_constraints(config)
    required = {name: one for name, one in entries.items() if not is_built_in(name, one.source)}
    used = sorted(
        name
        for name in used_providers(config)
        if name in required or (name not in entries and not is_built_in(name, None))
    )
    providers: tuple[Value, ...] = tuple(
        {
            "name": name,
            "source": entry.source,
            "version": versions.get(name),
            "declared": True,
            "minimum": lowest(versions.get(name)),
        }
        for name, entry in sorted(required.items())
    )
    if not config.unread:
        providers += tuple(
            {
                "name": name,
                "source": None,
                "version": versions.get(name),
                "declared": False,
                "minimum": lowest(versions.get(name)),
            }
            for name in used
            if name not in required
        )
    places = {}
    if required:
        places["required_providers"] = next(iter(required.values())).span.location
    if version is not None:
        places["required_version"] = version[1].location
    for index, entry in enumerate(item for _, item in sorted(required.items())):
        places[f"providers.{index}"] = entry.span.location
    location = config.terraform[0].header.location if config.terraform else _first_place(config)
    return SimpleNode(
        "terraform",
        "terraform",
        "terraform",
        "terraform",
        config.folder,
        location,
        {
            "required_version": known(config, version[0] if version is not None else None),
            "minimum_version": known(config, lowest(version[0]) if version is not None else None),
            "providers": known(config, providers),
            "used_providers": known(config, tuple(used)),
            "backend": known(config, config.has_backend()),
        },
        places,
    )


def _first_place(config: ModuleConfig) -> Location:
    names = [file.source.name for file in config.files]
    wanted = next((name for name in names if Path(name).name in ("versions.tf", "terraform.tf")), None)
    wanted = wanted or next((name for name in names if Path(name).name == "main.tf"), None)
    return Location(wanted or (names[0] if names else config.folder), 1, 1, 1, 1)
