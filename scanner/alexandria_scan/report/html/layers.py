"""A graph in layers: what refers stands left of what it refers to, in an order with few crossings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Edge = tuple[str, str]
_SWEEPS = 6


def layered(edges: Sequence[Edge]) -> list[list[str]]:
    """The names in the edges, by layer. Of edges that close a circle some lead back to an earlier layer."""
    after: dict[str, list[str]] = {}
    before: dict[str, list[str]] = {}
    for left, right in edges:
        after.setdefault(left, []).append(right)
        before.setdefault(right, []).append(left)
    layers: list[list[str]] = []
    for name, number in _numbers(sorted({*after, *before}), after).items():
        layers += [[] for _ in range(number + 1 - len(layers))]
        layers[number].append(name)
    for sweep in range(_SWEEPS):
        _sort(layers, before) if sweep % 2 == 0 else _sort(layers[::-1], after)
    return layers


def _numbers(names: Sequence[str], after: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The number of each name's layer: one more than the highest of what refers to it, circles apart."""
    order = _sources_first(names, after)
    places = {name: place for place, name in enumerate(order)}
    numbers = dict.fromkeys(names, 0)
    for name in order:
        for right in after.get(name, ()):
            if places[right] > places[name]:
                numbers[right] = max(numbers[right], numbers[name] + 1)
    return numbers


def _sources_first(names: Sequence[str], after: Mapping[str, Sequence[str]]) -> list[str]:
    """The names, each before those that it refers to, as far as there is no circle."""
    done: dict[str, None] = {}
    entered: set[str] = set()
    for start in names:
        stack = [(start, False)]
        while stack:
            name, left = stack.pop()
            if left:
                done[name] = None
            elif name not in entered:
                entered.add(name)
                stack += [(name, True), *((right, False) for right in after.get(name, ()))]
    return list(done)[::-1]


def _sort(layers: Sequence[list[str]], neighbours: Mapping[str, Sequence[str]]) -> None:
    """Puts each name near the middle of its neighbours in the layers before."""
    places: dict[str, float] = {}
    for layer in layers:
        middles: dict[str, float] = {}
        for index, name in enumerate(layer):
            near = [places[one] for one in neighbours.get(name, ()) if one in places]
            middles[name] = sum(near) / len(near) if near else index / max(len(layer), 1)
        layer.sort(key=lambda name: (middles[name], name))
        places |= {name: (index + 0.5) / len(layer) for index, name in enumerate(layer)}
