"""A README held against the code: defaults that it states, and the calls of the module in its examples."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from alexandria_scan.evaluate.compile import compile_expression
from alexandria_scan.evaluate.convert import ConversionError, convert
from alexandria_scan.evaluate.declarations import ModuleConfig, literal_text
from alexandria_scan.evaluate.errors import EvalError
from alexandria_scan.evaluate.module import Module
from alexandria_scan.evaluate.types import Type
from alexandria_scan.evaluate.values import Value, raw_equal, unmark_deep
from alexandria_scan.graph.readme import Documented, Readme, listed, readme_of
from alexandria_scan.patterns import pattern
from alexandria_scan.syntax.markdown import Fence
from alexandria_scan.syntax.parse import parse, parse_expression
from alexandria_scan.syntax.tree import Block, ExpressionError, SyntaxFile

_NO_DEFAULT = {"n/a", "required"}
_LANGUAGES = {"hcl", "terraform", "tf", "tofu", "opentofu"}
_META_ARGUMENTS = {"source", "version", "providers", "count", "for_each", "depends_on"}
_ELLIPSIS = pattern(r"^([ \t]*)(?:\.\.\.|…).*$", re.MULTILINE)
_CALL = pattern(r"^\s*module\s+\"", re.MULTILINE)


def documented_inputs(root: Module) -> Callable[[str], Value]:
    """A function from a variable's name to what the README says of it: `file line default required default_agrees`;
    None if it does not list it. The README is read when the first is asked for."""

    @cache
    def entries() -> dict[str, tuple[str, Documented]]:
        readme = readme_of(root.evaluation, root.evaluation.root_folder(root))
        section = listed(readme, "input", root.config.variables) if readme is not None else None
        if readme is None or section is None:
            return {}
        return {entry.name: (readme.source.name, entry) for entry in section.entries}

    def documented(name: str) -> Value:
        if name not in entries():
            return None
        file, entry = entries()[name]
        return {
            "file": file,
            "line": entry.line,
            "default": entry.default,
            "required": entry.required,
            "default_agrees": default_agrees(entry, root),
        }

    return documented


def default_agrees(entry: Documented, root: Module) -> bool:
    """Whether the default that a README states is that of the variable; true where the README cannot be read as one."""
    if entry.default is None or not entry.default:
        return True
    attribute = root.config.variables[entry.name].body.attributes.get("default")
    if entry.default.lower() in _NO_DEFAULT:
        return attribute is None
    try:
        node = parse_expression("README", entry.default)
        stated = compile_expression(node)(root)
        declared = root.declaration(entry.name)
    except (EvalError, ExpressionError):
        return True
    if attribute is None:
        return stated is None
    try:
        written = unmark_deep(compile_expression(attribute.expression)(root))[0]
    except (EvalError, ExpressionError):
        return True
    return raw_equal(stated, written) or _same_as(stated, written, declared.type)


def _same_as(stated: Value, written: Value, type_: Type) -> bool:
    try:
        return raw_equal(convert(stated, type_), convert(written, type_))
    except (ConversionError, EvalError):
        return False


def example_calls(readme: Readme, config: ModuleConfig, folder: Path, boundary: Path) -> Iterator[dict[str, Value]]:
    """The examples in a README that call the module: `file`, `line`, `problem` (what does not parse, or null) and
    `unknown`, the arguments that are no inputs of the module. The line is that of the first mistake."""
    for fence in readme.fences:
        if fence.language in _LANGUAGES or (not fence.language and _CALL.search(fence.text)):
            yield from _example(fence, readme.source.name, config, _names(folder, boundary))


def _example(fence: Fence, name: str, config: ModuleConfig, names: set[str]) -> Iterator[dict[str, Value]]:
    code = _ELLIPSIS.sub(r"\1# ...", fence.text)
    file: SyntaxFile = parse(name, ("\n" * (fence.line - 1) + code).encode("utf-8", "replace"))  # so lines are right
    calls = [block for block in file.body.blocks_of("module") if _leads_to(block, names)]
    if file.problems and any(name in fence.text for name in names | {'"../'}):
        problem = file.problems[0]
        detail = problem.detail or problem.summary
        yield {"file": name, "line": problem.line, "problem": detail, "unknown": ()}
        return
    for call in calls:
        unknown = {
            argument: attribute.span.location.line
            for argument, attribute in call.body.attributes.items()
            if argument not in config.variables and argument not in _META_ARGUMENTS
        }
        line = min(unknown.values(), default=call.header.location.line)
        yield {"file": name, "line": line, "problem": None, "unknown": tuple(sorted(unknown))}


def _names(folder: Path, boundary: Path) -> set[str]:
    """How the address of the module may end: its folder's name, without a version folder, or its repository's."""
    while re.fullmatch(r"v?\d+(\.\d+)*", folder.name) and folder != boundary:
        folder = folder.parent
    names = {folder.name}
    if folder.parent.name == "modules":
        names = {f"modules/{folder.name}", folder.name}
    return names


def _leads_to(call: Block, names: set[str]) -> bool:
    """Whether the source of a call is this module: `../..`, its folder, its repository, its address in a registry."""
    attribute = call.body.attributes.get("source")
    source = literal_text(attribute) if attribute is not None else None
    if source is None:
        return False
    address = source.removeprefix("git::").partition("?")[0].rstrip("/")
    if address.startswith("."):
        return address.strip("./") == "" or address.rpartition("/")[2] in names
    _, separator, rest = address.partition("://")
    package, _, inside = (rest if separator else address).partition("//")
    if inside:
        return inside in names or inside.rpartition("/")[2] in names
    parts = package.removesuffix(".git").split("/")
    in_registry = not separator and (len(parts) == 4 or (len(parts) == 3 and "." not in parts[0]))
    if in_registry:
        return f"terraform-{parts[-1]}-{parts[-2]}" in names or parts[-2] in names
    return parts[-1] in names
