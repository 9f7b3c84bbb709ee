"""From results to scores: how far each module complies with each control of a standard."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from alexandria_scan.compliance.result import ControlScore, ModuleScore, StandardScore
from alexandria_scan.policy.results import Result, VerdictName

if TYPE_CHECKING:  # merging saved results does without the engine
    from alexandria_scan.compliance.standards import Control, Standard

_ORDER: tuple[VerdictName, ...] = ("fail", "unknown", "waived", "pass")


def score(standard: Standard, results: Iterable[Result], disabled: Container[str] = ()) -> StandardScore:
    """The standard's score, where some policies may be `disabled`. A module is the folder that was evaluated: what a
    root passes down counts for the root.

    A control holds for a module if every result of its policies there passes. A waived one does not: to accept a
    finding is not to correct it. A control does not apply where nothing that it is about occurs.
    """
    by_control: dict[str, dict[str, set[VerdictName]]] = {control.id: {} for control in standard.controls}
    prefix = f"{standard.id}/"
    for result in results:
        if result.verdict == "not_applicable":
            continue
        for name in result.controls:
            if name.startswith(prefix):
                by_control[name[len(prefix) :]].setdefault(result.root, set()).add(result.verdict)
    controls = tuple(_control_score(control, by_control[control.id]) for control in standard.controls)
    modules = sorted({module for control in controls for module in control.modules})
    return StandardScore(
        name=standard.name,
        title=standard.title,
        version=standard.version,
        score=_percentage(_verdicts(controls)),
        controls=controls,
        sections=_sections(controls, standard.sections),
        modules=tuple(_module_score(module, controls, standard.sections) for module in modules),
        titles=standard.sections,
        disabled=tuple(sorted({one for control in controls for one in control.policies if one in disabled})),
    )


def merged_scores(scores: Sequence[StandardScore]) -> StandardScore:
    """The scores of one standard from several scans as one. Of a module that occurs in several, the worst counts."""
    found: dict[str, list[ControlScore]] = {}
    for control in (control for one in scores for control in one.controls):
        found.setdefault(control.id, []).append(control)
    controls = tuple(_merged_control(same) for same in found.values())
    sections = list(dict.fromkeys(section for one in scores for section in one.sections))
    modules = sorted({module for control in controls for module in control.modules})
    return StandardScore(
        scores[0].name,
        scores[0].title,
        scores[0].version,
        _percentage(_verdicts(controls)),
        controls,
        _sections(controls, sections),
        tuple(_module_score(module, controls, sections) for module in modules),
        {section: title for one in scores for section, title in one.titles.items()},
        tuple(sorted({policy for one in scores for policy in one.disabled})),
    )


def _merged_control(controls: Sequence[ControlScore]) -> ControlScore:
    verdicts: dict[str, set[VerdictName]] = {}
    for module, verdict in (item for control in controls for item in control.modules.items()):
        verdicts.setdefault(module, set()).add(verdict)
    modules = {module: _worst(said) for module, said in sorted(verdicts.items())}
    verdict = _worst(set(modules.values())) if modules else "not_applicable"
    return replace(controls[0], verdict=verdict, modules=modules)


def _sections(controls: Sequence[ControlScore], sections: Iterable[str]) -> dict[str, float | None]:
    return {
        section: _percentage(_verdicts(control for control in controls if control.section == section))
        for section in sections
    }


def _control_score(control: Control, found: dict[str, set[VerdictName]]) -> ControlScore:
    modules = {module: _worst(verdicts) for module, verdicts in sorted(found.items())}
    return ControlScore(
        control.id,
        control.level,
        control.title,
        control.section,
        _worst(set(modules.values())) if modules else "not_applicable",
        modules,
        tuple(proof.policy for proof in control.proofs),
        control.not_testable,
    )


def _worst(verdicts: set[VerdictName]) -> VerdictName:
    return next(verdict for verdict in _ORDER if verdict in verdicts)


def _verdicts(controls: Iterable[ControlScore]) -> list[VerdictName]:
    return [verdict for control in controls if control.level == "MUST" for verdict in control.modules.values()]


def _percentage(verdicts: list[VerdictName]) -> float | None:
    if not verdicts:
        return None
    return round(100 * verdicts.count("pass") / len(verdicts), 1)


def _module_score(module: str, controls: tuple[ControlScore, ...], sections: Iterable[str]) -> ModuleScore:
    own = [(control, control.modules[module]) for control in controls if module in control.modules]
    must = [verdict for control, verdict in own if control.level == "MUST"]
    return ModuleScore(
        module,
        _percentage(must),
        sum(verdict == "pass" for _, verdict in own),
        sum(verdict == "fail" for _, verdict in own),
        sum(verdict == "unknown" for _, verdict in own),
        must.count("fail"),
        {
            section: _percentage(
                [verdict for control, verdict in own if control.section == section and control.level == "MUST"]
            )
            for section in sections
        },
        must.count("waived"),
    )
