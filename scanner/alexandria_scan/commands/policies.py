"""alexandria-scan policies [list | show ID | test DIR | export --checkov DIR]"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from alexandria_scan import bundled
from alexandria_scan.catalogue import policy_list
from alexandria_scan.nearest import which_policy
from alexandria_scan.policy.content import Content
from alexandria_scan.policy.manifest import Policy
from alexandria_scan.usage import UsageError


def run_policies(given: argparse.Namespace) -> int:
    if given.subject and given.action in ("list", "export"):
        raise UsageError(
            f"policies {given.action} does not know what to do with {given.subject!r}.",
            "alexandria-scan policies show ID tells about one policy, policies test DIR tests a folder of them.",
        )
    if given.action == "test":
        return _test(given)
    listed = list(policy_list([Path(folder) for folder in given.policies]))
    if given.action == "export":
        return _export([policy for policy, _ in listed], given)
    if given.action == "show":
        return _show(listed, given.subject, given.format)
    if given.format == "json":
        _print_json([_as_data(policy, controls) for policy, controls in listed])
        return 0
    width = max(len(policy.id) for policy, _ in listed)
    for policy, _ in listed:
        sys.stdout.write(f"{policy.id:{width}}  {policy.severity:8}  {policy.title}\n")
    sys.stdout.write(f"\n{len(listed)} policies. alexandria-scan policies show ID tells all about one.\n")
    return 0


def _test(given: argparse.Namespace) -> int:
    """Tests a folder of policies against the fixtures in it: DIR/fixtures/<id>/."""
    from alexandria_scan.commands.policy_fixtures import check_policies
    from alexandria_scan.policy.defaults import load_defaults
    from alexandria_scan.policy.load import load_policies

    if not given.subject:
        raise UsageError("policies test takes a folder of policies.", "alexandria-scan policies test ./policies")
    folder = Path(given.subject)
    policies = load_policies(folder, folder.as_posix(), not given.no_python_policies)
    if not policies:
        raise UsageError(f"There is no policy in {folder.as_posix()}.", "A policy is a YAML file; see WRITING.md.")
    fixtures = Path(given.fixtures) if given.fixtures else folder / "fixtures"
    mismatches = check_policies(
        policies, fixtures, load_defaults([Content(bundled.folder("policies")), Content(folder)])
    )
    for mismatch in mismatches:
        sys.stdout.write(f"{mismatch}\n")
    bad = len({mismatch.policy for mismatch in mismatches})
    from alexandria_scan.report.words import count

    sys.stdout.write(f"{count(len(policies), 'policy')} tested, {len(policies) - bad} as expected, {bad} not.\n")
    return 1 if mismatches else 0


def _export(policies: list[Policy], given: argparse.Namespace) -> int:
    from alexandria_scan.checkov.export import LIST, export

    if not given.checkov:
        raise UsageError("policies export takes a folder to write to.", "alexandria-scan policies export --checkov DIR")
    exported = export(policies, [Path(folder) for folder in given.policies], Path(given.checkov))
    for id_, reason in exported.left.items():
        sys.stdout.write(f"{id_}: not carried over, {reason}\n")
    sys.stdout.write(
        f"{len(exported.policies)} policies written to {given.checkov}, {len(exported.left)} not or not in every part;"
        f" {LIST} there tells more.\nRun them with: checkov --directory PATH --external-checks-dir {given.checkov}\n"
    )
    return 0


def _show(listed: list[tuple[Policy, tuple[str, ...]]], id_: str | None, format_: str) -> int:
    found = next(((policy, controls) for policy, controls in listed if policy.id == id_), None)
    if found is None:
        hint = which_policy(id_ or "", (policy.id for policy, _ in listed))
        raise UsageError(f"There is no policy {id_!r}." if id_ else "policies show takes the id of a policy.", hint)
    policy, controls = found
    if format_ == "json":
        _print_json(_as_data(policy, controls))
        return 0
    lines = [
        policy.title,
        "",
        f"  id        {policy.id}",
        f"  severity  {policy.severity}",
        f"  judges    {policy.target}",
    ]
    if policy.filter is not None:
        lines.append(f"  where     {policy.filter.text}")
    for rule in policy.rules:
        lines.append(f"  requires  {rule.condition.text}")
    for parameter in policy.parameters:
        others = "".join(f", {name} {value}" for name, value in parameter.by_environment.items())
        lines.append(f"  param     {parameter.name} = {parameter.default}{others}  {parameter.description}")
    lines += [f"  control   {control}" for control in controls]
    for tool, ids in policy.equivalents.items():
        lines.append(f"  {tool:8}  {', '.join(ids)}")
    lines += ["", "Why", *(f"  {line}" for line in policy.why.splitlines())]
    lines += ["", "Fix", *(f"  {line}" for line in policy.fix.splitlines())]
    lines += ["", *(f"  {reference}" for reference in policy.references)]
    sys.stdout.write("\n".join(lines).rstrip() + "\n")
    return 0


def _as_data(policy: Policy, controls: tuple[str, ...]) -> dict[str, object]:
    return {
        "id": policy.id,
        "title": policy.title,
        "severity": policy.severity,
        "target": policy.target,
        "equivalents": policy.equivalents,
        "controls": list(controls),
        "parameters": {
            parameter.name: {
                "default": parameter.default, **parameter.by_environment, "description": parameter.description,
            }
            for parameter in policy.parameters
        },
        "why": policy.why,
        "fix": policy.fix,
        "references": list(policy.references),
        "file": policy.file,
    }  # fmt: skip


def _print_json(data: object) -> None:
    sys.stdout.write(json.dumps(data, indent=2, ensure_ascii=False) + "\n")
