"""A result with its paths below the name of a repository, so that results of several repositories can be one."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from alexandria_scan.compliance.result import ScanResult, StandardScore
from alexandria_scan.policy.results import Result


def below(result: ScanResult, name: str) -> ScanResult:
    """The result with the name of a repository before each path."""

    def path(text: str) -> str:
        return name if text in ("", ".") else f"{name}/{text}"

    scanned = result.scanned
    return replace(
        result,
        scanned=replace(
            scanned,
            modules=tuple(map(path, scanned.modules)),
            plans=tuple(map(path, scanned.plans)),
            details=tuple(
                replace(one, path=path(one.path), calls=tuple(map(path, one.calls))) for one in scanned.details
            ),
        ),
        results=tuple(_result_below(one, path) for one in result.results),
        problems=tuple(replace(one, file=path(one.file)) if one.file else one for one in result.problems),
        standards=tuple(_standard_below(one, path) for one in result.standards),
        claims=tuple(
            replace(one, module=path(one.module), location=replace(one.location, file=path(one.location.file)))
            for one in result.claims
        ),
        baseline=replace(result.baseline, file=path(result.baseline.file)) if result.baseline is not None else None,
    )


def _result_below(one: Result, path: Callable[[str], str]) -> Result:
    return replace(
        one,
        root=path(one.root),
        module=path(one.module),
        location=replace(one.location, file=path(one.location.file)) if one.location.file else one.location,
        waiver=replace(one.waiver, location=replace(one.waiver.location, file=path(one.waiver.location.file)))
        if one.waiver is not None
        else None,
        origin=tuple(replace(step, file=path(step.file)) if step.file else step for step in one.origin),
    )


def _standard_below(standard: StandardScore, path: Callable[[str], str]) -> StandardScore:
    return replace(
        standard,
        controls=tuple(
            replace(one, modules={path(module): verdict for module, verdict in one.modules.items()})
            for one in standard.controls
        ),
        modules=tuple(replace(one, module=path(one.module)) for one in standard.modules),
    )
