"""Reports of a comparison: what they look like at two widths, and as Markdown. After a change that is meant:
`UPDATE_SNAPSHOTS=1 pytest tests/report`, and read the difference."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from alexandria_scan.compliance.difference.change import Change
from alexandria_scan.compliance.difference.compare import Versions, difference_of
from alexandria_scan.compliance.difference.result import Difference, ModuleDifference, Side, Weakened
from alexandria_scan.compliance.difference.verdict import concluded
from alexandria_scan.graph.semantic_version import version_of
from alexandria_scan.report.difference import json_report, markdown, text
from alexandria_scan.source.problems import Problem
from alexandria_scan.syntax.tree import Location
from tests.conftest import ROOT

SNAPSHOTS = Path(__file__).parent / "snapshots"
SCHEMA = ROOT / "reports" / "schemas" / "difference-1.schema.json"


def at(file: str, line: int) -> Location:
    return Location(file, line, 1, line, 1)


def module(path: str, *changes: Change, new: str = "1.3.0") -> ModuleDifference:
    versions = Versions(version_of("1.2.0"), version_of(new), "CHANGELOG.md")
    return difference_of(path, "changed" if changes else "same", list(changes), versions)


def sample() -> Difference:
    """A library of four modules with every kind of change."""

    def minimum(folder: str) -> Change:
        message = "is needed from 6.0 on (>= 6.0 instead of >= 5.0)"
        place = at(f"{folder}/versions.tf", 5)
        return Change("major", "minimum_raised", "provider aws", message, place, place)

    retyped = "took list(string) and now takes object({name = string, retention_days = optional(number)})"
    default = "has another default, 1 instead of 7: aws_rds_cluster.this.backup_retention_period becomes 1 instead of 7"
    open_ = "is validated by another condition; whether it refuses what passed before cannot be told"
    outputs = [
        Change("patch", "output_expression", f"output.o{number}", "is another expression of the same type")
        for number in range(12)
    ]
    modules = [
        module("modules/aurora", minimum("modules/aurora"),
               Change("major", "input_default_changed", "var.retention", default,
                      at("modules/aurora/variables.tf", 12), at("modules/aurora/variables.tf", 40)),
               Change("major", "input_removed", "var.old", "is removed", at("modules/aurora/variables.tf", 3)),
               Change("unknown", "input_validation_changed", "var.name", open_,
                      at("modules/aurora/variables.tf", 8), at("modules/aurora/variables.tf", 8)),
               Change("minor", "input_added", "var.tags", "is new, and optional", None, at("modules/aurora/x.tf", 1)),
               *outputs),
        module("modules/cache", minimum("modules/cache"),
               Change("major", "input_retyped", "var.groups", retyped,
                      at("modules/cache/variables.tf", 1), at("modules/cache/variables.tf", 1))),
        module("modules/network"),
        module("modules/table", Change("minor", "output_added", "output.arn", "is new", None,
                                       at("modules/table/outputs.tf", 1)), new="1.2.0"),
    ]  # fmt: skip
    weaker = Weakened(
        "modules/aurora", "aws_rds_cluster_backup_retention_short",
        "Aurora cluster keeps its backups for too short a time",
        "medium", "fail", "aws_rds_cluster.this", "backups are kept for 1 day(s), fewer than 7",
        at("modules/aurora/main.tf", 9), ("aws-data-stores-baseline-1.0.0/BAK-01",),
    )  # fmt: skip
    return concluded(Side("git:v1.2.0", "4f0c1d2a9b8e7f6"), Side("modules"), modules, [weaker], [])


def broken() -> Difference:
    problem = Problem("modules/a/main.tf", 3, 1, "Unclosed block", "A \x1b[31m brace is missing.", help="Add it.")
    return concluded(Side("a`|b"), Side("b"), [module("modules/a")], [], [problem])


CASES: dict[str, tuple[Difference, dict[str, Any]]] = {
    "difference-80": (sample(), {"width": 80}),
    "difference-120": (sample(), {"width": 120}),
    "difference-ascii": (sample(), {"width": 80, "unicode": False, "verbose": True}),
    "difference-broken": (broken(), {"width": 80}),
}


def compare_to_snapshot(name: str, given: str) -> None:
    path = SNAPSHOTS / name
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.write_text(given, "utf-8")
    assert given == path.read_text("utf-8")


@pytest.mark.parametrize("name", CASES)
def test_the_text_report(name: str) -> None:
    result, options = CASES[name]
    compare_to_snapshot(f"{name}.txt", text.render(result, **options))


def test_the_markdown_report() -> None:
    compare_to_snapshot("difference.md", markdown.render(sample()))


def test_nothing_of_a_scanned_text_is_obeyed() -> None:
    for given in (text.render(broken(), width=80), markdown.render(broken())):
        assert "\x1b" not in given
    assert r"a\`\|b" in markdown.render(broken())


def test_ascii_is_ascii() -> None:
    assert text.render(sample(), width=80, unicode=False).isascii()


def test_the_schema_file_is_the_schema() -> None:
    made = json.dumps(json_report.schema(), indent=2) + "\n"
    if os.environ.get("UPDATE_SNAPSHOTS"):
        SCHEMA.write_text(made, "utf-8")
    assert SCHEMA.read_text("utf-8") == made


@pytest.mark.parametrize("result", [sample(), broken()], ids=["sample", "broken"])
def test_json_keeps_to_the_schema(result: Difference) -> None:
    document = json.loads(json_report.render(result))
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    validator.validate(document)
    assert len(document["modules"]) == len(result.modules)
    del document["summary"]["verdict"]
    document["modules"][0]["bump"]["enough"] = "yes"
    document["schema_version"] = 2
    assert {error.json_path for error in validator.iter_errors(document)} == {
        "$.summary", "$.modules[0].bump.enough", "$.schema_version",
    }  # fmt: skip
