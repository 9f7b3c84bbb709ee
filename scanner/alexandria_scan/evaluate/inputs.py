"""Values for the variables of a root: tfvars files, `--var`, `--var-file`, `TF_VAR_*`, in Terraform's precedence."""

from __future__ import annotations

import os
from collections.abc import Container
from pathlib import Path

import msgspec

from alexandria_scan.source.disk import NOTHING
from alexandria_scan.source.folders import SourceTree, Unreadable
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax import tree
from alexandria_scan.syntax.parse import parse, parse_expression

MAX_NAMES = 10


class InputText(msgspec.Struct, frozen=True):
    """A value as it was given: an expression, or for `--var` and the environment raw text whose reading depends
    on the variable's type. `file` and `line` say where; the file is "--var" or "TF_VAR_x" for the others."""

    file: str
    line: int
    expression: tree.Expression | None = None
    raw: str | None = None


class GivenValue(msgspec.Struct, frozen=True):
    """Where a file gives a variable a value."""

    file: str
    line: int


class GivenInputs(msgspec.Struct, frozen=True):
    """What the command line and the environment say: (kind, text) pairs in order; kind is "var" or "file"."""

    arguments: tuple[tuple[str, str], ...] = ()
    environment: bool = True


def collect_inputs(
    folder: Path, given: GivenInputs, source: SourceTree, problems: list[Problem], automatic: bool = True
) -> dict[str, InputText]:
    """The inputs of the root in `folder`, the later ones winning. `automatic` reads its own tfvars files."""
    inputs: dict[str, InputText] = {}
    if given.environment:
        for name, text in sorted(os.environ.items()):
            if name.startswith("TF_VAR_"):
                inputs[name[7:]] = InputText(name, 0, raw=text)
    if automatic:
        names = source.folder(folder).variable_files
        plain: list[str] = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in names]
        # Terraform reads these two where they exist, which a link that leads nowhere does not.
        ordered = [name for name in plain if source.disk.kind(folder / name) != NOTHING]
        ordered += [name for name in names if name.endswith((".auto.tfvars", ".auto.tfvars.json"))]
        for name in ordered:
            inputs.update(read_variable_file(folder / name, source, problems))
    for kind, text in given.arguments:
        if kind == "file":
            path = Path(text).absolute()
            inputs.update(read_variable_file(path, _tree_of(path, source), problems))
        else:
            name, _, value = text.partition("=")
            inputs[name.strip()] = InputText("--var", 0, raw=value)
    return inputs


def _tree_of(path: Path, source: SourceTree) -> SourceTree:
    """Where a file that somebody named may be read: he may name one outside of the scanned tree."""
    real = Path(os.path.realpath(path))
    return source if source.boundary in real.parents else SourceTree(real.parent, source.disk)


def given_files(given: GivenInputs, source: SourceTree) -> set[str]:
    """The files of --var-file as inputs name them."""
    return {source.shown(Path(text).absolute()) for kind, text in given.arguments if kind == "file"}


def _parsed_json(shown: str, data: bytes) -> tree.SyntaxFile:
    from alexandria_scan.syntax.json_body import BlockSpec, parse_json  # few write it

    return parse_json(shown, data, BlockSpec(literals=None))


def read_variable_file(path: Path, source: SourceTree, problems: list[Problem]) -> dict[str, InputText]:
    """The assignments of one tfvars file; what is wrong with it becomes a problem."""
    shown = source.shown(path)
    try:
        data = source.read(path)
    except Unreadable as error:
        problems.append(Problem(shown, 0, 0, "File cannot be read", str(error)))
        return {}
    file = _parsed_json(shown, data) if path.name.endswith(".json") else parse(shown, data)
    for block in file.body.blocks:
        place = block.header.location
        detail = "A variable file holds assignments only, no blocks."
        problems.append(Problem(place.file, place.line, place.column, "Unexpected block", detail))
    inputs = {
        name: InputText(shown, attribute.span.location.line, expression=attribute.expression)
        for name, attribute in file.body.attributes.items()
    }
    problems += [Problem(p.file, p.line, p.column, p.summary, p.detail) for p in file.problems]
    return inputs


def values_of_files(inputs: dict[str, InputText]) -> dict[str, GivenValue]:
    """The inputs that files give."""
    return {name: GivenValue(text.file, text.line) for name, text in inputs.items() if text.expression is not None}


def undeclared_inputs(given: dict[str, GivenValue], declared: Container[str]) -> list[Problem]:
    """A warning for each file that gives values to variables that are not declared, as Terraform has it.

    On the command line that is an error, which is for whoever reads the command line; the environment may say more.
    """
    by_file: dict[str, list[tuple[int, str]]] = {}
    for name, value in given.items():
        if name not in declared:
            by_file.setdefault(value.file, []).append((value.line, name))
    return [_undeclared(file, sorted(found)) for file, found in by_file.items()]


def _undeclared(file: str, found: list[tuple[int, str]]) -> Problem:
    names = [name for _, name in found]
    listed = ", ".join(names[:MAX_NAMES]) + (f" and {len(names) - MAX_NAMES} more" if len(names) > MAX_NAMES else "")
    summary = "Values for undeclared variables" if len(names) > 1 else "Value for undeclared variable"
    way_out = "Check the spelling, or add a variable block."
    return Problem(file, found[0][0], 1, summary, f"No variable is declared for {listed}.", "warning", way_out)


def raw_expression(text: InputText) -> tree.Expression:
    """The raw text of a `--var` or an environment variable read as an expression. Raises ExpressionError."""
    assert text.raw is not None
    return parse_expression(text.file, text.raw)
