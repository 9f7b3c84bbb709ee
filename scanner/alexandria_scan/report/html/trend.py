"""How scores and findings went, from earlier results to this one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import msgspec

from alexandria_scan.compliance.causes import by_cause
from alexandria_scan.compliance.result import ScanResult

WIDTH, HEIGHT = 640, 120


class Point(msgspec.Struct, frozen=True):
    """One result: its name, its day or "", the scores by standard, and the numbers of causes."""

    name: str
    day: str
    scores: dict[str, float | None]
    findings: int
    unknown: int
    waived: int


class Trend(msgspec.Struct, frozen=True):
    """`points` from the oldest to this one; `standards` the names in them; `lines` the points of a line for each
    standard in a picture of WIDTH x HEIGHT, those without a score left out."""

    points: tuple[Point, ...]
    standards: tuple[str, ...]
    lines: tuple[tuple[str, tuple[tuple[float, float], ...]], ...]


def trend(result: ScanResult, earlier: Sequence[tuple[str, ScanResult]]) -> Trend | None:
    """None if there is nothing to compare with. Results are ordered by their days, then by their names."""
    if not earlier:
        return None
    ordered = sorted(earlier, key=lambda one: (one[1].as_of, one[0]))
    points = (*(_point(*one) for one in ordered), _point("this result", result))
    standards = tuple(sorted({name for point in points for name in point.scores}))
    return Trend(points, standards, tuple((name, _line(points, name)) for name in standards))


def _point(name: str, result: ScanResult) -> Point:
    scores = {f"{one.title or one.name} {one.version}".strip(): one.score for one in result.standards}
    causes = by_cause(one for one in result.results if one.verdict in ("fail", "unknown", "waived"))
    numbers = Counter(one.verdict for one in causes)
    return Point(name, result.as_of, scores, numbers["fail"], numbers["unknown"], numbers["waived"])


def _line(points: Sequence[Point], standard: str) -> tuple[tuple[float, float], ...]:
    step = WIDTH / (len(points) - 1)
    scores = [(number * step, point.scores.get(standard)) for number, point in enumerate(points)]
    return tuple(
        (round(x, 1), round(HEIGHT - HEIGHT * max(0.0, min(score, 100.0)) / 100, 1))
        for x, score in scores
        if score is not None
    )
