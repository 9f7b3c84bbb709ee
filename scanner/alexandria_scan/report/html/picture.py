"""The picture of a module: its blocks in layers, each left of those that it refers to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from alexandria_scan.compliance.result import ScannedModule
from alexandria_scan.report.html.layers import Edge, layered

WIDTH, HEIGHT = 196, 34  # of a box
ACROSS, DOWN, MARGIN = 64, 10, 6  # between layers, between the boxes of a layer, around all
LETTERS = 29  # that fit into a box


class Box(msgspec.Struct, frozen=True):
    """A block: two lines of text, the place, and the worst that was found in it: a severity, "unknown" or ""."""

    name: str
    above: str
    below: str
    x: int
    y: int
    state: str

    @property
    def cut(self) -> bool:
        return "…" in self.above or "…" in self.below


class Picture(msgspec.Struct, frozen=True):
    """Boxes, curves between them, and the names and states of what is connected with nothing."""

    width: int
    height: int
    boxes: tuple[Box, ...]
    curves: tuple[str, ...]
    alone: tuple[tuple[str, str], ...]


def module_picture(module: ScannedModule, states: Mapping[str, str]) -> Picture | None:
    """The resources and module calls of a module; None if it declares none."""
    return _picture(module.blocks, module.edges, states, _block) if module.blocks else None


def call_picture(modules: Iterable[ScannedModule]) -> Picture | None:
    """Which local module calls which; None if none does."""
    edges = [(one.path, called) for one in modules for called in one.calls if called != one.path]
    return _picture(sorted({name for edge in edges for name in edge}), edges, {}, _folder) if edges else None


def _picture(
    names: Sequence[str], edges: Iterable[Edge], states: Mapping[str, str], label: Callable[[str], tuple[str, str]]
) -> Picture:
    known = set(names)
    drawn = sorted({edge for edge in edges if known.issuperset(edge)})
    layers = layered(drawn)
    tallest = max(map(len, layers), default=0)
    places: dict[str, tuple[int, int]] = {}
    for number, layer in enumerate(layers):
        top = MARGIN + (tallest - len(layer)) * (HEIGHT + DOWN) // 2
        for index, name in enumerate(layer):
            places[name] = (MARGIN + number * (WIDTH + ACROSS), top + index * (HEIGHT + DOWN))
    return Picture(
        2 * MARGIN + len(layers) * (WIDTH + ACROSS) - ACROSS,
        2 * MARGIN + tallest * (HEIGHT + DOWN) - DOWN,
        tuple(Box(name, *label(name), *places[name], states.get(name, "")) for name in sorted(places)),
        tuple(_curve(places[left], places[right]) for left, right in drawn),
        tuple((name, states.get(name, "")) for name in names if name not in places),
    )


def _curve(left: tuple[int, int], right: tuple[int, int]) -> str:
    """From the right side of one box to the left side of another; back around for what closes a circle."""
    x, y = left[0] + WIDTH, left[1] + HEIGHT // 2
    to_x, to_y = right[0], right[1] + HEIGHT // 2
    bend = max(ACROSS, abs(to_x - x)) // 2
    return f"M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}"


def _block(address: str) -> tuple[str, str]:
    kind, _, name = address.rpartition(".")
    return _cut(kind), _cut(name)


def _folder(path: str) -> tuple[str, str]:
    above, _, name = path.rpartition("/")
    return _cut_left(above), _cut(name or ".")


def _cut(text: str) -> str:
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"


def _cut_left(text: str) -> str:
    return text if len(text) <= LETTERS else f"…{text[1 - LETTERS :]}"
