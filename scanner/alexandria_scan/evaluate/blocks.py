"""The body of a resource: arguments converted to the provider's types, nested and `dynamic` blocks.

There are two ways to read a body. `configured` gives what the configuration itself says, blocks in source order:
that is what policies judge. `value` gives what a reference to the resource sees: every attribute in the schema,
unknown where the provider decides, blocks in the order that their nesting gives them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from alexandria_scan.evaluate.children import local_values
from alexandria_scan.evaluate.compile import compile_attribute
from alexandria_scan.evaluate.convert import ConversionError, convert, quote
from alexandria_scan.evaluate.dynamic_blocks import Report, UnknownRepetition, iterator_name, repetition
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.schema import (
    AttributeSchema,
    BlockSchema,
    NestedBlock,
    block_of_attribute,
    block_type,
    nested_block_type,
)
from alexandria_scan.evaluate.scope import NamedScope, Scope
from alexandria_scan.evaluate.types import DYNAMIC, MapType, SetType
from alexandria_scan.evaluate.values import (
    LazyObject,
    ListVal,
    MapVal,
    OpenTuple,
    Reason,
    Unknown,
    Value,
    force,
    make_set,
    mark,
    opened,
    unmark_deep,
)
from alexandria_scan.syntax.tree import Attribute, Block, Body, ObjectConstructor, Span, TupleConstructor

META_ARGUMENTS = frozenset(["count", "for_each", "provider", "depends_on", "lifecycle"])
META_BLOCKS = frozenset(["lifecycle", "provisioner", "connection", "dynamic"])


class Origin(msgspec.Struct, frozen=True):
    """Whose body it is: `subject` names it in reasons; `data` is true for data sources; `report` takes an error
    and gives the unknown that stands for the value."""

    subject: str
    data: bool
    report: Report

    def computed(self, name: str) -> Reason:
        if self.data:
            return Reason(f"{self.subject}.{name}", "is read by the data source at plan time", "scan the plan", "data")
        return Reason(f"{self.subject}.{name}", "is decided by the provider when it is applied", kind="computed")


class BodyValue(LazyObject):
    """One body in one scope. Attributes are computed when asked for, once."""

    __slots__ = ("_blocks", "_configured", "_values", "body", "origin", "schema", "scope", "span")

    def __init__(self, body: Body, span: Span, schema: BlockSchema | None, scope: Scope, origin: Origin) -> None:
        self.body = body
        self.span = span
        self.schema = schema
        self.scope = scope
        self.origin = origin
        self._configured: dict[str, Value] = {}
        self._values: dict[str, Value] = {}
        self._blocks: dict[str, tuple[BodyValue | SymbolicBlock | Value, ...]] = {}

    # --- what the configuration says

    def configured_names(self) -> list[str]:
        """The arguments and nested blocks that the body sets, sorted."""
        names = {name for name in self.body.attributes if name not in META_ARGUMENTS}
        for block in self.body.blocks:
            names.add(block.labels[0] if block.type == "dynamic" and block.labels else block.type)
        return sorted(names - META_BLOCKS)

    def configured(self, name: str) -> Value:
        """The argument's value, or the blocks of that name as a tuple of BodyValue; None if it is not set."""
        if name not in self._configured:
            self._configured[name] = self._compute_configured(name)
        return self._configured[name]

    def _compute_configured(self, name: str) -> Value:
        attribute = self.body.attributes.get(name)
        if attribute is not None:
            value = self._argument(attribute, name)
            if self.schema is not None and name in self.schema.blocks:
                return self._blocks_of_value(value, self.schema.blocks[name], attribute)
            return value
        blocks = self.blocks(name)
        schema = None if self.schema is None else self.schema.attributes.get(name)
        if blocks and schema is not None and isinstance(schema.type, MapType):
            return self._map_of_blocks(blocks, name, schema)
        return blocks or None

    def _map_of_blocks(self, blocks: tuple[Value, ...], name: str, schema: AttributeSchema) -> Value:
        """An argument of type map that is written as blocks, which Terraform 0.11 took together."""
        if isinstance(blocks, OpenTuple):
            return blocks.unknown.as_type(schema.type, True)
        entries = {key: block.configured(key) for block in blocks for key in block.configured_names()}
        return self._converted(entries, name, schema, blocks[0].span)

    def _blocks_of_value(self, value: Value, nested: NestedBlock, attribute: Attribute) -> Value:
        """Nested blocks that are written as an argument, as JSON syntax has them: objects with every argument."""
        bare, marks = opened(value)
        if bare is None or isinstance(bare, Unknown):
            return value
        items = bare if isinstance(bare, tuple) else (bare,)
        try:
            return mark(tuple(convert(item, block_type(nested.block)) for item in items), marks)
        except ConversionError as error:
            return self._incorrect_block(attribute, error)

    def _incorrect_block(self, attribute: Attribute, error: ConversionError) -> Value:
        place, names = attribute.span.location, local_values(attribute.expression)
        return self.origin.report(EvalError.at(place, "Incorrect block", f"{error.message}.", names))

    def _argument(self, attribute: Attribute, name: str) -> Value:
        try:
            value = compile_attribute(attribute)(self.scope)
        except EvalError as error:
            return self.origin.report(error)
        schema = None if self.schema is None else self.schema.attributes.get(name)
        return value if schema is None else self._converted(value, name, schema, attribute.span, attribute)

    def _converted(
        self, value: Value, name: str, schema: AttributeSchema, span: Span, written: Attribute | None = None
    ) -> Value:
        try:
            converted = convert(value, schema.type)
        except ConversionError as error:
            where = f"{error.path}: " if error.path else ""
            detail = f"Inappropriate value for attribute {quote(name)}: {where}{error.message}."
            names = None if written is None else local_values(written.expression)
            return self.origin.report(EvalError.at(span.location, "Incorrect attribute value type", detail, names))
        return mark(converted, frozenset({"sensitive"})) if schema.sensitive and converted is not None else converted

    def blocks(self, name: str) -> tuple[Value, ...]:
        """The nested blocks of a name in source order, `dynamic` ones expanded: BodyValue, or SymbolicBlock last."""
        if name not in self._blocks:
            found: list[Value] = []
            unknown: Unknown | None = None
            for block in self.body.blocks:
                if block.type == name:
                    found.append(self._nested(block.body, block.span, name, self.scope))
                elif block.type == "dynamic" and block.labels[:1] == (name,):
                    try:
                        found.extend(self._dynamic(block, name))
                    except UnknownRepetition as error:
                        unknown = error.value
                        found.append(SymbolicBlock(unknown, block.span))
            self._blocks[name] = OpenTuple(found, unknown) if unknown is not None else tuple(found)
        return self._blocks[name]

    def _nested(self, body: Body, span: Span, name: str, scope: Scope) -> BodyValue:
        origin = Origin(f"{self.origin.subject}.{name}", self.origin.data, self.origin.report)
        return BodyValue(body, span, self._nested_schema(name), scope, origin)

    def _nested_schema(self, name: str) -> BlockSchema | None:
        if self.schema is None:
            return None
        nested = self.schema.blocks.get(name)
        if nested is not None:
            return nested.block
        attribute = self.schema.attributes.get(name)
        return block_of_attribute(attribute) if attribute is not None and attribute.block_syntax else None

    def _dynamic(self, block: Block, name: str) -> Iterator[BodyValue]:
        for_each = block.body.attributes.get("for_each")
        contents = block.body.blocks_of("content")
        if for_each is None or not contents:
            place = block.header.location
            detail = 'A dynamic block needs a "for_each" argument and a "content" block.'
            self.origin.report(EvalError.at(place, "Invalid dynamic block", detail, frozenset()))
            return
        iterator = iterator_name(block, name)
        for key, value in repetition(for_each, self.scope, self.origin.report):
            scope = NamedScope(self.scope, {iterator: {"key": key, "value": value}}, for_each.expression)
            yield self._nested(contents[0].body, block.span, name, scope)

    # --- what a reference sees

    def names(self) -> Iterable[str] | None:
        if self.schema is None:
            return None
        return [*self.schema.attributes, *self.schema.blocks]

    def attribute(self, name: str) -> Value:
        if name not in self._values:
            self._values[name] = self._compute_value(name)
        return self._values[name]

    def unknown(self) -> Unknown:
        reason = Reason(self.origin.subject, "has attributes that no provider schema lists", "scan the plan")
        return Unknown(DYNAMIC, (reason,), True)

    def _compute_value(self, name: str) -> Value:
        if self.schema is None:
            if self._may_nest(name):
                subject = f"{self.origin.subject}.{name}"
                why = "is one block or a collection of them, which no provider schema tells"
                return Unknown(DYNAMIC, (Reason(subject, why, "scan the plan"),))
            value = self.configured(name)
            if value is None and name not in self.body.attributes:
                return Unknown(
                    DYNAMIC,
                    (self.origin.computed(name),),
                    computed=name in ("id", "arn") and not self.origin.data,
                )
            return value
        if name in self.schema.blocks:
            return self._block_value(name, self.schema.blocks[name])
        schema = self.schema.attributes.get(name)
        if schema is None:
            if name in self.body.attributes:  # an argument of another provider version
                return self.configured(name)
            raise KeyError(name)
        return self._attribute_value(name, schema)

    def _may_nest(self, name: str) -> bool:
        """Whether these are nested blocks, or in JSON syntax may be: a reference sees an object, a list, a set or a
        map of them, whichever the schema says."""
        attribute = self.body.attributes.get(name)
        if attribute is None:
            return bool(self.blocks(name))
        if self.body.json is None:
            return False
        node = attribute.expression
        items = node.items if isinstance(node, TupleConstructor) else (node,)
        return any(isinstance(item, ObjectConstructor) for item in items)

    def _attribute_value(self, name: str, schema: AttributeSchema) -> Value:
        if name in self.body.attributes:
            value = self.configured(name)
            if schema.write_only:
                return None
        elif schema.block_syntax and self.blocks(name):
            value = self._blocks_as_attribute(name, schema)
        elif isinstance(schema.type, MapType):
            value = self.configured(name)
        else:
            value = None
        if value is None and schema.computed:
            return Unknown(schema.type, (self.origin.computed(name),), computed=not self.origin.data)
        return value

    def _blocks_as_attribute(self, name: str, schema: AttributeSchema) -> Value:
        """An argument of type list or set of objects that is written as blocks."""
        blocks = self.blocks(name)
        if isinstance(blocks, OpenTuple):
            return blocks.unknown.as_type(schema.type, True)
        items = []
        for block in blocks:
            items.append({key: block.configured(key) for key in block.configured_names()})
        try:
            return convert(tuple(items), schema.type)
        except ConversionError as error:
            place = blocks[0].span.location
            detail = f"Inappropriate value for attribute {quote(name)}: {error.message}."
            return self.origin.report(EvalError.at(place, "Incorrect attribute value type", detail))

    def _block_value(self, name: str, nested: NestedBlock) -> Value:
        type_ = nested_block_type(nested)
        if name in self.body.attributes:
            return self._converted_blocks(name, nested)
        blocks = self.blocks(name)
        if isinstance(blocks, OpenTuple):
            return blocks.unknown.as_type(type_, True)
        if nested.nesting in ("single", "group"):
            return force(blocks[0]) if blocks else None
        items = [force(block) for block in blocks]
        if nested.nesting == "map":
            labels = [block.labels[0] for block in self.body.blocks if block.type == name and block.labels]
            return MapVal(dict(zip(labels, items, strict=False)), block_type(nested.block))
        if isinstance(type_, SetType):
            bare = [unmark_deep(item) for item in items]
            marks = frozenset[str]().union(*(found for _, found in bare))
            return mark(make_set([item for item, _ in bare], type_.element), marks)
        return ListVal(items, block_type(nested.block))

    def _converted_blocks(self, name: str, nested: NestedBlock) -> Value:
        """Nested blocks written as an argument, as JSON syntax has them: one object or a list of them."""
        value, marks = opened(self._argument(self.body.attributes[name], name))
        if isinstance(value, dict) and nested.nesting in ("list", "set"):
            value = (value,)
        if isinstance(value, tuple) and nested.nesting in ("single", "group"):
            value = value[0] if value else None
        try:
            return mark(convert(value, nested_block_type(nested)), marks)
        except ConversionError as error:
            return self._incorrect_block(self.body.attributes[name], error)


class SymbolicBlock(LazyObject):
    """Stands for the blocks of a `dynamic` block whose `for_each` is not known: all its attributes are unknown."""

    __slots__ = ("span", "why")

    def __init__(self, why: Unknown, span: Span) -> None:
        self.why = why
        self.span = span

    def names(self) -> Iterable[str] | None:
        return None

    def attribute(self, name: str) -> Value:
        return self.why.as_type(DYNAMIC, False)

    def configured(self, name: str) -> Value:
        return self.why.as_type(DYNAMIC, False)

    def configured_names(self) -> list[str]:
        return []

    def unknown(self) -> Unknown:
        return self.why
