"""All that a Python policy may import.

A policy is a generator beside its manifest:

    def check(resource: Resource, param: Parameters) -> Iterator[Verdict]:
        if resource.get("publicly_accessible") is True:
            yield fail("publicly_accessible is true", at="publicly_accessible")

It yields nothing where the resource complies. Reading a value that is not known ends it with the verdict unknown;
ask `resource.known(name)` first where that would be too early.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, TypeVar

import msgspec

from alexandria_scan.evaluate.partly_known import named
from alexandria_scan.evaluate.placeholders import is_placeholder, is_secret
from alexandria_scan.evaluate.values import LazyObject, OpenTuple, Reason, Unknown, Value, opened
from alexandria_scan.graph.model import exists_with
from alexandria_scan.syntax.tree import Location

__all__ = [
    "Block", "Document", "Other", "Parameters", "Resource", "UnknownValue", "Verdict", "any_of", "each", "fail",
    "is_placeholder", "kept_secret", "listed", "not_applicable", "unknown",
]  # fmt: skip

Path = tuple[str | int, ...]
T = TypeVar("T")


class UnknownValue(Exception):
    """Raised where a policy reads a value that is not known; the engine makes the verdict unknown of it."""

    def __init__(self, reasons: tuple[Reason, ...], path: Path | None) -> None:
        super().__init__("; ".join(map(str, reasons)))
        self.reasons = reasons
        self.path = path


class Verdict(msgspec.Struct, frozen=True):
    """What a check yields. Made by `fail`, `unknown` and `not_applicable`."""

    verdict: Literal["pass", "fail", "unknown", "not_applicable"]
    message: str = ""
    path: Path | None = None
    reasons: tuple[Reason, ...] = ()
    place: Location | None = None


class Parameters:
    """The policy's parameters for the environment, as attributes: `param.minimum_days`."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        try:
            return self._values[name]
        except KeyError:
            raise AttributeError(f"the policy has no parameter {name!r}") from None


class Block:
    """A nested block or object. Values are plain Python: str, bool, int, Fraction, None, list, dict."""

    def __init__(self, value: Value, path: Path) -> None:
        self._value = value
        self.path = path

    def get(self, name: str, otherwise: Any = None) -> Any:
        """The argument's value, `otherwise` if it is absent or null. Ends the check if it is not known."""
        value = _read(self._value, name)
        plain = _plain(value, (*self.path, name))
        return otherwise if plain is None else plain

    def known(self, name: str) -> bool:
        """Whether the argument can be read (absent counts as known). Ends the check if only the source can tell."""
        value, _ = opened(_read(self._value, name))
        if type(value) is Unknown and any(reason.kind == "unseen" for reason in value.reasons):
            raise UnknownValue(value.reasons, (*self.path, name))
        return type(value) is not Unknown

    def blocks(self, name: str) -> list[Block]:
        """The nested blocks of that name. Ends the check if their number is not known."""
        value, _ = opened(_read(self._value, name))
        path = (*self.path, name)
        if type(value) is Unknown:
            raise UnknownValue(value.reasons, path)
        if isinstance(value, OpenTuple):
            raise UnknownValue(value.unknown.reasons, path)
        if value is None:
            return []
        items = value if isinstance(value, tuple) else (value,)
        return [Block(item, (*path, index)) for index, item in enumerate(items)]


class Statement(Block):
    """A statement of a policy of IAM."""

    def names_everybody(self) -> bool:
        """Whether its Principal is everybody: "*", or "*" for AWS. What other kinds of principals there are does not
        matter, nor whether they are known."""
        principal, _ = opened(_read(self._value, "Principal"))
        if not isinstance(principal, dict):
            return bool(self.get("Principal") == "*")
        named, _ = opened(principal.get("AWS"))
        items = named.members if type(named) is Unknown else named if isinstance(named, tuple) else (named,)
        if any(opened(item)[0] == "*" for item in items):
            return True
        return "*" in listed(_plain(named, (*self.path, "Principal")))  # one that is not known may be it


class Document(Block):
    """What a text in JSON says, as IAM has it for its policies. `path` leads to the text."""

    def statements(self) -> list[Statement]:
        """Its statements, each at the path of the text. Whoever has gone through all that can be read ends the check
        if there may be more."""
        content = None if type(self._value) is Unknown else _read(self._value, "Statement")
        value, _ = opened(self._value if type(self._value) is Unknown else content)
        if type(value) is Unknown:
            raise UnknownValue(value.reasons, self.path)
        if not isinstance(self._value, dict):
            raise UnknownValue((Reason("policy", "is no policy document in JSON", "correct the policy"),), self.path)
        items = value if isinstance(value, tuple) else () if value is None else (value,)
        blocks = [Statement(item, self.path) for item in items]
        return Others(blocks, value.unknown.reasons, self.path) if isinstance(value, OpenTuple) else blocks


class Other(Block):
    """Another resource of the same root."""

    def __init__(self, view: Any, path: Path) -> None:
        super().__init__(view, path)
        self.node = view.scope.node
        self.address: str = self.node.address

    def meta(self, name: str) -> Any:
        """As `Resource.meta`."""
        return _plain(_read(_read(self._value, "meta"), name), None)

    def reference(self, name: str) -> str | None:
        """What an argument whose value is not known refers to, if it is nothing but that: `var.group`. Where it is the
        same for two resources of a root, so is the value."""
        value, _ = opened(_read(self._value, name))
        if type(value) is not Unknown or len(value.reasons) != 1:
            return None
        subject: str = value.reasons[0].subject
        written = (place.text.partition("= ")[2] for place in self.node.origin((name,)))
        return subject if any(text and f".{subject}".endswith(f".{text}") for text in written) else None

    def place(self, name: str) -> Location:
        """Where the argument stands, or the block if it is absent: for `fail(..., place=...)`."""
        place: Location = self.node.place((name,))
        return place


class Others(list[T]):
    """Things of which there may be more: whoever has gone through all that are here ends the check."""

    def __init__(self, blocks: list[T], reasons: tuple[Reason, ...], path: Path | None = None) -> None:
        super().__init__(blocks)
        self._reasons = reasons
        self._path = path

    def __iter__(self) -> Iterator[T]:
        yield from super().__iter__()
        raise UnknownValue(self._reasons, self._path)

    def __bool__(self) -> bool:
        return any(True for _ in self)


class Resource(Block):
    """The resource under judgement, read-only. Absent arguments have their documented defaults."""

    def __init__(
        self,
        node: Any,
        attrs: LazyObject,
        meta: LazyObject,
        functions: dict[str, Callable[[list[Value]], Value]],
        kept: dict[Any, Any],
    ) -> None:
        super().__init__(attrs, ())
        self._node = node
        self._meta = meta
        self._functions = functions
        self._kept = kept
        self.address: str = node.address
        self.type: str = node.type
        self.name: str = node.name

    def meta(self, name: str) -> Any:
        """`environment`, `provider_version`, `prevent_destroy`, ...: as `meta` in a condition."""
        return _plain(self._meta.attribute(name), None)

    def is_set(self, name: str) -> bool:
        """Whether the configuration itself sets the argument or block."""
        value = self._functions["is_set"]([name])
        if type(value) is Unknown:
            raise UnknownValue(value.reasons, (name,))
        return bool(value)

    def arguments(self) -> list[str]:
        """The names of the arguments and blocks that the configuration sets, sorted."""
        return list(self._node.attribute_names())

    def from_code(self, name: str) -> bool:
        """Whether the argument's value is written in the scanned files, and not given from outside (--var, TF_VAR_*).

        Ends the check where that cannot be told, as in a plan without its source.
        """
        places = self._node.origin((name,))
        if not places:
            reason = Reason(f"where {self.address}.{name} comes from", "is not in a plan", "scan the source")
            raise UnknownValue((reason,), (name,))
        return bool(places[-1].line)

    def document(self, name: str) -> Document | None:
        """The object whose JSON the argument holds: empty if it is absent, None if it is no JSON object. If it is a
        data.aws_iam_policy_document's, what that comes to, with all that it merges.

        A part that only the provider knows, such as an ARN, is a text that equals no other. Ends the check if
        nothing of the document is known.
        """
        if self.known(name) and self.get(name) is None:
            return Document({}, (name,))
        content, _ = opened(named(self._functions["document"]([name])))
        if type(content) is Unknown:
            raise UnknownValue(content.reasons, (name,))
        return Document(content, (name,)) if isinstance(content, dict) else None

    def policy_documents(self) -> list[Document]:
        """The policies in JSON that the resource holds: its `policy`, those of its inline_policy blocks, and those that
        a data.aws_iam_policy_document merges. What is declared as a data.aws_iam_policy_document is left out."""
        found = self._functions["policy_documents"]([])
        return [Document(named(one["document"]), one["path"]) for one in found]

    def open_to_world(self, blocks: list[str]) -> bool:
        """Whether CIDR blocks together hold every public address of IPv4 or IPv6, as in a condition."""
        return bool(self._functions["open_to_world"]([tuple(blocks)]))

    def referenced(self, type_: str, attribute: str | None = None, of: Block | None = None) -> list[Other]:
        """The resources of a type that the attribute refers to. Ends the check if it names one that is not here.

        `of`: another resource that has the attribute, as one of these methods found it.
        """
        arguments: list[Value] = [type_] if attribute is None else [type_, attribute]
        if of is not None:
            arguments.append(of._value)
        return self._others(self._functions["referenced"](arguments), attribute)

    def referencing(self, type_: str, attribute: str | None = None) -> list[Other]:
        """The resources of a type that refer to this one."""
        arguments = [type_] if attribute is None else [type_, attribute]
        return self._others(self._functions["referencing"](arguments), attribute)

    def resources(self, type_: str, having: dict[str, Any] | None = None) -> list[Other]:
        """The resources of a type in the same root: all, or those with such values, found by `{"path.name": value}`.

        The latter costs the same however many there are. Ends the check if only an unknown one may have them.
        """
        return self._others(self._functions["resources"]([type_, having or {}]), None)

    def possible(self, type_: str) -> list[Other]:
        """The resources of a type that are in the root or may be there: `exists_with` tells. There may be more that
        are not here."""
        return [Other(view, ()) for view in self._functions["possible"]([type_])]

    def exists_with(self, other: Other) -> bool:
        """Whether the other exists if this one does; not where a `count` is unknown that decides on the other alone."""
        return exists_with(self._node, other.node)

    def once(self, compute: Callable[[Resource], T]) -> T:
        """What a function makes of the root, kept for all its resources. It must ask nothing but `resources`,
        `possible`, and `referenced` of what they found. Where that ends the check, it ends each."""
        if compute not in self._kept:
            try:
                self._kept[compute] = compute(self)
            except UnknownValue as unknown:
                self._kept[compute] = unknown
        found: Any = self._kept[compute]
        if isinstance(found, UnknownValue):
            raise UnknownValue(found.reasons, found.path)
        kept: T = found
        return kept

    def _others(self, value: Value, attribute: str | None) -> list[Other]:
        if type(value) is Unknown:
            raise UnknownValue(value.reasons, None if attribute is None else (attribute,))
        if isinstance(value, OpenTuple) and not value:
            raise UnknownValue(value.unknown.reasons, None)
        path: Path = () if attribute is None else (attribute,)
        blocks = [Other(item, path) for item in value]
        return Others(blocks, value.unknown.reasons) if isinstance(value, OpenTuple) else blocks


def _read(value: Value, name: str) -> Value:
    bare = value if isinstance(value, LazyObject) else opened(value)[0]
    if isinstance(bare, LazyObject):
        return bare.attribute(name)
    if isinstance(bare, dict):
        return bare.get(name)
    return None


def _plain(value: Value, path: Path | None) -> Any:
    """The value without marks, as plain Python. Raises UnknownValue."""
    bare = value if isinstance(value, LazyObject) else opened(value)[0]
    if type(bare) is Unknown:
        raise UnknownValue(bare.reasons, path)
    if isinstance(bare, tuple):
        return [Block(item, path or ()) if isinstance(item, LazyObject) else _plain(item, path) for item in bare]
    if isinstance(bare, dict):
        return {key: _plain(item, path) for key, item in bare.items()}
    return bare


def each(items: Iterable[T], judge: Callable[[T], Iterator[Verdict]]) -> Iterator[Verdict]:
    """What `judge` says of every item. One that cannot be read hides no other; it ends the check after the last."""
    unread: UnknownValue | None = None
    for item in items:
        try:
            yield from judge(item)
        except UnknownValue as missing:
            unread = unread or missing
    if unread is not None:
        raise unread


def any_of(items: Iterable[T], holds: Callable[[T], bool]) -> bool:
    """Whether it holds for one of the items. Ends the check if only one that cannot be read may be it."""
    unread: UnknownValue | None = None
    for item in items:
        try:
            if holds(item):
                return True
        except UnknownValue as missing:
            unread = unread or missing
    if unread is not None:
        raise unread
    return False


def listed(value: Any) -> list[Any]:
    """A value as a list: IAM, for one, takes one thing for a list of it."""
    return [] if value is None else value if isinstance(value, list) else [value]


def kept_secret(resource: Resource, name: str, placeholder: str) -> Iterator[Verdict]:
    """Judges an argument whose value a store of secrets keeps. Where ignore_changes covers it, the secret is put in
    elsewhere, and only what cannot be a stand-in is one for certain."""
    value = resource.get(name) if resource.known(name) else None
    if not value or is_placeholder(str(value), placeholder) or not resource.from_code(name):
        return
    replaced = not {name, "all", "*"}.isdisjoint(resource.meta("ignored_changes"))
    secret = is_secret(str(value)) if replaced else True
    if secret:
        yield fail(f"{name} is written in the code", at=name)
    elif secret is None:
        reason = f"whether {name} is there only to be replaced (ignore_changes covers it)"
        yield unknown(reason, "write a placeholder such as CHANGE_ME", at=name)


def fail(message: str, at: str | Block | None = None, place: Location | None = None) -> Verdict:
    """The resource violates the policy. `at`: the argument's name, or the block, that decides; `place`: where another
    resource's does."""
    return Verdict("fail", message, _at(at), place=place)


def unknown(reason: str, decide: str = "", at: str | Block | None = None, place: Location | None = None) -> Verdict:
    """It cannot be decided. `reason` says what is not known, `decide` what would settle it; the rest as for `fail`."""
    return Verdict("unknown", path=_at(at), reasons=(Reason(reason, "", decide),), place=place)


def not_applicable() -> Verdict:
    return Verdict("not_applicable")


def _at(at: str | Block | None) -> Path | None:
    if at is None:
        return None
    return (at,) if isinstance(at, str) else at.path


Check = Callable[[Resource, Parameters], Iterator[Verdict]]
