"""The result of a scan: everything that a report may say. The JSON format writes it as it is."""

from __future__ import annotations

import msgspec

from alexandria_scan.policy.results import Result, VerdictName
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.tree import Location

SCHEMA_VERSION = 1


class Tool(msgspec.Struct, frozen=True):
    name: str
    version: str


class ScannedModule(msgspec.Struct, frozen=True):
    """A folder of Terraform files. `kind` is "root", "library" or "example"; `calls` the local modules it calls.

    `blocks` are the addresses of the resources and module calls that it declares, and `edges` which of them refers to
    which; no more than 200 of each. `uncounted` is how many of `resources` stand for a number that is not known.
    """

    path: str
    kind: str
    files: int
    resources: int
    calls: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    edges: tuple[tuple[str, str], ...] = ()
    uncounted: int = 0


class Scanned(msgspec.Struct, frozen=True):
    """What was looked at: paths of module folders, number of files and resource instances, paths of plans. `limit`
    says so where only what some files touch was scanned."""

    modules: tuple[str, ...]
    files: int
    resources: int
    plans: tuple[str, ...]
    details: tuple[ScannedModule, ...] = ()
    limit: str = ""


class PolicyInfo(msgspec.Struct, frozen=True):
    """A policy that ran, as far as reports need it."""

    title: str
    severity: str
    target: str
    why: str = ""
    fix: str = ""
    references: tuple[str, ...] = ()
    equivalents: dict[str, list[str]] = {}


class ControlScore(msgspec.Struct, frozen=True):
    """One control of a standard. `verdict` over all modules: fail before unknown before pass; not_applicable
    if nothing applied. `modules` gives the verdict for each module folder that it applied to. `not_testable` says
    what of it nobody can tell from source, "" if its policies tell all."""

    id: str
    level: str
    title: str
    section: str
    verdict: VerdictName
    modules: dict[str, VerdictName]
    policies: tuple[str, ...] = ()
    not_testable: str = ""


class ModuleScore(msgspec.Struct, frozen=True):
    """A module against a standard. `score` is the percentage of its applicable MUST controls that pass, None if
    none applies; `unknown` of them could not be decided. `must_waived` are accepted, and do not count as passing."""

    module: str
    score: float | None
    passed: int
    failed: int
    unknown: int
    must_failed: int
    sections: dict[str, float | None] = {}
    must_waived: int = 0


class StandardScore(msgspec.Struct, frozen=True):
    """`score`: percentage of applicable (control, module) pairs at level MUST that pass, None if none applies.
    `titles` are those of the sections, by their ids; `disabled` the policies that prove some of it, and are switched
    off by the configuration file."""

    name: str
    title: str
    version: str
    score: float | None
    controls: tuple[ControlScore, ...]
    sections: dict[str, float | None] = {}
    modules: tuple[ModuleScore, ...] = ()
    titles: dict[str, str] = {}
    disabled: tuple[str, ...] = ()


class Summary(msgspec.Struct, frozen=True):
    """Numbers of results by verdict, of problems, and the exit status with the sentence that explains it.

    `fail_on` is the lowest severity that fails the scan, or "never"; "" in results that do not say so.
    """

    passed: int
    failed: int
    unknown: int
    not_applicable: int
    waived: int
    problems: int
    exit_status: int
    verdict: str = ""
    fail_on: str = ""


class ClaimResult(msgspec.Struct, frozen=True):
    """Something that a module says of itself. `verdict` is "verified" where what was measured says the same,
    "contradicted" where it says otherwise, "inconclusive" where nothing here can tell; `location` is the claim's."""

    module: str
    claim: str
    claimed: str
    measured: str
    verdict: str
    location: Location
    detail: str = ""


class BaselineEntry(msgspec.Struct, frozen=True, order=True):
    """A flaw that a baseline knows: the module that declares it, the block, the attribute, and the root from which it
    was seen; paths are relative to the baseline's folder. `count` is how often it may occur in one root. `standards`
    and `environment` are what the scan was asked for that saw it; most scans are asked for none."""

    module: str
    policy: str
    address: str
    attribute: str
    root: str
    count: int
    fingerprint: str
    standards: tuple[str, ...] = ()
    environment: str = ""


class BaselineState(msgspec.Struct, frozen=True):
    """A scan against a baseline: the numbers of new and of known findings, and the entries that are fixed."""

    file: str
    new: int
    known: int
    fixed: tuple[BaselineEntry, ...]


class ScanResult(msgspec.Struct, frozen=True):
    """`as_of` is the day that was asked for with --as-of, "" where none was: no clock is in a result."""

    tool: Tool
    scanned: Scanned
    results: tuple[Result, ...]
    problems: tuple[Problem, ...]
    standards: tuple[StandardScore, ...]
    summary: Summary
    policies: dict[str, PolicyInfo] = {}
    claims: tuple[ClaimResult, ...] = ()
    baseline: BaselineState | None = None
    as_of: str = ""
