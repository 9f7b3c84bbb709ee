"""Which of the resources and module calls that a folder declares refer to which: the picture of a module."""

from __future__ import annotations

from alexandria_scan.evaluate.declarations import ModuleConfig
from alexandria_scan.graph.references import body_expressions, reached_names

SHOWN = 200  # blocks, and references between them, of one module: a picture of more shows nothing


def block_references(config: ModuleConfig) -> tuple[tuple[str, ...], tuple[tuple[str, str], ...]]:
    """The addresses of the managed resources and module calls, and pairs of one that refers to another, also through
    local values; both sorted. It is read from the source as it is written: nothing is evaluated."""
    blocks = {f"{type_}.{name}": block for (mode, type_, name), block in config.resources.items() if mode == "managed"}
    blocks |= {f"module.{name}": block for name, block in config.calls.items()}
    edges = {
        (address, name)
        for address, block in blocks.items()
        for name in reached_names(config, body_expressions(block.body))
        if name in blocks and name != address
    }
    return tuple(sorted(blocks)), tuple(sorted(edges))
