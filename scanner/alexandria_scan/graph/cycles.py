"""Cycles in a graph of dependencies."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TypeVar

MOST_STEPS = 100
Key = TypeVar("Key", bound=Hashable)


def knots(edges: Mapping[Key, Sequence[Key]]) -> dict[Key, int]:
    """The keys that lie on a cycle, each with the number of its knot: keys that reach each other have the same one.

    Tarjan's algorithm, in linear time and without recursion. A key that is its own neighbour is a knot, too.
    """
    index: dict[Key, int] = {}
    low: dict[Key, int] = {}
    open_: list[Key] = []
    waiting: set[Key] = set()
    found: dict[Key, int] = {}
    for start in edges:
        work: list[tuple[Key, Iterator[Key]]] = [] if start in index else [(start, iter(edges[start]))]
        while work:
            key, others = work[-1]
            if key not in index:
                index[key] = low[key] = len(index)
                open_.append(key)
                waiting.add(key)
            for other in others:
                if other not in index:
                    work.append((other, iter(edges.get(other, ()))))
                    break
                if other in waiting:
                    low[key] = min(low[key], low[other])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[key])
                if low[key] == index[key]:
                    members = _closed(open_, waiting, key)
                    if len(members) > 1 or key in edges.get(key, ()):
                        found |= dict.fromkeys(members, index[key])
    return found


def _closed(open_: list[Key], waiting: set[Key], key: Key) -> list[Key]:
    members: list[Key] = []
    while not members or members[-1] != key:
        members.append(open_.pop())
        waiting.discard(members[-1])
    return members


def way(edges: Mapping[Key, Sequence[Key]], start: Key, end: Key, within: Mapping[Key, int]) -> list[Key] | None:
    """A shortest way from start to end inside their knot, both included; None if it is longer than anybody reads."""
    before: dict[Key, Key] = {}
    waiting = deque([start])
    while waiting and end not in before and start != end:
        if len(before) > MOST_STEPS:
            return None
        key = waiting.popleft()
        for other in edges.get(key, ()):
            if within.get(other) == within.get(start) and other not in before:
                before[other] = key
                waiting.append(other)
    steps = [end]
    while steps[-1] != start:
        steps.append(before[steps[-1]])
    return steps[::-1]
