"""Runs inside Checkov: a policy of ours as its custom check, answered by one scan of what Checkov scans.

`alexandria-scan policies export --checkov DIR` writes the files that call `custom_checks`. A pass and a fail are told;
unknown and not applicable are for Checkov a check without a result, which it does not report. Where the scan cannot be
done every check fails: of one that ends with an error Checkov makes a line in its log, and status 0.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from checkov.common.bridgecrew.severities import Severities
from checkov.common.models.enums import CheckCategories, CheckResult
from checkov.terraform.checks.data.base_check import BaseDataCheck
from checkov.terraform.checks.resource.base_resource_check import BaseResourceCheck

from alexandria_scan.catalogue import Selection
from alexandria_scan.checkov.addresses import module_and_rest
from alexandria_scan.config import Config, find_config, load_config
from alexandria_scan.deep_stack import with_deep_stack
from alexandria_scan.evaluate.address import without_keys
from alexandria_scan.policy.manifest import PolicyError
from alexandria_scan.scan import Options, scan
from alexandria_scan.usage import UsageError

_LOG = logging.getLogger(__name__)
_ADDRESS, _FILE, _CONFIGURATION, _CALL = "__address__", "file_path_", "config_", "source_module_object_"
_RESULTS = {"fail": CheckResult.FAILED, "pass": CheckResult.PASSED}
_WORST = ("fail", "unknown", "pass", "waived", "not_applicable")


class _Judged(NamedTuple):
    """Of which root a block is evaluated. `configuration` tells blocks apart that have one address in several."""

    root: Path
    configuration: Any


class _Place(NamedTuple):
    """What to scan for a graph of Checkov's, and the blocks at each of its addresses."""

    scanned: Path
    blocks: dict[str, list[_Judged]]


class _Said(NamedTuple):
    """Every verdict of a scan by policy, root and address; or why there is none."""

    verdicts: dict[tuple[str, Path, str], str]
    error: str = ""


def custom_checks(
    policy: str, title: str, severity: str, resource: Iterable[str], data: Iterable[str], folders: Iterable[str] = ()
) -> list[BaseResourceCheck | BaseDataCheck]:
    """Registers a policy with Checkov. `resource` and `data` are its targets, `folders` where your own policies are."""
    checks: list[BaseResourceCheck | BaseDataCheck] = []
    given = tuple(os.path.realpath(folder) for folder in folders)
    if patterns := list(resource):
        checks.append(_ResourceCheck(policy, title, patterns, given))
    if patterns := list(data):
        checks.append(_DataCheck(policy, title, patterns, given))
    for check in checks:
        check.severity = Severities[severity.upper()]
    return checks


class _ResourceCheck(BaseResourceCheck):
    def __init__(self, policy: str, title: str, types: list[str], folders: tuple[str, ...]) -> None:
        super().__init__(title, policy, [CheckCategories.CONVENTION], types)
        self.folders = folders

    def scan_resource_conf(self, conf: dict[str, Any]) -> CheckResult:
        return _verdict(self, conf, conf[_ADDRESS])


class _DataCheck(BaseDataCheck):
    def __init__(self, policy: str, title: str, types: list[str], folders: tuple[str, ...]) -> None:
        super().__init__(title, policy, [CheckCategories.CONVENTION], types)
        self.folders = folders

    def scan_data_conf(self, conf: dict[str, Any]) -> CheckResult:
        module, rest = module_and_rest(conf[_ADDRESS])
        address = f"{module}{'.' if module else ''}data.{rest.removeprefix('data.')}"
        return _verdict(self, conf, address)


def _verdict(check: _ResourceCheck | _DataCheck, conf: dict[str, Any], address: str) -> CheckResult:
    """The worst verdict of the policy on what Checkov is at: one block, if it can be told which."""
    place = _place(check.graph)
    said = _scanned(place.scanned, check.folders)
    if said.error:
        check.details = [said.error]
        return CheckResult.FAILED
    found = place.blocks.get(conf[_ADDRESS], [])
    same = [one for one in found if one.configuration is conf] or found
    by, block = said.verdicts, without_keys(address)
    verdicts = {by.get((check.id, one.root, address)) or by.get((check.id, one.root, block)) for one in same}
    worst = next((verdict for verdict in _WORST if verdict in verdicts), "")
    return _RESULTS.get(worst, CheckResult.UNKNOWN)


@cache
def _place(graph: Any) -> _Place:
    blocks: dict[str, list[_Judged]] = {}
    files = []
    for _, vertex in graph.nodes():
        file, call = Path(vertex[_FILE]), vertex.get(_CALL)
        files.append(file)
        while call is not None and call.nested_tf_module is not None:
            call = call.nested_tf_module
        origin = Path(call.path) if call is not None else file
        if _ADDRESS in vertex:
            root = origin if origin.suffix == ".json" and not origin.name.endswith(".tf.json") else origin.parent
            configuration = vertex.get(_CONFIGURATION)
            for name in vertex.get("block_name_", "").split("."):
                configuration = configuration.get(name) if isinstance(configuration, dict) else None
            blocks.setdefault(vertex[_ADDRESS], []).append(_Judged(root.resolve(), configuration))
    plans = [file for file in files if file.suffix == ".json" and not file.name.endswith(".tf.json")]
    top = plans[0] if plans else Path(os.path.commonpath([file.parent for file in files]))
    return _Place(top, blocks)


@cache
def _scanned(path: Path, folders: tuple[str, ...]) -> _Said:
    """What a scan says. The worst verdict on the instances is also found by the address of all."""
    try:
        file = find_config(path)
        config = load_config(file) if file is not None else Config()
        selection = Selection(tuple(Path(folder) for folder in folders))
        result = with_deep_stack(lambda: scan(Options((str(path),), selection, config)))
    except (UsageError, PolicyError) as error:
        _LOG.error("alexandria-scan: %s", error)
        return _Said({}, f"Not checked: {error}")
    for problem in result.problems:
        _LOG.warning("alexandria-scan: %s:%s: %s. %s", problem.file, problem.line, problem.summary, problem.detail)
    found: dict[tuple[str, Path, str], str] = {}
    for one in result.results:
        root = Path(one.root).resolve()
        for address in (*one.addresses, without_keys(one.address)):
            key = one.policy, root, address
            found[key] = min(one.verdict, found.get(key, one.verdict), key=_WORST.index)
    return _Said(found)
