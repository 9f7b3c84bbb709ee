"""What a module promises its callers: inputs, outputs, and the versions that it needs."""

from __future__ import annotations

from pathlib import Path

import msgspec

from alexandria_scan.evaluate.compile import compile_expression
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.evaluation import Evaluation
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.suppose import anything
from alexandria_scan.evaluate.types import DYNAMIC, Type
from alexandria_scan.evaluate.values import EPHEMERAL, SENSITIVE, Value, type_of, unmark_deep
from alexandria_scan.evaluate.variables import Declaration, default_value
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Attribute, Block, Location


class Input(msgspec.Struct, frozen=True):
    """A variable. `default` is converted to its type, without marks; it counts only if `optional`."""

    name: str
    declaration: Declaration
    optional: bool
    default: Value
    description: str
    location: Location


class Output(msgspec.Struct, frozen=True):
    """An output. `marks` are those that it declares and those that its value brings along; `type` is DYNAMIC as far
    as it is not known; `expression` is its value's text without layout."""

    name: str
    type: Type
    marks: frozenset[str]
    expression: str
    location: Location


class Requirement(msgspec.Struct, frozen=True):
    """A provider, or Terraform itself, that a module needs. `aliases` are configurations that callers hand down."""

    name: str
    source: str | None
    version: str | None
    aliases: tuple[str, ...]
    location: Location


class Interface(msgspec.Struct, frozen=True):
    """`module` is evaluated with its defaults, what is required being unknown; `supposing` evaluates it again."""

    module: Module
    folder: Path
    inputs: dict[str, Input]
    outputs: dict[str, Output]
    terraform: Requirement
    providers: dict[str, Requirement]

    def supposing(self, values: dict[str, Value]) -> Module:
        """The module with these values for some of its inputs."""
        return self.module.evaluation.root_with(self.module.config, self.folder, {}, values)


def interface_of(evaluation: Evaluation, folder: Path) -> Interface | None:
    """The interface of the module in a folder, or None if there is none.

    The evaluation's problems are then also those of values that nobody passed.
    """
    config = evaluation.config(folder)
    if config is None:
        return None
    module = evaluation.root_with(config, folder, {})
    unknown = evaluation.root_with(config, folder, {}, anything(module))
    return Interface(
        module,
        folder,
        {name: _input(module, name, block) for name, block in sorted(config.variables.items())},
        {name: _output(module, unknown, name, block) for name, block in sorted(config.outputs.items())},
        _terraform(module),
        _providers(module),
    )


def _input(module: Module, name: str, block: Block) -> Input:
    declaration = _declaration(module, name, block)
    default: Value = None
    if declaration.default is not None:
        default = module.safely(f"var.{name}", lambda: default_value(declaration, module))
    return Input(
        name,
        declaration,
        declaration.default is not None,
        unmark_deep(default)[0],
        layout_free(block.body.attributes.get("description")),
        block.header.location,
    )


def _declaration(module: Module, name: str, block: Block) -> Declaration:
    """The declaration. One whose type is wrong, which is a problem of its own, takes any value."""
    try:
        return module.declaration(name)
    except (EvalError, tree.ExpressionError):
        default = block.body.attributes.get("default")
        return Declaration(name, block, DYNAMIC, False, True, frozenset(), default)


def _output(module: Module, unknown: Module, name: str, block: Block) -> Output:
    """The type is the one for whatever callers give; where that says nothing, the one that the defaults give."""
    value, marks = unmark_deep(unknown.output(name))
    type_ = type_of(value)
    if type_ is DYNAMIC:
        type_ = _type_by_default(module, name, block)
    return Output(
        name,
        type_,
        marks & {SENSITIVE, EPHEMERAL},
        layout_free(block.body.attributes.get("value")),
        block.header.location,
    )


def _type_by_default(module: Module, name: str, block: Block) -> Type:
    """The type with the defaults. What `try` gives is dynamic to Terraform as long as it is not known: its type is then
    that of the first argument that is no error."""
    type_ = type_of(unmark_deep(module.output(name))[0])
    attribute = block.body.attributes.get("value")
    node = attribute.expression if attribute is not None else None
    if type_ is not DYNAMIC or not isinstance(node, tree.Call) or node.name != "try":
        return type_
    for argument in node.arguments:
        try:
            return type_of(unmark_deep(compile_expression(argument)(module))[0])
        except (EvalError, tree.ExpressionError):
            continue
    return DYNAMIC


def layout_free(attribute: Attribute | None) -> str:
    """The text of an argument's value with blanks and line ends alike, "" if it is absent."""
    return "" if attribute is None else " ".join(attribute.expression.span.text.split())


def _providers(module: Module) -> dict[str, Requirement]:
    """What the module and those that it calls require: a caller has to keep all the constraints."""
    aliases = _aliases(module)
    found: dict[str, Requirement] = {}
    for one in module.tree():
        for name, entry in sorted(one.config.required_providers().items()):
            own = found.get(name)
            if own is None:
                own = Requirement(name, entry.source, None, aliases.get(name, ()), entry.span.location)
            version = _both(own.version, entry.version)
            found[name] = msgspec.structs.replace(own, source=own.source or entry.source, version=version)
    return found


def _terraform(module: Module) -> Requirement:
    place, version = Location(module.config.folder), None
    for one in module.tree():
        entry = one.config.required_version()
        if entry is not None:
            place = entry[1].location if version is None else place
            version = _both(version, entry[0])
    return Requirement("Terraform", None, version, (), place)


def _both(first: str | None, second: str | None) -> str | None:
    """Two version constraints as one, each of its terms once."""
    terms = [" ".join(term.split()) for text in (first, second) if text for term in text.split(",")]
    return ", ".join(dict.fromkeys(terms)) or None


def _aliases(module: Module) -> dict[str, tuple[str, ...]]:
    """`configuration_aliases` by provider, as they are written: `aws.replica`."""
    found: dict[str, tuple[str, ...]] = {}
    for block in module.config.terraform:
        for inner in block.body.blocks_of("required_providers"):
            for name, attribute in inner.body.attributes.items():
                node = attribute.expression
                entries = node.entries if isinstance(node, tree.ObjectConstructor) else ()
                for key, value in entries:
                    if key.span.text.strip() == "configuration_aliases" and isinstance(value, tree.TupleConstructor):
                        found[name] = tuple(sorted(item.span.text.strip() for item in value.items))
    return found
