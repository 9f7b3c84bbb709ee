"""Terraform values in Python.

| Terraform            | Python                                                     |
|----------------------|------------------------------------------------------------|
| null                 | None                                                       |
| bool, string         | bool, str                                                  |
| number               | int, or Fraction where it is not whole (see numbers.py)    |
| tuple; list; set     | tuple; ListVal; SetVal (sorted as Terraform sorts, unique) |
| object; map          | dict; MapVal                                               |
| unknown              | Unknown, with its type and the reasons                     |
| sensitive, ephemeral | Marked around the value                                    |
| a resource or module | LazyObject, whose attributes are computed when asked for   |

Values are never changed once made. Dictionaries are read in key order, as Terraform does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from typing import Any, TypeAlias

import msgspec

from alexandria_scan.evaluate.numbers import Double
from alexandria_scan.evaluate.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    Type,
)

Value: TypeAlias = Any
SENSITIVE = "sensitive"
EPHEMERAL = "ephemeral"
DECLARED = "declared sensitive"  # what a module's output says of itself: it is hidden, but no mark to Terraform
SECRET = frozenset([SENSITIVE, DECLARED])
HIDDEN = "(sensitive value)"  # what Terraform prints in the place of one
MAX_REASONS = 8
MAX_MEMBERS = 1000  # of an unknown sequence
_NO_MARKS: frozenset[str] = frozenset()


class Reason(msgspec.Struct, frozen=True):
    """Why a value is not known: the thing that is missing, why, and what would decide it.

    `kind`: "input" is what any plan would know (a variable without a value), "data" what a plan that may read the
    data source knows, "computed" what only the apply decides, "unseen" what the source says but not its plan; "other"
    is the rest.
    """

    subject: str
    why: str
    decide: str = ""
    kind: str = "other"
    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.subject} {self.why}"


class Unknown(msgspec.Struct, frozen=True, eq=False):
    """A value that is not known: of what type, why, and whether it is at least known not to be null.

    `computed`: the value itself is what a provider will compute (an ARN, an id), not something made of it. To a plan
    it might be null; for a policy that asks whether a key is given, it is given.
    `prefix`, `suffix`: how the text begins and ends; `foreseen`: as much of the beginning as Terraform goes by when it
    plans. `encodes`: what the text is the JSON of, parts of which are not known. `members`: elements that a sequence
    has whatever else is in it (members.py); `sealed`: nothing else is in it. `least`: the number is not smaller.
    `unquoted`: the text is made of identifiers, ARNs and the like, and holds nothing that JSON would escape.
    `shortest_prefix`: of a range of addresses, at least so long.
    """

    type: Type = DYNAMIC
    reasons: tuple[Reason, ...] = ()
    not_null: bool = False
    computed: bool = False
    prefix: str = ""
    encodes: Any = None
    members: tuple[Any, ...] = ()
    least: int | None = None
    suffix: str = ""
    unquoted: bool = False
    foreseen: str = ""
    sealed: bool = False
    shortest_prefix: int | None = None

    def as_type(self, type_: Type, not_null: bool | None = None) -> Unknown:
        """The same of another type. What is known of a text stays while nobody knows its type."""
        text = type_ is STRING or type_ is DYNAMIC
        prefix, suffix, encodes = (self.prefix, self.suffix, self.encodes) if text else ("", "", None)
        foreseen = self.foreseen if type_ is STRING else ""
        not_null = self.not_null if not_null is None else not_null
        least = self.least if type_ is NUMBER else None
        plain = self.unquoted and text
        return Unknown(
            type_,
            self.reasons,
            not_null,
            self.computed,
            prefix,
            encodes,
            least=least,
            suffix=suffix,
            unquoted=plain,
            foreseen=foreseen,
            shortest_prefix=self.shortest_prefix if text else None,
        )

    @property
    def only_inputs(self) -> bool:
        """True if every reason is a missing input: Terraform's plan would know the value."""
        return bool(self.reasons) and all(reason.kind == "input" for reason in self.reasons)

    @property
    def made_by_provider(self) -> bool:
        """True if it is what a resource will have, or an identifier: what else a data source reads may be any text, "*"
        too."""
        return self.unquoted or (self.computed and all(reason.kind == "computed" for reason in self.reasons))

    @property
    def surely_text(self) -> bool:
        """True if it is a text that is neither null nor empty, as far as a policy is concerned. What a provider
        computes may be empty (the IPv6 block of a VPC that has none), an identifier is not."""
        return self.type is STRING and bool(self.prefix or self.suffix or self.unquoted)

    @property
    def known_to_plan(self) -> bool:
        """True if a plan that may read the data sources would know the value."""
        return bool(self.reasons) and all(reason.kind in ("input", "data") for reason in self.reasons)


class Marked(msgspec.Struct, frozen=True, eq=False):
    """A value that is sensitive or ephemeral. `value` is never Marked itself."""

    value: Value
    marks: frozenset[str] = frozenset({SENSITIVE})


class ListVal(tuple[Any, ...]):
    """A list: its elements are of one type, which it knows even when it is empty."""

    element: Type

    def __new__(cls, items: Iterable[Value], element: Type) -> ListVal:
        self = super().__new__(cls, items)
        self.element = element
        return self


class SetVal(tuple[Any, ...]):
    """A set. Make it with `make_set`, which sorts and removes duplicates."""

    element: Type

    def __new__(cls, items: Iterable[Value], element: Type) -> SetVal:
        self = super().__new__(cls, items)
        self.element = element
        return self


class OpenTuple(tuple[Any, ...]):
    """Some of the elements of a sequence whose length is not known: there may be fewer or more.

    `unknown` says why. It stands for nested blocks some of which come from a `dynamic` block with an unknown
    `for_each`; these are the last element, with every attribute unknown. `least`: so many there surely are.
    """

    unknown: Unknown
    least: int

    def __new__(cls, items: Iterable[Value], unknown: Unknown, least: int = 0) -> OpenTuple:
        self = super().__new__(cls, items)
        self.unknown = unknown
        self.least = least
        return self


class MapVal(dict[str, Any]):
    """A map: its elements are of one type, which it knows even when it is empty."""

    __slots__ = ("element",)

    def __init__(self, items: dict[str, Value], element: Type) -> None:
        super().__init__(items)
        self.element = element


class LazyObject:
    """An object whose attributes are computed when asked for: a resource, a module's outputs.

    One that is not `standalone` is no value: only its attributes are (`var`, a resource type).
    """

    __slots__ = ()
    standalone = True

    def names(self) -> Iterable[str] | None:
        """All attribute names, or None if they cannot all be known (a resource without a schema)."""
        return None

    def attribute(self, name: str) -> Value:
        """The attribute's value. Raises KeyError if there is no such attribute."""
        raise KeyError(name)

    def unknown(self) -> Unknown:
        """What the object as a whole is when its attributes cannot all be named."""
        return Unknown()


def is_number(value: Value) -> bool:
    kind = type(value)
    return kind is int or kind is Fraction or kind is Double


def unmark(value: Value) -> tuple[Value, frozenset[str]]:
    """The value without its outermost marks, and these marks."""
    if type(value) is Marked:
        return value.value, value.marks
    return value, _NO_MARKS


def opened(value: Value) -> tuple[Value, frozenset[str]]:
    """The value without its outermost marks, a LazyObject as an ordinary object, and the marks."""
    if type(value) is Marked:
        return force(value.value), value.marks
    return (force(value) if isinstance(value, LazyObject) else value), _NO_MARKS


def mark(value: Value, marks: frozenset[str]) -> Value:
    if not marks:
        return value
    if type(value) is Marked:
        return Marked(value.value, value.marks | marks)
    return Marked(value, marks)


def unmark_deep(value: Value) -> tuple[Value, frozenset[str]]:
    """The value without any mark at any depth, and all the marks that were there."""
    found: set[str] = set()
    return _strip(value, found), frozenset(found)


def _strip(value: Value, found: set[str]) -> Value:
    if type(value) is Marked:
        found |= value.marks
        value = value.value
    if isinstance(value, LazyObject):
        value = force(value)
    if isinstance(value, tuple):
        items = [_strip(item, found) for item in value]
        if all(new is old for new, old in zip(items, value, strict=True)):
            return value
        return like(value, items)
    if isinstance(value, dict):
        entries = {key: _strip(item, found) for key, item in value.items()}
        if all(entries[key] is value[key] for key in entries):
            return value
        return MapVal(entries, value.element) if isinstance(value, MapVal) else entries
    return value


def like(original: Value, items: Iterable[Value]) -> Value:
    """A sequence of the same kind and element type as `original` with other items."""
    if isinstance(original, ListVal):
        return ListVal(items, original.element)
    if isinstance(original, SetVal):
        return make_set(items, original.element)
    if isinstance(original, OpenTuple):
        return OpenTuple(items, original.unknown)
    return tuple(items)


def force(value: Value) -> Value:
    """A LazyObject as an ordinary object, or Unknown if not all its attributes can be named."""
    if not isinstance(value, LazyObject):
        return value
    names = value.names()
    if names is None:
        return value.unknown()
    return {name: value.attribute(name) for name in sorted(names)}


def type_of(value: Value) -> Type:
    """The type of a value. A null is `dynamic`: values do not remember the type of their nulls."""
    kind = type(value)
    if kind is str:
        return STRING
    if kind is bool:
        return BOOL
    if kind is int or kind is Fraction or kind is Double:
        return NUMBER
    if value is None:
        return DYNAMIC
    if kind is Marked:
        return type_of(value.value)
    if kind is Unknown:
        known: Type = value.type
        return known
    if kind is ListVal:
        return ListType(value.element)
    if kind is SetVal:
        return SetType(value.element)
    if kind is MapVal:
        return MapType(value.element)
    if kind is tuple or kind is OpenTuple:
        return TupleType(tuple(type_of(item) for item in value))
    if kind is dict:
        return ObjectType({name: type_of(item) for name, item in value.items()})
    if isinstance(value, LazyObject):
        return type_of(force(value))
    raise TypeError(f"not a Terraform value: {kind.__name__}")


def items_of(value: dict[str, Value]) -> Iterator[tuple[str, Value]]:
    """The entries of a map or object in the order in which Terraform visits them."""
    for key in sorted(value):
        yield key, value[key]


def collect_reasons(*values: Value) -> tuple[Reason, ...]:
    """The reasons of every unknown at any depth in the values, without repetition."""
    found: dict[Reason, None] = {}
    stack = list(reversed(values))
    while stack and len(found) < MAX_REASONS:
        value = stack.pop()
        if type(value) is Marked:
            value = value.value
        if type(value) is Unknown:
            found.update(dict.fromkeys(value.reasons))
        elif isinstance(value, tuple):
            stack.extend(reversed(value))
        elif isinstance(value, dict):
            stack.extend(value[key] for key in sorted(value, reverse=True))
    return tuple(found)[:MAX_REASONS]


def wholly_known(value: Value) -> bool:
    """False if the value is or holds an unknown at any depth."""
    kind = type(value)
    if kind is Unknown:
        return False
    if kind is Marked:
        return wholly_known(value.value)
    if isinstance(value, tuple):
        return all(wholly_known(item) for item in value)
    if isinstance(value, dict):
        return all(wholly_known(item) for item in value.values())
    if isinstance(value, LazyObject):
        return wholly_known(force(value))
    return True


def raw_equal(left: Value, right: Value) -> bool:
    """True if the two values are the same in type and content; an unknown equals no other unknown."""
    if type(left) is not type(right):
        return is_number(left) and is_number(right) and bool(left == right)
    if isinstance(left, tuple):
        return len(left) == len(right) and all(map(raw_equal, left, right))
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(raw_equal(left[key], right[key]) for key in left)
    if type(left) is Marked:
        return bool(left.marks == right.marks) and raw_equal(left.value, right.value)
    if type(left) is Unknown:
        return left is right
    return bool(left == right)


def make_set(items: Iterable[Value], element: Type) -> SetVal:
    """A set of the items, which are already of type `element`: duplicates gone, in Terraform's order."""
    unique: dict[Any, Value] = {}
    for item in items:
        unique.setdefault(identity(item), item)
    from alexandria_scan.evaluate.set_order import set_order  # which needs the values defined here

    return SetVal(sorted(unique.values(), key=set_order), element)


def identity(value: Value) -> Any:
    """A key that is equal for the same values of one type; an unknown is like no other."""
    if type(value) is Unknown:
        return ("?", id(value))
    if isinstance(value, LazyObject):
        value = force(value)
    if isinstance(value, tuple):
        return (type(value).__name__, *map(identity, value))
    if isinstance(value, dict):
        return ("{", *((key, identity(value[key])) for key in sorted(value)))
    if type(value) is Marked:
        return ("!", identity(value.value))
    return (type(value) is bool, value)
