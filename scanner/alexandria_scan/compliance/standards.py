"""Standards as data: sections of controls, and the policies that prove each control."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import msgspec

from alexandria_scan.policy.content import Content
from alexandria_scan.policy.manifest import Policy
from alexandria_scan.policy.run import Run

if TYPE_CHECKING:
    from alexandria_scan.policy.yaml_file import YamlFile

LEVELS = ("MUST", "SHOULD", "MAY")
_KEYS = ("name", "title", "version", "source", "sections", "default", "waivable")
_SECTION_KEYS = ("id", "title", "controls")
_PROOF_KEYS = ("id", "parameters", "resource")
_CONTROL_KEYS = ("id", "level", "title", "policies", "not_testable", "source")


class Proof(msgspec.Struct, frozen=True):
    """A policy that proves a control, with the parameters that the control wants of it.

    `resources`: the types of resources that the control is about, if these are not all that the policy judges.
    """

    policy: str
    parameters: dict[str, Any] = {}
    resources: tuple[str, ...] = ()


class Control(msgspec.Struct, frozen=True):
    id: str
    level: str
    title: str
    section: str
    proofs: tuple[Proof, ...]
    not_testable: str = ""


class Standard(msgspec.Struct, frozen=True):
    """`default`: it is scored where no standard is asked for. `sections` maps section ids to titles. What proves the
    controls of one that is not `waivable` counts whatever a waiver says."""

    name: str
    title: str
    version: str
    controls: tuple[Control, ...]
    sections: dict[str, str]
    default: bool
    waivable: bool = True

    @property
    def id(self) -> str:
        return f"{self.name}-{self.version}"


def load_standards(folders: Iterable[Content], policies: Iterable[Policy]) -> list[Standard]:
    """The standards in `standards/` of each folder, sorted by name. Raises PolicyError, also for an unknown policy."""
    known, contents = {policy.id: policy for policy in policies}, list(folders)

    def read() -> list[Standard]:
        return [_read(one.yaml(name, name), known) for one in contents for name in one.yaml_names("standards")]

    # with more folders, a policy of one may stand for that of another, and has to be asked
    found = contents[0].made("standards", list[Standard], read) if len(contents) == 1 else read()
    return sorted(found, key=lambda standard: standard.id)


def _read(file: YamlFile, known: dict[str, Policy]) -> Standard:
    data = file.mapping()
    file.known_keys(data, _KEYS)
    controls: list[Control] = []
    titles: dict[str, str] = {}
    for index, section in enumerate(data.get("sections", [])):
        path = ("sections", index)
        file.known_keys(section, _SECTION_KEYS, *path)
        id_ = file.text_at(section, "id", *path, required=True)
        titles[id_] = file.text_at(section, "title", *path, required=True)
        for number, control in enumerate(section.get("controls", [])):
            controls.append(_control(file, control, id_, known, *path, "controls", number))
    return Standard(
        file.text_at(data, "name", required=True),
        file.text_at(data, "title", required=True),
        str(data.get("version", "")),
        tuple(controls),
        titles,
        data.get("default") is True,
        file.flag_at(data, "waivable", True),
    )


def _control(file: YamlFile, data: dict[str, Any], section: str, known: dict[str, Policy], *path: str | int) -> Control:
    file.known_keys(data, _CONTROL_KEYS, *path)
    level = file.text_at(data, "level", *path, required=True)
    if level not in LEVELS:
        raise file.error(f"level must be one of {', '.join(LEVELS)}, not {level!r}", *path, "level")
    return Control(
        file.text_at(data, "id", *path, required=True),
        level,
        file.text_at(data, "title", *path, required=True),
        section,
        tuple(_proof(file, entry, known, *path, "policies") for entry in data.get("policies", [])),
        file.text_at(data, "not_testable", *path),
    )


def _proof(file: YamlFile, entry: Any, known: dict[str, Policy], *path: str | int) -> Proof:
    if not isinstance(entry, (str, dict)):
        raise file.error("the id of a policy is expected here, or an object with one", *path)
    data: dict[str, Any] = {"id": entry} if isinstance(entry, str) else entry
    file.known_keys(data, _PROOF_KEYS, *path)
    types = data.get("resource", [])
    resources = (types,) if isinstance(types, str) else tuple(types)
    proof = Proof(data.get("id", ""), data.get("parameters", {}), resources)
    policy = known.get(proof.policy)
    if policy is None:
        raise file.error(f"there is no policy {proof.policy!r}", *path)
    names = {parameter.name for parameter in policy.parameters}
    for name in proof.parameters:
        if name not in names:
            raise file.error(f"policy {proof.policy} has no parameter {name!r}", *path)
    for type_ in proof.resources:
        if not policy.applies_to("resource", type_):
            raise file.error(f"policy {proof.policy} does not judge {type_!r}", *path)
    return proof


def runs_for(policies: Iterable[Policy], standards: Iterable[Standard], only_controls: bool) -> list[Run]:
    """Each policy as it has to run: once with its own parameters, and once for each other set that a control wants.

    With `only_controls`, a policy that no control uses does not run.
    """
    wanted: dict[str, dict[str, tuple[dict[str, Any], dict[str, tuple[str, ...]]]]] = {}
    for standard in standards:
        for control in standard.controls:
            for proof in control.proofs:
                key = repr(sorted(proof.parameters.items())) if proof.parameters else ""
                sets = wanted.setdefault(proof.policy, {})
                sets.setdefault(key, (proof.parameters, {}))[1][f"{standard.id}/{control.id}"] = proof.resources
    runs = []
    for policy in policies:
        own = wanted.get(policy.id, {})
        if not own and not only_controls:
            runs.append(Run(policy))
        for key, (parameters, controls) in sorted(own.items(), key=lambda item: item[0] != ""):
            narrowed = {control: types for control, types in controls.items() if types}
            everywhere = len(narrowed) < len(controls) or (key == "" and not only_controls)
            runs.append(Run(policy, tuple(controls), parameters, narrowed, everywhere))
    return runs
