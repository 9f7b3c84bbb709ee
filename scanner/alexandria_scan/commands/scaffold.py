"""The files of a new module: templates in reports/scaffold, filled in, with tables made from their own variables."""

from __future__ import annotations

import string
from pathlib import Path

import msgspec

from alexandria_scan import bundled
from alexandria_scan.evaluate.declarations import ModuleConfig, declare, literal_text, parse_file
from alexandria_scan.syntax.tree import Block

_TIERS = ("basic", "standard", "advanced")
_COMPLEXITY = {"basic": "beginner", "standard": "intermediate", "advanced": "advanced"}
_SETTINGS = {
    "basic": "local.identity",
    "standard": "merge(local.identity, local.operation)",
    "advanced": "merge(local.identity, local.operation, local.placement)",
}
_HIDDEN = {"alexandria.yaml": ".alexandria.yaml"}


class Wanted(msgspec.Struct, frozen=True):
    """What the module is to be. `created` is a date as YYYY-MM-DD; `licensed` adds a licence of its own."""

    name: str
    layer: str
    subcategory: str
    tier: str
    created: str
    licensed: bool


class _Template(string.Template):
    """`@{name}`, as `${name}` is Terraform's own."""

    delimiter = "@"


def files_of(wanted: Wanted) -> dict[str, str]:
    """Path in the module -> text, sorted by path."""
    texts = _texts(wanted)
    config = declare("", [parse_file(name, texts[name].encode()) for name in ("variables.tf", "outputs.tf")])
    values = {
        "name": wanted.name,
        "layer": wanted.layer,
        "subcategory": wanted.subcategory or "general",
        "tier": wanted.tier,
        "complexity": _COMPLEXITY[wanted.tier],
        "settings": _SETTINGS[wanted.tier],
        "date": wanted.created,
        "variable_count": str(len(config.variables)),
        "inputs": _inputs(config),
        "outputs": _outputs(config),
        "examples": _examples(texts),
    }
    return {name: _Template(text).substitute(values) for name, text in sorted(texts.items())}


def _texts(wanted: Wanted) -> dict[str, str]:
    """The templates. Those of a tier are added to those of the tiers below, but for its example, which is its own."""
    top = bundled.folder("reports") / "scaffold" / "module"
    texts = _read(top / "common")
    if not wanted.licensed:
        del texts["LICENSE"]
    for tier in _TIERS[: _TIERS.index(wanted.tier) + 1]:
        for name, text in _read(top / tier).items():
            texts[name] = text if name.startswith("examples/") else texts.get(name, "") + text
    if wanted.layer == "data":
        texts |= _read(top / "database")
    return texts


def _read(folder: Path) -> dict[str, str]:
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            found[_HIDDEN.get(name, name)] = path.read_text("utf-8")
    return found


def _inputs(config: ModuleConfig) -> str:
    """The README's table of inputs."""
    rows = ["| Name | Description | Type | Default | Required |", "|------|-------------|------|---------|:--------:|"]
    for name, block in sorted(config.variables.items()):
        default = _code(block, "default")
        required = "no" if default else "yes"
        cells = (name, _description(block), f"`{_code(block, 'type')}`", f"`{default}`" if default else "n/a", required)
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows)


def _outputs(config: ModuleConfig) -> str:
    rows = ["| Name | Description |", "|------|-------------|"]
    rows += [f"| {name} | {_description(block)} |" for name, block in sorted(config.outputs.items())]
    return "\n".join(rows)


def _examples(texts: dict[str, str]) -> str:
    folders = sorted({name.rpartition("/")[0] for name in texts if name.startswith("examples/")})
    return "\n".join(f"- [{folder.rpartition('/')[2]}]({folder})" for folder in folders)


def _description(block: Block) -> str:
    return literal_text(block.body.attributes["description"]) or ""


def _code(block: Block, argument: str) -> str:
    attribute = block.body.attributes.get(argument)
    return "" if attribute is None else attribute.expression.span.text
