"""String functions."""

from __future__ import annotations

from collections.abc import Callable

from alexandria_scan.evaluate.errors import FunctionError
from alexandria_scan.evaluate.functions import graphemes
from alexandria_scan.evaluate.functions.arguments import whole
from alexandria_scan.evaluate.functions.limits import limit_elements, limit_text
from alexandria_scan.evaluate.functions.signature import Context, Function, Parameter
from alexandria_scan.evaluate.partly_known import partly_known, stays_document
from alexandria_scan.evaluate.types import BOOL, NUMBER, STRING, ListType
from alexandria_scan.evaluate.values import ListVal, Unknown, Value, wholly_known

_SPACES = "\t\n\v\f\r \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"

_AROUND = frozenset("_%#@<>{}[]$~")
_OF_DOCUMENTS = frozenset("*?:\"'\\ ")  # may matter to what a policy document says


def _upper(text: str) -> str:
    return text.upper() if text.isascii() else "".join(map(_upper_of, text))


def _upper_of(character: str) -> str:
    """Go maps one character to one: where Unicode's full mapping is longer, title case is what is left."""
    for mapped in (character.upper(), character.title()):
        if len(mapped) == 1:
            return mapped
    return character


def _lower(text: str) -> str:
    return text.lower() if text.isascii() else "".join(map(_lower_of, text))


def _lower_of(character: str) -> str:
    mapped = character.lower()
    return mapped if len(mapped) == 1 else mapped[0]


def _title(text: str) -> str:
    out: list[str] = []
    before = " "
    for character in text:
        if _separates(before):
            mapped = character.title()
            out.append(mapped if len(mapped) == 1 else character)
        else:
            out.append(character)
        before = character
    return "".join(out)


def _separates(character: str) -> bool:
    """What ends a word for Go's strings.Title."""
    if character.isascii():
        return not (character.isalnum() or character == "_")
    return character in _SPACES


def _chomp(text: str) -> str:
    return text.rstrip("\r\n")


def _indent(spaces: Value, text: str) -> str:
    width = whole(spaces)
    if width < 0:
        raise FunctionError("panic in function implementation: strings: negative Repeat count")
    limit_text(width + width * text.count("\n") + len(text))
    return text.replace("\n", "\n" + " " * width)


def _join(separator: str, *lists: Value) -> Value:
    if not lists:
        raise FunctionError("at least one list is required")
    if not all(map(wholly_known, lists)):
        return _partly_joined(separator, [item for values in lists for item in values])
    items: list[str] = []
    for number, values in enumerate(lists, 1):
        if None in values:
            where = f" of list {number}" if len(lists) > 1 else ""
            detail = f"element {values.index(None)}{where} is null; cannot concatenate null values"
            raise FunctionError(detail, "lists")
        items += values
    limit_text(sum(map(len, items)) + len(separator) * len(items))
    return separator.join(items)


def _partly_joined(separator: str, items: list[Value]) -> Unknown:
    if None in items:
        return Unknown(STRING, (), True)
    pieces = [piece for item in items for piece in (separator, item)]
    return partly_known(pieces[1:], "")


def _split(separator: str, text: str) -> Value:
    if separator:
        limit_elements(text.count(separator))
    else:
        limit_elements(len(text))
    return ListVal(text.split(separator) if separator else list(text), STRING)


def _replace(text: Value, old: Value, new: Value) -> Value:
    """A text between slashes is a regular expression."""
    if Unknown in (type(text), type(old), type(new)):
        return _partly_replaced(text, old, new)
    if _is_expression(old):
        from alexandria_scan.evaluate.functions.regexes import replace_all

        return replace_all(text, old[1:-1], new)
    limit_text(len(text) + text.count(old) * len(new))
    return str(text.replace(old, new))


def _is_expression(old: str) -> bool:
    return len(old) > 1 and old[0] == "/" and old[-1] == "/"


def _partly_replaced(text: Value, old: Value, new: Value) -> Unknown:
    """To Terraform all of it is unknown."""
    if isinstance(old, str) and old and not _is_expression(old):
        if isinstance(text, str) and old in text:
            first, *others = text.split(old)
            return partly_known([first, *(piece for other in others for piece in (new, other))], "")
        if type(text) is Unknown and _is_placeholder(old) and stays_document(text, new):
            return text
    return Unknown(STRING, (), True)


def _is_placeholder(text: str) -> bool:
    """Whether it stands between signs of which no word of a policy document begins and ends: `_ACCOUNT_`, `<ARN>`."""
    ends = text[0] in _AROUND and text[-1] in _AROUND
    return ends and any(map(str.isalpha, text)) and set(text).isdisjoint(_OF_DOCUMENTS)


def _startswith(context: Context, text: Value, prefix: str) -> Value:
    if type(text) is Unknown:
        begins = text.prefix if context.three_valued else text.foreseen
        if begins.startswith(prefix):
            return True
        return Unknown(BOOL, (), True) if prefix.startswith(begins) else False
    return bool(text.startswith(prefix))


def _endswith(context: Context, text: Value, suffix: str) -> Value:
    """To Terraform the end of an unknown text says nothing, to policies it does; and what a provider computes ends with
    no `*`."""
    if type(text) is Unknown:
        if context.three_valued and text.suffix.endswith(suffix):
            return True
        open_ = not context.three_valued or suffix.endswith(text.suffix)
        if context.three_valued and text.made_by_provider and suffix.removesuffix(text.suffix).endswith("*"):
            open_ = False
        return Unknown(BOOL, (), True) if open_ else False
    return bool(text.endswith(suffix))


def _strrev(text: str) -> str:
    return "".join(reversed(graphemes.split(text)))


def _substr(text: str, offset: Value, length: Value) -> str:
    """With a negative offset, a length of 0 means the rest of the string, as -1 always does: go-cty's way."""
    start, size = whole(offset), whole(length)
    parts = graphemes.split(text)
    if start < 0:
        start += len(parts)
    elif size == 0:
        return ""
    rest = parts[max(start, 0) :]
    return "".join(rest if size <= 0 else rest[:size])


def _plain(name: str, implementation: Callable[..., Value], *parameters: str, returns: Value = STRING) -> Function:
    return Function(name, tuple(Parameter(label, STRING) for label in parameters), implementation, returns)


FUNCTIONS = {
    function.name: function
    for function in (
        _plain("chomp", _chomp, "str"),
        Function(
            "endswith",
            (Parameter("str", STRING, unknown=True), Parameter("suffix", STRING)),
            _endswith,
            BOOL,
            context=True,
        ),
        Function("indent", (Parameter("spaces", NUMBER), Parameter("str", STRING)), _indent, STRING),
        Function("join", (Parameter("separator", STRING),), _join, STRING, Parameter("lists", ListType(STRING))),
        _plain("lower", _lower, "str"),
        Function(
            "replace",
            tuple(Parameter(name, STRING, unknown=True) for name in ("str", "substr", "replace")),
            _replace,
            STRING,
        ),
        _plain("split", _split, "separator", "str", returns=ListType(STRING)),
        Function(
            "startswith",
            (Parameter("str", STRING, unknown=True), Parameter("prefix", STRING)),
            _startswith,
            BOOL,
            context=True,
        ),
        _plain("strcontains", lambda text, part: part in text, "str", "substr", returns=BOOL),
        _plain("strrev", _strrev, "str"),
        Function(
            "substr",
            (Parameter("str", STRING), Parameter("offset", NUMBER), Parameter("length", NUMBER)),
            _substr,
            STRING,
        ),
        _plain("title", _title, "str"),
        _plain("trim", lambda text, characters: text.strip(characters) if characters else text, "str", "cutset"),
        _plain("trimprefix", lambda text, prefix: text.removeprefix(prefix), "str", "prefix"),
        _plain("trimspace", lambda text: text.strip(_SPACES), "str"),
        _plain("trimsuffix", lambda text, suffix: text.removesuffix(suffix), "str", "suffix"),
        _plain("upper", _upper, "str"),
    )
}
