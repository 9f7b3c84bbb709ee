"""Standards: the scoreboard, the heat map of modules and controls, and the evidence for each control."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import floor

import msgspec

from alexandria_scan.compliance.result import ControlScore, ModuleScore, ScanResult, StandardScore
from alexandria_scan.policy.results import VerdictName
from alexandria_scan.report.reported import Reported

VERDICTS: tuple[VerdictName, ...] = ("fail", "unknown", "waived", "pass")


class ControlView(msgspec.Struct, frozen=True):
    """A control with what speaks against it, and the number of modules by verdict. `anchor` is its id in the page."""

    anchor: str
    key: str
    score: ControlScore
    numbers: tuple[tuple[str, int], ...]
    against: tuple[Reported, ...]


class SectionView(msgspec.Struct, frozen=True):
    id: str
    title: str
    score: float | None
    controls: tuple[ControlView, ...]


class StandardView(msgspec.Struct, frozen=True):
    """`applied` are the controls that apply to a module at least: the columns of the heat map; `rows` its modules, the
    worst first."""

    anchor: str
    score: StandardScore
    title: str
    sections: tuple[SectionView, ...]
    numbers: Counter[VerdictName]
    applied: tuple[ControlView, ...]
    rows: tuple[ModuleScore, ...]
    not_tested: tuple[ControlView, ...]


def standard_views(result: ScanResult, found: Sequence[Reported]) -> list[StandardView]:
    against: dict[str, list[Reported]] = {}
    for one in found:
        for control in dict.fromkeys(one.cause.controls):
            against.setdefault(control, []).append(one)
    return [_standard(number, one, against) for number, one in enumerate(result.standards)]


def _standard(number: int, standard: StandardScore, against: dict[str, list[Reported]]) -> StandardView:
    prefix = f"{standard.name}-{standard.version}/"
    controls = [
        ControlView(
            f"c{number}-{index}", f"{prefix}{one.id}", one, _numbers(one), tuple(against.get(prefix + one.id, ()))
        )
        for index, one in enumerate(standard.controls)
    ]
    names = list(dict.fromkeys(one.section for one in standard.controls))
    sections = tuple(
        SectionView(
            name,
            standard.titles.get(name, name),
            standard.sections.get(name),
            tuple(one for one in controls if one.score.section == name),
        )
        for name in names
    )
    return StandardView(
        f"s{number}",
        standard,
        f"{standard.title or standard.name} {standard.version}".strip(),
        sections,
        Counter(one.verdict for one in standard.controls),
        tuple(one for section in sections for one in section.controls if one.score.modules),
        tuple(sorted(standard.modules, key=_worst)),
        tuple(one for one in controls if one.score.not_testable or not one.score.policies),
    )


def _numbers(control: ControlScore) -> tuple[tuple[str, int], ...]:
    counted = Counter(control.modules.values())
    return tuple((verdict, counted[verdict]) for verdict in VERDICTS if counted[verdict])


def _worst(module: ModuleScore) -> tuple[float, int, int, str]:
    score = module.score if module.score is not None else 101.0
    return (score, -module.must_failed, -module.unknown, module.module)


def percent(score: float | None) -> str:
    """ "71 %"; rounded down, so that only a full score reads 100 %."""
    return "–" if score is None else f"{floor(score)} %"
