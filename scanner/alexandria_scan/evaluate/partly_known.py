"""Texts of which parts are not known: how they begin and end, and what they say if they are JSON."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from alexandria_scan.evaluate.types import STRING
from alexandria_scan.evaluate.values import Unknown, Value, collect_reasons, like, mark, opened
from alexandria_scan.patterns import pattern

_CLOSED = frozenset("\t !\"#$%&'()*+,-./:;?@[\\]^_{|}~")  # to go-cty nothing that follows these changes them
_IDENTIFIER = pattern(r"arn:[\w:/.+=@-]+|[0-9]{12}|(?=.*[A-Za-z])[A-Za-z0-9]+(?:-[A-Za-z0-9]+)+")


def partly_known(pieces: Sequence[str | Unknown], foreseen: str) -> Unknown:
    """The text that the pieces make up, some of which are not known.

    `foreseen` is the part of its beginning that Terraform itself goes by while it plans.
    """
    from alexandria_scan.evaluate.json_template import holds_nothing_escaped, said

    unknown = [index for index, piece in enumerate(pieces) if not isinstance(piece, str)]
    plain = all(piece.unquoted for piece in pieces if isinstance(piece, Unknown))
    first, last = pieces[unknown[0]], pieces[unknown[-1]]
    assert isinstance(first, Unknown) and isinstance(last, Unknown)
    rest = last.suffix + "".join(map(str, pieces[unknown[-1] + 1 :]))
    return Unknown(
        STRING,
        collect_reasons(*(pieces[index] for index in unknown)),
        True,
        prefix=unicodedata.normalize("NFC", "".join(map(str, pieces[: unknown[0]])) + first.prefix),
        encodes=said(pieces) if plain else None,
        suffix=rest if rest.isascii() else "",  # an accent in it might join the letter before
        unquoted=plain and holds_nothing_escaped([piece for piece in pieces if isinstance(piece, str)]),
        foreseen=_closed(foreseen),
    )


def stays_document(text: Unknown, *given: Value) -> bool:
    """Whether an unknown text is a JSON document that says the same with these in it for placeholders: ARNs, account
    numbers, names with a hyphen. Words such as Allow and true, and addresses, are none of them."""
    return text.prefix == "{" and all(map(_is_identifier, given))


def _is_identifier(value: Value) -> bool:
    if type(value) is Unknown:
        return value.unquoted and (value.prefix.startswith("arn:") or not (value.prefix or value.suffix))
    return isinstance(value, str) and _IDENTIFIER.fullmatch(value) is not None


def _closed(prefix: str) -> str:
    """Without the last character as readers count them, if what follows may become part of it."""
    if not prefix or prefix[-1] in _CLOSED:
        return prefix
    from alexandria_scan.evaluate.functions import graphemes

    return "".join(graphemes.split(unicodedata.normalize("NFC", prefix))[:-1])


def named(value: Value) -> Value:
    """With a text in the place of everything that the provider computes, or of which a part is known."""
    bare, marks = opened(value)
    if type(bare) is Unknown and (bare.prefix or bare.suffix or bare.made_by_provider):
        missing = ", ".join(reason.subject for reason in bare.reasons)
        return mark(f"{bare.prefix}({missing}){bare.suffix}", marks)
    if isinstance(bare, dict):
        return mark({key: named(item) for key, item in bare.items()}, marks)
    if isinstance(bare, tuple):
        return mark(like(bare, map(named, bare)), marks)
    return value
