"""`format` and `formatlist`: go-cty's formatting language, a careful subset of Go's fmt."""

from __future__ import annotations

import re

import msgspec

from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.errors import FunctionError, LimitExceeded
from alexandria_scan.evaluate.functions import graphemes
from alexandria_scan.evaluate.functions.arguments import go_quote
from alexandria_scan.evaluate.functions.go_numbers import float_text, format_float, format_integer
from alexandria_scan.evaluate.functions.json_codec import encode
from alexandria_scan.evaluate.functions.limits import limit_elements, limit_text
from alexandria_scan.evaluate.functions.predicates import length_known
from alexandria_scan.evaluate.functions.signature import Function, Parameter
from alexandria_scan.evaluate.partly_known import partly_known, stays_document
from alexandria_scan.evaluate.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    Primitive,
    SetType,
    TupleType,
)
from alexandria_scan.evaluate.values import (
    ListVal,
    Unknown,
    Value,
    collect_reasons,
    is_number,
    type_of,
    wholly_known,
)
from alexandria_scan.patterns import pattern

MAX_WIDTH = 1_000_000


class Verb(msgspec.Struct):
    """One `%` sequence: its text, its byte offset, the argument it takes (from 1) and how it writes it."""

    raw: str
    offset: int
    argument: int
    mode: str
    flags: str
    width: int | None
    precision: int | None


_PIECES = (pattern(r"[0#\-+ ]*"), pattern(r"(?:[1-9][0-9]*)?"), pattern(r"(?:\.[0-9]*)?"))
_INDEX = pattern(r"\[([1-9][0-9]*)\]")
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def _format(template: Value, *values: Value) -> Value:
    if type(template) is Unknown:
        return template if stays_document(template, *values) else Unknown(STRING, (), True)
    if all(map(wholly_known, values)):
        return format_values(template, values)
    foreseen = template.partition("%")[0]
    try:
        pieces = _pieces(template, values)
    except FunctionError:  # Terraform does not read the format before it knows the values
        pieces = [foreseen, Unknown(STRING, (), True)]
    unread = all(isinstance(piece, str) for piece in pieces)
    return partly_known([*pieces, Unknown(STRING, (), True)] if unread else pieces, foreseen)


def format_values(template: str, values: tuple[Value, ...]) -> str:
    """The text for values that are wholly known. Raises FunctionError, LimitExceeded."""
    return "".join(map(str, _pieces(template, values)))


def _pieces(template: str, values: tuple[Value, ...]) -> list[str | Unknown]:
    out: list[str | Unknown] = []
    length = at = highest = 0
    following = 1
    while at < len(template):
        stop = template.find("%", at)
        literal = template[at:] if stop < 0 else template[at:stop]
        out.append(literal)
        if stop < 0:
            break
        if template.startswith("%%", stop):
            out.append("%")
            at = stop + 2
            continue
        verb, at = _verb(template, stop, following)
        highest = max(highest, verb.argument)
        piece = _formatted(verb, values)
        out.append(piece)
        following = verb.argument + 1
        length += len(piece) if isinstance(piece, str) else 0
        limit_text(length)
    if highest < len(values):
        used = f"only {highest} used by format string" if highest else "no verbs in format string"
        raise FunctionError(f"too many arguments; {used}", "args")
    return out


def _verb(template: str, start: int, following: int) -> tuple[Verb, int]:
    texts = []
    at = start + 1
    for piece in _PIECES:
        match = piece.match(template, at)
        assert match is not None
        texts.append(match.group())
        at = match.end()
    flags, width, precision = texts
    argument = following
    index = _INDEX.match(template, at)
    if index:
        argument, at = _small(index[1]), index.end()
    if at >= len(template) or template[at] not in _LETTERS:
        raise _unreadable(template, at)
    offset = len(template[:start].encode())
    raw = template[start : at + 1]
    precise = _small(precision[1:] or "0") if precision else None
    return Verb(raw, offset, argument, template[at], flags, _small(width) if width else None, precise), at + 1


def _small(digits: str) -> int:
    if len(digits) > 7 or int(digits) > MAX_WIDTH:
        raise LimitExceeded("Value too large", f"A format string asks for a width of more than {MAX_WIDTH}.")
    return int(digits)


def _unreadable(template: str, at: int) -> FunctionError:
    if at < len(template) and template[at] == "[":
        inside = re.compile(r"\[(?:[1-9][0-9]*)?").match(template, at)
        assert inside is not None
        at = inside.end()
    offset = len(template[:at].encode())
    if at >= len(template):
        return FunctionError(f"invalid format string starting at offset {offset}")
    shown = "'" + (go_quote(template[at])[1:-1] if template[at] not in "'\"" else template[at]) + "'"
    return FunctionError(f"unrecognized format character {shown} at offset {offset}")


def _formatted(verb: Verb, values: tuple[Value, ...]) -> str | Unknown:
    if verb.argument > len(values):
        raise FunctionError(
            f"not enough arguments for {go_quote(verb.raw)} at {verb.offset}: need index {verb.argument}"
            f" but have {len(values)} total"
        )
    value = values[verb.argument - 1]
    if not wholly_known(value):
        as_it_is = type(value) is Unknown and value.type is STRING and verb.raw in ("%s", "%v")
        return value if as_it_is else Unknown(STRING, collect_reasons(value), True)
    if verb.mode != "v" and value is None:
        raise _unsupported(verb, "null value cannot be formatted")
    if verb.mode == "v":
        return _as_is(verb, value)
    if verb.mode == "t":
        return "true" if _as(verb, value, BOOL) else "false"
    if verb.mode in "bdoxXeEfgG":
        number = _as(verb, value, NUMBER)
        if verb.mode not in "bdoxX":
            return format_float(number, verb.mode, verb.flags, verb.width, verb.precision)
        if number.denominator != 1:
            raise _unsupported(verb, "an integer is required")
        return format_integer(int(number), verb.mode, verb.flags, verb.width, verb.precision)
    if verb.mode in "sq":
        return _string(verb, _as(verb, value, STRING))
    raise FunctionError(f"unsupported format verb '{verb.mode}' in {go_quote(verb.raw)} at offset {verb.offset}")


def _as(verb: Verb, value: Value, type_: Primitive) -> Value:
    try:
        return convert(value, type_)
    except ConversionError as error:
        raise _unsupported(verb, error.message) from None


def _unsupported(verb: Verb, why: str) -> FunctionError:
    return FunctionError(f"unsupported value for {go_quote(verb.raw)} at {verb.offset}: {why}")


def _as_is(verb: Verb, value: Value) -> str:
    if "#" not in verb.flags:
        if type(value) is str:
            return _padded(verb, value)
        if is_number(value):
            return _padded(verb, float_text(value, "g", None))
    return _padded(verb, encode(value))


def _string(verb: Verb, text: str) -> str:
    if verb.precision:
        text = "".join(graphemes.split(text)[: verb.precision])
    return _padded(verb, text if verb.mode == "s" else encode(text))


def _padded(verb: Verb, text: str) -> str:
    if verb.width is None:
        return text
    padding = ("0" if "0" in verb.flags else " ") * (verb.width - graphemes.count(text))
    return text + padding if "-" in verb.flags else padding + text


def _formatlist(template: str, *values: Value) -> Value:
    if not values:
        return ListVal([_format(template)], STRING)
    length = _common_length(values)
    if any(_cannot_iterate(value) for value in values):
        return Unknown(ListType(STRING), (), True)
    results: list[Value] = []
    limit_elements(length)
    places = [0] * len(values)
    characters = 0
    for index in range(length):
        row = _row(values, places)
        if not all(map(wholly_known, row)):
            results.append(Unknown(STRING, collect_reasons(*row), True))
            continue
        try:
            results.append(format_values(template, tuple(row)))
        except FunctionError as error:
            raise FunctionError(f"error on format iteration {index}: {error.detail}") from None
        characters += len(results[-1])
        limit_text(characters)
    return ListVal(results, STRING)


def _row(values: tuple[Value, ...], places: list[int]) -> list[Value]:
    """The arguments of one call, taken from where each sequence stands. As Terraform does, it stops at the
    first that is not known, so that the sequences behind it fall back by one from there on."""
    row: list[Value] = []
    for index, value in enumerate(values):
        if isinstance(value, tuple):
            value = value[places[index]]
            places[index] += 1
        row.append(value)
        if not wholly_known(value):
            break
    return row


def _common_length(values: tuple[Value, ...]) -> int:
    length = first = -1
    for index, value in enumerate(values):
        size = _size(value)
        if size is None:
            continue
        if length == -1:
            length, first = size, index
        elif size != length:
            raise FunctionError(
                f"argument {index + 1} has length {size}, which is inconsistent with argument {first + 1}"
                f" of length {length}",
                "args",
            )
    return 1 if length == -1 else length


def _size(value: Value) -> int | None:
    """How many results a sequence asks for; None for a single value, and for a sequence of unknown length."""
    if type(value) is Unknown:
        return len(value.type.elements) if isinstance(value.type, TupleType) else None
    return len(value) if isinstance(value, tuple) and length_known(value) else None


def _cannot_iterate(value: Value) -> bool:
    if type(value) is Unknown:
        return value.type is DYNAMIC or isinstance(type_of(value), (ListType, SetType, TupleType))
    return isinstance(value, tuple) and not length_known(value)


_TEMPLATE = Parameter("format", STRING)
_UNKNOWN_TEMPLATE = Parameter("format", STRING, unknown=True)
_VALUES = Parameter("args", null=True, unknown=True)

FUNCTIONS = {
    "format": Function("format", (_UNKNOWN_TEMPLATE,), _format, STRING, _VALUES),
    "formatlist": Function("formatlist", (_TEMPLATE,), _formatlist, ListType(STRING), _VALUES),
}
