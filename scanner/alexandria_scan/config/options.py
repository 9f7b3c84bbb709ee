"""The options of a configuration file: what each is for, its shape, an example. The loader, the schema for editors
and the file that `init` writes all go by this table."""

from __future__ import annotations

from typing import Any

import msgspec

from alexandria_scan.policy.results import SEVERITIES

Shape = dict[str, Any]


class Option(msgspec.Struct, frozen=True):
    """`shape` is its JSON Schema, `example` the YAML that shows it, without comment marks."""

    name: str
    about: str
    shape: Shape
    example: str


_TEXT: Shape = {"type": "string"}
_FULL: Shape = {"type": "string", "pattern": r"\S"}
_TEXTS: Shape = {"oneOf": [_TEXT, {"type": "array", "items": _TEXT}]}
_PLAIN: Shape = {"type": ["string", "integer", "boolean"]}


def _object(required: tuple[str, ...] = (), **properties: Shape) -> Shape:
    shape: Shape = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**shape, "required": list(required)} if required else shape


def _map(values: Shape) -> Shape:
    return {"type": "object", "additionalProperties": values}


ENVIRONMENT = _object(var_files=_TEXTS, vars=_map(_PLAIN), workspace=_TEXT)
WAIVER = _object(
    ("policy", "reason"),
    policy=_TEXTS | {"description": "Ids of policies, or globs of ids."},
    reason=_FULL | {"description": "Why the finding is accepted."},
    owner=_TEXT | {"description": "Who answers for it."},
    until=_TEXT | {"description": "The last day on which it holds, as in 2027-01-31."},
    address=_TEXTS | {"description": "Globs of addresses, with keys for one instance, without for all of a block."},
    path=_TEXTS | {"description": "Files, by gitignore rules, relative to this file."},
    module=_TEXTS | {"description": "Globs of module folders, relative to this file."},
)

OPTIONS = (
    Option(
        "paths",
        "What to scan where the command line names nothing; relative to this file. In a folder further down, that is\n"
        "scanned instead.",
        _TEXTS,
        "paths: [modules, environments]",
    ),
    Option(
        "exclude",
        "What is not scanned, by gitignore rules. A module that others call is evaluated for them all the same.\n"
        "Hidden folders (.terraform) are never scanned.",
        _TEXTS,
        "exclude: [modules/legacy/, '**/sandbox/']",
    ),
    Option(
        "standards",
        "Run the policies of these standards, and score these. Otherwise every policy runs.",
        _TEXTS,
        "standards: [alexandria-module-standards]",
    ),
    Option(
        "environments",
        "Evaluate each root once for each of its environments. Variable files are relative to the root, else to\n"
        "this file; a root that lacks one of them does not have the environment.",
        _map({"oneOf": [ENVIRONMENT, {"type": "null"}]}),
        "environments:\n"
        "  development: {var_files: [development.tfvars]}\n"
        "  production: {var_files: [production.tfvars], vars: {region: eu-central-1}, workspace: production}",
    ),
    Option(
        "fail_on",
        f"The lowest severity that fails a scan: {', '.join(SEVERITIES)}, or never.",
        {"enum": [*SEVERITIES, "never"]},
        "fail_on: low",
    ),
    Option(
        "policies",
        "Folders of policies of your own, relative to this file.",
        _TEXTS,
        "policies: [rules]",
    ),
    Option(
        "parameters",
        "Thresholds of policies; alexandria-scan policies show ID tells what a policy has.",
        _map(_map({})),
        "parameters:\n  aws_rds_cluster_backup_retention_short: {minimum_days: 14}",
    ),
    Option(
        "severity",
        "Other severities than the policies' own.",
        _map({"enum": [*SEVERITIES]}),
        "severity: {module_license_missing: info}",
    ),
    Option("disable", "Policies that do not run.", _TEXTS, "disable: [variable_unused]"),
    Option(
        "waivers",
        "Findings that are accepted, for a reason and a time. Every condition of an entry must hold. After its last\n"
        "day a finding counts again. Beside the code a comment does the same:\n"
        '  # alexandria:ignore POLICY reason="..." until=2027-01-31 owner=...',
        {"type": "array", "items": WAIVER},
        "waivers:\n"
        "  - policy: aws_rds_cluster_backup_retention_short   # an id, a glob, or a list of them\n"
        "    address: module.scratch.aws_rds_cluster.main[0]  # optional: * and ? are wild, brackets are not\n"
        "    path: environments/development/                  # optional: by gitignore rules\n"
        "    module: modules/rds                              # optional: the folder that declares it\n"
        "    reason: Scratch data, rebuilt every night\n"
        "    owner: data-platform\n"
        "    until: 2027-01-31",
    ),
    Option(
        "waivers_in_modules",
        "Whether a comment in a module also waives what its callers get from it. Otherwise it counts for the module\n"
        "itself and the examples below it.",
        {"type": "boolean"},
        "waivers_in_modules: false",
    ),
    Option(
        "unwaivable",
        "Policies (ids or globs) whose findings nobody may waive.",
        _TEXTS,
        "unwaivable: ['*_public', aws_database_password_hardcoded]",
    ),
    Option(
        "baseline",
        "The findings of the day when scanning began, made by alexandria-scan baseline; relative to this file.\n"
        "alexandria-scan.baseline.json is found without it.",
        _TEXT,
        "baseline: alexandria-scan.baseline.json",
    ),
    Option(
        "outputs",
        "Reports to write to files beside what is printed: a format, and a file relative to this one.",
        _map(_FULL),
        "outputs: {json: alexandria-scan.json}",
    ),
)
NAMES = tuple(option.name for option in OPTIONS)
ENVIRONMENT_KEYS = tuple(ENVIRONMENT["properties"])
WAIVER_KEYS = tuple(WAIVER["properties"])


def schema() -> Shape:
    """The JSON Schema of the file; `reports/schemas/config-1.schema.json` holds it, for editors."""
    properties = {option.name: {"description": " ".join(option.about.split())} | option.shape for option in OPTIONS}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:alexandria-scan:config:1",
        "title": "alexandria-scan configuration, version 1",
        "description": "alexandria-scan.yaml: what is scanned, by which policies, and what is accepted.",
        "type": ["object", "null"],
        "properties": properties,
        "additionalProperties": False,
    }
