"""What a module folder declares: variables, locals, resources, calls, outputs, providers, with overrides merged."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import msgspec

from alexandria_scan.evaluate.block_arguments import misplaced
from alexandria_scan.evaluate.block_rules import faults
from alexandria_scan.evaluate.overrides import is_override, merged
from alexandria_scan.evaluate.values import Reason
from alexandria_scan.patterns import pattern
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.parse import parse
from alexandria_scan.syntax.tree import Attribute, Block, Body, SyntaxFile

ResourceKey: TypeAlias = tuple[str, str, str]  # mode, type, name
LOCAL = ("./", "../")  # what the source of a module begins with that lies beside its caller
_LABELS = {
    "variable": 1, "output": 1, "module": 1, "provider": 1, "check": 1, "resource": 2, "data": 2, "ephemeral": 2,
    "action": 2, "terraform": 0, "language": 0, "locals": 0, "moved": 0, "removed": 0, "import": 0,
}  # fmt: skip
_UNIQUE = frozenset(["variable", "output", "module", "resource", "data", "ephemeral", "check"])
_NAMED = frozenset(["variable", "output", "module", "resource", "data", "ephemeral"])
_NAME = pattern(r"[^\W\d][\w-]*\Z")
_MODES = {"resource": "managed", "data": "data", "ephemeral": "ephemeral"}


class ProviderRequirement(msgspec.Struct, frozen=True):
    """One entry of `required_providers`; source and version are None where the entry does not say."""

    name: str
    source: str | None
    version: str | None
    span: tree.Span


class ModuleConfig(msgspec.Struct):
    """The declarations of one folder, by name. `files` are the parsed files that count, in name order.

    `unread` says which files, or parts of files, could not be read: nothing can be concluded then from what is not
    declared.
    """

    folder: str
    files: list[SyntaxFile] = []
    variables: dict[str, Block] = {}
    locals: dict[str, Attribute] = {}
    outputs: dict[str, Block] = {}
    resources: dict[ResourceKey, Block] = {}
    calls: dict[str, Block] = {}
    providers: list[Block] = []
    terraform: list[Block] = []
    others: list[Block] = []
    problems: list[Problem] = []
    unread: tuple[Reason, ...] = ()

    def required_providers(self) -> dict[str, ProviderRequirement]:
        found: dict[str, ProviderRequirement] = {}
        for block in self.terraform:
            for inner in block.body.blocks_of("required_providers"):
                for name, attribute in inner.body.attributes.items():
                    found[name] = _requirement(name, attribute)
        return found

    def required_version(self) -> tuple[str, tree.Span] | None:
        for block in self.terraform:
            attribute = block.body.attributes.get("required_version")
            if attribute is not None:
                text = literal_text(attribute)
                if text is not None:
                    return text, attribute.span
        return None

    def has_backend(self) -> bool:
        return any(inner.type in ("backend", "cloud") for block in self.terraform for inner in block.body.blocks)


def literal_text(attribute: Attribute) -> str | None:
    """The text of an attribute that is a plain string, else None."""
    return plain_text(attribute.expression)


def plain_text(node: tree.Expression) -> str | None:
    if isinstance(node, tree.Template) and not node.wrap:
        if not node.parts:
            return ""
        if len(node.parts) == 1:
            node = node.parts[0]
    if isinstance(node, tree.Literal) and isinstance(node.value, str):
        return node.value
    return None


def local_name(body: Body, type_: str) -> str:
    """What a resource calls its provider configuration: `aws` or `aws.alias`."""
    attribute = body.attributes.get("provider")
    return type_.partition("_")[0] if attribute is None else attribute.expression.span.text.strip().strip('"')


def _requirement(name: str, attribute: Attribute) -> ProviderRequirement:
    node = attribute.expression
    if isinstance(node, tree.ObjectConstructor):
        texts = {plain_text(key): plain_text(value) for key, value in node.entries}
        return ProviderRequirement(name, texts.get("source"), texts.get("version"), attribute.span)
    return ProviderRequirement(name, None, plain_text(node), attribute.span)


def parse_file(name: str, data: bytes) -> SyntaxFile:
    """One configuration file, in native or JSON syntax by its name."""
    if name.endswith(".json"):
        from alexandria_scan.evaluate.json_syntax import parse_configuration  # few write it

        return parse_configuration(name, data)
    return parse(name, data)


def unread(file: str, line: int = 0) -> Reason:
    """Why something is not known that may stand in a file, if only that could be read."""
    place = f"{file}:{line}" if line else file
    return Reason(file, "could not be read as a whole", f"correct {place}", file=file, line=line)


def declare(folder: str, files: Iterable[SyntaxFile], missing: tuple[Reason, ...] = ()) -> ModuleConfig:
    """The module that the files make up together, apart from those `missing`. Problems are collected, never raised."""
    config = ModuleConfig(folder, unread=missing)
    overrides: list[SyntaxFile] = []
    for file in sorted(files, key=lambda file: file.source.name):
        config.files.append(file)
        config.problems += [
            Problem(p.file, p.line, p.column, p.summary, p.detail, help=_SYNTAX_HELP) for p in file.problems
        ]
        if file.lost is not None:
            config.unread += (unread(file.lost.file, file.lost.line),)
        if is_override(file.source.name):
            overrides.append(file)
        else:
            for block in file.body.blocks:
                _add(config, block)
            _stray_attributes(config, file.body)
    _check_terraform(config)
    for file in overrides:
        for block in file.body.blocks:
            _override(config, block)
    _check(config)
    return config


def _check(config: ModuleConfig) -> None:
    """What Terraform refuses in declarations that are whole, whatever their values."""
    for block in (*config.resources.values(), *config.calls.values()):
        attributes = block.body.attributes
        if "count" in attributes and "for_each" in attributes:
            detail = '"count" and "for_each" exclude each other; only one of them can say how many there are.'
            _refuse(config, attributes["for_each"].span, 'Invalid combination of "count" and "for_each"', detail)
        for type_ in ("lifecycle", "connection"):
            _refuse_second(config, block.body.blocks_of(type_))
    for name, block in config.variables.items():
        if name in _RESERVED:
            detail = f'The variable name "{name}" is reserved: it has a meaning of its own in module blocks.'
            _problem(config, block, "Invalid variable name", detail)
    for block in config.outputs.values():
        if "value" not in block.body.attributes and block.body.json is None:
            _problem(config, block, "Missing required argument", 'The argument "value" is required.')
    for span, summary, detail in (*faults(config.others), *misplaced(_all_blocks(config))):
        _refuse(config, span, summary, detail)
    seen: dict[tuple[str, str | None], Block] = {}
    for block in config.providers:
        alias = block.body.attributes.get("alias")
        first = seen.setdefault((block.labels[0], literal_text(alias) if alias else None), block)
        if first is not block:
            place = first.header.location
            before = f"{place.file}:{place.line}"
            detail = f'Provider "{block.labels[0]}" was already configured at {before}; give it an alias.'
            _problem(config, block, "Duplicate provider configuration", detail)


def _all_blocks(config: ModuleConfig) -> Iterable[Block]:
    tables = (config.variables, config.outputs, config.resources, config.calls)
    return (
        *(block for table in tables for block in table.values()),
        *config.terraform,
        *config.providers,
        *config.others,
    )


def _check_terraform(config: ModuleConfig) -> None:
    """What the terraform blocks of a module say between them; files that override them are not among these."""
    inner = [one for block in config.terraform for one in block.body.blocks]
    _refuse_second(config, [one for one in inner if one.type == "required_providers"])
    backends, clouds = ([one for one in inner if one.type == type_] for type_ in ("backend", "cloud"))
    _refuse_second(config, backends)
    _refuse_second(config, clouds)
    if backends and clouds:
        place = clouds[0].header.location
        detail = f"There is a cloud block at {place.file}:{place.line}; only one of the two can say where the state is."
        _problem(config, backends[0], "Both a backend and cloud configuration are present", detail)


def _refuse_second(config: ModuleConfig, blocks: list[Block]) -> None:
    for other in blocks[1:]:
        place = blocks[0].header.location
        detail = f"There is a {blocks[0].type} block at {place.file}:{place.line} already; there may be only one."
        _problem(config, other, f"Duplicate {other.type} block", detail)


_RESERVED = frozenset(["source", "version", "providers", "count", "for_each", "lifecycle", "depends_on", "locals"])
_SYNTAX_HELP = "The rest of the module was scanned; fix the file and scan again."


def _stray_attributes(config: ModuleConfig, body: Body) -> None:
    for attribute in body.attributes.values():
        place = attribute.span.location
        config.problems.append(
            Problem(
                place.file,
                place.line,
                place.column,
                "Unsupported argument",
                f'An argument named "{attribute.name}" is not expected here, at the top of a file.',
            )
        )


def _add(config: ModuleConfig, block: Block) -> None:
    if block.type in _NAMED and block.labels and not all(map(_NAME.match, block.labels)):
        detail = (
            "A name must start with a letter or underscore and may contain only letters, digits, underscores, "
            "and dashes."
        )
        _problem(config, block, f"Invalid {block.type} name", detail)
        return
    wanted = _LABELS.get(block.type)
    if wanted is None:
        _problem(config, block, "Unsupported block type", f'Blocks of type "{block.type}" are not expected here.')
        return
    if len(block.labels) != wanted:
        names = {0: "no labels", 1: "one label", 2: "two labels (type and name)"}[wanted]
        _problem(config, block, "Wrong number of labels", f'A "{block.type}" block takes {names}.')
        return
    table = _table(config, block.type)
    if table is None:
        _plain(config, block)
        return
    key = _key(block)
    if block.type in _UNIQUE and key in table:
        first = table[key].header.location
        what = f"{block.type} {'.'.join(block.labels)}"
        _problem(
            config,
            block,
            f"Duplicate {block.type}",
            f"{what} was already declared at {first.file}:{first.line}.",
        )
        return
    table[key] = block


def _table(config: ModuleConfig, type_: str) -> dict[Any, Block] | None:
    tables: dict[str, dict[Any, Block]] = {
        "variable": config.variables,
        "output": config.outputs,
        "module": config.calls,
        "resource": config.resources,
        "data": config.resources,
        "ephemeral": config.resources,
    }
    return tables.get(type_)


def _key(block: Block) -> object:
    return (_MODES[block.type], *block.labels) if block.type in _MODES else block.labels[0]


def _plain(config: ModuleConfig, block: Block) -> None:
    if block.type == "locals":
        for inner in block.body.blocks:
            _problem(config, inner, f'Unexpected "{inner.type}" block', "Blocks are not allowed here.")
        for name, attribute in block.body.attributes.items():
            if name in config.locals:
                first = config.locals[name].span.location
                place = attribute.span.location
                detail = f"local.{name} was already defined at {first.file}:{first.line}."
                config.problems.append(
                    Problem(place.file, place.line, place.column, "Duplicate local value definition", detail)
                )
            else:
                config.locals[name] = attribute
    elif block.type == "provider":
        config.providers.append(block)
    elif block.type == "terraform":
        config.terraform.append(block)
    else:
        config.others.append(block)


def _override(config: ModuleConfig, block: Block) -> None:
    if block.type == "locals":
        for name, attribute in block.body.attributes.items():
            if name not in config.locals:
                detail = f"There is no local.{name} in this module for the override to change."
                _refuse(config, attribute.span, "Missing local value to override", detail)
        config.locals.update(block.body.attributes)
        return
    if len(block.labels) != _LABELS.get(block.type, -1):
        _add(config, block)  # which says what is wrong with it
        return
    table = _table(config, block.type)
    if table is not None:
        key = _key(block)
        if key in table:
            table[key] = merged(table[key], block)
        else:
            what = f"{block.type} {'.'.join(block.labels)}"
            detail = f"There is no {what} in this module for the override to change."
            _problem(config, block, f"Missing {block.type} to override", detail)
    elif block.type == "terraform":
        config.terraform = [merged(_as_one(config.terraform), block)] if config.terraform else [block]
    elif block.type == "provider":
        _override_provider(config, block)
    else:
        config.others.append(block)


def _as_one(blocks: list[Block]) -> Block:
    """What several terraform blocks say, as one."""
    first = blocks[0]
    attributes = {name: one for block in blocks for name, one in block.body.attributes.items()}
    inner = [one for block in blocks for one in block.body.blocks]
    body = Body(first.body.span, attributes, inner, first.body.json)
    return Block(first.type, first.labels, body, first.span, first.header, first.label_spans)


def _override_provider(config: ModuleConfig, block: Block) -> None:
    alias = block.body.attributes.get("alias")
    wanted = (block.labels, literal_text(alias) if alias else None)
    for position, other in enumerate(config.providers):
        other_alias = other.body.attributes.get("alias")
        if (other.labels, literal_text(other_alias) if other_alias else None) == wanted:
            config.providers[position] = merged(other, block)
            return
    config.providers.append(block)


def _problem(config: ModuleConfig, block: Block, summary: str, detail: str) -> None:
    _refuse(config, block.header, summary, detail)


def _refuse(config: ModuleConfig, span: tree.Span, summary: str, detail: str) -> None:
    place = span.location
    config.problems.append(Problem(place.file, place.line, place.column, summary, detail))
