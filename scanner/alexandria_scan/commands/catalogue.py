"""The catalogue of policies as Markdown, generated from manifests and fixtures: policies/README.md.

`python -m alexandria_scan.commands.catalogue` writes it anew.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from alexandria_scan import bundled
from alexandria_scan.compliance.standards import Standard, load_standards
from alexandria_scan.policy.content import Content
from alexandria_scan.policy.load import load_policies
from alexandria_scan.policy.manifest import Parameter, Policy

_HEAD = """# Policies

Generated from the manifests and fixtures by `python -m alexandria_scan.commands.catalogue`; do not edit.
How to write a policy is told in [WRITING.md](WRITING.md).
"""
_TOOLS = {"checkov": "Checkov", "trivy": "Trivy", "fsbp": "AWS Security Hub"}


def render_catalogue(policies: Iterable[Policy], standards: Iterable[Standard], fixtures: Path) -> str:
    """The whole text. `fixtures` is the folder that holds one folder of fixtures for each policy."""
    standards = list(standards)
    controls = _controls_by_policy(standards)
    folders: dict[str, list[Policy]] = {}
    for policy in policies:
        folders.setdefault(_folder(policy), []).append(policy)
    lines = [
        _HEAD,
        "## Standards",
        "",
        *_standards_table(standards),
        "",
        "## Folders",
        "",
        *_folders_table(folders),
        "",
    ]
    for folder in sorted(folders):
        lines += [f"## {folder}", ""]
        for policy in folders[folder]:
            lines += _entry(policy, controls.get(policy.id, {}), fixtures)
    return "\n".join(lines).rstrip() + "\n"


def _standards_table(standards: list[Standard]) -> Iterator[str]:
    yield "| standard | title | controls | proved by a policy | in part not testable |"
    yield "|---|---|---:|---:|---:|"
    for standard in standards:
        proved = sum(1 for control in standard.controls if control.proofs)
        beyond = sum(1 for control in standard.controls if control.not_testable)
        yield f"| `{standard.id}` | {standard.title} | {len(standard.controls)} | {proved} | {beyond} |"


def _folders_table(folders: dict[str, list[Policy]]) -> Iterator[str]:
    yield "| folder | policies |"
    yield "|---|---:|"
    for folder in sorted(folders):
        yield f"| [{folder}](#{folder.replace('/', '')}) | {len(folders[folder])} |"
    yield f"| all | {sum(map(len, folders.values()))} |"


def _controls_by_policy(standards: list[Standard]) -> dict[str, dict[str, list[str]]]:
    """For each policy the ids of the controls that it proves, by standard."""
    found: dict[str, dict[str, list[str]]] = {}
    for standard in standards:
        for control in standard.controls:
            for proof in control.proofs:
                ids = found.setdefault(proof.policy, {}).setdefault(standard.id, [])
                if control.id not in ids:
                    ids.append(control.id)
    return found


def _entry(policy: Policy, controls: dict[str, list[str]], fixtures: Path) -> Iterator[str]:
    yield f"### {policy.id}"
    yield ""
    yield f"{policy.title}. Severity {policy.severity}; judges {_target(policy)}."
    yield ""
    for parameter in policy.parameters:
        yield f"- parameter {_parameter(parameter)}"
    for standard, ids in controls.items():
        yield f"- proves `{standard}`: {', '.join(ids)}"
    same = [f"{_TOOLS.get(tool, tool)} {', '.join(ids)}" for tool, ids in policy.equivalents.items()]
    if same:
        yield f"- asked by others: {'; '.join(same)}"
    cases = sorted(case.name for case in (fixtures / policy.id).iterdir()) if (fixtures / policy.id).is_dir() else []
    yield (
        f"- [why, and how to fix it]({_file(policy)}); [fixtures](../fixtures/policies/{policy.id}): {', '.join(cases)}"
    )
    yield ""


def _target(policy: Policy) -> str:
    """What is judged. Of a long list of types only the first are named."""
    kinds: dict[str, list[str]] = {}
    for kind, pattern in policy.targets:
        kinds.setdefault(kind, []).append(f"`{pattern}`")
    return "; ".join(
        f"{kind} {', '.join(names[:8])}{f' and {len(names) - 8} more' if len(names) > 8 else ''}"
        for kind, names in kinds.items()
    )


def _parameter(parameter: Parameter) -> str:
    others = "".join(f", {name} `{value}`" for name, value in parameter.by_environment.items())
    said = f": {parameter.description}" if parameter.description else ""
    default = '""' if parameter.default == "" else parameter.default
    return f"`{parameter.name}` = `{default}`{others}{said}"


def _file(policy: Policy) -> str:
    """The manifest's place below the folder of policies."""
    return policy.file.partition("/")[2]


def _folder(policy: Policy) -> str:
    return _file(policy).rpartition("/")[0]


def built_in_catalogue(policies: Path, fixtures: Path) -> str:
    """The catalogue of a folder of policies with its standards."""
    loaded = load_policies(policies, "policies", check=False)
    return render_catalogue(loaded, load_standards([Content(policies)], loaded), fixtures)


if __name__ == "__main__":
    folder = bundled.folder("policies")
    (folder / "README.md").write_text(built_in_catalogue(folder, folder.parent / "fixtures" / "policies"), "utf-8")
    sys.stdout.write(f"{folder / 'README.md'}\n")
