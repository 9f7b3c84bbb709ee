"""What Terraform's own blocks can hold and must hold: anything that no version knows is an error."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from alexandria_scan.evaluate.block_rules import Fault
from alexandria_scan.evaluate.constant_arguments import unsuitable
from alexandria_scan.syntax.tree import Block, Body


class Shape(msgspec.Struct, frozen=True):
    """What a block may hold in Terraform 1.x, to 1.15, or in OpenTofu, to 1.12. `arguments` are the names of its
    arguments, None where somebody else says which there are; the same of its nested blocks, each with its own shape,
    None where that is for others to say. `required` arguments must be there, `constants` be a bool or a string that is
    written out."""

    arguments: frozenset[str] | None
    blocks: Mapping[str, Shape | None] | None
    required: tuple[str, ...] = ()
    constants: Mapping[str, str] = {}


def _shape(
    arguments: str = "",
    blocks: Mapping[str, Shape | None] | None = None,
    required: str = "",
    bools: str = "",
    strings: str = "",
) -> Shape:
    constants = {**dict.fromkeys(bools.split(), "bool"), **dict.fromkeys(strings.split(), "string")}
    names = [*arguments.split(), *required.split(), *constants]
    return Shape(frozenset(names), blocks or {}, tuple(required.split()), constants)


_ANY_ARGUMENTS = Shape(None, {})
_CONDITION = _shape(required="condition error_message")
_CONDITIONS: dict[str, Shape | None] = {"precondition": _CONDITION, "postcondition": _CONDITION}
_LIFECYCLE = _shape(
    "prevent_destroy ignore_changes replace_triggered_by enabled destroy",
    {**_CONDITIONS, "action_trigger": None},
    bools="create_before_destroy",
)
_MADE_BY_NOBODY = _shape("enabled", _CONDITIONS)
_SHAPES = {
    "variable": _shape(
        "default type deprecated const",
        {"validation": _CONDITION},
        bools="sensitive nullable ephemeral",
        strings="description",
    ),
    "output": _shape(
        "value depends_on deprecated type",
        {"precondition": _CONDITION},
        bools="sensitive ephemeral",
        strings="description",
    ),
    "terraform": _shape(
        "experiments language",
        {
            "required_providers": _ANY_ARGUMENTS,
            **dict.fromkeys(("backend", "cloud", "provider_meta", "encryption")),
        },
        strings="required_version",
    ),
    "provider": Shape(None, None, (), {"alias": "string"}),
    "module": Shape(None, {"lifecycle": _LIFECYCLE, "_": None}),
    "moved": _shape(required="from to"),
    "removed": _shape(blocks={"lifecycle": _LIFECYCLE, "provisioner": None, "connection": None}, required="from"),
    "import": _shape("id for_each provider identity", required="to"),
    "check": _shape(blocks={"data": None, "assert": _CONDITION}),
}
_LIFECYCLES = {"resource": _LIFECYCLE, "data": _MADE_BY_NOBODY, "ephemeral": _MADE_BY_NOBODY}


def misplaced(blocks: Iterable[Block]) -> Iterator[Fault]:
    """Where, the summary and the detail of what stands in the blocks at the top of files and may not, or does not and
    must."""
    for block in blocks:
        if block.type in _LIFECYCLES:
            for inner in block.body.blocks_of("lifecycle"):
                yield from _within(inner, _LIFECYCLES[block.type])
        elif block.type in _SHAPES:
            yield from _within(block, _SHAPES[block.type])


def _within(block: Block, shape: Shape) -> Iterator[Fault]:
    body = block.body
    yield from _strange_arguments(body, shape)
    for name in shape.required:
        if name not in body.attributes:
            yield block.header, "Missing required argument", f'The argument "{name}" is required.'
    for name, kind in shape.constants.items() if body.json is None else ():  # in JSON they are no templates
        if name in body.attributes:
            yield from unsuitable(body.attributes[name], kind)
    if shape.blocks is None:
        return
    for inner in body.blocks:
        known = shape.blocks.get(inner.type)
        if inner.type not in shape.blocks:
            detail = f'Blocks of type "{inner.type}" are not expected here.'
            yield inner.header, "Unsupported block type", detail
        elif known is not None:
            yield from _within(inner, known)


def _strange_arguments(body: Body, shape: Shape) -> Iterator[Fault]:
    if shape.arguments is None:
        return
    for name, attribute in body.attributes.items():
        of_block = shape.blocks is not None and name in shape.blocks
        if name in shape.arguments or (of_block and body.json is not None):
            continue
        hint = f" Write it as a block: {name} {{ ... }}." if of_block else ""
        yield attribute.name_span, "Unsupported argument", f'An argument named "{name}" is not expected here.{hint}'
