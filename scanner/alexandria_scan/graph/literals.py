"""Literals in a module's code that belong to one account, one region or one person's keys."""

from __future__ import annotations

from collections.abc import Iterator

from alexandria_scan.evaluate.children import children_of
from alexandria_scan.evaluate.declarations import literal_text
from alexandria_scan.evaluate.values import Value
from alexandria_scan.graph.layout import placed
from alexandria_scan.patterns import pattern
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.tree import Body, Expression, SyntaxFile

_REGION = r"(?:us|eu|ap|sa|ca|me|af|il|mx|cn)(?:-gov|-iso[a-z]?)?-(?:north|south|east|west|central)(?:east|west)?-\d"
_ANYTHING = pattern(rb"arn:aws|[0-9]{12}|-(?:north|south|east|west|central)")
_KINDS = (
    ("account", pattern(r"arn:aws[a-z-]*:[a-z0-9-]*:[a-z0-9-]*:\d{12}:|^\d{12}$|^\d{12}\.dkr\.ecr\.")),
    ("region", pattern(rf"^{_REGION}[a-z]?$|arn:aws[a-z-]*:[a-z0-9-]+:{_REGION}:|\.{_REGION}\.")),
)
_INTERFACE = frozenset(["variable", "terraform", "moved", "import", "removed", "check"])
_COMPARISONS = frozenset(["==", "!="])
_QUESTIONS = frozenset(["contains", "startswith", "endswith", "strcontains", "regex", "regexall", "can"])
_TEXTS = frozenset(["description", "error_message"])


# One of these is in whatever _SECRET finds, and to look for them is far faster.
_SECRET_MARKS = (
    b"AKIA", b"ASIA", b"PRIVATE KEY-----", b"ghp_", b"gho_", b"ghu_", b"ghs_", b"ghr_", b"xoxa-", b"xoxb-", b"xoxp-",
)  # fmt: skip
_SECRET = pattern(
    rb"(?<![0-9A-Z])(?:AKIA|ASIA)(?![0-9A-Z]*EXAMPLE)[0-9A-Z]{16}(?![0-9A-Z])"
    rb"|-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----|(?<!\w)gh[pousr]_\w{36}|(?<!\w)xox[abp]-[\w-]{20,}"
)


def secret_literals(file: SyntaxFile) -> tuple[Value, ...]:
    """The lines that hold what looks like a key whatever it is assigned to: `file line`. Comments count, too."""
    data = file.source.data
    if not any(mark in data for mark in _SECRET_MARKS):
        return ()
    lines = {data.count(b"\n", 0, match.start()) + 1 for match in _SECRET.finditer(data)}
    return tuple({"file": file.source.name, "line": line} for line in sorted(lines))


def specific_literals(file: SyntaxFile) -> tuple[Value, ...]:
    """The literals in resources, data sources, locals, calls and outputs of a file that are good for one account or
    region only: `name` (their text) `what file line`. A literal that a value is only compared with,
    or looked up by, does not count, nor do variables: their defaults are what a caller can replace."""
    if _ANYTHING.search(file.source.data) is None:
        return ()
    found = []
    for block in file.body.blocks:
        if block.type in _INTERFACE:
            continue
        images = block.type == "data" and block.labels[:1] in (("aws_ami",), ("aws_ami_ids",))
        for span, text in _values_of_images(block.body) if images else _values(block.body):
            what, match = next(
                ((kind, match) for kind, pattern in _KINDS if (match := pattern.search(text))), ("", None)
            )
            if match is not None:
                place = placed(_line_of(text, match.start()), span)
                found.append({**place, "line": place["line"] + text.count("\n", 0, match.start()), "what": what})
    return tuple(sorted(found, key=lambda item: (item["line"], item["name"])))


def _line_of(text: str, at: int) -> str:
    """The line of a heredoc, or the text, around a position."""
    return text[text.rfind("\n", 0, at) + 1 :].split("\n")[0].strip()[:80]


def _values(body: Body) -> Iterator[tuple[tree.Span, str]]:
    for name, attribute in body.attributes.items():
        if name not in _TEXTS:
            yield from _carried(attribute.expression)
    for block in body.blocks:
        yield from _values(block.body)


def _values_of_images(body: Body) -> Iterator[tuple[tree.Span, str]]:
    """Without the accounts that publish the images, which are the same for every caller."""
    for name, attribute in body.attributes.items():
        if name != "owners":
            yield from _carried(attribute.expression)
    for block in body.blocks:
        contents = list(block.body.blocks_of("content")) if block.type == "dynamic" else [block]
        filtered = [content.body.attributes.get("name") for content in contents]
        if not any(name is not None and literal_text(name) == "owner-id" for name in filtered):
            yield from _values(block.body)


def _carried(node: Expression) -> Iterator[tuple[tree.Span, str]]:
    """The texts that can become part of the expression's value."""
    if isinstance(node, tree.Literal):
        if isinstance(node.value, str):
            yield node.span, node.value
        return
    parts = children_of(node)
    if isinstance(node, tree.Binary) and node.operator in _COMPARISONS:
        return
    if isinstance(node, tree.Conditional):
        parts = [node.then, node.otherwise]
    elif isinstance(node, tree.Call) and node.name in _QUESTIONS:
        parts = []
    elif isinstance(node, tree.Call) and node.name == "lookup":
        parts = [part for number, part in enumerate(parts) if number != 1]
    elif isinstance(node, tree.ObjectConstructor):
        parts = [value for _, value in node.entries]
    elif isinstance(node, tree.Index):
        parts = [node.base]
    for part in parts:
        yield from _carried(part)
