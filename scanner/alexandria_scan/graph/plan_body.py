"""The body of a resource in a plan: arguments and nested blocks, as far as the configuration sets them."""

from __future__ import annotations

from typing import Any

import msgspec

from alexandria_scan.evaluate.schema import AttributeSchema, BlockSchema, NestedBlock
from alexandria_scan.evaluate.types import DYNAMIC, STRING, ListType, SetType
from alexandria_scan.evaluate.values import SENSITIVE, OpenTuple, Reason, Unknown, Value, mark
from alexandria_scan.graph.model import BlockView, View
from alexandria_scan.graph.plan_setting import Setting
from alexandria_scan.graph.plan_values import Told, Tree, any_true, part, typed

_EXPRESSION_KEYS = frozenset(["constant_value", "references"])
_NAMES = (STRING, ListType(STRING), SetType(STRING))


def is_block_expression(expression: Any) -> bool:
    """True for nested blocks in `configuration`, false for an argument."""
    if isinstance(expression, list):
        return True
    return isinstance(expression, dict) and not expression.keys() <= _EXPRESSION_KEYS


class PlanBody(msgspec.Struct):
    """One body. `expressions` are the blocks of the configuration that it may come from.

    `listed` is true if the configuration names all that is set here: it leaves out `dynamic` blocks. `chosen` is
    true for what a state knows of a managed resource: there the provider's own choices have values, too. `path`
    are the names of the blocks down to this one.
    """

    subject: str
    values: dict[str, Any]
    unknown: Tree
    sensitive: Tree
    schema: BlockSchema | None
    expressions: list[dict[str, Any]]
    listed: bool
    chosen: bool
    setting: Setting
    path: tuple[str, ...] = ()
    _read: dict[str, Value] = {}
    _names: list[str] | None = None

    def attribute(self, name: str) -> Value:
        if name not in self._read:
            self._read[name] = self._block(name) if self._is_block(name) else self._argument(name)
        return self._read[name]

    def names(self) -> list[str]:
        """What the configuration sets, and what else has a value."""
        if self._names is None:
            written = {name for expression in self.expressions for name in expression}
            valued = {name for name, value in self.values.items() if value is not None}
            self._names = sorted(
                name for name in written | valued if name in written or self.attribute(name) is not None
            )
        return self._names

    def _is_set(self, name: str) -> bool:
        return any(name in expression for expression in self.expressions) or self.setting.is_set((*self.path, name))

    # --- arguments

    def _argument(self, name: str) -> Value:
        schema = self.schema.attributes.get(name) if self.schema is not None else None
        value, unknown = self.values.get(name), part(self.unknown, name)
        is_set = self._is_set(name)
        if not is_set and self._is_absent(value, unknown, schema):
            return None
        optional = schema is not None and schema.computed and schema.optional
        if unknown is True and optional and self.setting.is_null((*self.path, name)):
            return None
        sensitive = part(self.sensitive, name) or (schema is not None and schema.sensitive)
        if value is None and is_set and schema is not None and schema.write_only:
            return mark(self._write_only(name, schema), frozenset({SENSITIVE}))
        given, not_null = self.setting.unknown((*self.path, name)) if any_true(unknown) else (False, False)
        told = Told(self._after_apply(name), given, not_null)
        return typed(value, unknown, sensitive, DYNAMIC if schema is None else schema.type, told)

    def _is_absent(self, value: Any, unknown: Tree, schema: AttributeSchema | None) -> bool:
        """Of an argument that the configuration does not name: whether it has no value that anybody set."""
        if unknown is True:
            if schema is not None and schema.computed and not schema.optional:
                return True
            return self.listed and (schema is None or schema.computed)
        if any_true(unknown):
            return False
        if value is None or value == "" or value == [] or value == {}:
            return True
        # A name or key that the provider picked (a default parameter group, an AWS-managed key) is none that
        # somebody chose; numbers and switches are judged as they are.
        picked = schema is not None and schema.computed and schema.optional and schema.type in _NAMES
        return picked and self.chosen and self.listed

    def _after_apply(self, name: str) -> Reason:
        return Reason(f"{self.subject}.{name}", "is known after apply", "apply, or scan after apply", "computed")

    def _write_only(self, name: str, schema: AttributeSchema) -> Value:
        for expression in self.expressions:
            argument = expression.get(name)
            if isinstance(argument, dict) and "constant_value" in argument:
                constant = argument["constant_value"]
                return typed(constant, False, False, schema.type, Told(self._after_apply(name), True, False))
        reason = Reason(f"{self.subject}.{name}", "is write-only and never part of a plan", "scan the source", "unseen")
        return Unknown(schema.type, (reason,))

    # --- nested blocks

    def _is_block(self, name: str) -> bool:
        if self.schema is not None:
            if name in self.schema.blocks:
                return True
            if name in self.schema.attributes:
                return False
        value = self.values.get(name)
        listed = isinstance(value, list) and bool(value) and all(isinstance(item, dict) for item in value)
        if not listed and not isinstance(value, dict) and part(self.unknown, name) is not True:
            return False
        return any(is_block_expression(expression.get(name)) for expression in self.expressions) or (
            listed and not any(name in expression for expression in self.expressions)
        )

    def _block(self, name: str) -> Value:
        """A tuple of views, None where there is no block."""
        unknown, sensitive = part(self.unknown, name), part(self.sensitive, name)
        nested = self.schema.blocks.get(name) if self.schema is not None else None
        if unknown is True:
            if self._is_unwritten(name, nested):
                return None
            reason = self._after_apply(name)
            if self.setting.resource.source is None:  # which would say whether it is written
                reason = msgspec.structs.replace(reason, decide="scan the plan with its source, or after apply")
            why = Unknown(reasons=(reason,))
            return OpenTuple((View(lambda _: why.as_type(DYNAMIC)),), why)
        items = _items(self.values.get(name), unknown, sensitive, nested)
        if not items:
            return None
        bodies = self._bodies(name, items, nested)
        return tuple(BlockView(body.attribute) for body in bodies)

    def _is_unwritten(self, name: str, nested: NestedBlock | None) -> bool:
        """Whether nobody wrote a block of which the plan knows nothing: the provider will fill it."""
        if self.setting.is_unwritten((*self.path, name)):
            return True
        filled = nested is not None and nested.computed and not self.path
        return filled and self.listed and not self._is_set(name)

    def _bodies(
        self, name: str, items: list[tuple[dict[str, Any], Tree, Tree]], nested: NestedBlock | None
    ) -> list[PlanBody]:
        written = [block for expression in self.expressions for block in _blocks(expression.get(name))]
        listed = self.listed and len(written) == len(items)
        in_order = listed and (nested is None or nested.nesting != "set")
        schema = None if nested is None else nested.block
        return [
            PlanBody(
                f"{self.subject}.{name}", values, unknown, sensitive, schema,
                [written[at]] if in_order else written, listed, self.chosen, self.setting, (*self.path, name),
            )
            for at, (values, unknown, sensitive) in enumerate(items)
        ]  # fmt: skip


def _blocks(expression: Any) -> list[dict[str, Any]]:
    if isinstance(expression, dict):
        return [expression]
    return [block for block in expression if isinstance(block, dict)] if isinstance(expression, list) else []


def _items(
    value: Any, unknown: Tree, sensitive: Tree, nested: NestedBlock | None
) -> list[tuple[dict[str, Any], Tree, Tree]]:
    """The blocks with their trees: a list of objects; one object; for nesting map an object of objects."""
    if isinstance(value, list):
        pairs = [(item, part(unknown, at), part(sensitive, at)) for at, item in enumerate(value)]
    elif isinstance(value, dict) and nested is not None and nested.nesting == "map":
        pairs = [(value[key], part(unknown, key), part(sensitive, key)) for key in sorted(value)]
    else:
        pairs = [(value, unknown, sensitive)]
    return [item for item in pairs if isinstance(item[0], dict)]
